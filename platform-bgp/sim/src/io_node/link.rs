//! Kittyhawk's link layer: messages in packets of the collective network (section 7.7).

use serde::{Deserialize, Serialize};

/// Bytes of a message in each packet, behind the link header.
pub const DATA: usize = 240;
/// Bytes of a link header.
pub const HEADER: usize = 16;
/// Fragments of the longest message.
pub const MOST: usize = 254;

/// What a message is.
pub mod protocol {
    /// An Ethernet frame.
    pub const NET: u16 = 1;
    /// An Ethernet frame that the I/O node is to send down again (section 7.8).
    pub const REFLECT: u16 = 2;
    /// Text.
    pub const CONSOLE: u16 = 0x10;
    /// Control: the I/O node announces itself.
    pub const CONTROL: u16 = 0x20;
}

/// The first quad of every payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Network's or console's number; 0 for control.
    pub destination: u32,
    /// The sender's number.
    pub source: u32,
    /// Counts the sender's messages.
    pub connection: u16,
    /// Which fragment this is, from 0.
    pub fragment: u8,
    /// How many there are.
    pub fragments: u8,
    /// See [`protocol`].
    pub protocol: u16,
    /// Of a frame: option, bytes before it, bytes behind it (4, 4, 8 bits). Of text: its length.
    pub option: u16,
}

impl Header {
    /// The header's bytes.
    pub fn bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..4].copy_from_slice(&self.destination.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.source.to_be_bytes());
        bytes[8..10].copy_from_slice(&self.connection.to_be_bytes());
        bytes[10..12].copy_from_slice(&[self.fragment, self.fragments]);
        bytes[12..14].copy_from_slice(&self.protocol.to_be_bytes());
        bytes[14..].copy_from_slice(&self.option.to_be_bytes());
        bytes
    }

    /// The header of a payload; `None`: it is too short for one.
    pub fn of(payload: &[u8]) -> Option<Self> {
        let (bytes, _) = payload.split_first_chunk::<HEADER>()?;
        let word = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let half = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        Some(Self {
            destination: word(0),
            source: word(4),
            connection: half(8),
            fragment: bytes[10],
            fragments: bytes[11],
            protocol: half(12),
            option: half(14),
        })
    }
}

/// Cuts a frame into payloads of 256 bytes. `None`: it is empty or too long.
///
/// The frame starts with the first payload's data, so nothing stands before it.
pub fn cut(frame: &[u8], mut header: Header) -> Option<Vec<Vec<u8>>> {
    let fragments = frame.len().div_ceil(DATA);
    if frame.is_empty() || fragments > MOST {
        return None;
    }
    header.fragments = fragments as u8;
    header.option = (fragments * DATA - frame.len()) as u16;
    let payloads = frame.chunks(DATA).zip(0..).map(|(part, fragment)| {
        let mut payload = Header { fragment, ..header }.bytes().to_vec();
        payload.extend(part);
        payload.resize(HEADER + DATA, 0);
        payload
    });
    Some(payloads.collect())
}

/// Puts messages together. Fragments of one message come in order, those of several in any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assembler {
    parts: Vec<((u32, u32, u16), Part)>,
}

/// A message of which some fragments have come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    next: u8,
    bytes: Vec<u8>,
}

/// Messages under way at most: a sender that never ends any costs its oldest.
const UNDER_WAY: usize = 64;

