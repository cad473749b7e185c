//! The torus DMA (sections 6.4 to 6.11): descriptors in memory become packets, and packets become bytes in memory.
//!
//! - `header`, `descriptor`, `ring`, `counter`: what stands in packets, in memory, and in the records of FIFOs and
//!   counters;
//! - `control`: its device control registers; `page`: its four pages of registers, one a group;
//! - `injection`, `reception`: the two halves that move data;
//! - `errors`: what can go wrong, and every interrupt.
//!
//! It serves one packet at a time, at virtual times: of the FIFOs that have something to send those with priority
//! first, each in its turn. Whatever software does to it, nothing loops and nothing panics: each step is one packet.

mod control;
mod counter;
mod descriptor;
mod errors;
pub mod header;
mod injection;
mod page;
mod reception;
mod ring;
#[cfg(test)]
pub(crate) mod tests;

use super::bic::Bic;
use super::torus::Torus;
use crate::bus::Unknown;
use crate::memory::Memory;
use crate::network::Port;
use control::Control;
use counter::Counters;
use errors::Errors;
use injection::Message;
use ring::Ring;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Groups: each has a page of registers.
const GROUPS: usize = 4;
/// Injection FIFOs of a group.
const INJECTION_FIFOS: usize = 32;
/// Reception FIFOs of a group; the last is that for headers.
const RECEPTION_FIFOS: usize = 9;
/// Where packets come from: X+, X-, Y+, Y-, Z+, Z-, those with priority, those of the node itself.
const RECEIVERS: usize = 8;
/// The receiver of packets with priority.
pub const PRIORITY_RECEIVER: usize = 6;
/// The receiver of the node's own packets.
const LOCAL_RECEIVER: usize = 7;

/// One group: what stands in its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Group {
    injection: Vec<Ring>,
    reception: Vec<Ring>,
    injection_counters: Counters,
    reception_counters: Counters,
    /// Injection FIFOs that run.
    activated: u32,
    /// Injection FIFOs whose threshold remote gets have crossed.
    crossed: u32,
    /// Words that are software's.
    words: [u32; 16],
}

impl Default for Group {
    fn default() -> Self {
        Self {
            injection: vec![Ring::default(); INJECTION_FIFOS],
            reception: vec![Ring::default(); RECEPTION_FIFOS],
            injection_counters: Counters::default(),
            reception_counters: Counters::default(),
            activated: 0,
            crossed: 0,
            words: [0; 16],
        }
    }
}

/// The packet that is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Service {
    /// The injection FIFO, group times 32 plus FIFO.
    fifo: usize,
    /// When it has been read and sent.
    due: u64,
}

/// The unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dma {
    control: Control,
    groups: Vec<Group>,
    /// Reception FIFOs, then header FIFOs, whose threshold is crossed.
    crossed: [u32; 2],
    errors: Errors,
    /// What each injection FIFO is at.
    messages: Vec<Option<Message>>,
    service: Option<Service>,
    /// The injection FIFO that was served last.
    last: usize,
    /// Packets that have arrived and are not stored yet, by receiver.
    waiting: Vec<VecDeque<Vec<u8>>>,
}

/// What is around the unit while it works.
pub(super) struct Around<'a> {
    pub(super) memory: &'a mut Memory,
    pub(super) torus: &'a mut Torus,
    pub(super) port: &'a mut Port,
    pub(super) bic: &'a mut Bic,
    pub(super) now: u64,
    /// What is not modelled and was met just now, in words.
    pub(super) unmodelled: &'a mut Vec<String>,
}

impl Default for Dma {
    fn default() -> Self {
        Self {
            control: Control::default(),
            groups: vec![Group::default(); GROUPS],
            crossed: [0; 2],
            errors: Errors::default(),
            messages: vec![None; GROUPS * INJECTION_FIFOS],
            service: None,
            last: 0,
            waiting: vec![VecDeque::new(); RECEIVERS],
        }
    }
}

impl Dma {
    /// When it does something by itself next, if ever.
    pub(super) fn next(&self) -> Option<u64> {
        self.service.map(|service| service.due)
    }

    /// Does what is due.
    pub(super) fn act(&mut self, around: &mut Around<'_>) {
        if let Some(service) = self.service.filter(|service| service.due <= around.now) {
            self.service = None;
            self.send(service.fifo, around);
        }
        self.settle(around);
    }

    /// Reads a device control register, by its distance from 0xD00.
    pub(super) fn read_dcr(&self, register: u32) -> Result<u32, Unknown> {
        let register = register as usize;
        Ok(match register {
            0x00..=0x81 | 0x88..=0x92 => self.control.get(register),
            0x93..=0x9F => self.errors.read(register),
            // Status of the link checker, which has caught nothing: links lose nothing here.
            0xA6 => 0,
            0xA7..=0xAA => (0..INJECTION_FIFOS)
                .filter(|fifo| self.messages[(register - 0xA7) * INJECTION_FIFOS + fifo].is_some())
                .fold(0, |bits, fifo| bits | 0x8000_0000 >> fifo),
            // Internal state, idle.
            0xAB => 0x2108_8111,
            0xAC => 0x2249_2249,
            0xAD..=0xAF => 0,
            _ => return Err(Unknown),
        })
    }

    /// Writes a device control register.
    pub(super) fn write_dcr(
        &mut self,
        register: u32,
        value: u32,
        around: &mut Around<'_>,
    ) -> Result<(), Unknown> {
        match register as usize {
            control::RESET => {
                self.reset(value);
                self.control.set(control::RESET, value)?;
            }
            control::CLEAR => self.errors.clear(value),
            // The link checker.
            0xB2 => {}
            register => self.control.set(register, value)?,
        }
        self.settle(around);
        Ok(())
    }

    /// Units are reset: 0 the registers, 2 and 3 FIFOs and counters of injection and reception, others what is under
    /// way.
    fn reset(&mut self, units: u32) {
        let resets = |unit: u32| units & 0x8000_0000 >> unit != 0;
        if resets(0) {
            self.control = Control::default();
        }
        for group in &mut self.groups {
            if resets(2) {
                group.injection = vec![Ring::default(); INJECTION_FIFOS];
                group.injection_counters = Counters::default();
                (group.activated, group.crossed) = (0, 0);
            }
            if resets(3) {
                group.reception = vec![Ring::default(); RECEPTION_FIFOS];
                group.reception_counters = Counters::default();
            }
        }
        if resets(2) {
            (self.service, self.last) = (None, 0);
            self.messages.fill(None);
        }
        if resets(3) {
            self.crossed = [0; 2];
            self.waiting.iter_mut().for_each(VecDeque::clear);
        }
        if units >> 18 != 0 {
            self.errors = Errors::default();
        }
    }

    /// After anything has changed: stores what can be stored now, goes on sending, tells the interrupt controller.
    fn settle(&mut self, around: &mut Around<'_>) {
        self.receive(around);
        self.begin(around);
        self.interrupts(around.bic);
    }
}
