//! What can go wrong in the DMA, and its interrupts (sections 5.7, 6.8 and 6.10).
//!
//! The chip is of the second stepping, DD2 (open question 11).

use super::control::{
    FATAL_ENABLE, INJECTION_THRESHOLD_INTERRUPT, INJECTION_ZERO_INTERRUPT, RECEPTION_THRESHOLD_INTERRUPT,
    RECEPTION_ZERO_INTERRUPT,
};
use super::counter::Mistake;
use super::{Dma, GROUPS};
use crate::devices::bic::Bic;
use serde::{Deserialize, Serialize};

/// Fatal errors, each a register of four and its bit: data to be read is outside every region.
pub(super) const READ_OUT_OF_RANGE: (usize, u32) = (2, 25);
/// An injection FIFO without a torus FIFO.
pub(super) const NO_FIFO_SELECTED: (usize, u32) = (2, 14);
/// A reception map that names no FIFO.
pub(super) const BAD_MAP: (usize, u32) = (1, 22);
/// A direct put of more than a packet holds.
pub(super) const LONG_PUT: (usize, u32) = (3, 8);
/// A remote get of more than a packet holds.
pub(super) const LONG_GET: (usize, u32) = (3, 9);
/// A direct put behind its counter's limit.
pub(super) const BEHIND_LIMIT: (usize, u32) = (3, 18);
/// Data to be written is outside every region.
pub(super) const WRITE_OUT_OF_RANGE: (usize, u32) = (3, 26);

/// Conditions by their bits of the interrupt controller's group 3: the descriptor's counter is not enabled.
pub(super) const COUNTER_NOT_ENABLED: u32 = 8;
/// The descriptor's message has no bytes.
pub(super) const LENGTH_ZERO: u32 = 9;
const INJECTION_UNDERFLOW: u32 = 10;
const INJECTION_OVERFLOW: u32 = 11;
const RECEPTION_UNDERFLOW: u32 = 12;
const RECEPTION_OVERFLOW: u32 = 13;
/// A reception FIFO is full or not enabled.
pub(super) const FIFO_FULL: u32 = 22;
/// A remote get's injection FIFO is full or not enabled.
pub(super) const REMOTE_GET_FULL: u32 = 24;
/// The reception counter is not enabled.
pub(super) const RECEPTION_COUNTER_DISABLED: u32 = 25;

/// What each of the first six bits of CLEAR0 clears.
const CLEARED: [&[u32]; 6] = [
    &[COUNTER_NOT_ENABLED, LENGTH_ZERO],
    &[INJECTION_UNDERFLOW],
    &[INJECTION_OVERFLOW],
    &[RECEPTION_UNDERFLOW],
    &[RECEPTION_OVERFLOW],
    &[FIFO_FULL, REMOTE_GET_FULL, RECEPTION_COUNTER_DISABLED],
];

/// Every condition.
const CONDITIONS: [u32; 9] = [
    COUNTER_NOT_ENABLED,
    LENGTH_ZERO,
    INJECTION_UNDERFLOW,
    INJECTION_OVERFLOW,
    RECEPTION_UNDERFLOW,
    RECEPTION_OVERFLOW,
    FIFO_FULL,
    REMOTE_GET_FULL,
    RECEPTION_COUNTER_DISABLED,
];

const fn bit(number: u32) -> u32 {
    0x8000_0000 >> number
}

/// What has gone wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Errors {
    /// Fatal errors: both halves stop until the unit is reset.
    fatal: [u32; 4],
    /// MFU_STAT0 to 2: of what.
    status: [u32; 3],
    /// Bits of the interrupt controller's group 3.
    conditions: u32,
    /// A half has stopped until its condition is cleared.
    pub(super) injection_stopped: bool,
    /// The same for reception.
    pub(super) reception_stopped: bool,
}

impl Errors {
    /// The registers that tell of errors.
    pub(super) fn read(&self, register: usize) -> u32 {
        match register {
            0x93..=0x96 => self.fatal[register - 0x93],
            0x9B..=0x9D => self.status[register - 0x9B],
            // Bad addresses of the unit's own memory and of the L3: none is ever bad.
            _ => 0,
        }
    }