impl Assembler {
    /// Takes a payload; answers the frame that it completes.
    pub fn add(&mut self, header: Header, payload: &[u8]) -> Option<Vec<u8>> {
        if header.fragment >= header.fragments {
            return None;
        }
        let key = (header.source, header.destination, header.connection);
        let found = self.parts.iter().position(|(other, _)| *other == key).map(|at| self.parts.remove(at).1);
        let mut part = match (found, header.fragment) {
            (_, 0) => Part { next: 0, bytes: Vec::new() },
            (Some(part), fragment) if part.next == fragment => part,
            // A fragment is missing: what came of the message is worth nothing.
            _ => return None,
        };
        part.bytes.extend(payload.get(HEADER..)?);
        part.next += 1;
        if part.next < header.fragments {
            if self.parts.len() == UNDER_WAY {
                self.parts.remove(0);
            }
            self.parts.push((key, part));
            return None;
        }
        let (before, behind) = (usize::from(header.option >> 8 & 15), usize::from(header.option & 0xFF));
        let end = part.bytes.len().checked_sub(behind)?;
        part.bytes.get(before..end).filter(|frame| !frame.is_empty()).map(<[u8]>::to_vec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn header(connection: u16) -> Header {
        Header {
            destination: 1,
            source: 64,
            connection,
            fragment: 0,
            fragments: 0,
            protocol: protocol::NET,
            option: 0,
        }
    }

    #[test]
    fn headers_have_the_reference_s_layout() {
        let header = Header {
            destination: 0x0102_0304,
            source: 0x0506_0708,
            connection: 0x090A,
            fragment: 0xB,
            fragments: 0xC,
            protocol: 0x0D0E,
            option: 0x0F10,
        };
        let bytes: [u8; 16] = std::array::from_fn(|at| at as u8 + 1);
        assert_eq!(header.bytes(), bytes);
        assert_eq!(Header::of(&bytes), Some(header));
        assert_eq!(Header::of(&bytes[..15]), None);
    }

    #[test]
    fn padding_before_and_behind_is_not_the_frame_s() {
        let mut assembler = Assembler::default();
        let mut payload = vec![9; 256];
        payload[16 + 3..256 - 200].fill(5);
        let header = Header { fragments: 1, option: 0x3C8, ..header(0) };
        assert_eq!(assembler.add(header, &payload), Some(vec![5; 240 - 3 - 200]));
        // More padding than there are bytes.
        let header = Header { option: 0x3FF, ..header };
        assert_eq!(assembler.add(header, &payload), None);
    }

    #[test]
    fn a_missing_fragment_ends_the_message() {
        let mut assembler = Assembler::default();
        let payloads = cut(&[1; 700], header(3)).expect("three");
        assert_eq!(payloads.len(), 3);
        for number in [0, 2, 1] {
            let payload = &payloads[number];
            assert_eq!(assembler.add(Header::of(payload).expect("one"), payload), None);
        }
        assert!(assembler.parts.is_empty());
        assert_eq!(cut(&[], header(0)), None);
        assert_eq!(cut(&[0; 240 * 254 + 1], header(0)), None);
    }

    proptest! {
        /// Frames come out as they went in, however the fragments of several are mixed.
        #[test]
        fn frames_survive(frames in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..2000), 1..6), mixed: u64) {
            let mut queues: Vec<_> = frames
                .iter()
                .zip(0..)
                .map(|(frame, number)| cut(frame, header(number)).expect("it fits").into_iter())
                .collect();
            let (mut assembler, mut random, mut received) = (Assembler::default(), mixed | 1, BTreeMap::new());
            while !queues.iter().all(|queue| queue.len() == 0) {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let which = (random >> 33) as usize % queues.len();
                let Some(payload) = queues[which].next() else { continue };
                prop_assert_eq!(payload.len(), 256);
                let header = Header::of(&payload).expect("a header");
                if let Some(frame) = assembler.add(header, &payload) {
                    received.insert(which, frame);
                }
            }
            prop_assert_eq!(received.into_values().collect::<Vec<_>>(), frames);
            prop_assert!(assembler.parts.is_empty());
        }

        /// Whatever comes, nothing panics and nothing grows without bound.
        #[test]
        fn garbage_is_bounded(packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..260), 0..200)) {
            let mut assembler = Assembler::default();
            for packet in packets {
                if let Some(header) = Header::of(&packet) {
                    let _ = assembler.add(header, &packet);
                }
            }
            prop_assert!(assembler.parts.len() <= UNDER_WAY);
        }
    }
}
