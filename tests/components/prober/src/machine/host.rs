//! The host has no kernel that could stop the acts, so they panic before they happen.

pub(crate) fn load(address: usize) {
    panic!("a load from {address:#x}");
}

pub(crate) fn store(address: usize) {
    panic!("a store to {address:#x}");
}

pub(crate) fn write(address: usize, _: u32) {
    panic!("a store to {address:#x}");
}

pub(crate) fn jump(address: usize) {
    panic!("a jump to {address:#x}");
}

pub(crate) fn unknown_call() {
    panic!("an unknown system call");
}

pub(crate) fn privileged() {
    panic!("a privileged instruction");
}

pub(crate) fn illegal() {
    panic!("an illegal instruction");
}

pub(crate) fn trap() {
    panic!("a trap instruction");
}

pub(crate) fn float() {
    panic!("a floating-point instruction");
}

pub(crate) fn misaligned() {
    panic!("a misaligned reservation");
}

/// Nobody is there to find it.
pub(crate) fn leave_mark(_: u32) {}

/// Nobody was there to leave one.
pub(crate) fn find_mark() -> u32 {
    0
}
