//! From an effective address to bytes: translation, rights, memory or device.

use super::bits::{debug, esr, msr};
use super::tlb::{self, Entry, Found};
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use crate::memory::{CodePage, Decoded, PAGE};
use crate::report::{Access, Unmodelled};
use std::sync::Arc;

/// Kinds of access, for rights and syndromes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Fetch,
    Read,
    Write,
}

/// A translated address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Translated {
    pub(super) physical: u64,
    pub(super) entry: Entry,
}

impl Core {
    /// A report about the instruction under way.
    pub(super) fn unmodelled(&self, access: Access) -> Fault {
        Fault::Unmodelled(Box::new(Unmodelled { core: self.number, pc: self.registers.pc, access }))
    }

    /// The entry that maps an address, the hard-wired one of the reset page included.
    fn entry(&self, address: u32, space: bool, process: u8) -> Result<Option<Entry>, Fault> {
        match self.tlb.find(address, space, process) {
            Found::One(number) => {
                let entry = self.tlb.get(number as u32);
                if entry.has_known_size() {
                    Ok(Some(entry))
                } else {
                    let what = format!(
                        "access through TLB entry {number}, whose size code {} the core lacks",
                        entry.size()
                    );
                    Err(self.unmodelled(Access::Other(what)))
                }
            }
            Found::Several(one, other) => {
                let what = format!("access to {address:#010x}, which TLB entries {one} and {other} both map");
                Err(self.unmodelled(Access::Other(what)))
            }
            Found::None if self.reset_page && address >= 0xFFFF_F000 && !space => {
                let erpn = u64::from(self.registers.special.rstcfg & 15).max(7) << 32;
                Ok(Some(Entry::new(
                    0xFFFF_F000,
                    erpn | 0xFFFF_F000,
                    1,
                    tlb::I | tlb::G | tlb::SX | tlb::SR | tlb::SW,
                )))
            }
            Found::None => Ok(None),
        }
    }

    /// The physical address of what the core sees at an address, as data or else as instructions, whatever its rights:
    /// for a debugger. `None`: nothing is mapped there.
    pub fn look_up(&self, address: u32) -> Option<u64> {
        let process = self.registers.special.pid as u8;
        [msr::DS, msr::IS].into_iter().find_map(|space| {
            let space = self.registers.msr & space != 0;
            self.entry(address, space, process).ok().flatten().map(|entry| entry.physical(address))
        })
    }

    /// Translates an address and checks the rights.
    pub(super) fn translate(&self, address: u32, kind: Kind, syndrome: u32) -> Result<Translated, Fault> {
        let state = self.registers.msr;
        let space = state & if kind == Kind::Fetch { msr::IS } else { msr::DS } != 0;
        let syndrome = syndrome | if kind == Kind::Write { esr::ST } else { 0 };
        let Some(entry) = self.entry(address, space, self.registers.special.pid as u8)? else {
            return Err(match kind {
                Kind::Fetch => Exception::InstructionTlb.into(),
                _ => Exception::DataTlb { address, syndrome }.into(),
            });
        };
        let supervisor = match kind {
            Kind::Fetch => tlb::SX,
            Kind::Read => tlb::SR,
            Kind::Write => tlb::SW,
        };
        let needed = if state & msr::PR != 0 { supervisor << 3 } else { supervisor };
        if entry.word2 & needed == 0 {
            return Err(match kind {
                Kind::Fetch => Exception::InstructionStorage { syndrome: 0 }.into(),
                _ => Exception::DataStorage { address, syndrome }.into(),
            });
        }
        Ok(Translated { physical: entry.physical(address), entry })
    }

    /// Loads bytes if the page is remembered.
    #[inline(always)]
    pub(super) fn load_near<const N: usize>(&self, bus: &Bus, address: u32) -> Option<[u8; N]> {
        bus.memory.read(self.lookaside.read(address, self.contexts.1)?, address)
    }

    /// Stores bytes if the page is remembered.
    #[inline(always)]
    pub(super) fn store_near<const N: usize>(
        &self,
        bus: &mut Bus,
        address: u32,
        bytes: [u8; N],
    ) -> Option<()> {
        bus.memory.write_fast(self.lookaside.write(address, self.contexts.1)?, address, bytes)
    }

    /// Loads bytes, as the machine has them in memory.
    #[inline(always)]
    pub(super) fn load<const N: usize>(&mut self, bus: &mut Bus, address: u32) -> Result<[u8; N], Fault> {
        match self.load_near(bus, address) {
            Some(bytes) => Ok(bytes),
            None => self.load_far(bus, address, 0),
        }
    }

    /// Stores bytes, as the machine has them in memory.
    #[inline(always)]
    pub(super) fn store<const N: usize>(
        &mut self,
        bus: &mut Bus,
        address: u32,
        bytes: [u8; N],
    ) -> Result<(), Fault> {
        match self.store_near(bus, address, bytes) {
            Some(()) => Ok(()),
            None => self.store_far(bus, address, bytes, 0),
        }
    }

