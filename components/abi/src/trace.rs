//! The records of the kernel's trace, as a tracer reads them from the ring.
//!
//! The ring is a region that the kernel writes and the tracer's domain may only read. All words are big-endian.
//!
//! | offset | content                                                                           |
//! |--------|-----------------------------------------------------------------------------------|
//! | 0      | how many records were written since the start, upper word                         |
//! | 4      | lower word; a reader takes the upper one before and after                         |
//! | 8      | zero                                                                              |
//! | 12     | zero                                                                              |
//! | 16 *i* | for *i* from 1: a record; record *n* is at *i* = 1 + *n* mod the ring's [`capacity`] |
//!
//! A record is overwritten when the ring comes round; [`Cursor`] says how many a reader has missed.

/// Bytes of a record, and of what stands before the first.
pub const RECORD_BYTES: u32 = 16;

/// How many records a ring of `bytes` holds: one place is the index's.
pub const fn capacity(bytes: u32) -> u32 {
    (bytes / RECORD_BYTES).saturating_sub(1)
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Event {
    /// Another thread runs; the argument is 0. Thread [`NO_THREAD`] is the idle core.
    Switch = 0,
    /// The thread calls; the argument is the server.
    Call = 1,
    /// The thread replies; the argument is the caller.
    Reply = 2,
    /// A notification of the thread was signalled; the argument holds the bits.
    Signal = 3,
    /// A device interrupt while the thread ran; the argument is the line.
    Interrupt = 4,
    /// A timer fired while the thread ran; the argument is the timer.
    Timer = 5,
    /// The thread faulted; the argument is the [`Cause`](crate::Cause).
    Fault = 6,
    /// A domain starts afresh; the argument is the domain.
    Restart = 7,
    /// A domain stops; the argument is the domain.
    Stop = 8,
}

/// In place of a thread: none runs.
pub const NO_THREAD: u32 = u32::MAX;

impl Event {
    /// All events, in order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Switch,
        Self::Call,
        Self::Reply,
        Self::Signal,
        Self::Interrupt,
        Self::Timer,
        Self::Fault,
        Self::Restart,
        Self::Stop,
    ];

    /// The event of a number, if there is one.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }

    /// The name that tools print.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Switch => "switch",
            Self::Call => "call",
            Self::Reply => "reply",
            Self::Signal => "signal",
            Self::Interrupt => "interrupt",
            Self::Timer => "timer",
            Self::Fault => "fault",
            Self::Restart => "restart",
            Self::Stop => "stop",
        }
    }
}

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Low word of the time base.
    pub time: u32,
    /// What happened.
    pub event: Event,
    /// The thread that it happened to.
    pub thread: u32,
    /// What else there is to say.
    pub argument: u32,
}

impl Record {
    /// The record as words.
    pub const fn words(&self) -> [u32; 4] {
        [self.time, self.event as u32, self.thread, self.argument]
    }

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
