//! The mailbox from core 0 to the service node, in the node's SRAM.
//!
//! A table in the SRAM's last bytes says where each box is. A box is a header of four halfwords (command,
//! length, result, checksum) and data. The sender fills it and writes the command last; the receiver sets a
//! bit in the command. The service node also offers a doorbell, a device control register in a range with much
//! else that a console has no business with, so none is granted: the service node looks at the box by itself.

use console::lines::Output;
use heapless::Vec;
use runtime::{Device, WireError};

/// Offset in the SRAM of the entry for the box from core 0 to the service node.
const DESCRIPTOR: u32 = 0x7FD0 + 4;

/// Bytes of a box's header.
const HEADER: u32 = 8;

/// Bytes of text in a message: what the node's other software sends at most.
const TEXT: usize = 128;

/// Command: print the data.
const PRINT: u32 = 2;

/// In the word of command and length: the box has been taken.
const TAKEN: u32 = 0x8000_0000;

/// Looks at the command before a service node that takes nothing counts as broken.
const PATIENCE: u32 = 10_000_000;

/// The mailbox, and the line that waits for its end.
#[derive(Debug)]
pub(crate) struct Mailbox<D> {
    device: D,
    text: Vec<u8, TEXT>,
}

impl<D: Device> Mailbox<D> {
    /// Takes the mailbox over.
    pub(crate) const fn new(device: D) -> Self {
        Self { device, text: Vec::new() }
    }

    /// Sends what has been gathered as one message.
    fn post(&mut self) -> Result<(), WireError> {
        let descriptor = self.device.read32(DESCRIPTOR);
        let (place, size) = (descriptor >> 16, descriptor & 0xFFFF);
        let room = size.saturating_sub(HEADER) as usize;
        if room == 0 {
            return Err(WireError::Hardware);
        }
        for piece in self.text.chunks(room) {
            for (offset, byte) in (place + HEADER..).zip(piece) {
                self.device.write8(offset, *byte);
            }
            self.device.write32(place + 4, 0); // result, and no checksum
            // Command and length are one word: the message is complete when the command appears.
            self.device.write32(place, PRINT << 16 | piece.len() as u32);
            let mut patience = PATIENCE;
            while self.device.read32(place) & TAKEN == 0 {
                patience = patience.checked_sub(1).ok_or(WireError::Hardware)?;
            }
        }
        Ok(())
    }
}

impl<D: Device> Output for Mailbox<D> {
    fn send(&mut self, byte: u8) -> Result<(), WireError> {
        // A full message is posted right below, so there is room.
        let _ = self.text.push(byte);
        if byte == b'\n' || self.text.is_full() {
            let posted = self.post();
            self.text.clear();
            posted?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use runtime::Bits;
    use std::string::String;
    use std::vec;

    /// An SRAM whose service node takes each message at the next look at its command.
    struct Sram {
        bytes: vec::Vec<u8>,
        box_at: u32,
        printed: String,
    }

    impl Sram {
        fn with_box(box_at: u32, size: u32) -> Self {
            let mut sram = Self { bytes: vec![0; 0x8000], box_at, printed: String::new() };
            sram.write32(DESCRIPTOR, box_at << 16 | size);
            sram
        }
    }

    impl Device for Sram {
        fn read8(&mut self, offset: u32) -> u8 {
            self.bytes[offset as usize]
        }

        fn write8(&mut self, offset: u32, value: u8) {
            self.bytes[offset as usize] = value;
        }

        fn read32(&mut self, offset: u32) -> u32 {
            let at = offset as usize;
            let word = u32::from_be_bytes(self.bytes[at..at + 4].try_into().expect("four bytes"));
            if offset == self.box_at && word >> 16 == PRINT {
                let data = at + HEADER as usize;
                let text = self.bytes[data..data + (word & 0xFFFF) as usize].to_vec();
                self.printed.push_str(&String::from_utf8(text).expect("text"));
                self.write32(offset, word | TAKEN);
            }
            u32::from_be_bytes(self.bytes[at..at + 4].try_into().expect("four bytes"))
        }

        fn write32(&mut self, offset: u32, value: u32) {
            self.bytes[offset as usize..offset as usize + 4].copy_from_slice(&value.to_be_bytes());
        }

        fn interrupt(&self) -> Bits {
            Bits(0)
        }

        fn acknowledge(&mut self) {}

        fn wait(&mut self) -> Result<(), WireError> {
            Err(WireError::Malformed)
        }
    }

    fn sent(mailbox: &mut Mailbox<Sram>, text: &str) -> Result<(), WireError> {
        text.bytes().try_for_each(|byte| mailbox.send(byte))
    }

    #[test]
    fn a_line_is_a_message() {
        let mut mailbox = Mailbox::new(Sram::with_box(0x7400, 0x100));
        assert_eq!(sent(&mut mailbox, "hello\nwor"), Ok(()));
        assert_eq!(mailbox.device.printed, "hello\n", "an unfinished line waits");
        assert_eq!(sent(&mut mailbox, "ld\n"), Ok(()));
        assert_eq!(mailbox.device.printed, "hello\nworld\n");
    }

    #[test]
    fn a_small_box_takes_a_line_in_pieces() {
        let mut mailbox = Mailbox::new(Sram::with_box(0x1000, HEADER + 3));
        assert_eq!(sent(&mut mailbox, "hello world\n"), Ok(()));
        assert_eq!(mailbox.device.printed, "hello world\n");
    }

    #[test]
    fn no_box_is_an_error_and_not_a_hang() {
        let mut mailbox = Mailbox::new(Sram::with_box(0x1000, 0));
        assert_eq!(sent(&mut mailbox, "hello\n"), Err(WireError::Hardware));
    }
}
