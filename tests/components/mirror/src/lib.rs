//! Serves with every register full, as each message asks.
//!
//! The first call to `nothing` comes through the runtime; from then on the mirror keeps the thread to itself.
//! [`request`] says what an operation asks for.

#![no_std]
#![forbid(unsafe_code)]

mod glass;
pub mod request;

pub use glass::Glass;

use interfaces::ServeProbe;
use raw::{Entry, Marker};
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Behind the slot of its only wire: those of its clients' events, two each.
const FIRST_EVENT: u32 = 4;

/// A server that looks at its registers.
pub struct Mirror<P: Ports> {
    wires: Wires<P>,
    glass: Glass,
}

impl<P: Ports> Component<P> for Mirror<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self {
            wires,
            glass: Glass {
                marker: Marker(config.id),
                entry: Entry::Call,
                first_event: FIRST_EVENT,
                events: 2,
            },
        }
    }
}

impl<P: Ports> Passive for Mirror<P> {}

impl<P: Ports> ServeProbe for Mirror<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        // The next must be at it before it is called with what only a mirror understands.
        use interfaces::Probe;
        self.wires.next.nothing()?;
        self.glass.serve()
    }

    fn add(&mut self, _: Client, _: u32, _: u32) -> Result<u64, WireError> {
        Err(WireError::Malformed)
    }

    fn values(
        &mut self,
        _: Client,
        _: u8,
        _: u16,
        _: i32,
        _: bool,
        _: u64,
        _: [u8; 6],
    ) -> Result<[u8; 22], WireError> {
        Err(WireError::Malformed)
    }

    fn reverse(&mut self, _: Client, _: &[u8], _: &mut [u8]) -> Result<u32, WireError> {
        Err(WireError::Malformed)
    }

    fn refuse(&mut self, _: Client, _: u16) -> Result<(), WireError> {
        Err(WireError::Malformed)
    }

    fn ring(&mut self, _: Client, _: bool) -> Result<(), WireError> {
        Err(WireError::Malformed)
    }
}
