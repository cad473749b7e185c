//! The collective network as software sees it: FIFOs of two virtual channels, routes, flags (section 7).
//!
//! A packet leaves when its header and its sixteen quads have been written, and goes to the [network] with the route
//! of its class; the network decides whom it reaches, and combines packets of several nodes. What arrives is received
//! if it is for this node: by broadcast, by its address, or because a channel receives everything. Where there is no
//! room it waits, which stalls the channel, as the machine's flow control does.
//!
//! - `header`: the fields of a header, and the router's arithmetic;
//! - `fifo`: the FIFOs;
//! - `flags`: exceptions;
//! - `registers`: the DCRs.
//!
//! [network]: crate::network

mod fifo;
mod flags;
mod header;
mod registers;

pub use flags::{inject, receive};
pub use header::{Header, Operation, QUADS, Quad};

use super::bic::Bic;
use crate::bus::Unknown;
use crate::network::CollectivePacket;
use fifo::Channel;
use flags::Flags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Interrupts (section 5.7): group 5 by 32, and the bit.
mod interrupt {
    pub(super) const NO_TARGET: usize = 0xA1;
    pub(super) const OVERFLOW: usize = 0xA2;
    pub(super) const INJECTION_ERROR: usize = 0xA3;
    pub(super) const RECEPTION_ERROR: usize = 0xA4;
    pub(super) const INJECTION: usize = 0xB4;
    pub(super) const RECEPTION: usize = 0xB5;
    pub(super) const PACKET: usize = 0xB6;
}

/// Offsets of a channel's page.
mod register {
    pub(super) const INJECT_QUAD: u32 = 0x00;
    pub(super) const INJECT_HEADER: u32 = 0x10;
    pub(super) const RECEIVE_QUAD: u32 = 0x20;
    pub(super) const RECEIVE_HEADER: u32 = 0x30;
    pub(super) const STATUS: u32 = 0x40;
    pub(super) const STATUS_OF_OTHER: u32 = 0x50;
    /// Bytes that belong to the channel.
    pub(super) const END: u32 = 0x400;
}

/// Bits of a class's route (section 7.4).
pub mod route {
    /// The local client is a target.
    pub const TARGET_LOCAL: u16 = 0x0001;
    /// The local client is a source.
    pub const SOURCE_LOCAL: u16 = 0x0002;
    /// Link 0 is a target; links 1 and 2 are the next higher bits.
    pub const TARGET_LINK: u16 = 0x0100;
    /// Link 0 is a source; links 1 and 2 are the next higher bits.
    pub const SOURCE_LINK: u16 = 0x1000;
    /// Every target.
    pub const TARGETS: u16 = 0x0700 | TARGET_LOCAL;
}

/// The collective's end in a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collective {
    channels: [Channel; 2],
    injection: Flags,
    reception: Flags,
    /// Registers that keep what is written, by offset.
    kept: BTreeMap<u32, u32>,
    /// A packet had no target, an operand overflowed: what the router's status would tell of.
    no_target: bool,
    overflow: bool,
    /// Interrupts to raise once.
    #[serde(default)]
    due: Vec<usize>,
}

impl Default for Collective {
    /// The registers after reset, as the one known VMM gives them to its guests: injection is enabled, and everything
    /// else 0.
    fn default() -> Self {
        Self {
            channels: Default::default(),
            injection: Flags { raised: inject::ENABLE, enabled: 0 },
            reception: Flags::default(),
            kept: BTreeMap::new(),
            no_target: false,
            overflow: false,
            due: Vec::new(),
        }
    }
}

impl Collective {
    /// Reads from a channel's page, by a core of a dual-processor unit (0 or 1).
    pub fn read(&mut self, channel: usize, offset: u32, unit: bool, into: &mut [u8]) -> Result<(), Unknown> {
        use register::{RECEIVE_HEADER, RECEIVE_QUAD, STATUS, STATUS_OF_OTHER};
        if offset >= register::END {
            return Err(Unknown);
        }
        into.fill(0);
        let second = channel != 0;
        match (offset, into.len()) {
            (RECEIVE_QUAD, 16) => match self.channels[channel].receive.quads.pop_front() {
                Some(quad) => into.copy_from_slice(&quad),
                None => self.reception.raise(receive::PAYLOAD_UNDERRUN, second),
            },
            (RECEIVE_HEADER, 4) => match self.channels[channel].receive.headers.pop_front() {
                Some(header) => into.copy_from_slice(&header.to_be_bytes()),
                None => self.reception.raise(receive::HEADER_UNDERRUN, second),
            },
            (STATUS, 4) => into.copy_from_slice(&self.channels[channel].status().to_be_bytes()),
            (STATUS_OF_OTHER, 4) => into.copy_from_slice(&self.channels[1 - channel].status().to_be_bytes()),
            _ => {
                let known = matches!(offset & !15, RECEIVE_QUAD | RECEIVE_HEADER | STATUS | STATUS_OF_OTHER);
                self.reception.raise(if known { receive::ALIGNMENT } else { receive::ADDRESS }, unit);
            }
        }
        self.channels[channel].settle();
        Ok(())
    }

