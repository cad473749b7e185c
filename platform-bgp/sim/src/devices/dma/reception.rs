//! Reception: packets become bytes in memory (sections 6.4, 6.9 and 6.10).

use super::control::{
    HEADER_ENABLE, HEADER_TYPE, INJECTION_ENABLE, RECEPTION_ENABLE, RECEPTION_REGIONS, RECEPTION_THRESHOLD,
    RECEPTION_TYPE, REMOTE_GET_THRESHOLD,
};
use super::descriptor;
use super::errors::{
    BAD_MAP, BEHIND_LIMIT, FIFO_FULL, LONG_GET, LONG_PUT, RECEPTION_COUNTER_DISABLED, REMOTE_GET_FULL,
    WRITE_OUT_OF_RANGE,
};
use super::header::{HEADERS, Header};
use super::{Around, Dma, GROUPS, INJECTION_FIFOS, RECEIVERS, Ring};

/// The FIFO of a group that holds headers.
const HEADER_FIFO: usize = 8;

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// It is stored, or there is nothing to be stored.
    Yes,
    /// Not yet: it waits.
    No,
}

impl Dma {
    /// A packet arrives.
    pub(in crate::devices) fn arrive(&mut self, receiver: usize, packet: Vec<u8>, around: &mut Around<'_>) {
        self.waiting[receiver % RECEIVERS].push_back(packet);
        self.settle(around);
    }

    fn reception_runs(&self) -> bool {
        self.control.receives() && !self.errors.reception_stopped && !self.errors.is_fatal()
    }

    /// Stores what waits, receiver after receiver.
    pub(super) fn receive(&mut self, around: &mut Around<'_>) {
        for receiver in 0..RECEIVERS {
            while self.reception_runs() {
                let Some(packet) = self.waiting[receiver].pop_front() else { break };
                if self.take(receiver, &packet, around) == Taken::No {
                    self.waiting[receiver].push_front(packet);
                    break;
                }
            }
        }
    }

    fn take(&mut self, receiver: usize, packet: &[u8], around: &mut Around<'_>) -> Taken {
        let Some(header) = Header::of(packet) else {
            self.refuse_packet(around, format!("a packet of {} bytes that does not say so", packet.len()));
            return Taken::No;
        };
        let group = header.group();
        let keeps_header = self.control.stores_headers() && header.is_for_dma();
        if keeps_header {
            let enabled = self.control.get(HEADER_ENABLE) & 8 >> group != 0;
            if !enabled || !self.groups[group].reception[HEADER_FIFO].is_available() {
                self.errors.reception(FIFO_FULL, 1, group, receiver, 0);
                self.errors.reception_stopped = true;
                return Taken::No;
            }
        }
        let payload = &packet[HEADERS..];
        let taken = if header.is_remote_get() {
            self.remote_get(receiver, header, payload, around)
        } else if header.is_for_dma() {
            self.direct_put(receiver, header, payload, around)
        } else {
            self.memory_fifo(receiver, header, packet, around)
        };
        if keeps_header && taken == Taken::Yes {
            let ring = self.groups[group].reception[HEADER_FIFO];
            if self.fill(ring, &packet[..HEADERS], around) {
                self.groups[group].reception[HEADER_FIFO].put(HEADERS as u64);
                self.threshold(group, HEADER_FIFO);
            }
        }
        taken
    }

    /// A packet is appended to the reception FIFO that the map names.
    fn memory_fifo(
        &mut self,
        receiver: usize,
        header: Header,
        packet: &[u8],
        around: &mut Around<'_>,
    ) -> Taken {
        let fifo = self.control.reception_fifo(header.group(), receiver);
        if fifo >= 8 * GROUPS {
            self.errors.fail(BAD_MAP);
            return Taken::No;
        }
        let (group, number) = (fifo / 8, fifo % 8);
        let ring = self.groups[group].reception[number];
        let enabled = self.control.get(RECEPTION_ENABLE) & 0x8000_0000 >> fifo != 0;
        if !enabled || !ring.is_available() {
            self.errors.reception(FIFO_FULL, 0, header.group(), receiver, 0);
            self.errors.reception_stopped = !enabled || self.control.stops_when_full();
            return Taken::No;
        }
        if !self.fill(ring, packet, around) {
            return Taken::No;
        }
        self.groups[group].reception[number].put(packet.len() as u64);
        self.threshold(group, number);
        Taken::Yes
    }

