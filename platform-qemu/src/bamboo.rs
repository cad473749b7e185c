//! The board as the kernel drives it.
#![expect(unsafe_code, reason = "drives the UIC, the UART and the reset")]

use crate::{uart, uic};
use kernel::arch::{dcr, registers};
use kernel::board::Board;
use kernel::tables::Devices;

/// QEMU's `bamboo`.
#[derive(Debug)]
pub struct Bamboo;

/// DBCR0\[RST\]: system reset (*PPC440 Processor User's Manual*, 'Debug Control Register 0').
const SYSTEM_RESET: u32 = 0x3000_0000;

impl Board for Bamboo {
    const NAME: &'static str = "qemu-bamboo";

    // The 440EP needs none of MMUCR's modes.
    const MMUCR: u32 = 0;

    fn init(_devices: &Devices) {
        // SAFETY: UIC0 is on this board and the kernel's; EE is off, as QEMU wants it under icount.
        unsafe { dcr::write::<{ uic::ER }>(0) };
        // SAFETY: as above; no line is critical, so no interrupt ever needs `rfci`.
        unsafe { dcr::write::<{ uic::CR }>(0) };
        // SAFETY: as above.
        unsafe { dcr::write::<{ uic::SR }>(u32::MAX) };
    }

    fn write_console(devices: &Devices, byte: u8) {
        let register = |offset| (devices.console + offset) as *mut u8;
        // A console's owner, by malice or in the middle of its work, may have turned the transmitter into
        // the divisor, or the line back on itself: no report may get lost in that.
        // SAFETY: the kernel pinned the console's page; reading these registers has no effect.
        let line = unsafe { register(uart::LCR).read_volatile() };
        // SAFETY: as above.
        let modem = unsafe { register(uart::MCR).read_volatile() };
        // SAFETY: the owner's settings but for DLAB, which comes back below.
        unsafe { register(uart::LCR).write_volatile(line & !uart::LCR_DLAB) };
        // SAFETY: the owner's settings but for the loop, which is of no use beside a kernel that speaks.
        unsafe { register(uart::MCR).write_volatile(modem & !uart::MCR_LOOP) };
        // SAFETY: reading the status clears error bits only, of which the kernel makes no use and the
        // console component none that matters.
        while unsafe { register(uart::LSR).read_volatile() } & uart::LSR_THRE == 0 {}
        // SAFETY: DLAB is clear, so this is the transmitter.
        unsafe { register(uart::THR).write_volatile(byte) };
        // SAFETY: as the owner had it.
        unsafe { register(uart::LCR).write_volatile(line) };
    }

    fn pending_irq(_devices: &Devices) -> Option<u16> {
        // SAFETY: UIC0 is the kernel's; reading the masked status has no effect.
        uic::first(unsafe { dcr::read::<{ uic::MSR }>() })
    }

    fn mask_irq(_devices: &Devices, line: u16) {
        // SAFETY: UIC0 is the kernel's; EE is off.
        let enabled = unsafe { dcr::read::<{ uic::ER }>() };
        // SAFETY: as above.
        unsafe { dcr::write::<{ uic::ER }>(enabled & !uic::bit(line)) };
    }

    fn unmask_irq(_devices: &Devices, line: u16) {
        // SAFETY: UIC0 is the kernel's; EE is off. A level that is still asserted sets the status again.
        unsafe { dcr::write::<{ uic::SR }>(uic::bit(line)) };
        // SAFETY: as above.
        let enabled = unsafe { dcr::read::<{ uic::ER }>() };
        // SAFETY: as above.
        unsafe { dcr::write::<{ uic::ER }>(enabled | uic::bit(line)) };
    }

    fn access_dcr(number: u32, written: Option<u32>) -> Option<u32> {
        // `mfdcr` and `mtdcr` take the number as an immediate, so each register is an instruction of its own.
        macro_rules! access {
            ($($number:literal)*) => {
                match (number, written) {
                    // SAFETY: the register exists, and reading it has no effect.
                    $(($number, None) => Some(unsafe { dcr::read::<$number>() }),)*
                    $(($number, Some(value)) => {
                        // SAFETY: the register exists; a spec that grants it to a domain answers for the value.
                        unsafe { dcr::write::<$number>(value) };
                        Some(0)
                    })*
                    _ => None,
                }
            };
        }
        // The registers that `board.ron` names and QEMU has.
        access!(0x10 0x11 0xC0 0xC1 0xC2 0xC3 0xC4 0xC5 0xC6 0xC7 0xC8)
    }

    fn reset() -> ! {
        loop {
            // SAFETY: the node's run ends here; `-no-reboot` turns the reset into QEMU's exit.
            unsafe { registers::set_dbcr0(SYSTEM_RESET) };
        }
    }
}
