//! The global interrupts, also called the barrier network: four channels of one bit (section 8.1).
//!
//! A node drives its *uptree*; what the network makes of everybody's is the *downtree*: set where anybody drives
//! (the model of section 8.1). Firing for a barrier (AND) takes the node's own away, so the downtree falls when the
//! last has fired: that is received by all who are armed, and what they drive comes back by itself. Firing an
//! interrupt (OR) drives, and the downtree's rise is what is received.

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
    /// Armed, and nothing received since.
    armed: bool,
    /// Fired, and nothing received since.
    fired: bool,
    /// The armed type: all must fire. Else one is enough.
    all: bool,
    /// What this node drives.
    drives: bool,
    /// What comes back.
    downtree: bool,
    /// Users may access it.
    users: bool,
}

impl Channel {
    fn fire(&mut self) {
        if self.armed && !self.fired {
            self.fired = true;
            self.drives = !self.all;
        }
    }

    /// Clears what was received, and disarms. An interrupt that this node drove ends.
    fn clear(&mut self) {
        self.drives &= !self.sticky_mode || self.all;
        (self.sticky, self.armed, self.fired) = (false, false, false);
    }

    fn arrive(&mut self, downtree: bool) {
        let changed = std::mem::replace(&mut self.downtree, downtree) != downtree;
        if self.armed && downtree != self.all && (changed || self.fired) {
            self.drives |= self.all && self.fired;
            (self.sticky, self.armed, self.fired) = (true, false, false);
        }
    }
}

/// The four channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barrier {
    channels: [Channel; 4],
    /// What the network was told last.
    told: u8,
    /// The network must be told even if nothing has changed: somebody has fired.
    tell: bool,
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
            bit(8, channel.armed);
            bit(12, channel.all);
            bit(20, channel.downtree);
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
            5 => self.for_each(value, |channel| {
                *channel = Channel { downtree: channel.downtree, ..Channel::default() };
            }),
            6 => {
                for (number, channel) in self.channels.iter_mut().enumerate() {
                    channel.users = value & 8 >> number != 0;
                }
            }
            8..=0xB if value & 1 == 0 => channel.clear(),
            8..=0xB => {
                channel.fire();
                self.tell = true;
            }
            0xC..=0xF => {
                (channel.sticky_mode, channel.armed, channel.fired) = (true, true, false);
                channel.all = value & 1 != 0;
            }
            _ => return Err(Unknown),
        }
        Ok(())
    }

    /// What the network has to be told, if anything: channel 0 in the bit of value 8.
    pub fn outgoing(&mut self) -> Option<u8> {
        let drives =
            (0..4).filter(|number| self.channels[*number].drives).fold(0, |bits, number| bits | 8 >> number);
        let news = std::mem::take(&mut self.tell) || drives != self.told;
        self.told = drives;
        news.then_some(drives)
    }

    /// The downtree, as the network has it now.
    pub fn arrive(&mut self, downtree: u8) {
        for (number, channel) in self.channels.iter_mut().enumerate() {
            channel.arrive(downtree & 8 >> number != 0);
        }
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

    /// The nodes tell the network until there is nothing new.
    fn settle(nodes: &mut [Barrier]) {
        let mut news = true;
        while std::mem::take(&mut news) {
            news = nodes.iter_mut().any(|node| node.outgoing().is_some());
            let downtree = nodes.iter().fold(0, |bits, node| bits | node.told);
            for node in nodes.iter_mut() {
                node.arrive(downtree);
            }
        }
    }

    fn write(nodes: &mut [Barrier], node: usize, register: u32, value: u32) {
        assert_eq!(nodes[node].write(register, value), Ok(()));
        settle(nodes);
    }

    const CHANNEL: u32 = 3;
    const DOWNTREE: u32 = 0x800 >> CHANNEL;
    const STICKY: u32 = 0x0800_0000 >> CHANNEL;

    /// The sequence of boot loaders (section 8.1), on three nodes of which one has left. Invariant 12 of section 11.2.
    #[test]
    fn invariant_12_no_node_sees_sticky_before_the_last_has_fired() {
        let mut nodes = vec![Barrier::default(); 3];
        for _ in 0..3 {
            for node in 0..2 {
                write(&mut nodes, node, CHANNEL, 1);
            }
            for node in 0..2 {
                assert_ne!(nodes[node].read() & DOWNTREE, 0);
                write(&mut nodes, node, 8 + CHANNEL, 0);
                write(&mut nodes, node, 0xC + CHANNEL, 1);
                assert_eq!(nodes[0].read() & STICKY | nodes[1].read() & STICKY, 0);
                write(&mut nodes, node, 8 + CHANNEL, 1);
            }
            for node in 0..2 {
                assert_ne!(nodes[node].read() & STICKY, 0);
                assert_ne!(nodes[node].read() & DOWNTREE, 0);
                write(&mut nodes, node, 8 + CHANNEL, 0);
                assert_eq!(nodes[node].read() & STICKY, 0);
            }
            assert_eq!(nodes[2].read() & STICKY, 0);
        }
    }

    #[test]
    fn a_barrier_and_an_interrupt_raise_interrupts_of_their_own() {
        for (all, first) in [(1, 16), (0, 12)] {
            let mut node = [Barrier::default()];
            write(&mut node, 0, CHANNEL, all);
            write(&mut node, 0, 0xC + CHANNEL, all);
            write(&mut node, 0, 8 + CHANNEL, 1);
            let mut bic = Bic::default();
            node[0].interrupt(&mut bic);
            assert_eq!(bic.read(4 * 0x80), Ok(0x8000_0000 >> (first + CHANNEL)));
            write(&mut node, 0, 8 + CHANNEL, 0);
            assert_eq!(node[0].read() & (STICKY | DOWNTREE) != 0, all == 1);
        }
    }

    #[test]
    fn an_interrupt_reaches_whoever_is_armed_for_it() {
        let mut nodes = vec![Barrier::default(); 3];
        write(&mut nodes, 0, 0xC + CHANNEL, 0);
        write(&mut nodes, 1, 0xC + CHANNEL, 0);
        write(&mut nodes, 1, 8 + CHANNEL, 1);
        assert!(
            nodes[0].read() & STICKY != 0 && nodes[1].read() & STICKY != 0 && nodes[2].read() & STICKY == 0
        );
        assert_ne!(nodes[2].read() & DOWNTREE, 0);
        write(&mut nodes, 1, 8 + CHANNEL, 0);
        assert_eq!(nodes[2].read() & DOWNTREE, 0);
        assert_ne!(nodes[0].read() & STICKY, 0);
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
