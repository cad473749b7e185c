//! The store that raises the other UART's line.
#![expect(
    unsafe_code,
    reason = "the register belongs to a device of another domain's, in a page that both map"
)]

/// The 16550's 'transmitter holding register empty' interrupt: an idle UART raises its line at once.
const EMPTY_INTERRUPT: u8 = 0x02;

/// Enables that interrupt in the register at an address.
#[inline(always)]
pub(crate) fn raise(interrupt_enable: u32) {
    let register = core::ptr::with_exposed_provenance_mut::<u8>(interrupt_enable as usize);
    // SAFETY: the spec names the address of a device's register in a page that this domain maps; composer
    // warns that the two share it. A wrong address ends this domain with a report.
    unsafe { register.write_volatile(EMPTY_INTERRUPT) };
}
