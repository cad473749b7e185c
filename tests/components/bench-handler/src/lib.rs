//! Waits for what the benchmarks raise: a signal, an interrupt, a timer.
//!
//! It reads the time base as the first thing after each wait, and writes what it read on a board that the
//! driver shares:
//!
//! | bytes    | what                                                |
//! |----------|-----------------------------------------------------|
//! | 0 to 7   | the time base after the last wait                   |
//! | 8 to 15  | the deadline of the last timer                      |
//! | 16 to 19 | how many waits have ended                           |

#![no_std]
#![forbid(unsafe_code)]

use interfaces::{Bench, bench};
use runtime::{Active, Device, Events, Memory, Timer, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The 16550's interrupt enable register.
const INTERRUPT_ENABLE: u32 = 1;
/// Its modem control register, and what lets interrupts through.
const MODEM_CONTROL: u32 = 4;
const READY: u8 = 0x0B;

/// Waits for what the benchmarks raise.
pub struct Handler<P: Ports> {
    wires: Wires<P>,
    config: Config,
    waits: u32,
}

impl<P: Ports> Component<P> for Handler<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config, waits: 0 }
    }
}

impl<P: Ports> Active for Handler<P> {
    fn run(&mut self) -> Result<(), WireError> {
        self.wires.uart.write8(INTERRUPT_ENABLE, 0);
        self.wires.uart.write8(MODEM_CONTROL, READY);
        self.wires.bench.enlist()?;
        let asks = Events::from(bench::ASKED_SIGNAL) | bench::ASKED_DEVICE.into() | bench::ASKED_TIMER.into();
        loop {
            let asked = self.wires.bench.wait(asks)?;
            if asked.contains(bench::ASKED_SIGNAL) {
                self.signal()?;
            } else if asked.contains(bench::ASKED_DEVICE) {
                self.device()?;
            } else {
                self.timer()?;
            }
        }
    }
}

impl<P: Ports> Handler<P> {
    fn signal(&mut self) -> Result<(), WireError> {
        let wait = self.wires.bench.wait(bench::SIGNALLED.into());
        let end = self.wires.timer.now();
        wait?;
        self.note(end, 0)
    }

    fn device(&mut self) -> Result<(), WireError> {
        let wait = self.wires.uart.wait();
        let end = self.wires.timer.now();
        wait?;
        self.wires.uart.write8(INTERRUPT_ENABLE, 0);
        self.wires.uart.acknowledge();
        self.note(end, 0)
    }

    fn timer(&mut self) -> Result<(), WireError> {
        // Other lengths in other rounds: the deadline falls on each place between two instructions.
        let deadline = self.wires.timer.now() + u64::from(self.config.delay + self.waits % 16);
        self.wires.timer.arm(deadline);
        let wait = self.wires.timer.wait();
        let end = self.wires.timer.now();
        wait?;
        self.note(end, deadline)
    }

    fn note(&mut self, end: u64, deadline: u64) -> Result<(), WireError> {
        self.waits += 1;
        let board = &mut self.wires.board;
        board.write(0, &end.to_be_bytes())?;
        board.write(8, &deadline.to_be_bytes())?;
        board.write(16, &self.waits.to_be_bytes())
    }
}
