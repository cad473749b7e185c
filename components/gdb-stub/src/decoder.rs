//! From bytes to packets: `$`, the packet, `#`, two digits of its sum.

use crate::{PACKET, hex};

/// What a byte has completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Nothing yet.
    Nothing,
    /// A whole packet, for [`Decoder::packet`] to show until the next byte.
    Packet,
    /// A packet whose sum is wrong, or which is too long.
    Broken,
    /// gdb has got the latest reply.
    Acknowledged,
    /// gdb wants the latest reply again.
    Again,
    /// The user wants the target to stop.
    Interrupt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between packets.
    Outside,
    /// In a packet.
    Inside,
    /// After `#`.
    First,
    /// After the sum's first digit, whose value this is.
    Second(Option<u8>),
}

/// Takes bytes one by one.
#[derive(Clone, Debug)]
pub struct Decoder {
    state: State,
    bytes: [u8; PACKET],
    length: usize,
    is_too_long: bool,
    sum: u8,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// Nothing has come.
    pub const fn new() -> Self {
        Self { state: State::Outside, bytes: [0; PACKET], length: 0, is_too_long: false, sum: 0 }
    }

    /// Takes a byte.
    pub fn take(&mut self, byte: u8) -> Received {
        // A `$` never stands in a packet: what was before it has been cut off.
        if byte == b'$' {
            (self.state, self.length, self.sum, self.is_too_long) = (State::Inside, 0, 0, false);
            return Received::Nothing;
        }
        match self.state {
            State::Outside => match byte {
                b'+' => Received::Acknowledged,
                b'-' => Received::Again,
                0x03 => Received::Interrupt,
                _ => Received::Nothing,
            },
            State::Inside if byte == b'#' => {
                self.state = State::First;
                Received::Nothing
            }
            State::Inside => {
                self.sum = self.sum.wrapping_add(byte);
                match self.bytes.get_mut(self.length) {
                    Some(place) => {
                        *place = byte;
                        self.length += 1;
                    }
                    None => self.is_too_long = true,
                }
                Received::Nothing
            }
            State::First => {
                self.state = State::Second(hex::digit(byte));
                Received::Nothing
            }
            State::Second(first) => {
                self.state = State::Outside;
                let stated = first.zip(hex::digit(byte)).map(|(upper, lower)| upper << 4 | lower);
                if stated == Some(self.sum) && !self.is_too_long {
                    Received::Packet
                } else {
                    Received::Broken
                }
            }
        }
    }

    /// The packet that the latest byte completed.
    pub fn packet(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    /// What comes of bytes, but for nothing.
    fn all(bytes: &[u8]) -> Vec<(Received, Vec<u8>)> {
        let mut decoder = Decoder::new();
        let taken = bytes.iter().map(|byte| {
            let received = decoder.take(*byte);
            (received, decoder.packet().to_vec())
        });
        taken.filter(|(received, _)| *received != Received::Nothing).collect()
    }

    #[test]
    fn a_packet_is_framed_and_summed() {
        assert_eq!(all(b"$g#67"), [(Received::Packet, b"g".to_vec())]);
        assert_eq!(all(b"$g#68")[0].0, Received::Broken);
        assert_eq!(all(b"$g#6x")[0].0, Received::Broken);
        assert_eq!(all(b"$#00"), [(Received::Packet, Vec::new())]);
    }

    #[test]
    fn a_packet_that_is_cut_off_is_forgotten() {
        assert_eq!(all(b"$m12$g#67"), [(Received::Packet, b"g".to_vec())]);
        assert_eq!(all(b"noise$g#6$g#67"), [(Received::Packet, b"g".to_vec())]);
    }

    #[test]
    fn between_packets_single_bytes_have_meanings() {
        let received: Vec<Received> = all(b"+-\x03?").into_iter().map(|(received, _)| received).collect();
        assert_eq!(received, [Received::Acknowledged, Received::Again, Received::Interrupt]);
        // In a packet they are its own.
        assert_eq!(all(b"$\x03+#2e"), [(Received::Packet, b"\x03+".to_vec())]);
    }

    #[test]
    fn a_packet_that_is_too_long_is_broken_and_the_next_is_not() {
        let mut bytes = std::vec![b'$'];
        bytes.resize(PACKET + 2, b'a');
        let sum = b'a'.wrapping_mul((PACKET + 1) as u8);
        bytes.extend_from_slice(std::format!("#{sum:02x}$g#67").as_bytes());
        let received: Vec<Received> = all(&bytes).into_iter().map(|(received, _)| received).collect();
        assert_eq!(received, [Received::Broken, Received::Packet]);
    }

    proptest! {
        #[test]
        fn whatever_came_before_a_packet_is_understood(
            noise in prop::collection::vec(any::<u8>(), 0..200),
            body in prop::collection::vec(any::<u8>().prop_filter("frame", |byte| !b"$#".contains(byte)), 0..200),
        ) {
            let sum = body.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
            let mut bytes = noise;
            bytes.push(b'$');
            bytes.extend_from_slice(&body);
            bytes.extend_from_slice(std::format!("#{sum:02x}").as_bytes());
            prop_assert_eq!(all(&bytes).pop(), Some((Received::Packet, body)));
        }
    }
}
