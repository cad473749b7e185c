//! The node's devices, each in a module of its own, and where each is (sections 4.1 and 4.3).
//!
//! To add one: a module with a type that keeps its registers, `read` and `write` that answer
//! [`Unknown`] for what it does not model, a field here, and a line in the maps below.

pub mod barrier;
pub mod bic;
pub mod collective;
pub mod dma;
pub mod ethernet;
pub mod lockbox;
pub mod mailbox;
pub mod registers;
pub mod torus;

use crate::bus::Unknown;
use crate::memory::Memory;
use crate::network::{Arrival, Parcel, Place, Port};
use barrier::Barrier;
use bic::Bic;
use collective::Collective;
use dma::Dma;
use ethernet::Ethernet;
use lockbox::Lockbox;
use mailbox::Mailbox;
use registers::Registers;
use serde::{Deserialize, Serialize};
use torus::Torus;

/// First physical address of the SRAM, and its size.
pub const SRAM: u64 = 0x7_FFFF_8000;
/// Bytes of SRAM.
pub const SRAM_BYTES: u64 = 0x8000;

const BLIND: u64 = 0x5_0000_0000;
const COLLECTIVE: u64 = 0x6_1000_0000;
const COLLECTIVE_1: u64 = 0x6_1100_0000;
const DMA: u64 = 0x6_0000_0000;
const UPC: u64 = 0x7_1000_0000;
const ETHERNET: u64 = 0x7_2000_0000;
const DEVBUS: u64 = 0x7_2000_5000;
const BIC: u64 = 0x7_3000_0000;
const SRAM_ERRORS: u64 = 0x7_FFFD_F000;
const LOCKBOX: u64 = 0x7_FFFF_0000;

/// Cycles between the service node's looks at the mailboxes: a tenth of a millisecond.
const POLL: u64 = 85_000;

/// The devices.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Devices {
    /// Interrupts.
    pub bic: Bic,
    /// Counters that change when they are read.
    pub lockbox: Lockbox,
    /// Alerts to and from the service node, and what it hears.
    pub mailbox: Mailbox,
    /// The global interrupts.
    pub barrier: Barrier,
    /// The collective network.
    pub collective: Collective,
    /// The torus.
    pub torus: Torus,
    /// Its DMA.
    pub dma: Dma,
    /// The ten-gigabit Ethernet.
    pub ethernet: Ethernet,
    /// Registers that only keep what is written.
    pub registers: Registers,
    /// The node's end of its networks.
    pub port: Port,
    /// What devices met by themselves and is not modelled, in words; whoever runs the node takes it.
    pub(crate) unmodelled: Vec<String>,
    /// When the service node looks at the mailboxes next.
    next_poll: u64,
    /// When the access under way happens.
    now: u64,
    /// Whose it is.
    core: usize,
}

impl Devices {
    /// The devices of a node: an I/O node's or a compute node's, at a place among nodes.
    pub fn new(io_node: bool, place: Place) -> Self {
        Self {
            bic: Bic::default(),
            lockbox: Lockbox::default(),
            mailbox: Mailbox::new(io_node),
            barrier: Barrier::default(),
            collective: Collective::default(),
            torus: Torus::new(place),
            dma: Dma::default(),
            ethernet: Ethernet::default(),
            registers: Registers::default(),
            port: Port::new(place.node),
            unmodelled: Vec::new(),
            next_poll: POLL,
            now: 0,
            core: 0,
        }
    }

    pub(crate) fn at(&mut self, now: u64, core: usize) {
        (self.now, self.core) = (now, core);
    }

    /// When a device does something by itself next: at once if the network or a report has something to take.
    pub(crate) fn next(&self) -> u64 {
        if self.port.has_outgoing() || !self.unmodelled.is_empty() {
            return 0;
        }
        self.next_work().unwrap_or(u64::MAX).min(self.next_poll)
    }

    /// When a device next does something by itself that can concern software, if ever.
    pub(crate) fn next_work(&self) -> Option<u64> {
        self.port.arrivals.next().into_iter().chain(self.dma.next()).min()
    }