    /// Loads the long way. `syndrome` says whose instruction it is (floating point, auxiliary).
    #[cold]
    #[inline(never)]
    pub(super) fn load_far<const N: usize>(
        &mut self,
        bus: &mut Bus,
        address: u32,
        syndrome: u32,
    ) -> Result<[u8; N], Fault> {
        let first = self.translate(address, Kind::Read, syndrome)?;
        self.watch_address(address, debug::DAC1R)?;
        let mut bytes = [0; N];
        let split = PAGE - (address as usize & (PAGE - 1));
        if split >= N {
            self.read_part(bus, first, &mut bytes)?;
            self.learn_data(bus, address, first, Kind::Read);
        } else {
            let last = self.translate(address.wrapping_add(split as u32), Kind::Read, syndrome)?;
            self.read_part(bus, first, &mut bytes[..split])?;
            self.read_part(bus, last, &mut bytes[split..])?;
        }
        self.watch_value(address, debug::DAC1R, &bytes)?;
        if first.entry.word2 & tlb::E != 0 {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// Stores the long way.
    #[cold]
    #[inline(never)]
    pub(super) fn store_far<const N: usize>(
        &mut self,
        bus: &mut Bus,
        address: u32,
        mut bytes: [u8; N],
        syndrome: u32,
    ) -> Result<(), Fault> {
        let first = self.translate(address, Kind::Write, syndrome)?;
        self.watch_address(address, debug::DAC1R >> 1)?;
        if first.entry.word2 & tlb::E != 0 {
            bytes.reverse();
        }
        self.watch_value(address, debug::DAC1R >> 1, &bytes)?;
        let split = PAGE - (address as usize & (PAGE - 1));
        if split >= N {
            self.write_part(bus, first, &bytes)?;
            self.learn_data(bus, address, first, Kind::Write);
        } else {
            let last = self.translate(address.wrapping_add(split as u32), Kind::Write, syndrome)?;
            self.write_part(bus, first, &bytes[..split])?;
            self.write_part(bus, last, &bytes[split..])?;
        }
        Ok(())
    }

    fn read_part(&mut self, bus: &mut Bus, from: Translated, into: &mut [u8]) -> Result<(), Fault> {
        if let Some(frame) = bus.memory.frame(from.physical) {
            let offset = from.physical as u32;
            for (number, byte) in into.iter_mut().enumerate() {
                [*byte] = bus.memory.read(frame, offset + number as u32).expect("callers stay in the page");
            }
            return Ok(());
        }
        if !self.in_order {
            return Err(Fault::Cut);
        }
        bus.device_read(self, from.physical, into)
    }

    fn write_part(&mut self, bus: &mut Bus, to: Translated, bytes: &[u8]) -> Result<(), Fault> {
        if let Some(frame) = bus.memory.frame(to.physical) {
            bus.memory.write(frame, to.physical as u32, bytes, Some(self.number));
            return Ok(());
        }
        if !self.in_order {
            return Err(Fault::Cut);
        }
        bus.device_write(self, to.physical, bytes)
    }

    /// Remembers a page of memory, where that is enough to know for the next access.
    fn learn_data(&mut self, bus: &mut Bus, address: u32, to: Translated, kind: Kind) {
        let plain = to.entry.size() > 0 && to.entry.word2 & tlb::E == 0;
        if !plain || self.contexts.1 == super::lookaside::NO_CONTEXT {
            return;
        }
        let Some(frame) = bus.memory.frame(to.physical) else { return };
        self.lookaside.follow(bus.memory.epoch());
        if kind == Kind::Read {
            self.lookaside.learn_read(address, self.contexts.1, frame);
        } else if bus.memory.takes_fast_stores(frame, self.number) {
            self.lookaside.learn_write(address, self.contexts.1, frame);
        }
    }

    /// The decoded page of the next instruction.
    pub(super) fn code_page(&mut self, bus: &mut Bus) -> Result<Arc<CodePage>, Fault> {
        let address = self.registers.pc;
        self.lookaside.follow(bus.memory.epoch());
        if let Some(page) = self.lookaside.code(address, self.contexts.0) {
            return Ok(Arc::clone(page));
        }
        let to = self.translate(address, Kind::Fetch, 0)?;
        if to.entry.word2 & tlb::E != 0 {
            return Err(self.unmodelled(Access::Other("fetch from a little-endian page".to_owned())));
        }
        let Some(frame) = bus.memory.frame(to.physical) else {
            return Err(self.unmodelled(Access::Fetch(to.physical)));
        };
        let page = bus.memory.code(frame);
        self.lookaside.follow(bus.memory.epoch());
        if to.entry.size() > 0 {
            self.lookaside.learn_code(address, self.contexts.0, Arc::clone(&page));
        }
        Ok(page)
    }

    /// Decodes the next instruction into its page.
    #[cold]
    #[inline(never)]
    pub(super) fn decode_next(&mut self, bus: &mut Bus, page: &CodePage) -> Result<Decoded, Fault> {
        let to = self.translate(self.registers.pc, Kind::Fetch, 0)?;
        let frame = bus.memory.frame(to.physical);
        let bytes = frame.and_then(|frame| bus.memory.read(frame, to.physical as u32));
        let Some(bytes) = bytes else {
            return Err(self.unmodelled(Access::Fetch(to.physical)));
        };
        let decoded = Decoded::new(u32::from_be_bytes(bytes));
        page.set(self.registers.pc, decoded);
        Ok(decoded)
    }
}