    /// A packet's payload goes to memory, where its counter says.
    fn direct_put(
        &mut self,
        receiver: usize,
        header: Header,
        payload: &[u8],
        around: &mut Around<'_>,
    ) -> Taken {
        let (group, number) = (header.counter() / 64, header.counter() % 64);
        let counters = &self.groups[group].reception_counters;
        if header.valid() > payload.len() {
            self.errors.fail(LONG_PUT);
            return Taken::No;
        }
        if !counters.is_enabled(number) {
            let counter = header.counter() as u32;
            self.errors.reception(RECEPTION_COUNTER_DISABLED, 3, header.group(), receiver, counter);
            self.errors.reception_stopped = true;
            return Taken::No;
        }
        let counter = counters.records[number];
        let first = (u64::from(counter.base) << 4) + u64::from(header.put_offset());
        let last = first + header.valid().max(1) as u64 - 1;
        if last >> 4 > u64::from(counter.limit) {
            self.errors.fail(BEHIND_LIMIT);
            return Taken::No;
        }
        if !self.store(around, first, &payload[..header.valid()]) {
            return Taken::No;
        }
        if let Err(mistake) = self.groups[group].reception_counters.count(number, header.valid()) {
            self.errors.counter(mistake, true, header.counter());
        }
        Taken::Yes
    }

    /// A packet's descriptors are appended to one of this node's own injection FIFOs.
    fn remote_get(
        &mut self,
        receiver: usize,
        header: Header,
        payload: &[u8],
        around: &mut Around<'_>,
    ) -> Taken {
        let bytes = header.valid() / descriptor::BYTES * descriptor::BYTES;
        if header.valid() > payload.len() {
            self.errors.fail(LONG_GET);
            return Taken::No;
        }
        let fifo = header.injection_fifo();
        let (group, number) = (fifo / INJECTION_FIFOS % GROUPS, fifo % INJECTION_FIFOS);
        let ring = self.groups[group].injection[number];
        let exists = fifo < GROUPS * INJECTION_FIFOS && self.control.of_fifo(INJECTION_ENABLE, fifo);
        if !exists || !ring.is_available() {
            self.errors.reception(REMOTE_GET_FULL, 2, header.group(), receiver, (fifo as u32) << 8);
            self.errors.reception_stopped = true;
            return Taken::No;
        }
        if !self.fill(ring, &payload[..bytes], around) {
            return Taken::No;
        }
        let ring = &mut self.groups[group].injection[number];
        ring.put(bytes as u64);
        if ring.free() >> 4 <= u64::from(self.control.get(REMOTE_GET_THRESHOLD)) {
            self.groups[group].crossed |= 0x8000_0000 >> number;
        }
        Taken::Yes
    }

    /// Writes bytes at a ring's tail, which stays. `false`: not possible.
    fn fill(&mut self, ring: Ring, bytes: &[u8], around: &mut Around<'_>) -> bool {
        let [(first, count), (second, _)] = ring.at_tail(bytes.len() as u64);
        self.store(around, first, &bytes[..count]) && self.store(around, second, &bytes[count..])
    }

    /// Writes memory. `false`: no region allows it, or there is no memory.
    fn store(&mut self, around: &mut Around<'_>, address: u64, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return true;
        }
        if !self.control.allows(RECEPTION_REGIONS, address, bytes.len()) {
            self.errors.fail(WRITE_OUT_OF_RANGE);
            return false;
        }
        let last = address + bytes.len() as u64 - 1;
        if !around.memory.contains(address) || !around.memory.contains(last) {
            self.refuse_packet(
                around,
                format!("a packet for {} bytes at {address:#011x}, no memory", bytes.len()),
            );
            return false;
        }
        around.memory.copy_in(address, bytes)
    }

    /// Stops at what is not modelled.
    fn refuse_packet(&mut self, around: &mut Around<'_>, what: String) {
        self.errors.reception_stopped = true;
        around.unmodelled.push(format!("the DMA meets {what}"));
    }

    /// Whether a reception FIFO has as little room as its threshold, or less.
    fn is_crossed(&self, group: usize, fifo: usize) -> bool {
        let kind = if fifo == HEADER_FIFO {
            self.control.get(HEADER_TYPE) >> (3 - group) & 1
        } else {
            self.control.get(RECEPTION_TYPE) >> (31 - 8 * group - fifo) & 1
        };
        let threshold = self.control.get(RECEPTION_THRESHOLD + kind as usize);
        self.groups[group].reception[fifo].free() >> 4 <= u64::from(threshold)
    }

    /// Something was put into a reception FIFO: its threshold may be crossed now.
    fn threshold(&mut self, group: usize, fifo: usize) {
        let (word, bit) = Self::crossed_bit(group, fifo);
        if self.is_crossed(group, fifo) {
            self.crossed[word] |= bit;
        }
    }

    /// Software has moved a pointer: a threshold that is not sticky follows.
    pub(super) fn threshold_follows(&mut self, group: usize, fifo: usize) {
        let (word, bit) = Self::crossed_bit(group, fifo);
        if !self.control.sticky().0 && !self.is_crossed(group, fifo) {
            self.crossed[word] &= !bit;
        }
    }

    const fn crossed_bit(group: usize, fifo: usize) -> (usize, u32) {
        if fifo == HEADER_FIFO {
            (1, 0x0100_0000 >> (8 * group))
        } else {
            (0, 0x8000_0000 >> (8 * group + fifo))
        }
    }
}
