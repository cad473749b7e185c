//! The DCRs of the collective (section 7.5), by their offsets from 0xC00.

use super::{Collective, inject};
use crate::bus::Unknown;

/// Class routes, two a register.
const ROUTES: u32 = 0x00;
/// Idle patterns of the links.
const IDLE: u32 = 0x08;
/// The router's configuration, its time-out.
pub(super) const ROUTER: u32 = 0x10;
const TIMEOUT: u32 = 0x11;
const ROUTER_STATUS: u32 = 0x13;
/// The next injected headers of channels 0 and 1.
pub(super) const NEXT_HEADER: u32 = 0x1A;
const EXCEPTIONS: u32 = 0x1F;
/// This node's address.
const ADDRESS: u32 = 0x41;
/// Configuration of channels 0 and 1.
pub(super) const CHANNELS: u32 = 0x42;
pub(super) const RECEPTION: u32 = 0x44;
pub(super) const RECEPTION_ENABLES: u32 = 0x45;
pub(super) const INJECTION: u32 = 0x48;
pub(super) const INJECTION_ENABLES: u32 = 0x49;

/// RCFG: everything in the router is dropped.
const RESET: u32 = 0x1;

/// What a register is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It does something, or tells something.
    Active,
    /// It keeps what is written, and acts by that at most.
    Kept,
    /// It reads 0, for nothing goes wrong here, and takes only 0.
    Quiet,
}

/// Registers by offset, first and last. What is not here is not known, or looks into the router's insides.
const KINDS: [(u32, u32, Kind); 24] = [
    (ROUTES, 0x07, Kind::Kept),
    (IDLE, 0x09, Kind::Kept),
    (0x0C, 0x0C, Kind::Kept), // DMAA: an address alone shows nothing
    (ROUTER, ROUTER, Kind::Active),
    (TIMEOUT, 0x12, Kind::Kept),
    (ROUTER_STATUS, ROUTER_STATUS, Kind::Active),
    (0x14, 0x19, Kind::Quiet), // next headers of links: none ever waits in a link
    (NEXT_HEADER, 0x1B, Kind::Active),
    (0x1C, 0x1E, Kind::Quiet), // diagnostic forces: off
    (EXCEPTIONS, EXCEPTIONS, Kind::Active),
    // Links 0, 1, 2, eight each: status and counters of errors stay 0, controls and limits are kept.
    (0x20, 0x37, Kind::Active),
    (ADDRESS, ADDRESS, Kind::Active),
    (CHANNELS, 0x43, Kind::Kept),
    (RECEPTION, RECEPTION, Kind::Active),
    (RECEPTION_ENABLES, RECEPTION_ENABLES, Kind::Active),
    (0x46, 0x46, Kind::Kept), // PRDA
    (INJECTION, INJECTION, Kind::Active),
    (INJECTION_ENABLES, INJECTION_ENABLES, Kind::Active),
    (0x4A, 0x4A, Kind::Kept),  // PIDA
    (0x4C, 0x4F, Kind::Kept),  // checksums of what is injected: nothing is added (open question 15)
    (0x50, 0x55, Kind::Quiet), // checksums of links, receiving and sending: both ends agree
    (0x58, 0x5D, Kind::Quiet),
    (0x60, 0x6D, Kind::Kept), // counters of errors, and at what they interrupt
    (0x70, 0x7D, Kind::Kept),
];

fn kind(offset: u32) -> Option<Kind> {
    if offset >= 0x80 {
        return None;
    }
    let found = KINDS.iter().find(|(first, last, _)| (*first..=*last).contains(&offset))?.2;
    if !(0x20..0x38).contains(&offset) {
        return Some(found);
    }
    // Receiver and sender control, and limits, are kept; status and counts are quiet.
    Some(if matches!(offset & 7, 1 | 3 | 4 | 6) { Kind::Kept } else { Kind::Quiet })
}

impl Collective {
    /// The state in which firmware leaves the registers: address and routes of the node, and no packet anywhere.
    /// `links`: bit 0 for link 0, and so on; those that are not wired loop back.
    pub fn set_up(&mut self, address: u32, routes: &[u16; 16], links: u8) {
        *self = Self::default();
        for (number, pair) in (ROUTES..).zip(routes.as_chunks::<2>().0) {
            self.kept.insert(number, u32::from(pair[0]) << 16 | u32::from(pair[1]));
        }
        let loops = (0..3).filter(|link| links & 1 << link == 0).fold(0, |bits, link| bits | 0x10 << link);
        for (register, value) in [
            (IDLE, 0xABCD_ABCD),
            (IDLE + 1, 0xABCD_ABCD),
            (TIMEOUT, u32::MAX),
            (ROUTER, loops),
            (ADDRESS, address),
        ] {
            self.kept.insert(register, value);
        }
    }

