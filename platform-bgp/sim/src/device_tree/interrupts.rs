//! Interrupts of the devices, in the order in which drivers number them (sections 5.7 and 8.8).

/// The collective: injection, reception, the two channels, then the errors.
pub(super) fn collective() -> Vec<u32> {
    (0xB4..=0xB7).chain(0xA0..=0xB3).collect()
}

/// The torus and its DMA. 0x35 belongs to nobody.
pub(super) fn torus() -> Vec<u32> {
    (0x20..=0x34)
        .chain(0x36..=0x3E)
        .chain([0x3F])
        .chain(0x40..=0x79)
        .filter(|number| *number != 0x35)
        .collect()
}
