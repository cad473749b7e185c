//! From effective to guest-physical addresses, and on to RAM and devices.

use abi::vcpu::Exit;
use runtime::vm::{GuestMemory, VirtualMachine};
use virtual_device::Width;

use super::{Extent, Space, Trap};
use crate::devices::Bus;

/// The guest's smallest page: what is translated once. No instruction reaches more than two of these.
const GRANULE: u32 = 1024;

/// Machine state: the guest is in user mode (PPC440 user's manual, MSR).
const MSR_PR: u32 = 1 << 14;
/// Rights in word 2 of a TLB entry: the user's write and read, then the supervisor's.
const USER_WRITE: u32 = 0x10;
const USER_READ: u32 = 0x08;
const SUPERVISOR_WRITE: u32 = 0x02;
const SUPERVISOR_READ: u32 = 0x01;

/// Where the bytes of one access lie. Holding one proves that the guest's TLB lets it make the access.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    first: u32,
    /// Guest-physical addresses of the granules that hold the first byte and the last one.
    physical: [u64; 2],
}

impl Pages {
    /// Finds them. What the exit itself says is not asked again.
    ///
    /// # Errors
    ///
    /// [`Trap::Miss`] or [`Trap::Forbidden`], with the first byte that it concerns.
    pub fn find(
        vm: &mut impl VirtualMachine,
        exit: &Exit,
        Extent { effective, bytes }: Extent,
        is_store: bool,
    ) -> Result<Self, Trap> {
        let last = effective.wrapping_add(bytes.saturating_sub(1));
        let first = granule(vm, exit, effective, is_store)?;
        let second = if last / GRANULE == effective / GRANULE {
            first
        } else {
            granule(vm, exit, last & !(GRANULE - 1), is_store)?
        };
        Ok(Self { first: effective / GRANULE, physical: [first, second] })
    }

    /// The guest-physical address of one of the bytes.
    fn physical(&self, effective: u32) -> u64 {
        let [first, second] = self.physical;
        let granule = if effective / GRANULE == self.first { first } else { second };
        granule + u64::from(effective % GRANULE)
    }
}

/// The guest-physical address of the granule that a byte lies in.
fn granule(vm: &mut impl VirtualMachine, exit: &Exit, effective: u32, is_store: bool) -> Result<u64, Trap> {
    if effective / GRANULE == exit.effective / GRANULE {
        let physical = u64::from(exit.physical_upper) << 32 | u64::from(exit.physical);
        return Ok(physical & !u64::from(GRANULE - 1));
    }
    let translation = vm.translate(effective).ok_or(Trap::Miss { effective })?;
    let is_user = vm.state().msr & MSR_PR != 0;
    let needed = match (is_user, is_store) {
        (true, true) => USER_WRITE,
        (true, false) => USER_READ,
        (false, true) => SUPERVISOR_WRITE,
        (false, false) => SUPERVISOR_READ,
    };
    if translation.rights & needed == 0 {
        return Err(Trap::Forbidden { effective });
    }
    Ok(translation.physical & !u64::from(GRANULE - 1))
}

/// RAM and devices, at the places of one access.
///
/// A load from where neither lies is a machine check, for a guest that takes them; a store there is lost.
#[derive(Debug)]
pub struct Reached<'a, M, B> {
    /// The places.
    pub pages: Pages,
    /// The guest's RAM.
    pub memory: &'a mut M,
    /// Everything else.
    pub bus: &'a mut B,
    /// Whether the guest takes machine checks. If not, a load from where nothing lies gives 0.
    pub checks: bool,
    /// There has been such a load.
    pub has_failed: bool,
}

impl<M: GuestMemory, B: Bus<M>> Space for Reached<'_, M, B> {
    fn load(&mut self, effective: u32, width: Width) -> Result<u32, Trap> {
        let physical = self.pages.physical(effective);
        if let Some(value) = self.bus.read(physical, width, self.memory) {
            return Ok(value);
        }
        let loaded = match width {
            Width::Byte => self.memory.read_u8(physical).map(u32::from),
            Width::Half => self.memory.read_u16(physical).map(u32::from),
            Width::Word => self.memory.read_u32(physical),
        };
        loaded.or_else(|_| {
            self.bus.count_unknown();
            self.has_failed = true;
            if self.checks { Err(Trap::Nothing) } else { Ok(0) }
        })
    }

    fn is_cached(&self, effective: u32) -> bool {
        self.pages.physical(effective).wrapping_sub(self.memory.base()) < u64::from(self.memory.bytes())
    }

    fn store(&mut self, effective: u32, width: Width, value: u32) -> Result<(), Trap> {
        let physical = self.pages.physical(effective);
        if self.bus.write(physical, width, value, self.memory).is_some() {
            return Ok(());
        }
        let stored = match width {
            Width::Byte => self.memory.write_u8(physical, value as u8),
            Width::Half => self.memory.write_u16(physical, value as u16),
            Width::Word => self.memory.write_u32(physical, value),
        };
        // The bus reports a store's failure long after the store, if at all: it is lost.
        stored.unwrap_or_else(|_| self.bus.count_unknown());
        Ok(())
    }
}