    /// Writes to a channel's page, by a core of a dual-processor unit (0 or 1).
    pub fn write(&mut self, channel: usize, offset: u32, unit: bool, bytes: &[u8]) -> Result<(), Unknown> {
        use register::{INJECT_HEADER, INJECT_QUAD};
        if offset >= register::END {
            return Err(Unknown);
        }
        let second = channel != 0;
        let fifo = &mut self.channels[channel].inject;
        if let (INJECT_QUAD, Ok(quad)) = (offset, bytes.try_into()) {
            if !fifo.push_quad(quad) {
                self.injection.raise(inject::PAYLOAD_OVERFLOW, second);
            }
        } else if let (INJECT_HEADER, Ok(header)) = (offset, bytes.try_into()) {
            if !fifo.push_header(u32::from_be_bytes(header)) {
                self.injection.raise(inject::HEADER_OVERFLOW, second);
            }
        } else {
            let known = matches!(offset & !15, INJECT_QUAD | INJECT_HEADER);
            self.injection.raise(if known { inject::ALIGNMENT } else { inject::ADDRESS }, unit);
            self.injection.raised &= !inject::ENABLE;
        }
        Ok(())
    }

    /// The next packet that leaves, if one can. Packets without a target end here.
    pub fn take_departing(&mut self) -> Option<CollectivePacket> {
        if (self.injection.raised | self.injection.enabled) & inject::ENABLE == 0 {
            return None;
        }
        for channel in 0..2 {
            while let Some((header, payload)) = self.channels[channel].take_injected() {
                let route = self.route(header.class(), channel);
                if route & route::TARGETS == 0 || route & (route::SOURCE_LOCAL | route::TARGET_LOCAL) == 0 {
                    self.no_target = true;
                    self.due.push(interrupt::NO_TARGET);
                    continue;
                }
                return Some(CollectivePacket { channel: channel as u8, header: header.0, payload, route });
            }
        }
        None
    }

    /// A packet reaches the node.
    pub fn arrive(&mut self, packet: CollectivePacket) {
        let header = Header(packet.header);
        let channel = usize::from(packet.channel & 1);
        if !header.is_point_to_point() || header.address() == self.address() || self.receives_all(channel) {
            self.channels[channel].arrive(packet);
        }
    }

    /// The router's arithmetic dropped a carry on the way to this node.
    pub fn overflowed(&mut self) {
        self.overflow = true;
        self.due.push(interrupt::OVERFLOW);
    }

    /// Tells the interrupt controller what holds.
    pub fn interrupt(&mut self, bic: &mut Bic) {
        let injection = (self.injection.raised | self.injection_conditions()) & self.injection.enabled;
        let reception = (self.reception.raised | self.reception_conditions()) & self.reception.enabled;
        bic.set_level(interrupt::INJECTION, injection & !inject::ENABLE != 0);
        bic.set_level(interrupt::INJECTION_ERROR, injection & inject::ERRORS != 0);
        bic.set_level(interrupt::RECEPTION, reception != 0);
        bic.set_level(interrupt::RECEPTION_ERROR, reception & receive::ERRORS != 0);
        for (number, channel) in self.channels.iter().enumerate() {
            bic.set_level(interrupt::PACKET + number, channel.interrupts());
        }
        for number in self.due.drain(..) {
            bic.raise(number);
        }
    }

    /// Flags that hold because of how full the FIFOs are.
    fn injection_conditions(&self) -> u32 {
        self.watermark(inject::WATERMARK, |channel, level| channel.inject.packets() <= (level & 7) as usize)
    }

    fn reception_conditions(&self) -> u32 {
        self.watermark(receive::WATERMARK, |channel, level| {
            channel.receive.packets() > (level >> 8 & 7) as usize
        })
    }

    fn watermark(&self, flag: u32, holds: impl Fn(&Channel, u32) -> bool) -> u32 {
        (0..2)
            .filter(|number| holds(&self.channels[*number], self.configuration(*number)))
            .fold(0, |flags, number| flags | flag >> number)
    }
}

#[cfg(test)]
mod tests;
