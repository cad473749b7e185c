//! Answers the benchmarks: a server whose methods do nothing beside what is measured.

#![no_std]
#![forbid(unsafe_code)]

use core::hint::black_box;

use interfaces::{ServeBench, bench};
use runtime::{Client, Clients, Event, Passive, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Answers the benchmarks.
pub struct Server<P: Ports> {
    wires: Wires<P>,
    enlisted: Client,
}

impl<P: Ports> Component<P> for Server<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires, enlisted: Client(0) }
    }
}

impl<P: Ports> Passive for Server<P> {}

impl<P: Ports> Server<P> {
    /// A signal that wakes nobody, or nothing.
    #[inline(never)]
    fn signal_or_not(&mut self, client: Client, idle: bool) {
        if !black_box(idle) {
            self.wires.bench_clients.signal(client, bench::IGNORED);
        }
    }
}

impl<P: Ports> ServeBench for Server<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        Ok(())
    }

    fn two(&mut self, _: Client, left: u32, right: u32) -> Result<u64, WireError> {
        Ok(u64::from(left) + u64::from(right))
    }

    fn four(&mut self, _: Client, a: u32, b: u32, c: u32, d: u32) -> Result<[u8; 16], WireError> {
        Ok(bytes([a, b, c, d]))
    }

    fn eight(
        &mut self,
        _: Client,
        a: u32,
        b: u32,
        c: u32,
        d: u32,
        e: u32,
        f: u32,
        g: u32,
        h: u32,
    ) -> Result<[u8; 32], WireError> {
        Ok(bytes([a, b, c, d, e, f, g, h]))
    }

    fn stamp(&mut self, _: Client) -> Result<u64, WireError> {
        Ok(self.wires.clock.now())
    }

    fn enlist(&mut self, from: Client) -> Result<(), WireError> {
        self.enlisted = from;
        Ok(())
    }

    fn signal(&mut self, _: Client) -> Result<u64, WireError> {
        let start = self.wires.clock.now();
        self.wires.bench_clients.signal(self.enlisted, bench::SIGNALLED);
        Ok(start)
    }

    fn ask(&mut self, _: Client, trial: u32) -> Result<(), WireError> {
        self.wires.bench_clients.signal(self.enlisted, Event(trial));
        Ok(())
    }

    fn signals(&mut self, from: Client, rounds: u32, idle: bool) -> Result<u64, WireError> {
        let start = self.wires.clock.now();
        for _ in 0..rounds {
            self.signal_or_not(from, idle);
        }
        Ok(self.wires.clock.now() - start)
    }
}

/// Words as an interface carries bytes.
fn bytes<const WORDS: usize, const BYTES: usize>(words: [u32; WORDS]) -> [u8; BYTES] {
    let mut all = [0; BYTES];
    for (place, word) in all.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    all
}