    /// Writes CLEAR0.
    pub(super) fn clear(&mut self, value: u32) {
        for (number, conditions) in (0..).zip(CLEARED) {
            if value & bit(number) != 0 {
                self.conditions &= !conditions.iter().fold(0, |bits, condition| bits | bit(*condition));
            }
        }
        if value & bit(0) != 0 {
            self.injection_stopped = false;
        }
        if value & bit(5) != 0 {
            self.reception_stopped = false;
            self.status[2] = 0;
        }
    }

    /// Whether a half of the unit has stopped for good.
    pub(super) fn is_fatal(&self) -> bool {
        self.fatal != [0; 4]
    }

    /// Notes a fatal error.
    pub(super) fn fail(&mut self, (register, number): (usize, u32)) {
        self.fatal[register] |= bit(number);
    }

    /// Notes a condition.
    pub(super) fn note(&mut self, condition: u32) {
        self.conditions |= bit(condition);
    }

    /// Injection stops: a descriptor names a counter that is not enabled.
    pub(super) fn counter_not_enabled(&mut self, counter: usize) {
        self.note(COUNTER_NOT_ENABLED);
        self.status[0] = self.status[0] & 0x00FF_FFFF | (counter as u32) << 24;
        self.injection_stopped = true;
    }

    /// What a reception that cannot go on was at: MFU_STAT2.
    pub(super) fn reception(&mut self, condition: u32, what: u32, group: usize, receiver: usize, rest: u32) {
        self.note(condition);
        self.status[2] = bit(what) | (group as u32) << 24 | bit(8 + receiver as u32) | rest;
    }

    /// A counter has run over or under.
    pub(super) fn counter(&mut self, mistake: Mistake, reception: bool, counter: usize) {
        let shown = counter as u32;
        // Overflow is told by the increment register's place in the four pages.
        let address = (shown >> 6 << 12) + 0x404 + (shown & 63) * 16 + if reception { 0x800 } else { 0 };
        let status = &mut self.status[usize::from(reception)];
        *status = match mistake {
            Mistake::Underflow => *status & 0xFF00_FFFF | shown << 16,
            Mistake::Overflow => *status & 0xFFFF_0000 | address,
        };
        self.note(match (mistake, reception) {
            (Mistake::Underflow, false) => INJECTION_UNDERFLOW,
            (Mistake::Overflow, false) => INJECTION_OVERFLOW,
            (Mistake::Underflow, true) => RECEPTION_UNDERFLOW,
            (Mistake::Overflow, true) => RECEPTION_OVERFLOW,
        });
    }
}

impl Dma {
    /// Which subgroups of all groups hold a counter that has hit zero: of injection, of reception.
    pub(super) fn subgroups(&self) -> (u32, u32) {
        self.groups.iter().fold((0, 0), |(injection, reception), group| {
            (
                injection << 8 | group.injection_counters.subgroups(),
                reception << 8 | group.reception_counters.subgroups(),
            )
        })
    }

    /// Tells the interrupt controller every condition: they are levels.
    pub(super) fn interrupts(&self, bic: &mut Bic) {
        let control = |register: usize| self.control.get(register);
        let fatal = (0..4).any(|number| self.errors.fatal[number] & control(FATAL_ENABLE + number) != 0);
        bic.set_level(0x3F, fatal);
        let (injection, reception) = self.subgroups();
        for line in 0..GROUPS {
            let crossed = self.groups[line].crossed & control(INJECTION_THRESHOLD_INTERRUPT + line);
            bic.set_level(0x58 + line, crossed != 0);
            let crossed = self.crossed[0] & control(RECEPTION_THRESHOLD_INTERRUPT + line);
            bic.set_level(0x5C + line, crossed != 0);
            bic.set_level(0x60 + line, injection & control(INJECTION_ZERO_INTERRUPT + line) != 0);
            bic.set_level(0x64 + line, reception & control(RECEPTION_ZERO_INTERRUPT + line) != 0);
        }
        for condition in CONDITIONS {
            bic.set_level(0x60 + condition as usize, self.errors.conditions & bit(condition) != 0);
        }
    }
}
