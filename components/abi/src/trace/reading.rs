//! The reader's side of the trace: no line of it is the kernel's.

use super::{Event, RECORD_BYTES, Record};

impl Record {
    /// The record as it stands in memory.
    pub fn to_bytes(&self) -> [u8; RECORD_BYTES as usize] {
        let mut bytes = [0; RECORD_BYTES as usize];
        for (place, word) in bytes.chunks_exact_mut(4).zip(self.words()) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// The record that memory holds, if its event is known.
    pub fn from_bytes(bytes: &[u8; RECORD_BYTES as usize]) -> Option<Self> {
        let mut words = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word));
        let mut word = || words.next().unwrap_or(0);
        let (time, event, thread, argument) = (word(), word(), word(), word());
        Some(Self { time, event: Event::from_number(event)?, thread, argument })
    }
}

/// How far a reader has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    next: u64,
}

impl Cursor {
    /// A reader that starts with the record of an index.
    pub const fn at(index: u64) -> Self {
        Self { next: index }
    }

    /// Index of the record to read next.
    pub const fn index(self) -> u64 {
        self.next
    }

    /// Offset in the ring of the record to read next, if the kernel's count says that there is one.
    pub const fn offset(self, written: u64, capacity: u32) -> Option<u32> {
        if self.next == written || capacity == 0 {
            None
        } else {
            Some(RECORD_BYTES * (1 + (self.next % capacity as u64) as u32))
        }
    }

    /// Whether the record just read was whole, by the kernel's count as it is *after* the reading. If so, the
    /// reader goes on to the next; else it goes on to the oldest there is, and the result says how many
    /// it has missed.
    pub const fn advance(&mut self, written: u64, capacity: u32) -> Result<(), u64> {
        let oldest = written.saturating_sub(capacity as u64);
        if self.next >= oldest {
            self.next += 1;
            Ok(())
        } else {
            let missed = oldest - self.next;
            self.next = oldest;
            Err(missed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::capacity;

    const RECORD: Record =
        Record { time: 0x0102_0304, event: Event::Signal, thread: 5, argument: 0x8000_0000 };

    #[test]
    fn a_record_is_big_endian_everywhere() {
        let bytes = [1, 2, 3, 4, 0, 0, 0, 3, 0, 0, 0, 5, 0x80, 0, 0, 0];
        assert_eq!(RECORD.to_bytes(), bytes);
        assert_eq!(Record::from_bytes(&bytes), Some(RECORD));
    }

    #[test]
    fn every_event_survives_and_an_unknown_one_is_none() {
        for (number, event) in Event::ALL.into_iter().enumerate() {
            assert_eq!(event as usize, number);
            let record = Record { event, ..RECORD };
            assert_eq!(Record::from_bytes(&record.to_bytes()), Some(record));
        }
        assert_eq!(Event::from_number(Event::ALL.len() as u32), None);
        assert_eq!(Record::from_bytes(&[0xFF; 16]), None);
    }

    #[test]
    fn a_reader_in_time_reads_all_and_a_late_one_knows_what_it_missed() {
        let capacity = capacity(64);
        assert_eq!(capacity, 3);
        let mut cursor = Cursor::default();
        assert_eq!(cursor.offset(0, capacity), None, "nothing yet");
        assert_eq!(cursor.offset(1, capacity), Some(16));
        assert_eq!(cursor.advance(1, capacity), Ok(()));
        assert_eq!(cursor.offset(5, capacity), Some(32));
        assert_eq!(cursor.advance(5, capacity), Err(1), "overwritten by the fifth");
        assert_eq!((cursor.index(), cursor.offset(5, capacity)), (2, Some(48)));
        assert_eq!(cursor.advance(5, capacity), Ok(()));
    }
}
