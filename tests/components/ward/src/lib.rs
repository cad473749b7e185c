//! Makes hostile domains go on after each fault, and counts the steps that they have done.
//!
//! A step that faults counts as one; a seed whose steps do not fault counts as all of them. When enough are done, no
//! fault is handled any more, and each patient ends.

#![no_std]
#![forbid(unsafe_code)]

use hostile::sign;
use interfaces::fault_handler::Verdict;
use interfaces::{ServeFaultHandler, ServeProbe};
use runtime::{Bits, Cause, Client, Control, Passive, Registers, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The number of the cause that a trap instruction is.
const TRAP: u32 = Cause::Trap as u32;

/// What is known of a patient.
#[derive(Clone, Copy, Debug, Default)]
struct Patient {
    /// Where it goes on, once it has said so.
    place: u32,
    /// Its stack pointer there.
    stack: u32,
    /// Its faults.
    faults: u32,
    /// Its faults when its timer last fired.
    seen: u32,
}

/// A fault handler.
pub struct Ward<P: Ports> {
    wires: Wires<P>,
    config: Config,
    patients: [Patient; PATIENTS],
    steps: u32,
    seeds: u32,
    rounds: u32,
    restarts: u32,
    /// Faults by their cause.
    causes: [u32; Cause::ALL.len()],
}

impl<P: Ports> Component<P> for Ward<P> {
    fn new(mut wires: Wires<P>, config: Config) -> Self {
        let round = &mut wires.round;
        round.arm(round.now() + u64::from(config.patience));
        Self {
            wires,
            config,
            patients: [Patient::default(); PATIENTS],
            steps: 0,
            seeds: 0,
            rounds: 0,
            restarts: 0,
            causes: [0; Cause::ALL.len()],
        }
    }
}

impl<P: Ports> Passive for Ward<P> {
    /// Lets others have a turn: all patients run, then all but the first, then the last alone, then none. Whoever is
    /// to run and has stopped, or ought to have come by and has not, starts afresh: it waits, or turns in a circle,
    /// or has left.
    fn notified(&mut self, bits: Bits) {
        let wires = &mut self.wires;
        if !bits.intersects(wires.round.bits()) || self.steps >= self.config.steps {
            return;
        }
        wires.round.arm(wires.round.now() + u64::from(self.config.patience));
        let first = self.rounds as usize % (PATIENTS + 1);
        self.rounds = self.rounds.wrapping_add(1);
        let controls: [&mut dyn Treatment; PATIENTS] =
            [&mut wires.first, &mut wires.second, &mut wires.third];
        for (number, (patient, control)) in self.patients.iter_mut().zip(controls).enumerate() {
            if number < first {
                control.end();
            } else if !control.lives() || number == first && patient.faults == patient.seen {
                patient.place = 0;
                self.restarts = self.restarts.wrapping_add(1);
                control.begin();
            }
            patient.seen = patient.faults;
        }
    }
}

/// How many patients there are.
const PATIENTS: usize = 3;

/// What is done to all patients alike, whatever the type of their port.
trait Treatment {
    fn lives(&self) -> bool;
    fn begin(&mut self);
    fn end(&mut self);
}

impl<C: Control> Treatment for C {
    fn lives(&self) -> bool {
        self.inspect().running
    }

    fn begin(&mut self) {
        // The kernel has no objection, and a patient that stays away shows in the count.
        let _ = self.restart();
    }

    fn end(&mut self) {
        let _ = self.stop();
    }
}

impl<P: Ports> Ward<P> {
    fn is_done(&self) -> bool {
        self.steps >= self.config.steps
    }

    fn treat(&mut self, number: usize, cause: u32) -> Option<u32> {
        self.seeds = self.seeds.wrapping_add(1);
        let seed = self.config.seed.wrapping_mul(0x0100_0193).wrapping_add(self.seeds);
        let patient = self.patients.get_mut(number)?;
        let wires = &mut self.wires;
        let steps = match number {
            0 => treat(patient, &mut wires.first_registers, cause, seed),
            1 => treat(patient, &mut wires.second_registers, cause, seed),
            _ => treat(patient, &mut wires.third_registers, cause, seed),
        }?;
        self.steps = self.steps.saturating_add(steps);
        Some(patient.place)
    }
}

/// Puts a patient back on its feet, and says how many steps it has done; none if it has never said where it stands.
fn treat(patient: &mut Patient, registers: &mut impl Registers, cause: u32, seed: u32) -> Option<u32> {
    patient.faults = patient.faults.wrapping_add(1);
    let mut steps = 1;
    if cause == TRAP {
        let [sign, place, stack, ..] = registers.read(3);
        match sign {
            sign::HELLO if patient.place == 0 => (patient.place, patient.stack) = (place, stack),
            sign::DONE => steps = sign::STEPS,
            _ => {}
        }
    }
    if patient.place == 0 {
        return None;
    }
    // It does not wait any more if its domain was started afresh meanwhile: then there is nothing to put back.
    registers.write(1, patient.stack).ok()?;
    registers.write(3, seed).ok()?;
    Some(steps)
}

impl<P: Ports> ServeFaultHandler for Ward<P> {
    fn fault(
        &mut self,
        from: Client,
        cause: u32,
        _address: u32,
        _instruction: u32,
        _thread: u32,
    ) -> Result<u64, WireError> {
        if self.is_done() {
            return Ok(Verdict::Unhandled.into());
        }
        if let Some(count) = self.causes.get_mut(cause as usize) {
            *count = count.wrapping_add(1);
        }
        let verdict = self.treat(from.0 as usize, cause).map_or(Verdict::Unhandled, Verdict::Resume);
        Ok(verdict.into())
    }
}

/// How far it is.
impl<P: Ports> ServeProbe for Ward<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        Ok(())
    }

    /// The faults of the cause `left`; if there is no such cause, the steps that have been done in the upper half,
    /// and the restarts in the lower.
    fn add(&mut self, _: Client, left: u32, _: u32) -> Result<u64, WireError> {
        let all = u64::from(self.steps) << 32 | u64::from(self.restarts);
        Ok(self.causes.get(left as usize).map_or(all, |count| u64::from(*count)))
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

    /// `Busy` until all is done.
    fn refuse(&mut self, _: Client, _: u16) -> Result<(), WireError> {
        if self.is_done() { Ok(()) } else { Err(WireError::Busy) }
    }

    fn ring(&mut self, _: Client, _: bool) -> Result<(), WireError> {
        Ok(())
    }
}
