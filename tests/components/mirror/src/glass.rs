//! What serves, without the runtime, whoever the component is.

use abi::{Call, Status, Tag};
use raw::{Entry, Marker, Outcome, Spoilt};

use crate::request::{self, Action, Request};

/// The slot of the endpoint that a passive component serves, and that of its first wire.
const SERVED: u32 = 2;
const NEXT: u32 = 3;

/// Instructions that it works for, when asked to.
const WORK: u32 = 1_000_000;

/// A server that looks at its registers.
#[derive(Clone, Copy, Debug)]
pub struct Glass {
    /// Whose they are.
    pub marker: Marker,
    /// How it makes its calls: with the floating-point registers or without.
    pub entry: Entry,
    /// The slot of its first client's first event.
    pub first_event: u32,
    /// How many events each client has.
    pub events: u32,
}

impl Glass {
    /// Serves until the domain ends.
    pub fn serve(&self) -> ! {
        let mut reply = (Tag::default(), [0; 8]);
        let mut call = Call::ReplyRecv;
        let mut round = 0;
        loop {
            raw::leave_mark(self.marker.special());
            let mut registers = self.marker.fill(round);
            registers.set_call(call as u32, SERVED, reply.0, &reply.1);
            let before = registers;
            raw::enter(self.entry, &mut registers);
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
            let answer = spoilt.and_then(|()| self.answer(request, &outcome));
            reply = answer.unwrap_or_else(|spoilt| request::complaint(spoilt.register, spoilt.value));
            if request.action == Action::Forget {
                call = Call::Recv;
            }
        }
    }

    fn answer(&self, request: Request, outcome: &Outcome) -> Result<(Tag, [u32; 8]), Spoilt> {
        let words = outcome.words;
        match request.action {
            Action::Reply | Action::Forget => {}
            Action::Signal { client } => {
                let mut registers = self.marker.fill(client);
                registers.set_call(
                    Call::Signal as u32,
                    self.first_event + self.events * client,
                    Tag::default(),
                    &[],
                );
                let before = registers;
                raw::enter(self.entry, &mut registers);
                self.marker.kept(Call::Signal, &before, &registers)?;
                self.marker.own(&registers.outcome().words)?;
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
        Ok((Tag::new(0, request.words), request::mirrored(&words)))
    }
}
