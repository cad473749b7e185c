//! The host has no kernel that could stop it.

use raw::Registers;

use crate::step;

/// Does the steps of one seed.
///
/// # Panics
///
/// At the first, on the host.
pub(crate) fn begin() -> ! {
    panic!("{} steps without a kernel", step::steps(1));
}

pub(crate) fn execute(number: u32, _: &mut Registers) {
    panic!("instruction {number} needs a PowerPC");
}

pub(crate) fn jump(address: u32, _: &mut Registers) {
    panic!("a jump to {address:#x} needs a PowerPC");
}
