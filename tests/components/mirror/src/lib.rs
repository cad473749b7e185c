//! Serves with every register full, as each message asks.
//!
//! The first call to `nothing` comes through the runtime; from then on the mirror keeps the thread to itself.
//! [`request`] says what an operation asks for.

#![no_std]
#![forbid(unsafe_code)]

pub mod request;

use abi::{Call, Status, Tag};
use interfaces::ServeProbe;
use raw::{Entry, Marker, Outcome};
use request::{Action, Request};
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The slot of the endpoint that a passive component serves, then that of its only wire, then those of its
/// clients' events, two for each.
const SERVED: u32 = 2;
const NEXT: u32 = 3;
const FIRST_EVENT: u32 = 4;

/// Instructions that it works for, when asked to.
const WORK: u32 = 1_000_000;

/// A server that looks at its registers.
pub struct Mirror<P: Ports> {
    wires: Wires<P>,
    marker: Marker,
}

impl<P: Ports> Component<P> for Mirror<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, marker: Marker(config.id) }
    }
}

impl<P: Ports> Passive for Mirror<P> {}

impl<P: Ports> Mirror<P> {
    /// Serves until the domain ends.
    fn mirror(&mut self) -> ! {
        let mut reply = (Tag::default(), [0; 8]);
        let mut call = Call::ReplyRecv;
        let mut round = 0;
        loop {
            raw::leave_mark(self.marker.special());
            let mut registers = self.marker.fill(round);
            registers.set_call(call as u32, SERVED, reply.0, &reply.1);
            let before = registers;
            raw::enter(Entry::Call, &mut registers);
            let spoilt = self
                .marker
                .kept(call, &before, &registers)
                .and_then(|()| self.marker.special_registers(raw::user_registers()));
            let outcome = registers.outcome();
            round += 1;
            call = Call::ReplyRecv;
            if outcome.status != Status::Ok as u32 {
                // The end of a client or of what it called: there is nobody to answer.
                call = Call::Recv;
                continue;
            }
            let request = Request::of(outcome.tag.operation());
            reply = match spoilt {
                Ok(()) => self.answer(request, &outcome),
                Err(spoilt) => request::complaint(spoilt.register, spoilt.value),
            };
            if request.action == Action::Forget {
                call = Call::Recv;
            }
        }
    }

    fn answer(&self, request: Request, outcome: &Outcome) -> (Tag, [u32; 8]) {
        let words = outcome.words;
        match request.action {
            Action::Reply | Action::Forget => {}
            Action::Signal { client } => {
                raw::system_call(Call::Signal, FIRST_EVENT + 2 * client, &[]);
            }
            Action::Work => {
                let mut registers = self.marker.fill(0);
                registers.ctr = WORK;
                raw::enter(Entry::Spin, &mut registers);
            }
            Action::Pass => {
                // What comes back from there does not matter here.
                raw::call(Call::Call as u32, NEXT, Tag::new(0, outcome.tag.words()), &words);
            }
        }
        (Tag::new(0, request.words), request::mirrored(&words))
    }
}

impl<P: Ports> ServeProbe for Mirror<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        // The next must be at it before it is called with what only a mirror understands.
        use interfaces::Probe;
        self.wires.next.nothing()?;
        self.mirror()
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
