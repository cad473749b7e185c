//! Text between the virtio console and the console that the monitor is wired to.

use heapless::{Deque, Vec};
use virtio::Terminal;

/// Bytes that the console holds in each direction.
const HELD: usize = 256;

/// Text in both directions.
#[derive(Debug)]
pub struct Lines {
    /// What the guest has written.
    pub output: Vec<u8, HELD>,
    /// What was typed.
    pub input: Deque<u8, HELD>,
}

impl Lines {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self { output: Vec::new(), input: Deque::new() }
    }
}

impl Terminal for Lines {
    fn write(&mut self, text: &[u8]) -> usize {
        let mut taken = 0;
        for byte in text {
            // The console returns the carriage itself.
            if *byte == b'\n' && self.output.last() == Some(&b'\r') {
                self.output.pop();
            }
            if self.output.push(*byte).is_err() {
                break;
            }
            taken += 1;
        }
        taken
    }

    fn read(&mut self, into: &mut [u8]) -> usize {
        let mut count = 0;
        for (place, byte) in into.iter_mut().zip(core::iter::from_fn(|| self.input.pop_front())) {
            *place = byte;
            count += 1;
        }
        count
    }
}
