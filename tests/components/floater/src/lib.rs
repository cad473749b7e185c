//! Fills every floating-point register, and looks whether they stay its own.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use abi::{Call, Status, Tag};
use interfaces::Float;
use interfaces::console::Text;
use mirror::request::{Action, Request};
use raw::{Entry, Marker, Outcome, Registers, Spoilt};
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The slots of the thread's notification, of its mirror and of its timer.
const NOTIFICATION: u32 = 1;
const NEXT: u32 = 3;
const PULSE: u32 = 4;

/// Added to the number of a register of the mirror's.
const REPLY: usize = 2000;

/// Fills floating-point registers.
pub struct Floater<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Floater<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Floater<P> {
    fn run(&mut self) -> Result<(), WireError> {
        self.check("float-start", 1, |floater, _| floater.start())?;
        // From here on the mirror has the thread of its domain.
        self.wires.next.compute(0)?;
        let rounds = self.config.rounds;
        self.check("float-null", rounds, |floater, round| floater.call(round, Call::Null, 0).map(drop))?;
        self.check("float-poll", rounds, |floater, round| {
            floater.call(round, Call::Poll, NOTIFICATION).map(drop)
        })?;
        self.check("float-yield", rounds, |floater, round| floater.call(round, Call::Yield, 0).map(drop))?;
        self.check("float-call", rounds, |floater, round| floater.reflect(round, Action::Reply))?;
        self.check("float-forgotten", rounds, |floater, round| floater.reflect(round, Action::Forget))?;
        self.check("float-signal", rounds, |floater, round| {
            let client = round % floater.config.clients;
            floater.reflect(round, Action::Signal { client })
        })?;
        self.check("float-wait", rounds, Self::wait)?;
        self.check("float-interrupted", rounds, Self::spin)?;
        self.check("float-mended", rounds, |floater, round| floater.through(round, Entry::FloatIllegal))?;
        self.say(format_args!("filled"))?;
        if self.config.faults {
            let _ = self.through(rounds, Entry::FloatTrap);
        }
        Ok(())
    }
}

impl<P: Ports> Floater<P> {
    fn marker(&self) -> Marker {
        Marker(self.config.id)
    }

    /// Nothing is in the registers at the start, whoever had them before.
    fn start(&mut self) -> Result<(), Spoilt> {
        let mut registers = self.marker().fill(0);
        raw::enter(Entry::FloatLook, &mut registers);
        let mut clear = registers;
        (clear.fpscr, clear.fpr) = (0, Registers::ZERO.fpr);
        self.marker().untouched(&clear, &registers, None)
    }

    fn call(&mut self, round: u32, call: Call, slot: u32) -> Result<Outcome, Spoilt> {
        self.ask(round, call, slot, Tag::default())
    }

    /// Makes a call with all registers full, those of the floating-point unit among them.
    fn ask(&mut self, round: u32, call: Call, slot: u32, tag: Tag) -> Result<Outcome, Spoilt> {
        raw::leave_mark(self.marker().special());
        let mut registers = self.marker().fill(round);
        (registers.gpr[0], registers.gpr[11]) = (call as u32, slot);
        registers.gpr[12] = tag.bits();
        let before = registers;
        raw::enter(Entry::FloatCall, &mut registers);
        self.marker().special_registers(raw::user_registers())?;
        self.marker().kept(call, &before, &registers)?;
        Ok(registers.outcome())
    }

    /// A call to a server that fills its own.
    fn reflect(&mut self, round: u32, action: Action) -> Result<(), Spoilt> {
        let tag = Tag::new(Request { action, words: 0 }.operation(), 0);
        let Outcome { status, words, tag, .. } = self.ask(round, Call::Call, NEXT, tag)?;
        let expected = if action == Action::Forget { Status::PeerGone } else { Status::Ok };
        if tag.operation() != 0 {
            // The mirror's complaint: which of its registers, and what is in it.
            Err(Spoilt { register: words[0] as usize + REPLY, value: words[1] })
        } else if status != expected as u32 {
            Err(Spoilt { register: 0, value: status })
        } else {
            Ok(())
        }
    }

    /// An instruction that changes nothing.
    fn through(&mut self, round: u32, entry: Entry) -> Result<(), Spoilt> {
        raw::leave_mark(self.marker().special());
        let mut registers = self.marker().fill(round);
        let before = registers;
        raw::enter(entry, &mut registers);
        self.marker().special_registers(raw::user_registers())?;
        self.marker().untouched(&before, &registers, None)
    }

    /// Others have the unit while it waits.
    fn wait(&mut self, round: u32) -> Result<(), Spoilt> {
        let deadline = runtime::system::now() + u64::from(self.config.pause);
        raw::system_call(Call::TimerArm, PULSE, &[(deadline >> 32) as u32, deadline as u32, 0, 0]);
        self.call(round, Call::Wait, NOTIFICATION).map(drop)
    }

    /// Something takes the core in the middle of a loop.
    fn spin(&mut self, round: u32) -> Result<(), Spoilt> {
        raw::leave_mark(self.marker().special());
        let mut registers = self.marker().fill(round);
        registers.ctr = self.config.spin;
        let mut before = registers;
        before.ctr = 0;
        raw::enter(Entry::FloatSpin, &mut registers);
        self.marker().special_registers(raw::user_registers())?;
        self.marker().untouched(&before, &registers, None)
    }

    fn check(
        &mut self,
        name: &str,
        rounds: u32,
        attempt: impl Fn(&mut Self, u32) -> Result<(), Spoilt>,
    ) -> Result<(), WireError> {
        let mut spoilt = Ok(());
        for round in 0..rounds {
            spoilt = spoilt.and(attempt(self, round));
        }
        match spoilt {
            Ok(()) => self.say(format_args!("check {name} ok")),
            Err(Spoilt { register, value }) => {
                self.say(format_args!("check {name} failed: register {register} holds {value:08x}"))
            }
        }
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
