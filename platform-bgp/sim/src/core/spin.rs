//! Skipping the rounds of a loop that only waits.
//!
//! Software for this machine spins where others sleep. A loop that has gone around once, stored nothing, asked no
//! device and no clock, and left every register as it was, does the same in every further round until memory
//! changes; and nobody changes memory while this core has its turn. So the rest of the turn is skipped in whole
//! rounds. What comes out is exactly what executing them gives: time, instructions, registers, memory.

use super::{Core, Paused};
use crate::bus::Bus;
use bgp_isa::{Class, Op};
use serde::{Deserialize, Serialize};

/// The longest round that is recognised, in instructions.
const LONGEST: u64 = 32;
/// The most instructions between attempts, at a core that does not spin.
const RAREST: u64 = 20_000;
/// The least. What is left of a turn must be longer, too.
const SHORTEST: u64 = 4 * LONGEST;

/// Whether to look for loops that wait, and how often that was in vain.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Spin {
    /// Looking is switched off.
    pub never: bool,
    /// Instructions that were completed by skipping. Not part of what software can see.
    #[serde(skip)]
    pub skipped: u64,
    /// How many instructions must be completed for the next attempt, and how many lie between attempts.
    #[serde(skip)]
    due: u64,
    #[serde(skip)]
    between: u64,
    /// A device was asked, so what was read may not be there again.
    #[serde(skip)]
    pub(super) asked: bool,
}

impl Spin {
    /// How many of the next instructions may be executed before the next attempt. 0: it is due.
    pub(super) fn until_due(&self, completed: u64) -> u64 {
        if self.never { u64::MAX } else { self.due.saturating_sub(completed) }
    }
}

/// Whether an instruction changes nothing but registers, and those by registers and memory alone.
fn is_repeatable(op: Op) -> bool {
    match op.row().class {
        Class::Integer | Class::Condition | Class::Load => true,
        Class::Branch => !matches!(op, Op::Sc),
        Class::Cache => !matches!(op, Op::Dcbz | Op::Dcread | Op::Icread),
        Class::System => matches!(op, Op::Isync | Op::Mbar | Op::Msync),
        Class::Store | Class::Float | Class::Double => false,
    }
}

impl Core {
    /// Executes a few of up to `budget` instructions, and skips the rest if they repeat.
    pub(super) fn spin(&mut self, bus: &mut Bus, budget: u64, horizon: u64) -> Option<Paused> {
        if budget < SHORTEST {
            self.spin.due = self.clock.instructions() + budget;
            return None;
        }
        self.spin.asked = false;
        let before = self.registers.clone();
        for length in 1..=LONGEST {
            let page = self.code_page(bus).ok();
            let next = page.and_then(|page| page.get(self.registers.pc)?.op());
            if !next.is_some_and(is_repeatable) {
                break;
            }
            let completed = self.clock.instructions();
            if let Some(paused) = self.stretch(bus, 1, horizon) {
                return Some(paused);
            }
            // An exception, or an access to a device: the latter goes another way than memory.
            if self.clock.instructions() != completed + 1 || self.spin.asked {
                break;
            }
            if self.registers.pc == before.pc && self.registers == before {
                let rounds = (budget - length) / length;
                self.clock.complete(rounds * length);
                self.spin.skipped += rounds * length;
                self.spin.between = 0;
                self.spin.due = self.clock.instructions() + length;
                return None;
            }
        }
        self.spin.between = (2 * self.spin.between).clamp(SHORTEST, RAREST);
        self.spin.due = self.clock.instructions() + self.spin.between;
        None
    }
}
