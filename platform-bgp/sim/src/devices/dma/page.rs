//! The four pages of the DMA's registers (section 6.6).

use super::control::{CLEAR_MASK, HEADER_CLEAR_MASK};
use super::counter::{Counter, Counters};
use super::{Around, Dma, GROUPS, INJECTION_FIFOS};
use crate::bus::Unknown;

/// A word of a counter's record that can be read.
fn read_counter(counter: &Counter, word: u32) -> Result<u32, Unknown> {
    match word & 3 {
        0 => Ok(counter.value),
        2 => Ok(counter.base),
        3 => Ok(counter.limit),
        // The increment.
        _ => Err(Unknown),
    }
}

impl Dma {
    /// Bits of the reception FIFOs, then of the header FIFOs, for which something holds.
    fn of_reception(&self, offset: u32, holds: impl Fn(&super::Ring) -> bool) -> u32 {
        let mut bits = 0;
        for (number, group) in self.groups.iter().enumerate() {
            if offset & 4 == 0 {
                for fifo in (0..8).filter(|fifo| holds(&group.reception[*fifo])) {
                    bits |= 0x8000_0000 >> (8 * number + fifo);
                }
            } else if holds(&group.reception[8]) {
                bits |= 0x0100_0000 >> (8 * number);
            }
        }
        bits
    }

    /// Reads a register of a group's page.
    pub(in crate::devices) fn read(&self, group: usize, offset: u32) -> Result<u32, Unknown> {
        let shown = &self.groups[group % GROUPS];
        let of_injection = |holds: &dyn Fn(&super::Ring) -> bool| {
            (0..INJECTION_FIFOS)
                .filter(|fifo| holds(&shown.injection[*fifo]))
                .fold(0, |bits, fifo| bits | 0x8000_0000 >> fifo)
        };
        let (record, word) = ((offset >> 4 & 63) as usize, offset >> 2);
        Ok(match offset {
            0x000..=0x1FC => shown.injection[record].word(word),
            0x200 => of_injection(&|ring| !ring.is_empty()),
            0x208 => of_injection(&super::Ring::is_available),
            0x210 => shown.crossed,
            0x220 => shown.activated,
            0x330 => self.subgroups().0,
            0x300..=0x32C => shown.injection_counters.read_status(offset - 0x300).ok_or(Unknown)?,
            0x400..=0x7FC => read_counter(&shown.injection_counters.records[record], word)?,
            0x800..=0x88C => shown.reception[(offset - 0x800) as usize >> 4].word(word),
            0x900..=0x93C => shown.words[(offset - 0x900) as usize >> 2],
            0xA00 | 0xA04 => self.of_reception(offset, |ring| !ring.is_empty()),
            0xA08 | 0xA0C => self.of_reception(offset, super::Ring::is_available),
            0xA10 | 0xA14 => self.crossed[(offset >> 2 & 1) as usize],
            0xB30 => self.subgroups().1,
            0xB00..=0xB2C => shown.reception_counters.read_status(offset - 0xB00).ok_or(Unknown)?,
            0xC00..=0xFFC => read_counter(&shown.reception_counters.records[record], word)?,
            _ => return Err(Unknown),
        })
    }

    /// Writes a register of a group's page.
    pub(in crate::devices) fn write(
        &mut self,
        group: usize,
        offset: u32,
        value: u32,
        around: &mut Around<'_>,
    ) -> Result<(), Unknown> {
        let number = group % GROUPS;
        let (record, word) = ((offset >> 4 & 63) as usize, offset >> 2);
        let group = &mut self.groups[number];
        match offset {
            0x000..=0x1FC => {
                group.injection[record].set_word(word, value);
                // Anything but a new tail: what was under way is not at the head any more.
                if word & 3 != 3 {
                    self.messages[number * INJECTION_FIFOS + record] = None;
                }
            }
            0x218 => group.crossed &= !value,
            0x224 => group.activated |= value,
            0x228 => group.activated &= !value,
            0x300..=0x32C => group.injection_counters.write_status(offset - 0x300, value).ok_or(Unknown)?,
            0x400..=0x7FC => self.write_counter(number, record, word, value, false)?,
            0x800..=0x88C => {
                let fifo = (offset - 0x800) as usize >> 4;
                group.reception[fifo].set_word(word, value);
                self.threshold_follows(number, fifo);
            }
            0x900..=0x93C => group.words[(offset - 0x900) as usize >> 2] = value,
            0xA18 => self.crossed[0] &= !(value & self.control.get(CLEAR_MASK + number)),
            0xA1C => self.clear_headers(number, value),
            0xB00..=0xB2C => group.reception_counters.write_status(offset - 0xB00, value).ok_or(Unknown)?,
            0xC00..=0xFFC => self.write_counter(number, record, word, value, true)?,
            _ => return Err(Unknown),
        }
        self.settle(around);
        Ok(())
    }

    /// Header FIFOs' thresholds that a group may clear: bits 28 to 31 of its byte of the mask are groups 0 to 3.
    fn clear_headers(&mut self, group: usize, value: u32) {
        let mask = self.control.get(HEADER_CLEAR_MASK).to_be_bytes()[group];
        for header in (0..GROUPS).filter(|header| mask & 8 >> header != 0) {
            self.crossed[1] &= !(value & 0x0100_0000 >> (8 * header));
        }
    }

    fn write_counter(
        &mut self,
        group: usize,
        record: usize,
        word: u32,
        value: u32,
        reception: bool,
    ) -> Result<(), Unknown> {
        let group_of = &mut self.groups[group];
        let counters: &mut Counters =
            if reception { &mut group_of.reception_counters } else { &mut group_of.injection_counters };
        let counter = &mut counters.records[record];
        match word & 3 {
            0 => counter.value = value,
            1 => {
                if let Err(mistake) = counter.increment(value) {
                    self.errors.counter(mistake, reception, group * counters.records.len() + record);
                }
            }
            2 => counter.base = value,
            // Software sets it for all counters alike, though only reception ones look at it.
            _ => counter.limit = value,
        }
        Ok(())
    }
}
