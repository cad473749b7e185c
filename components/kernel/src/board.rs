//! What a board crate provides.

use crate::tables::Devices;

/// A board: the devices that the kernel itself drives. The kernel has one board, named by type, so every
/// call is static.
///
/// All functions run in the kernel, with interrupts off, on the core that they concern.
pub trait Board {
    /// Name, for the banner.
    const NAME: &'static str;

    /// The constant bits of MMUCR.
    const MMUCR: u32;

    /// Brings the interrupt controller to a known state: every line masked.
    fn init(devices: &Devices);

    /// Writes a byte to the console, waiting until it is taken.
    fn write_console(devices: &Devices, byte: u8);

    /// A line that asks for service and is not masked.
    fn pending_irq(devices: &Devices) -> Option<u16>;

    /// Masks a line.
    fn mask_irq(devices: &Devices, line: u16);

    /// Clears a line's latched state and unmasks it.
    fn unmask_irq(devices: &Devices, line: u16);

    /// Reads a device control register that `board.ron` names, or writes what is given to it and answers 0; [`None`] for
    /// any other register.
    fn access_dcr(number: u32, written: Option<u32>) -> Option<u32>;

    /// Ends the node's run: a reset, where there is no power switch.
    fn reset() -> !;
}
