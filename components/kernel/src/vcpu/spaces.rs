//! Hardware PIDs of translation space 1, and whose alias each slot of the hardware's TLB holds.
//!
//! A *context* of a guest is all that decides what an address means and which rights count: its state (user or
//! supervisor), its two translation spaces, its PID. Each has a hardware PID of its own, so a guest's change of context
//! is a change of PID and drops nothing, and rights of user and supervisor state never mix. Hardware TID 0, which
//! would match every PID, is not used in space 1.
//!
//! - Contexts whose two spaces are 0 keep their PID until all are used up. Those of a flushed TLB may get others: then no
//!   alias needs to be looked for.
//! - Of all others the latest few are kept. The oldest is replaced, with all of its aliases.
//! - When PIDs have run out, all of space 1 is dropped once, and a new generation begins.
//!
//! An entry's aliases are a chain through the slots that hold them, the newest first. Slots are replaced in turn, by
//! whomever: so where one of them has got another owner, all that were loaded before are gone as well, and the chain ends.

use super::{Run, VcpuMachine};
use abi::vcpu::VcpuCounter;
use ppc440::msr;
use ppc440::tlb::ENTRIES;

/// How many contexts are kept beside those of space 0.
const KEPT: usize = 8;

/// Bytes of an [`Owner`].
const OWNER: u32 = size_of::<Owner>() as u32;
/// No slot: the last one is the kernel's own.
pub(crate) const NONE: u32 = OWNER * (ENTRIES as u32 - 1);

/// Which alias a slot of the hardware's TLB holds, unless a native page has replaced it since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Owner {
    /// The guest's entry, by 32 times its index above [`Vcpu::place`](super::Vcpu::place); 0 if the slot never held an alias
    /// or its entry has dropped it.
    pub(crate) entry: u32,
    /// The slot of the alias of this entry that was loaded before: its place in [`Pool::owners`], in bytes.
    pub(crate) older: u32,
    /// Its hardware PID in the lowest byte, 0 if it was dropped, below its first effective address, which counts only in
    /// contexts whose two spaces differ.
    pub(crate) virt: u32,
    /// Nothing: the size is a power of two.
    _rest: u32,
}

impl Owner {
    const FREE: Self = Self { entry: 0, older: NONE, virt: 0, _rest: 0 };

    /// Its hardware PID; 0 if it was dropped.
    pub(crate) const fn pid(&self) -> u8 {
        self.virt as u8
    }
}

/// What all virtual CPUs of a core share.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Pool {
    pub(crate) owners: [Owner; ENTRIES],
    /// The PID to give out next; 256 when there are none.
    pub(crate) next: u32,
    generation: u32,
}

impl Pool {
    /// Nothing is given out.
    pub const EMPTY: Self = Self { owners: [Owner::FREE; ENTRIES], next: 1, generation: 0 };

    /// A PID that nobody has.
    fn allocate(&mut self) -> u8 {
        let pid = self.next.min(255);
        self.next = pid + 1;
        pid as u8
    }
}

/// A context of the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Context {
    pub(super) user: bool,
    /// The translation space of instructions.
    pub(super) fetch: bool,
    /// The translation space of data.
    pub(super) data: bool,
    pub(super) pid: u8,
}

impl Context {
    /// The context of a machine state and a process.
    pub(super) const fn of(msr: u32, pid: u32) -> Self {
        Self { user: msr & msr::PR != 0, fetch: msr & msr::IS != 0, data: msr & msr::DS != 0, pid: pid as u8 }
    }

    /// Instructions and data have different translations, under one hardware PID.
    pub(super) const fn is_mixed(self) -> bool {
        self.fetch != self.data
    }

    const fn is_plain(self) -> bool {
        !self.fetch && !self.data
    }

    /// Not 0 in any but plain ones.
    const fn key(self) -> u16 {
        (self.data as u16) << 10 | (self.fetch as u16) << 9 | (self.user as u16) << 8 | self.pid as u16
    }
}

/// A context that is kept for some time.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Kept {
    key: u16,
    /// 0 if nothing is kept here.
    pid: u8,
}

/// The hardware PIDs of a guest's contexts.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Contexts {
    /// Those of space 0, supervisor's and user's, by the guest's PID; 0 for none.
    pub(crate) plain: [[u8; 2]; 256],
    kept: [Kept; KEPT],
    generation: u32,
    /// The one to replace next.
    next: usize,
}

impl Contexts {
    /// None yet.
    pub const EMPTY: Self =
        Self { plain: [[0; 2]; 256], kept: [Kept { key: 0, pid: 0 }; KEPT], generation: 0, next: 0 };

    /// The hardware PID of a context, 0 if it has none.
    fn pid_of(&self, context: Context) -> u8 {
        if context.is_plain() {
            return self.plain[usize::from(context.pid)][usize::from(context.user)];
        }
        self.kept.iter().find(|kept| kept.key == context.key()).map_or(0, |kept| kept.pid)
    }

