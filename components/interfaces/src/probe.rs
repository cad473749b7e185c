//! A probe: every kind of argument, result and event, for tests and benchmarks of wires.

use interface_macro::interface;
use runtime::WireError;

/// A provider whose answers a test can foretell.
#[interface(version = 1)]
pub trait Probe {
    /// Does nothing: what a call costs that carries nothing.
    fn nothing(&mut self) -> Result<(), WireError>;

    /// Adds.
    fn add(&mut self, left: u32, right: u32) -> Result<u64, WireError>;

    /// Brings every kind of value back as bytes: the arguments' big-endian bytes one after the other.
    fn values(
        &mut self,
        byte: u8,
        half: u16,
        signed: i32,
        flag: bool,
        long: u64,
        bytes: [u8; 6],
    ) -> Result<[u8; 22], WireError>;

    /// Reverses the bytes of a text and returns their number. Room that the text does not fill stays zero;
    /// `Full` if there is too little.
    fn reverse(&mut self, #[max(511)] text: &[u8], #[max(509)] into: &mut [u8]) -> Result<u32, WireError>;

    /// Asks for an error by its number; a number that no error has brings nothing.
    fn refuse(&mut self, number: u16) -> Result<(), WireError>;

    /// Asks for the event [`Probe::CHIMED`], if true, and else for [`Probe::KNOCKED`].
    #[post]
    fn ring(&mut self, chime: bool) -> Result<(), WireError>;

    /// What [`Probe::ring`] brings for true.
    #[event]
    const CHIMED: Event;

    /// What [`Probe::ring`] brings for false.
    #[event]
    const KNOCKED: Event;
}
