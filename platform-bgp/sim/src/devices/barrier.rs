//! The global interrupts, also called the barrier network: four channels of one bit (section 8.1).
//!
//! Here for a node alone: what it drives is what it sees.

use super::bic::Bic;
use crate::bus::Unknown;
use serde::{Deserialize, Serialize};

/// Interrupts: group 4, bits 12 to 15 for OR, 16 to 19 for AND (open question 12).
const OR_INTERRUPT: usize = 4 * 32 + 12;
const AND_INTERRUPT: usize = 4 * 32 + 16;

/// A channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Channel {
    /// Sticky mode; direct otherwise.
    sticky_mode: bool,
    /// The interrupt was received.
    sticky: bool,
    /// Armed and fired: waits for the others.
    active: bool,
    /// The armed type: all must fire. Else one is enough.
    all: bool,
    /// What this node drives.
    drives: bool,
    /// Users may access it.
    users: bool,
}

/// The four channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barrier {
    channels: [Channel; 4],
}

impl Barrier {
    /// Whether users may use the register.
    pub fn users_may_use(&self, number: u32) -> bool {
        (0x660..0x670).contains(&number) && self.channels[number as usize & 3].users
    }

    /// The one status word.
    pub fn read(&self) -> u32 {
        let mut word = 0;
        for (number, channel) in self.channels.iter().enumerate() {
            let mut bit = |first: usize, holds: bool| {
                if holds {
                    word |= 0x8000_0000 >> (first + number);
                }
            };
            bit(0, channel.sticky_mode);
            bit(4, channel.sticky);
            bit(8, channel.active);
            bit(12, channel.all);
            bit(20, channel.drives);
            bit(24, channel.users);
            bit(28, channel.drives);
        }
        word
    }

    /// Writes one of the sixteen registers.
    pub fn write(&mut self, register: u32, value: u32) -> Result<(), Unknown> {
        let channel = &mut self.channels[register as usize & 3];
        match register {
            0..=3 => {
                channel.sticky_mode = false;
                channel.drives = value & 1 != 0;
            }
            5 => self.for_each(value, |channel| *channel = Channel::default()),
            6 => {
                for (number, channel) in self.channels.iter_mut().enumerate() {
                    channel.users = value & 8 >> number != 0;
                }
            }
            8..=0xB if value & 1 == 0 => (channel.sticky, channel.active) = (false, false),
            8..=0xB if !channel.active => {
                channel.active = true;
                // The only node: its firing is the last one. Contributions return by themselves.
                channel.sticky = true;
                channel.active = false;
                channel.drives |= channel.all;
            }
            8..=0xB => {}
            0xC..=0xF => {
                channel.sticky_mode = true;
                channel.all = value & 1 != 0;
            }
            _ => return Err(Unknown),
        }
        Ok(())
    }

    fn for_each(&mut self, bits: u32, change: impl Fn(&mut Channel)) {
        for (number, channel) in self.channels.iter_mut().enumerate() {
            if bits & 8 >> number != 0 {
                change(channel);
            }
        }
    }

    /// Tells the interrupt controller what is received.
    pub fn interrupt(&self, bic: &mut Bic) {
        for (number, channel) in self.channels.iter().enumerate() {
            bic.set_level(OR_INTERRUPT + number, channel.sticky && !channel.all);
            bic.set_level(AND_INTERRUPT + number, channel.sticky && channel.all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sequence of boot loaders (section 8.1).
    #[test]
    fn a_node_alone_passes_its_barrier() {
        let mut barrier = Barrier::default();
        let channel = 3;
        assert_eq!(barrier.write(channel, 1), Ok(()));
        assert_ne!(barrier.read() & 0x800 >> channel, 0);
        assert_eq!(barrier.write(8 + channel, 0), Ok(()));
        assert_eq!(barrier.write(0xC + channel, 1), Ok(()));
        assert_eq!(barrier.read() & 0x0800_0000 >> channel, 0);
        assert_eq!(barrier.write(8 + channel, 1), Ok(()));
        assert_ne!(barrier.read() & 0x0800_0000 >> channel, 0);
        assert_ne!(barrier.read() & 0x800 >> channel, 0);
        let mut bic = Bic::default();
        barrier.interrupt(&mut bic);
        assert_eq!(bic.read(4 * 0x80), Ok(0x8000_0000 >> (16 + channel)));
        assert_eq!(barrier.write(8 + channel, 0), Ok(()));
        assert_eq!(barrier.read() & 0x0800_0000 >> channel, 0);
    }

    #[test]
    fn users_reach_what_is_enabled() {
        let mut barrier = Barrier::default();
        assert!(!barrier.users_may_use(0x660));
        assert_eq!(barrier.write(6, 8), Ok(()));
        assert!(
            barrier.users_may_use(0x668) && !barrier.users_may_use(0x661) && !barrier.users_may_use(0x670)
        );
        assert_eq!(barrier.write(4, 0), Err(Unknown));
    }
}
