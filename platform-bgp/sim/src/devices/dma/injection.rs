//! Injection: descriptors become packets, and memory their payload (sections 6.4 and 6.9).

use super::control::{INJECTION_ENABLE, INJECTION_REGIONS, LOCAL, PRIORITY};
use super::descriptor::{self, Descriptor};
use super::errors::{LENGTH_ZERO, NO_FIFO_SELECTED, READ_OUT_OF_RANGE};
use super::header::HEADERS;
use super::{Around, Dma, GROUPS, INJECTION_FIFOS, LOCAL_RECEIVER, Service};
use crate::devices::torus;
use crate::network::{Parcel, TorusPacket};
use serde::{Deserialize, Serialize};

/// Cycles for which 32 bytes occupy a link: half a byte a cycle (section 10).
const LINK_CYCLES: u64 = 64;
/// Cycles that 32 bytes take inside the node.
const LOCAL_CYCLES: u64 = 8;
/// Packets that wait at a receiver, at most: the network is full then.
const FULL: usize = 16;

/// What an injection FIFO is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    descriptor: Descriptor,
    /// Bytes that have been sent.
    done: u32,
}

impl Dma {
    fn injection_runs(&self) -> bool {
        self.control.injects() && !self.errors.injection_stopped && !self.errors.is_fatal()
    }

    /// Whether a FIFO has something to send, and whoever takes it has room.
    fn is_ready(&self, fifo: usize, around: &Around<'_>) -> bool {
        let (group, number) = (&self.groups[fifo / INJECTION_FIFOS], fifo % INJECTION_FIFOS);
        if group.activated & 0x8000_0000 >> number == 0
            || group.injection[number].is_empty()
            || !self.control.of_fifo(INJECTION_ENABLE, fifo)
        {
            return false;
        }
        if self.control.of_fifo(LOCAL, fifo) {
            self.waiting[LOCAL_RECEIVER].is_empty()
        } else {
            around.torus.runs() && self.waiting.iter().all(|packets| packets.len() < FULL)
        }
    }

    /// Begins to send a packet, if none is being sent and any can be.
    pub(super) fn begin(&mut self, around: &mut Around<'_>) {
        if self.service.is_some() || self.groups.iter().all(|group| group.activated == 0) {
            return;
        }
        for priority in [true, false] {
            for step in 1..=GROUPS * INJECTION_FIFOS {
                let fifo = (self.last + step) % (GROUPS * INJECTION_FIFOS);
                if !self.injection_runs() {
                    return;
                }
                if self.control.of_fifo(PRIORITY, fifo) != priority || !self.is_ready(fifo, around) {
                    continue;
                }
                let Some(message) = self.message(fifo, around) else { continue };
                let chunks = (message.descriptor.header().bytes() / super::header::CHUNK) as u64;
                let cycles = if message.descriptor.is_local() { LOCAL_CYCLES } else { LINK_CYCLES };
                self.service = Some(Service { fifo, due: around.now + chunks * cycles });
                self.last = fifo;
                return;
            }
        }
    }

    /// What a FIFO is at: the descriptor at its head is read, unless that was before. `None`: it cannot be.
    fn message(&mut self, fifo: usize, around: &mut Around<'_>) -> Option<Message> {
        if let Some(message) = self.messages[fifo] {
            return Some(message);
        }
        let ring = self.groups[fifo / INJECTION_FIFOS].injection[fifo % INJECTION_FIFOS];
        if !ring.is_sound() {
            self.refuse(around, format!("injection FIFO {fifo} whose head or tail is outside it: {ring:x?}"));
            return None;
        }
        let mut bytes = [0; descriptor::BYTES];
        let mut done = 0;
        for (address, length) in ring.at_head(descriptor::BYTES as u64) {
            if !self.fetch(around, address, &mut bytes[done..done + length]) {
                return None;
            }
            done += length;
        }
        let descriptor = Descriptor::new(&bytes);
        if descriptor.is_local() != self.control.of_fifo(LOCAL, fifo) {
            self.refuse(around, format!("a descriptor in injection FIFO {fifo}, of which only one is local"));
            return None;
        }
        let message = Message { descriptor, done: 0 };
        self.messages[fifo] = Some(message);
        Some(message)
    }

