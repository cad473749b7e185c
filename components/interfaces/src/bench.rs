//! What benchmarks call: messages of several lengths, clocks read at the other end, and events.

use interface_macro::interface;
use runtime::WireError;

/// A server to be measured.
#[interface(version = 1)]
pub trait Bench {
    /// Nothing there and nothing back.
    fn nothing(&mut self) -> Result<(), WireError>;

    /// Two words there and two back: the sum.
    fn two(&mut self, left: u32, right: u32) -> Result<u64, WireError>;

    /// Four words there and the same four back.
    fn four(&mut self, a: u32, b: u32, c: u32, d: u32) -> Result<[u8; 16], WireError>;

    /// Eight words there and the same eight back.
    #[expect(clippy::too_many_arguments, reason = "a message has eight words")]
    fn eight(
        &mut self,
        a: u32,
        b: u32,
        c: u32,
        d: u32,
        e: u32,
        f: u32,
        g: u32,
        h: u32,
    ) -> Result<[u8; 32], WireError>;

    /// The time base at the method's entry.
    fn stamp(&mut self) -> Result<u64, WireError>;

    /// Makes the caller the one that gets the events.
    fn enlist(&mut self) -> Result<(), WireError>;

    /// Raises [`Bench::SIGNALLED`], and returns the time base right before.
    fn signal(&mut self) -> Result<u64, WireError>;

    /// Asks for a trial by its number: raises the event of that number.
    fn ask(&mut self, trial: u32) -> Result<(), WireError>;

    /// Raises [`Bench::IGNORED`] for the caller so many times, and returns the ticks that it took; with
    /// `idle`, those of the same loop without a signal.
    fn signals(&mut self, rounds: u32, idle: bool) -> Result<u64, WireError>;

    /// Trial 0: wait for [`Bench::SIGNALLED`].
    #[event]
    const ASKED_SIGNAL: Event;

    /// Trial 1: wait for the device's interrupt.
    #[event]
    const ASKED_DEVICE: Event;

    /// Trial 2: wait for a timer.
    #[event]
    const ASKED_TIMER: Event;

    /// What [`Bench::signal`] raises.
    #[event]
    const SIGNALLED: Event;

    /// What [`Bench::signals`] raises; nobody waits for it.
    #[event]
    const IGNORED: Event;
}