    fn kept(&self, offset: u32) -> u32 {
        self.kept.get(&offset).copied().unwrap_or(0)
    }

    /// The node's address.
    pub(super) fn address(&self) -> u32 {
        self.kept(ADDRESS) & 0x00FF_FFFF
    }

    /// The route of a class for a channel: what is switched off in the router takes no part.
    pub(super) fn route(&self, class: usize, channel: usize) -> u16 {
        let pair = self.kept(ROUTES + class as u32 / 2);
        let mut route = if class.is_multiple_of(2) { (pair >> 16) as u16 } else { pair as u16 };
        for link in 0..3 {
            // Four bits a link: sources of channels 0 and 1, targets of channels 0 and 1.
            let off = self.kept(ROUTER) << (4 * link + channel as u32);
            if off & 0x8000_0000 != 0 {
                route &= !(super::route::SOURCE_LINK << link);
            }
            if off & 0x2000_0000 != 0 {
                route &= !(super::route::TARGET_LINK << link);
            }
        }
        route
    }

    /// A channel's configuration.
    pub(super) fn configuration(&self, channel: usize) -> u32 {
        self.kept(CHANNELS + channel as u32)
    }

    /// Whether a channel receives every point-to-point packet that comes by.
    pub(super) fn receives_all(&self, channel: usize) -> bool {
        self.configuration(channel) & 0x8000_0000 != 0
    }

    /// Reads a register.
    pub fn read_dcr(&mut self, offset: u32) -> Result<u32, Unknown> {
        Ok(match (kind(offset).ok_or(Unknown)?, offset) {
            (Kind::Kept, _) | (Kind::Active, ROUTER | ADDRESS) => self.kept(offset),
            (Kind::Quiet, _) => 0,
            (_, ROUTER_STATUS) => self.router_status(),
            (_, NEXT_HEADER..=0x1B) => {
                let fifo = &self.channels[(offset - NEXT_HEADER) as usize].inject;
                fifo.headers.front().copied().unwrap_or(0)
            }
            // The bits are not known: it can be told that nothing happened, and nothing else.
            (_, EXCEPTIONS) if !self.no_target && !self.overflow => 0,
            (_, RECEPTION) => {
                let conditions = self.reception_conditions();
                self.reception.take(conditions, 0)
            }
            (_, INJECTION) => {
                let conditions = self.injection_conditions();
                self.injection.take(conditions, inject::ENABLE)
            }
            (_, RECEPTION_ENABLES) => self.reception.enabled,
            (_, INJECTION_ENABLES) => self.injection.enabled,
            _ => return Err(Unknown),
        })
    }

    /// Writes a register.
    pub fn write_dcr(&mut self, offset: u32, value: u32) -> Result<(), Unknown> {
        match (kind(offset).ok_or(Unknown)?, offset) {
            (Kind::Kept, _) => {
                self.kept.insert(offset, value);
            }
            (Kind::Quiet, _) if value == 0 => {}
            (_, ADDRESS) => {
                self.kept.insert(offset, value & 0x00FF_FFFF);
            }
            (_, ROUTER) => {
                self.kept.insert(offset, value);
                if value & RESET != 0 {
                    self.channels = Default::default();
                    (self.no_target, self.overflow) = (false, false);
                }
            }
            (_, RECEPTION) => self.reception.raised |= value,
            (_, INJECTION) => self.injection.raised |= value,
            (_, RECEPTION_ENABLES) => self.reception.enabled = value,
            (_, INJECTION_ENABLES) => self.injection.enabled = value,
            _ => return Err(Unknown),
        }
        Ok(())
    }

    /// RSTAT: of the local client, which packets ask to go, and which FIFOs of reception are full. No link ever does
    /// either.
    fn router_status(&self) -> u32 {
        let bit = |first: u32, channel: u32, holds: bool| {
            if holds { 0x8000_0000 >> (first + 4 * channel) } else { 0 }
        };
        (0..).zip(&self.channels).fold(0, |status, (number, channel)| {
            let asks = !channel.inject.headers.is_empty() && channel.inject.packets() > 0;
            status | bit(3, number, asks) | bit(11, number, channel.receive.packets() >= super::fifo::DEPTH)
        })
    }
}