    /// Devices do what is due at a time. Nothing else will happen before `then`.
    pub(crate) fn act(&mut self, memory: &mut Memory, now: u64, then: u64) {
        self.now = now;
        while let Some(arrival) = self.port.arrivals.take(now) {
            self.arrive(memory, arrival);
        }
        if self.dma.next().is_some_and(|due| due <= now) {
            let (dma, mut around) = self.dma(memory);
            dma.act(&mut around);
        }
        if self.next_poll <= now {
            self.mailbox.poll(memory, now);
            self.next_poll = (now.max(then) / POLL + 1) * POLL;
        }
    }

    /// Something arrives from a network.
    fn arrive(&mut self, memory: &mut Memory, arrival: Arrival) {
        match arrival.parcel {
            Parcel::Interrupts(downtree) => {
                self.barrier.arrive(downtree);
                self.barrier_changed();
            }
            Parcel::Collective(packet) => {
                self.collective.arrive(packet);
                self.collective_changed();
            }
            Parcel::Torus(packet) => {
                let (dma, mut around) = self.dma(memory);
                dma.arrive(packet.receiver.into(), packet.bytes, &mut around);
            }
        }
    }

    /// What can leave for the collective network leaves; the interrupt controller is told of the rest.
    fn collective_changed(&mut self) {
        while let Some(packet) = self.collective.take_departing() {
            self.port.send(self.now, Parcel::Collective(packet));
        }
        self.collective.interrupt(&mut self.bic);
    }

