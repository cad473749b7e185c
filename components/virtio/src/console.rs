//! The console device (5.3): one port, bytes out and bytes in.

use runtime::vm::GuestMemory;

use crate::device::{CONFIGURATION_BYTES, Configuration};
use crate::{Broken, Device, Endian, Request, Served};

/// Bytes that cross at once.
const PIECE: usize = 128;

/// The most bytes of one request. Linux writes 32 KiB at most.
const MOST_BYTES: u32 = 64 * 1024;

/// The queue of buffers for input.
const INPUT: usize = 0;

/// Where a console's text goes to and its input comes from.
pub trait Terminal {
    /// Takes text, and says how much of it: all, or less if there is no room now.
    fn write(&mut self, text: &[u8]) -> usize;

    /// Reads input that has arrived, and says how many bytes it is, perhaps 0.
    fn read(&mut self, into: &mut [u8]) -> usize;
}

/// The console.
#[derive(Debug)]
pub struct Console<T> {
    terminal: T,
    /// How much of the oldest output request has gone out already.
    sent: u32,
    /// Input that no request has taken yet.
    input: [u8; PIECE],
    held: usize,
}

impl<T: Terminal> Console<T> {
    /// The console on a terminal.
    pub const fn new(terminal: T) -> Self {
        Self { terminal, sent: 0, input: [0; PIECE], held: 0 }
    }

    /// Its terminal.
    pub fn terminal(&mut self) -> &mut T {
        &mut self.terminal
    }

    /// Gets input if none is held.
    fn fetch(&mut self) {
        if self.held == 0 {
            self.held = self.terminal.read(&mut self.input).min(PIECE);
        }
    }

    fn input<M: GuestMemory>(&mut self, request: &mut Request<'_, M>) -> Result<Served, Broken> {
        let taken = request.write(&self.input[..self.held])?;
        self.input.copy_within(taken..self.held, 0);
        self.held -= taken;
        Ok(Served::Done)
    }

    fn output<M: GuestMemory>(&mut self, request: &mut Request<'_, M>) -> Result<Served, Broken> {
        if request.bytes_to_read() > MOST_BYTES {
            return Err(Broken::Request);
        }
        request.skip(self.sent);
        while request.bytes_to_read() != 0 {
            let mut piece = [0; PIECE];
            let bytes = request.read(&mut piece)?;
            let taken = self.terminal.write(&piece[..bytes]).min(bytes);
            self.sent += taken as u32;
            if taken < bytes {
                return Ok(Served::Later);
            }
        }
        self.sent = 0;
        Ok(Served::Done)
    }
}

impl<T: Terminal> Device for Console<T> {
    const ID: u32 = 3;
    const QUEUES: &'static [u16] = &[64, 64];

    fn features(&self) -> u64 {
        0
    }

    fn configuration(&self, _: Endian) -> Configuration {
        [0; CONFIGURATION_BYTES]
    }

    fn is_ready(&mut self, queue: usize) -> bool {
        if queue == INPUT {
            self.fetch();
            return self.held != 0;
        }
        true
    }

    fn serve<M: GuestMemory>(
        &mut self,
        queue: usize,
        request: &mut Request<'_, M>,
    ) -> Result<Served, Broken> {
        if queue == INPUT { self.input(request) } else { self.output(request) }
    }

    fn reset(&mut self) {
        self.sent = 0;
    }
}
