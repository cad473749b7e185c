//! A server that keeps no promise: it forgets its callers, replies twice and to nobody, and what it replies is
//! garbage. From the first call on, whatever that asks for, it keeps the thread to itself.

#![no_std]
#![forbid(unsafe_code)]

use abi::{Call, Tag};
use interfaces::ServeProbe;
use raw::Random;
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The slots of its notification and of its endpoint.
const NOTIFICATION: u32 = 1;
const SERVED: u32 = 2;

/// A server.
pub struct Villain<P: Ports> {
    _wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Villain<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { _wires: wires, config }
    }
}

impl<P: Ports> Passive for Villain<P> {}

impl<P: Ports> Villain<P> {
    fn betray(&mut self) -> ! {
        let mut random = Random::new(self.config.seed);
        loop {
            let words: [u32; 8] = core::array::from_fn(|_| random.next());
            let tag = Tag::from_bits(random.next());
            let call = match random.below(8) {
                0 => Call::Recv,
                1 => {
                    // Nothing that anybody sends: looks, and is none the wiser.
                    raw::system_call(Call::Poll, NOTIFICATION, &[]);
                    Call::Recv
                }
                2 => Call::Null,
                // Twice in a row, a reply is to nobody.
                _ => Call::ReplyRecv,
            };
            let slot = if call == Call::Null { 0 } else { SERVED };
            raw::call(call as u32, slot, tag, &words);
        }
    }
}

impl<P: Ports> ServeProbe for Villain<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        self.betray()
    }

    fn add(&mut self, _: Client, _: u32, _: u32) -> Result<u64, WireError> {
        self.betray()
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
        self.betray()
    }

    fn reverse(&mut self, _: Client, _: &[u8], _: &mut [u8]) -> Result<u32, WireError> {
        self.betray()
    }

    fn refuse(&mut self, _: Client, _: u16) -> Result<(), WireError> {
        self.betray()
    }

    fn ring(&mut self, _: Client, _: bool) -> Result<(), WireError> {
        self.betray()
    }
}
