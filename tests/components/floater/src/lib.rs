//! Fills every floating-point register, and looks whether they stay its own.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use abi::{Call, Tag};
use interfaces::console::Text;
use raw::{Entry, Marker, Registers, Spoilt};
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The slots of the thread's notification and of its timer.
const NOTIFICATION: u32 = 1;
const PULSE: u32 = 3;

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
        let rounds = self.config.rounds;
        self.check("float-null", rounds, |floater, round| floater.call(round, Call::Null, 0))?;
        self.check("float-poll", rounds, |floater, round| floater.call(round, Call::Poll, NOTIFICATION))?;
        self.check("float-wait", rounds, Self::wait)?;
        self.check("float-interrupted", rounds, Self::spin)?;
        self.say(format_args!("filled"))
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

    fn call(&mut self, round: u32, call: Call, slot: u32) -> Result<(), Spoilt> {
        let mut registers = self.marker().fill(round);
        (registers.gpr[0], registers.gpr[11]) = (call as u32, slot);
        registers.gpr[12] = Tag::default().bits();
        let before = registers;
        raw::enter(Entry::FloatCall, &mut registers);
        self.marker().kept(call, &before, &registers)
    }

    /// Others have the unit while it waits.
    fn wait(&mut self, round: u32) -> Result<(), Spoilt> {
        let deadline = runtime::system::now() + u64::from(self.config.pause);
        raw::system_call(Call::TimerArm, PULSE, &[(deadline >> 32) as u32, deadline as u32, 0, 0]);
        self.call(round, Call::Wait, NOTIFICATION)
    }

    /// Something takes the core in the middle of a loop.
    fn spin(&mut self, round: u32) -> Result<(), Spoilt> {
        let mut registers = self.marker().fill(round);
        registers.ctr = self.config.spin;
        let mut before = registers;
        before.ctr = 0;
        raw::enter(Entry::FloatSpin, &mut registers);
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
