//! Every kind of entry, each with a check of its own.

use core::sync::atomic::{AtomicU32, Ordering};

use abi::{Call, Tag};
use mirror::request::{Action, Request};
use raw::{Entry, Spoilt};
use runtime::WireError;

use crate::{Filler, Ports, judge, slots};

/// A word in a page that nothing else here is in: the pages of text, constants and stack are others.
static PLACE: AtomicU32 = AtomicU32::new(0);

/// Touches the page of [`PLACE`].
pub(crate) fn touch(value: u32) {
    PLACE.store(value, Ordering::Relaxed);
}

impl<P: Ports> Filler<P> {
    /// Goes through all kinds of entry, `rounds` times each, and says how each went.
    pub(crate) fn entries(&mut self) -> Result<(), WireError> {
        self.check("null", |filler, round| filler.bare(round, Call::Null, 0))?;
        self.check("poll", |filler, round| filler.bare(round, Call::Poll, slots::NOTIFICATION))?;
        self.check("timer-arm", |filler, round| filler.bare(round, Call::TimerCancel, slots::PACER))?;
        self.check("call", |filler, round| filler.call(round, Action::Reply))?;
        self.check("forgotten", |filler, round| filler.call(round, Action::Forget))?;
        self.check("call-on", |filler, round| filler.call(round, Action::Pass))?;
        self.check("signal", |filler, round| {
            filler.call(round, Action::Signal { client: round % filler.config.clients })
        })?;
        self.check("yield", |filler, round| filler.bare(round, Call::Yield, 0))?;
        self.check("wait", Self::wait)?;
        self.check("interrupted", |filler, round| filler.spin(round, Entry::Spin))?;
        self.check("mended", Self::fault)?;
        self.check("load-miss", |filler, round| filler.access(round, Entry::Load))?;
        self.check("store-miss", |filler, round| filler.access(round, Entry::Store))
    }

    fn check(
        &mut self,
        name: &str,
        attempt: impl Fn(&mut Self, u32) -> Result<(), Spoilt>,
    ) -> Result<(), WireError> {
        let mut spoilt = Ok(());
        for round in 0..self.config.rounds {
            spoilt = spoilt.and(attempt(self, round));
        }
        match spoilt {
            Ok(()) => self.say(format_args!("check {name} ok")),
            Err(Spoilt { register, value }) => {
                self.say(format_args!("check {name} failed: register {register} holds {value:08x}"))
            }
        }
    }

    fn bare(&mut self, round: u32, call: Call, slot: u32) -> Result<(), Spoilt> {
        // A word more than the kernel looks at.
        let tag = Tag::new(0xFFFF, 8);
        let (before, outcome) = judge::call(self.marker(), round, Entry::Call, call, slot, tag)?;
        if call == Call::Null {
            // It may leave the registers of a message as they were.
            return self.marker().own(&outcome.words).and_then(|()| {
                let kept = outcome.tag.bits() == before.gpr[12] || outcome.tag.bits() == 0;
                if kept { Ok(()) } else { Err(Spoilt { register: 12, value: outcome.tag.bits() }) }
            });
        }
        judge::bare(self.marker(), &outcome).map(drop)
    }

    fn call(&mut self, round: u32, action: Action) -> Result<(), Spoilt> {
        let request = Request { action, words: (round % 9) as usize };
        let tag = Tag::new(request.operation(), (round / 9 % 9) as usize);
        let (sent, outcome) = judge::call(self.marker(), round, Entry::Call, Call::Call, slots::PROBE, tag)?;
        judge::reply(&sent, request, &outcome)
    }

    /// Others run while it waits for its timer.
    fn wait(&mut self, round: u32) -> Result<(), Spoilt> {
        let deadline = runtime::system::now() + u64::from(self.config.spin);
        raw::system_call(Call::TimerArm, slots::PACER, &[(deadline >> 32) as u32, deadline as u32, 0, 0]);
        let tag = Tag::default();
        let (_, outcome) =
            judge::call(self.marker(), round, Entry::Call, Call::Wait, slots::NOTIFICATION, tag)?;
        match judge::bare(self.marker(), &outcome)? {
            0 => Err(Spoilt { register: 3, value: 0 }),
            _ => Ok(()),
        }
    }

    /// Something takes the core in the middle of a loop.
    fn spin(&mut self, round: u32, entry: Entry) -> Result<(), Spoilt> {
        raw::leave_mark(self.marker().special());
        let mut registers = self.marker().fill(round);
        registers.ctr = self.config.spin;
        let mut before = registers;
        before.ctr = 0;
        raw::enter(entry, &mut registers);
        self.marker().special_registers(raw::user_registers())?;
        self.marker().untouched(&before, &registers, None)
    }

    /// The domain's handler lets it go on behind an instruction that is none.
    fn fault(&mut self, round: u32) -> Result<(), Spoilt> {
        raw::leave_mark(self.marker().special());
        let mut registers = self.marker().fill(round);
        let before = registers;
        raw::enter(Entry::Illegal, &mut registers);
        self.marker().special_registers(raw::user_registers())?;
        self.marker().untouched(&before, &registers, None)
    }

    /// An access to a page that others have driven out of the TLB: while they work, its pages are not touched, and the
    /// entries that are not pinned are few.
    fn access(&mut self, round: u32, entry: Entry) -> Result<(), Spoilt> {
        PLACE.store(round, Ordering::Relaxed);
        self.call(round, Action::Pass)?;
        raw::leave_mark(self.marker().special());
        let mut registers = self.marker().fill(round);
        registers.gpr[4] = (&raw const PLACE).addr() as u32;
        let before = registers;
        raw::enter(entry, &mut registers);
        self.marker().special_registers(raw::user_registers())?;
        let (changed, value) = match entry {
            Entry::Load => (Some(3), registers.gpr[3]),
            _ => (None, PLACE.load(Ordering::Relaxed) ^ before.gpr[3] ^ round),
        };
        self.marker().untouched(&before, &registers, changed)?;
        if value == round { Ok(()) } else { Err(Spoilt { register: 3, value }) }
    }
}
