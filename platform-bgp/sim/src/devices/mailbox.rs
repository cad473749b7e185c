//! The service node's end of the mailboxes (section 8.3), and the test interface's registers that go with it.
//!
//! The boxes are in the SRAM, where a table of descriptors says. A core fills one and raises an alert, and the
//! service node takes it at once. It also looks by itself from time to time: software without access to the alerts'
//! register leaves its messages to that.

use super::{SRAM, SRAM_BYTES};
use crate::bus::Unknown;
use crate::memory::Memory;
use serde::{Deserialize, Serialize};

/// Offset of the descriptors in the SRAM.
const DESCRIPTORS: u64 = 0x7FD0;
/// Offset in the SRAM of core 0's box to the service node, as the service system sets it up; those of the others
/// follow.
pub const TO_HOST: u32 = 0x7400;
/// Bytes of such a box, its header included.
pub const TO_HOST_BYTES: u32 = 0x100;
/// The alert of core 0 to the service node; those of the others are the next lower bits.
pub const ALERT: u32 = 0x80;
/// In a command: it was taken.
const ACKNOWLEDGED: u16 = 0x8000;
/// DCR STATUS6: this is an I/O node.
const IO_NODE: u32 = 0x1000_0000;

/// What a core told the service node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The core.
    pub core: usize,
    /// When.
    pub time: u64,
    /// What kind.
    pub kind: Kind,
}

/// Kinds of messages, by their commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// 2: text for the console.
    Print(Vec<u8>),
    /// 3 or 4: an event of reliability, availability, serviceability. Sources differ on the number (open question 19).
    Event(Vec<u8>),
    /// 8: such an event as text.
    EventText(Vec<u8>),
    /// Another one, with its data.
    Other(u16, Vec<u8>),
}

/// The service node's end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    io_node: bool,
    alerts: u32,
    /// Identifies the chip: four words.
    pub chip: [u32; 4],
    /// Messages that nobody has taken yet.
    pub messages: Vec<Message>,
}

impl Mailbox {
    /// The service node's end, for an I/O node or a compute node.
    pub fn new(io_node: bool) -> Self {
        Self { io_node, alerts: 0, chip: [0x4655_4755, 0x4500_0000, 0, 1], messages: Vec::new() }
    }

    /// Reads a register of the test interface.
    pub fn read_dcr(&self, number: u32) -> Result<u32, Unknown> {
        match number {
            0x40D..=0x410 => Ok(self.chip[number as usize - 0x40D]),
            0x417 | 0x418 => Ok(self.alerts),
            0x43A => Ok(if self.io_node { IO_NODE } else { 0 }),
            _ => Err(Unknown),
        }
    }

    /// Alerts are raised: those of cores to the service node are served.
    pub fn alert(&mut self, memory: &mut Memory, alerts: u32, now: u64) {
        self.alerts |= alerts & 0xFF;
        for core in 0..4 {
            if alerts & 0x80 >> core != 0 {
                self.take(memory, core, now);
            }
        }
    }

    /// The service node looks at the boxes of all cores by itself, whether they raised alerts or not.
    pub fn poll(&mut self, memory: &mut Memory, now: u64) {
        for core in 0..4 {
            self.take(memory, core, now);
        }
    }

    /// Alerts are taken back.
    pub fn clear(&mut self, alerts: u32) {
        self.alerts &= !alerts;
    }

    /// Takes a core's message, if its box holds one.
    fn take(&mut self, memory: &mut Memory, core: usize, now: u64) {
        let Some([offset, size]) = halfwords(memory, SRAM + DESCRIPTORS + 8 * core as u64 + 4) else {
            return;
        };
        let (offset, size) = (u64::from(offset), u64::from(size));
        if size < 8 || offset + size > SRAM_BYTES {
            return;
        }
        let place = SRAM + offset;
        let Some([command, length]) = halfwords(memory, place) else { return };
        if command & ACKNOWLEDGED != 0 || command == 0 {
            return;
        }
        let mut data = vec![0; usize::from(length).min(size as usize - 8)];
        if !memory.copy_out(place + 8, &mut data) {
            return;
        }
        let kind = match command {
            2 => Kind::Print(data),
            3 | 4 => Kind::Event(data),
            8 => Kind::EventText(data),
            other => Kind::Other(other, data),
        };
        self.messages.push(Message { core, time: now, kind });
        memory.copy_in(place + 4, &[0, 0]);
        memory.copy_in(place, &(command | ACKNOWLEDGED).to_be_bytes());
        self.alerts &= !(0x80 >> core);
    }
}

/// Two halfwords of memory.
fn halfwords(memory: &mut Memory, physical: u64) -> Option<[u16; 2]> {
    let mut bytes = [0; 4];
    memory.copy_out(physical, &mut bytes).then(|| {
        let [a, b, c, d] = bytes;
        [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_is_taken_and_acknowledged() {
        let mut memory = Memory::new();
        memory.add(SRAM, SRAM_BYTES);
        // To-host box of core 2: at 0x7600, 0x100 bytes.
        assert!(memory.copy_in(SRAM + DESCRIPTORS + 2 * 8 + 4, &[0x76, 0, 1, 0]));
        assert!(memory.copy_in(SRAM + 0x7600, &[0, 2, 0, 5, 0, 9, 0, 0, b'h', b'e', b'l', b'l', b'o', b'!']));
        let mut mailbox = Mailbox::new(true);
        mailbox.alert(&mut memory, 0x80, 1);
        assert!(mailbox.messages.is_empty());
        mailbox.poll(&mut memory, 2);
        mailbox.alert(&mut memory, 0x20, 3);
        let message = Message { core: 2, time: 2, kind: Kind::Print(b"hello".to_vec()) };
        assert_eq!(mailbox.messages, [message]);
        let mut header = [0; 6];
        assert!(memory.copy_out(SRAM + 0x7600, &mut header));
        assert_eq!(header, [0x80, 2, 0, 5, 0, 0]);
        assert_eq!(mailbox.read_dcr(0x43A), Ok(IO_NODE));
    }
}