    /// Whether a hardware PID is that of a context.
    #[cfg(test)]
    pub(super) fn has(&self, pid: u8) -> bool {
        self.plain.as_flattened().contains(&pid) || self.kept.iter().any(|kept| kept.pid == pid)
    }
}

impl<M: VcpuMachine> Run<'_, M> {
    /// The context that the guest is in.
    pub(super) fn context(&self) -> Context {
        Context::of(self.state.msr, self.state.pid)
    }

    /// The hardware PIDs of both states of the guest, supervisor and user, in space 0 and with its present PID; 0 for
    /// one that has none, and for both while the guest is in space 1.
    pub fn hardware_pids(&self) -> [u8; 2] {
        let context = self.context();
        if context.is_plain() { self.vcpu.contexts.plain[usize::from(context.pid)] } else { [0; 2] }
    }

    /// Finds the hardware PID of the guest's context, or gives it one.
    pub fn select_context(&mut self) {
        let context = self.context();
        let generation = self.pool.generation;
        if self.vcpu.contexts.generation != generation {
            self.vcpu.contexts = Contexts { generation, ..Contexts::EMPTY };
        }
        let pid = self.vcpu.contexts.pid_of(context);
        self.vcpu.hardware_pid = if pid != 0 { pid } else { self.new_context(context) };
    }

    #[inline(never)]
    fn new_context(&mut self, context: Context) -> u8 {
        self.provide_pids(1);
        let contexts = &mut self.vcpu.contexts;
        if context.is_plain() {
            let pid = self.pool.allocate();
            contexts.plain[usize::from(context.pid)][usize::from(context.user)] = pid;
            return pid;
        }
        contexts.next = (contexts.next + 1) % KEPT;
        let kept = &mut contexts.kept[contexts.next];
        kept.key = context.key();
        let pid = kept.pid;
        if pid == 0 {
            kept.pid = self.pool.allocate();
            return kept.pid;
        }
        self.drop_where(|owner| owner.pid() == pid);
        pid
    }

    /// Begins a generation if fewer hardware PIDs are left.
    pub(super) fn provide_pids(&mut self, count: u32) -> bool {
        let is_over = self.pool.next + count > 256;
        if is_over {
            self.state.count(VcpuCounter::Generations);
            self.drop_where(|_| true);
            self.pool.next = 1;
            self.pool.generation = self.pool.generation.wrapping_add(1);
            self.vcpu.contexts = Contexts { generation: self.pool.generation, ..Contexts::EMPTY };
        }
        is_over
    }

    /// Loads an alias of a guest's entry for the context that the guest is in.
    pub(super) fn load_alias(&mut self, entry: usize, page: &ppc440::tlb::Page) {
        let pid = self.vcpu.hardware_pid;
        let slot = usize::from(self.machine.take_slot()) % ENTRIES;
        let place = self.vcpu.identity(entry);
        let older = core::mem::replace(&mut self.vcpu.tlb.entries[entry & 63].newest, slot as u32 * OWNER);
        let virt = page.virt() | u32::from(pid);
        self.pool.owners[slot] = Owner { entry: place, older, virt, _rest: 0 };
        self.machine.load_alias(slot as u8, pid, page);
    }

    /// Drops the aliases of an entry.
    pub(super) fn drop_aliases(&mut self, entry: usize) {
        let place = self.vcpu.identity(entry);
        let mut next = self.vcpu.tlb.entry(entry).newest;
        loop {
            let slot = (next / OWNER) as usize % ENTRIES;
            let owner = &mut self.pool.owners[slot];
            if owner.entry != place {
                return;
            }
            (owner.entry, owner.virt, next) = (0, 0, owner.older);
            self.machine.drop_slot(slot as u8);
            self.state.count(VcpuCounter::Dropped);
        }
    }

    /// Drops the aliases of the present context in the 4 KiB of an address.
    pub(super) fn drop_collisions(&mut self, address: u32) {
        let pid = self.vcpu.hardware_pid;
        self.drop_where(|owner| owner.pid() == pid && (owner.virt ^ address) >> 12 == 0);
    }

    /// Drops all aliases of this virtual CPU.
    pub(super) fn drop_all(&mut self) {
        let place = self.vcpu.place;
        self.drop_where(|owner| (owner.entry ^ place) >> 12 == 0);
    }

    /// Drops aliases. Their entries' chains stay.
    fn drop_where(&mut self, is_meant: impl Fn(&Owner) -> bool) {
        for (slot, owner) in self.pool.owners.iter_mut().enumerate() {
            if owner.pid() != 0 && is_meant(owner) {
                owner.virt = 0;
                self.machine.drop_slot(slot as u8);
                self.state.count(VcpuCounter::Dropped);
            }
        }
    }
}
