//! From the guest's translation to the hardware's: misses, aliases and rights.
//!
//! An alias is as large as all three allow: the guest's page, the piece of RAM that it lies in, and how the two addresses
//! of that are aligned to each other. It carries the guest's user rights in a user context and the supervisor's
//! rights, in the places of the user's, in a supervisor context. Who may execute it, the kernel may read: it fetches the
//! instruction that trapped. Whether anything is both writable and executable is the guest's business.
//!
//! Of the guest's attributes, guarded and little-endian count. Caching-inhibited and write-through do not: all of its
//! RAM is cached by everybody, its monitor included, and two kinds of access to one line would not see each other.
//! Pages of 1 KiB are exact on the hardware; QEMU lets the guest reach the 4 KiB around them, in its own RAM.
//!
//! In a context whose two spaces differ, aliases are of 4 KiB at most, and are for either instructions or data. Where they
//! collide, one replaces the other; an access to the very page that the instruction lies in ends the run, and the
//! monitor completes it.

use super::guest_tlb::{GuestEntry, exists};
use super::interrupts::Interrupt;
use super::spaces::Context;
use super::{Next, Run, VcpuMachine};
use crate::tables::GuestRam;
use abi::vcpu::{Exit, ExitReason, VcpuCounter};
use ppc440::msr;
use ppc440::tlb::{Attributes, Page, SPACE_1, VALID};

/// What the guest does at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Load,
    Store,
    Fetch,
}

impl Access {
    pub(super) const fn data(store: bool) -> Self {
        if store { Self::Store } else { Self::Load }
    }

    /// The right that it takes, as an attribute of user state.
    const fn right(self) -> Attributes {
        match self {
            Self::Load => Attributes::UR,
            Self::Store => Attributes::UW,
            Self::Fetch => Attributes::UX,
        }
    }
}

/// The user's attributes of a page.
const USER: Attributes = Attributes::UR.union(Attributes::UW).union(Attributes::UX);

/// What a guest's entry allows in one of its states, in the places of the user's.
fn rights(entry: &GuestEntry, user: bool) -> Attributes {
    let word = if user { entry.attributes } else { entry.attributes << 3 };
    Attributes::from_bits_retain(word) & USER
}

/// The piece of RAM that holds a guest-physical address.
fn find_ram(ram: &[GuestRam], physical: u64) -> Option<&GuestRam> {
    ram.iter().find(|ram| physical.wrapping_sub(ram.guest) < ram.bytes.into())
}

/// The largest alias, of at most 1 KiB shifted by two for each step of `largest`, that holds the address.
fn alias(entry: &GuestEntry, ram: &GuestRam, address: u32, largest: u32, attributes: Attributes) -> Page {
    let guest = entry.physical(address);
    let physical = guest.wrapping_sub(ram.guest).wrapping_add(ram.physical);
    let mut size = largest.min(entry.size());
    while size > 0 {
        let within = (1024 << (2 * size)) - 1;
        let first = (guest & !within).wrapping_sub(ram.guest);
        if exists(size) && (guest ^ physical) & within == 0 && first.wrapping_add(within) < ram.bytes.into() {
            break;
        }
        size -= 1;
    }
    let mask = !((1024_u32 << (2 * size)) - 1);
    Page {
        word0: address & mask | VALID | SPACE_1 | size << 4,
        word1: physical as u32 & mask | (physical >> 32) as u32 & 0xF,
        word2: attributes.bits(),
    }
}

impl<M: VcpuMachine> Run<'_, M> {
    /// Handles an access for which the hardware has no entry, or, in a context of two spaces, not the right one.
    pub(super) fn miss(&mut self, access: Access, address: u32) -> Next {
        let context = self.context();
        let Some((index, entry)) = self.find_entry(context, access, address) else {
            return self.translation_interrupt(Interrupt::DATA_TLB_ERROR, access, address);
        };
        let rights = rights(&entry, context.user);
        let physical = entry.physical(address);
        let ram = find_ram(self.table.ram, physical);
        if (ram.is_none() || context.is_mixed()) && !rights.contains(access.right()) {
            return self.storage_interrupt(access, address);
        }
        let Some(ram) = ram else { return self.exit_access(access, address, physical) };
        let mut attributes =
            rights | Attributes::from_bits_retain(entry.attributes) & (Attributes::G | Attributes::E);
        let mut largest = 9;
        if context.is_mixed() {
            if access == Access::Fetch {
                attributes.remove(Attributes::UR | Attributes::UW);
            } else if address >> 12 == self.state.pc >> 12 {
                return self.exit_access(access, address, physical);
            } else {
                attributes.remove(Attributes::UX);
            }
            largest = 1;
            self.drop_collisions(address);
        }
        if attributes.contains(Attributes::UX) {
            attributes |= Attributes::SR;
        }
        let page = alias(&entry, ram, address, largest, attributes);
        self.state.count(VcpuCounter::Refill);
        self.load_alias(index, &page);
        Next::Enter
    }

    /// Handles an access for which the hardware's entry lacks the right.
    pub(super) fn storage(&mut self, access: Access, address: u32) -> Next {
        if self.context().is_mixed() {
            self.miss(access, address)
        } else {
            self.storage_interrupt(access, address)
        }
    }

    /// Where the guest's data at an effective address lie, and word 2 of the entry that says so: its rights for
    /// both states.
    pub fn translate(&self, effective: u32) -> Option<(u64, u32)> {
        let (_, entry) = self.find_entry(self.context(), Access::Load, effective)?;
        Some((entry.physical(effective), entry.attributes))
    }

    fn find_entry(&self, context: Context, access: Access, address: u32) -> Option<(usize, GuestEntry)> {
        let space = if access == Access::Fetch { context.fetch } else { context.data };
        let index = self.vcpu.tlb.find(address, space, context.pid)?;
        Some((index, *self.vcpu.tlb.entry(index)))
    }

    fn storage_interrupt(&mut self, access: Access, address: u32) -> Next {
        if access == Access::Fetch {
            self.state.esr = 0;
        }
        self.translation_interrupt(Interrupt::DATA_STORAGE, access, address)
    }

    /// Delivers the interrupt of data, or the one that follows it, which is the same of instructions.
    fn translation_interrupt(&mut self, data: Interrupt, access: Access, address: u32) -> Next {
        if access == Access::Fetch {
            return self.deliver(data.of_instructions());
        }
        self.state.dear = address;
        self.state.esr = if access == Access::Store { msr::ESR_ST } else { 0 };
        self.deliver(data)
    }

    fn exit_access(&mut self, access: Access, effective: u32, physical: u64) -> Next {
        if access == Access::Fetch {
            return self.exit(ExitReason::Fetch, Exit { effective, ..at(physical) });
        }
        let detail = (access == Access::Store).into();
        self.exit(ExitReason::Access, Exit { effective, detail, ..at(physical) })
    }
}

/// An exit at a guest-physical address.
fn at(physical: u64) -> Exit {
    Exit { physical_upper: (physical >> 32) as u32, physical: physical as u32, ..Exit::default() }
}
