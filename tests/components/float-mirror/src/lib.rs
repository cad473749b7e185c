//! Serves with every register full, those of the floating-point unit among them.
//!
//! The first call comes through the runtime; from then on it is a [`Glass`].

#![no_std]
#![forbid(unsafe_code)]

use interfaces::ServeFloat;
use mirror::Glass;
use raw::{Entry, Marker};
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Behind the slot of the endpoint that it serves: those of its clients' events. one each.
const FIRST_EVENT: u32 = 3;

/// A mirror.
pub struct FloatMirror<P: Ports> {
    _wires: Wires<P>,
    glass: Glass,
}

impl<P: Ports> Component<P> for FloatMirror<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        let glass =
            Glass { marker: Marker(config.id), entry: Entry::FloatCall, first_event: FIRST_EVENT, events: 1 };
        Self { _wires: wires, glass }
    }
}

impl<P: Ports> Passive for FloatMirror<P> {}

impl<P: Ports> ServeFloat for FloatMirror<P> {
    fn compute(&mut self, _: Client, _: u32) -> Result<(), WireError> {
        self.glass.serve()
    }
}
