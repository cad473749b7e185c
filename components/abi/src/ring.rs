//! The memory that the two ends of a ring wire share.
//!
//! A wire has two rings, one for requests and one for answers, each with one producer and one consumer. A
//! region begins with four lines, one for each end of each ring. An end writes its own line only and reads
//! the other end's, so no cache line has two writers:
//!
//! | line | written by | of                                      |
//! |------|------------|-----------------------------------------|
//! | 0    | client     | requests, as their producer             |
//! | 1    | server     | requests, as their consumer             |
//! | 2    | server     | answers, as their producer              |
//! | 3    | client     | answers, as their consumer              |
//!
//! | offset in a line | word                                                                          |
//! |------------------|-------------------------------------------------------------------------------|
//! | 0                | index: how many slots this end has handed over, modulo 2^32                   |
//! | 4                | bell: changes each time this end is about to sleep and wants to be signalled  |
//! | 8                | session: in line 0 the one that the client opened, in line 1 the one that the server accepted |
//!
//! Behind the lines lie the slots of requests, then those of answers. The slot of index `n` is `n` modulo
//! their number.
//!
//! | offset in a slot | what                                                                          |
//! |------------------|-------------------------------------------------------------------------------|
//! | 0                | [tag](crate::Tag)                                                             |
//! | 4                | in an answer, the index of its request; in a request, its own                 |
//! | 8                | in a request, 1 if an answer is wanted, else 0; in an answer, 0               |
//! | 12               | 0                                                                             |
//! | 16               | the eight words; unsent ones 0                                                |
//! | 48               | slices, at the offsets that the interface gives them                          |
//!
//! Every word is big-endian.

/// Bytes of a line: a cache line of the 440.
pub const LINE_BYTES: usize = 32;
/// Lines before the slots.
pub const LINES: usize = 4;
/// Where in its line an index stands.
pub const INDEX: usize = 0;
/// Where in its line a bell stands.
pub const BELL: usize = 4;
/// Where in its line a session's number stands.
pub const SESSION: usize = 8;
/// Bytes of a slot before its slices.
pub const HEADER_BYTES: usize = 48;
/// The most slots that a ring can have. A number of slots is a power of two.
pub const MOST_SLOTS: u32 = 1024;

/// Bytes of a slot whose slices take `payload` bytes: whole cache lines.
pub const fn slot_bytes(payload: usize) -> usize {
    (HEADER_BYTES + payload).next_multiple_of(LINE_BYTES)
}

/// Where the slots of requests begin.
pub const fn requests_at() -> usize {
    LINES * LINE_BYTES
}

/// Where the slots of answers begin, behind `slots` requests with `request` bytes of slices.
pub const fn answers_at(slots: u32, request: usize) -> usize {
    requests_at() + slots as usize * slot_bytes(request)
}

/// Bytes of a region of two rings of `slots` slots, with as many bytes of slices in a request and in an
/// answer.
pub const fn region_bytes(slots: u32, request: usize, answer: usize) -> usize {
    answers_at(slots, request) + slots as usize * slot_bytes(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_whole_lines_and_follow_each_other() {
        assert_eq!(slot_bytes(0), 64);
        assert_eq!(slot_bytes(256), 320);
        assert_eq!((requests_at(), answers_at(8, 256)), (128, 128 + 8 * 320));
        assert_eq!(region_bytes(8, 256, 64), 128 + 8 * 320 + 8 * 128);
    }
}
