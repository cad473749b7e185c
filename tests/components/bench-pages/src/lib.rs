//! A domain of known pages: it touches them all when asked.
//!
//! Entering it touches its text and its stack; the rest is touched here.

#![no_std]
#![forbid(unsafe_code)]

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};

use interfaces::ServePages;
use runtime::{Client, Memory, Passive, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The smallest page.
const PAGE: usize = 4096;

/// Something among the constants.
static CONSTANT: [u32; 2] = [0x4655_4755, 0x45];

/// Something among the variables, which nobody changes: a component has no state of its own but its fields.
static VARIABLE: AtomicU32 = AtomicU32::new(1);

/// A domain of known pages.
pub struct PageHolder<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for PageHolder<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Passive for PageHolder<P> {}

impl<P: Ports> PageHolder<P> {
    /// Reads a word of each page.
    fn all(&self) -> Result<(), WireError> {
        black_box(black_box(&CONSTANT)[0]);
        black_box(black_box(&VARIABLE).load(Ordering::Relaxed));
        each(&self.wires.low)?;
        each(&self.wires.middle)?;
        each(&self.wires.high)
    }
}

#[inline(never)]
fn each(memory: &impl Memory) -> Result<(), WireError> {
    let mut word = [0; 4];
    for page in 0..memory.bytes() / PAGE {
        memory.read(page * PAGE, &mut word)?;
    }
    Ok(())
}

impl<P: Ports> ServePages for PageHolder<P> {
    fn touch(&mut self, _: Client) -> Result<(), WireError> {
        self.all()
    }

    fn touch_and_stamp(&mut self, _: Client) -> Result<u64, WireError> {
        self.all()?;
        Ok(self.wires.clock.now())
    }
}
