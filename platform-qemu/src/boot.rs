//! The first instructions on `bamboo`.

/// Defines `_start` for an image whose boot pages are the given constant.
///
/// QEMU enters at the image's physical entry with MSR 0 and two TLB entries of 2 GiB that map every
/// address to itself: entry 0 the lower half, entry 1 the upper half. Entry 1 goes first: the lowest
/// matching entry wins, and the kernel's window lies in the upper half. Entry 0 carries this code until
/// the jump into the window. Nothing of the initial translations is left.
#[macro_export]
macro_rules! boot {
    ($boot:expr) => {
        ::kernel::boot! {
            boot: $boot,
            board: $crate::Bamboo,
            before: [
                "    li      4, 1",
                "    tlbwe   0, 4, 0", // the upper half
                "    isync",
            ],
            inside: [
                "    li      4, 0",
                "    tlbwe   0, 4, 0", // the lower half
            ],
        }
    };
}