    /// The DMA, and what is around it.
    fn dma<'a>(&'a mut self, memory: &'a mut Memory) -> (&'a mut Dma, dma::Around<'a>) {
        let Self { dma, torus, port, bic, now, unmodelled, .. } = self;
        (dma, dma::Around { memory, torus, port, bic, now: *now, unmodelled })
    }

    /// What the barrier network received and drives is told to the interrupt controller and the network.
    fn barrier_changed(&mut self) {
        self.barrier.interrupt(&mut self.bic);
        if let Some(uptree) = self.barrier.outgoing() {
            self.port.send(self.now, Parcel::Interrupts(uptree));
        }
    }

    /// When the latest access by instruction happened.
    pub(crate) fn time(&self) -> u64 {
        self.now
    }

    /// Whose it was.
    pub(crate) fn core(&self) -> usize {
        self.core
    }

    /// Reads what stands at a physical address.
    pub(crate) fn read(
        &mut self,
        _memory: &mut Memory,
        physical: u64,
        into: &mut [u8],
    ) -> Result<(), Unknown> {
        let page = physical & !0xFFF;
        let offset = (physical & 0xFFF) as u32;
        match page {
            // Reads nothing, and swallows writes: caches are flushed by it.
            _ if (BLIND..BLIND + 0x2_0000).contains(&physical) => {
                into.fill(0);
                Ok(())
            }
            COLLECTIVE | COLLECTIVE_1 => {
                let channel = usize::from(page == COLLECTIVE_1);
                self.collective.read(channel, offset, self.core >= 2, into)?;
                self.collective_changed();
                Ok(())
            }
            _ if (ETHERNET..DEVBUS).contains(&physical) => {
                word(into, self.ethernet.read((physical - ETHERNET) as u32)?)
            }
            BIC => word(into, self.bic.read(offset)?),
            _ if is_dma_word(physical) => word(into, self.dma.read((physical - DMA) as usize >> 12, offset)?),
            _ if (LOCKBOX..LOCKBOX + 0x8000).contains(&physical) => {
                let value = self.lockbox.read((physical - LOCKBOX) as u32, into.len())?;
                word(into, value)
            }
            _ if is_plain(page) => self.registers.read(physical, into),
            _ => Err(Unknown),
        }
    }

    /// Writes what stands at a physical address.
    pub(crate) fn write(&mut self, memory: &mut Memory, physical: u64, bytes: &[u8]) -> Result<(), Unknown> {
        let page = physical & !0xFFF;
        let offset = (physical & 0xFFF) as u32;
        match page {
            _ if (BLIND..BLIND + 0x2_0000).contains(&physical) => Ok(()),
            COLLECTIVE | COLLECTIVE_1 => {
                let channel = usize::from(page == COLLECTIVE_1);
                self.collective.write(channel, offset, self.core >= 2, bytes)?;
                self.collective_changed();
                Ok(())
            }
            _ if (ETHERNET..DEVBUS).contains(&physical) => {
                let bytes = bytes.try_into().map_err(|_| Unknown)?;
                self.ethernet.write((physical - ETHERNET) as u32, u32::from_be_bytes(bytes))
            }
            BIC => match *bytes {
                [a, b, c, d] => self.bic.write(offset, u32::from_be_bytes([a, b, c, d])),
                [byte] => self.bic.write_byte(offset, byte),
                _ => Err(Unknown),
            },
            _ if is_dma_word(physical) => {
                let bytes = bytes.try_into().map_err(|_| Unknown)?;
                let (dma, mut around) = self.dma(memory);
                dma.write((physical - DMA) as usize >> 12, offset, u32::from_be_bytes(bytes), &mut around)
            }
            _ if (LOCKBOX..LOCKBOX + 0x8000).contains(&physical) => {
                let bytes = bytes.try_into().map_err(|_| Unknown)?;
                self.lockbox.write((physical - LOCKBOX) as u32, u32::from_be_bytes(bytes))
            }
            _ if is_plain(page) => self.registers.write(physical, bytes),
            _ => Err(Unknown),
        }
    }

    /// Reads a device control register.
    pub(crate) fn read_dcr(&mut self, number: u32) -> Result<u32, Unknown> {
        match number {
            0x400..=0x47F => self.mailbox.read_dcr(number).or_else(|Unknown| self.registers.read_dcr(number)),
            0x660..=0x66F => Ok(self.barrier.read()),
            0xC00..=0xC7F => {
                let value = self.collective.read_dcr(number - 0xC00)?;
                self.collective_changed();
                Ok(value)
            }
            0xC80..=0xCFF => self.torus.read(number - 0xC80),
            0xD00..=0xDFF => self.dma.read_dcr(number - 0xD00),
            // Two halves of a counter of cycles.
            0x674 => Ok((self.now >> 32) as u32 & 0x7FF),
            0x675 => Ok(self.now as u32),
            _ => self.registers.read_dcr(number),
        }
    }

    /// Writes a device control register.
    pub(crate) fn write_dcr(&mut self, memory: &mut Memory, number: u32, value: u32) -> Result<(), Unknown> {
        match number {
            0x417 => {
                self.mailbox.alert(memory, value, self.now);
                Ok(())
            }
            0x418 => {
                self.mailbox.clear(value);
                Ok(())
            }
            0x660..=0x66F => {
                self.barrier.write(number - 0x660, value)?;
                self.barrier_changed();
                Ok(())
            }
            0xC00..=0xC7F => {
                self.collective.write_dcr(number - 0xC00, value)?;
                self.collective_changed();
                Ok(())
            }
            0xC80..=0xCFF => {
                self.torus.write(number - 0xC80, value, &mut self.bic)?;
                // Out of reset, it takes packets again.
                let (dma, mut around) = self.dma(memory);
                dma.act(&mut around);
                Ok(())
            }
            0xD00..=0xDFF => {
                let (dma, mut around) = self.dma(memory);
                dma.write_dcr(number - 0xD00, value, &mut around)
            }
            _ => self.registers.write_dcr(number, value),
        }
    }
}

/// Pages whose registers only keep what is written: performance counters and their control (their layout is not
/// known, open question 20), the Ethernet's DevBus, the SRAM's error registers.
fn is_plain(page: u64) -> bool {
    matches!(page, UPC | DEVBUS | SRAM_ERRORS) || page == UPC + 0x1000
}

/// Whether a register of the DMA's four pages is at an address.
fn is_dma_word(physical: u64) -> bool {
    (DMA..DMA + 0x4000).contains(&physical) && physical.is_multiple_of(4)
}

/// A register's value as the four bytes that were asked for.
fn word(into: &mut [u8], value: u32) -> Result<(), Unknown> {
    match into.len() {
        4 => {
            into.copy_from_slice(&value.to_be_bytes());
            Ok(())
        }
        _ => Err(Unknown),
    }
}

#[cfg(test)]
mod tests;
