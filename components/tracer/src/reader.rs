//! Reading the ring while the kernel writes it.

use abi::trace::{Cursor, RECORD_BYTES, Record, capacity};
use runtime::{Trace, WireError};

/// What a reader comes upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A record.
    Record(Record),
    /// A record whose event this build does not know.
    Unknown,
    /// So many records were overwritten before they were read.
    Missed(u64),
}

/// A reader and its place in the trace.
#[derive(Debug)]
pub(crate) struct Reader {
    cursor: Cursor,
}

impl Reader {
    /// A reader that starts with the first record.
    pub(crate) const fn new() -> Self {
        Self { cursor: Cursor::at(0) }
    }

    /// What comes next, if anything has been recorded since.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the ring is none.
    pub(crate) fn next(&mut self, ring: &impl Trace) -> Result<Option<Found>, WireError> {
        let room = capacity(ring.bytes() as u32);
        let Some(offset) = self.cursor.offset(written(ring)?, room) else { return Ok(None) };
        let mut bytes = [0; RECORD_BYTES as usize];
        ring.read(offset as usize, &mut bytes)?;
        let found = match self.cursor.advance(written(ring)?, room) {
            Ok(()) => Record::from_bytes(&bytes).map_or(Found::Unknown, Found::Record),
            Err(missed) => Found::Missed(missed),
        };
        Ok(Some(found))
    }
}

/// How many records have been written.
fn written(ring: &impl Trace) -> Result<u64, WireError> {
    let word = |offset| -> Result<u32, WireError> {
        let mut bytes = [0; 4];
        ring.read(offset, &mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    };
    loop {
        let (upper, lower, again) = (word(0)?, word(4)?, word(0)?);
        // Else a carry came between the two halves.
        if upper == again {
            return Ok(u64::from(upper) << 32 | u64::from(lower));
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use abi::trace::Event;
    use std::vec;
    use std::vec::Vec;

    /// A ring in which so many records have been written.
    struct Ring {
        bytes: Vec<u8>,
        /// The count as it is at each look at its words, until the last, which stays.
        written: core::cell::RefCell<Vec<u64>>,
    }

    /// Records that fit.
    const ROOM: u32 = 4;

    impl Ring {
        fn with(records: u64, then: &[u64]) -> Self {
            let mut bytes = vec![0; (RECORD_BYTES * (1 + ROOM)) as usize];
            for index in 0..records {
                let place = (RECORD_BYTES * (1 + (index % u64::from(ROOM)) as u32)) as usize;
                bytes[place..place + RECORD_BYTES as usize].copy_from_slice(&record(index).to_bytes());
            }
            let written = then.iter().rev().copied().chain([records]).collect();
            Self { bytes, written: core::cell::RefCell::new(written) }
        }
    }

    fn record(index: u64) -> Record {
        Record { time: index as u32, event: Event::Call, thread: 1, argument: 0 }
    }

    impl Trace for Ring {
        fn bytes(&self) -> usize {
            self.bytes.len()
        }

        fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
            let mut counts = self.written.borrow_mut();
            let count = counts.last().copied().unwrap_or(0).to_be_bytes();
            match offset {
                0 => into.copy_from_slice(&count[..4]),
                4 => into.copy_from_slice(&count[4..]),
                _ => into.copy_from_slice(&self.bytes[offset..offset + into.len()]),
            }
            // The kernel writes on while a record is read.
            if offset > 4 && counts.len() > 1 {
                counts.pop();
            }
            Ok(())
        }
    }

    #[test]
    fn records_come_in_order_and_end() {
        let ring = Ring::with(3, &[]);
        let mut reader = Reader::new();
        for index in 0..3 {
            assert_eq!(reader.next(&ring), Ok(Some(Found::Record(record(index)))));
        }
        assert_eq!(reader.next(&ring), Ok(None));
    }

    #[test]
    fn what_was_overwritten_is_counted() {
        let ring = Ring::with(6, &[]);
        let mut reader = Reader::new();
        assert_eq!(reader.next(&ring), Ok(Some(Found::Missed(2))));
        assert_eq!(reader.next(&ring), Ok(Some(Found::Record(record(2)))));
    }

    #[test]
    fn a_record_that_changes_while_it_is_read_does_not_count() {
        let ring = Ring::with(4, &[9]);
        let mut reader = Reader::new();
        assert_eq!(reader.next(&ring), Ok(Some(Found::Missed(5))));
    }

    #[test]
    fn an_event_of_another_build_is_told_as_that() {
        let mut ring = Ring::with(1, &[]);
        ring.bytes[RECORD_BYTES as usize + 4] = 0xFF;
        assert_eq!(Reader::new().next(&ring), Ok(Some(Found::Unknown)));
    }
}