    /// Stops at what is not modelled.
    pub(super) fn refuse(&mut self, around: &mut Around<'_>, what: String) {
        self.errors.injection_stopped = true;
        around.unmodelled.push(format!("the DMA meets {what}"));
    }

    /// Reads memory. `false`: no region allows it, or there is no memory.
    fn fetch(&mut self, around: &mut Around<'_>, address: u64, into: &mut [u8]) -> bool {
        if into.is_empty() {
            return true;
        }
        if !self.control.allows(INJECTION_REGIONS, address, into.len()) {
            self.errors.fail(READ_OUT_OF_RANGE);
            return false;
        }
        if !around.memory.copy_out(address, into) {
            self.refuse(
                around,
                format!("a descriptor for {} bytes at {address:#011x}, no memory", into.len()),
            );
            return false;
        }
        true
    }

    /// Sends the next packet of a FIFO, if that is still possible.
    pub(super) fn send(&mut self, fifo: usize, around: &mut Around<'_>) {
        if !self.injection_runs() || !self.is_ready(fifo, around) {
            return;
        }
        let Some(message) = self.message(fifo, around) else { return };
        let descriptor = message.descriptor;
        if descriptor.length() == 0 {
            self.errors.note(LENGTH_ZERO);
            self.finish(fifo);
            return;
        }
        let (group, counter) = (descriptor.counter() / 64, descriptor.counter() % 64);
        let counters = &self.groups[group].injection_counters;
        if !counters.is_enabled(counter) {
            self.errors.counter_not_enabled(descriptor.counter());
            return;
        }
        let mut header = descriptor.header();
        let count = header.room().min((descriptor.length() - message.done) as usize);
        let base = u64::from(counters.records[counter].base) << 4;
        let address = base + u64::from(descriptor.offset()) + u64::from(message.done);
        let mut packet = vec![0; header.bytes()];
        if !self.fetch(around, address, &mut packet[HEADERS..HEADERS + count]) {
            return;
        }
        if !header.is_remote_get() {
            header.set_put_offset(header.put_offset().wrapping_add(message.done));
        }
        if header.is_for_dma() {
            header.set_valid(count as u8);
        }
        packet[..HEADERS].copy_from_slice(&header.0);
        if !descriptor.only_prefetches() && !self.leave(fifo, packet, around) {
            return;
        }
        if let Err(mistake) = self.groups[group].injection_counters.count(counter, count) {
            self.errors.counter(mistake, false, descriptor.counter());
        }
        let done = message.done + count as u32;
        self.messages[fifo] = Some(Message { descriptor, done });
        if done == descriptor.length() {
            self.finish(fifo);
        }
    }

    /// The descriptor at the head is done.
    fn finish(&mut self, fifo: usize) {
        self.messages[fifo] = None;
        let ring = &mut self.groups[fifo / INJECTION_FIFOS].injection[fifo % INJECTION_FIFOS];
        if ring.is_sound() {
            ring.take(descriptor::BYTES as u64);
        }
    }

    /// A packet leaves a FIFO. `false`: it cannot, and nothing has happened to it.
    fn leave(&mut self, fifo: usize, mut packet: Vec<u8>, around: &mut Around<'_>) -> bool {
        if self.control.of_fifo(LOCAL, fifo) {
            self.waiting[LOCAL_RECEIVER].push_back(packet);
            return true;
        }
        let map = self.control.map(fifo);
        if map == 0 {
            self.errors.fail(NO_FIFO_SELECTED);
            return false;
        }
        if !around.torus.check(&mut packet, torus::FifoNumber::first_of(map), around.bic) {
            return false;
        }
        around.port.send(around.now, Parcel::Torus(TorusPacket { receiver: 0, bytes: packet }));
        true
    }
}
