//! Hardware PIDs of translation space 1, and whose alias each slot of the hardware's TLB holds.
//!
//! A *context* of a guest is all that decides what an address means and which rights count: its state (user or
//! supervisor), its two translation spaces, its PID. Each has a hardware PID of its own, so a guest's change of context
//! is a change of PID and drops nothing, and rights of user and supervisor state never mix. Hardware TID 0, which
//! would match every PID, is not used in space 1.
//!
//! - User contexts in space 0 keep their PID until all are used up.
//! - Of all others the latest few are kept: the supervisor's by guest PID, those in space 1, those whose two spaces
//!   differ. The oldest is replaced, with all of its aliases. Only the supervisor's with PID 0 always stays.
//! - When PIDs have run out, all of space 1 is dropped once, and a new generation begins.

use super::guest_tlb::{only, take};
use super::{Run, VcpuMachine};
use abi::vcpu::VcpuCounter;
use ppc440::msr;
use ppc440::tlb::ENTRIES;

/// How many contexts are kept beside the user's of space 0.
const KEPT: usize = 8;

/// Which alias a slot of the hardware's TLB holds, unless a native page has replaced it since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Owner {
    /// Its hardware PID; 0 if the slot never held an alias or it was dropped.
    pub pid: u8,
    /// The virtual CPU.
    pub vcpu: u8,
    /// The guest's entry.
    pub entry: u8,
    /// Its first effective address; counts only in a context of two spaces.
    pub virt: u32,
}

impl Owner {
    const NONE: Self = Self { pid: 0, vcpu: 0, entry: 0, virt: 0 };
}

/// What all virtual CPUs of a core share.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Pool {
    pub(crate) owners: [Owner; ENTRIES],
    /// The PID to give out next; 256 when there are none.
    next: u16,
    pub(crate) generation: u32,
}

impl Pool {
    /// Nothing is given out.
    pub const EMPTY: Self = Self { owners: [Owner::NONE; ENTRIES], next: 1, generation: 0 };

    /// Whose alias a slot holds; of its number six bits count.
    pub fn owner(&self, slot: usize) -> Owner {
        self.owners[slot % ENTRIES]
    }

    /// Drops those of some slots whose owner is meant. Returns how many.
    fn drop(
        &mut self,
        machine: &mut impl VcpuMachine,
        mut slots: u64,
        is_meant: impl Fn(Owner) -> bool,
    ) -> u32 {
        let mut dropped = 0;
        while let Some(slot) = take(&mut slots) {
            let owner = &mut self.owners[slot % ENTRIES];
            if owner.pid != 0 && is_meant(*owner) {
                *owner = Owner::NONE;
                machine.drop_slot(slot as u8);
                dropped += 1;
            }
        }
        dropped
    }

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

    const fn key(self) -> u16 {
        (self.data as u16) << 10 | (self.fetch as u16) << 9 | (self.user as u16) << 8 | self.pid as u16
    }

    const fn is_plain_user(self) -> bool {
        self.user && !self.fetch && !self.data
    }
}

/// A context that is kept for some time.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Kept {
    /// Slots that may hold its aliases.
    pub(crate) slots: u64,
    key: u16,
    /// 0 if nothing is kept here.
    pid: u8,
}

/// The hardware PIDs of a guest's contexts.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Contexts {
    pub(crate) kept: [Kept; KEPT],
    /// User contexts of space 0; 0 for none.
    pub(crate) user: [u8; 256],
    pub(crate) generation: u32,
    /// The one of the kept that the guest is in; [`KEPT`] if it is in none of them.
    pub(crate) current: u8,
    /// The one to replace next.
    next: u8,
}

impl Contexts {
    /// None yet.
    pub const EMPTY: Self = Self {
        kept: [Kept { slots: 0, key: 0, pid: 0 }; KEPT],
        user: [0; 256],
        generation: 0,
        current: KEPT as u8,
        next: 1,
    };

    /// Gives all of them back.
    fn forget(&mut self) {
        self.user.fill(0);
        for kept in &mut self.kept {
            kept.pid = 0;
        }
    }

    /// The place of a kept context.
    fn find(&self, key: u16) -> Option<usize> {
        let is_it = |kept: &Kept| kept.pid != 0 && kept.key == key;
        let current = usize::from(self.current);
        if self.kept.get(current).is_some_and(is_it) {
            return Some(current);
        }
        self.kept.iter().position(is_it)
    }

    /// The place to keep another context in.
    fn place(&mut self, key: u16) -> usize {
        if key == 0 {
            return 0;
        }
        let place = self.next;
        self.next = if usize::from(place) + 1 < KEPT { place + 1 } else { 1 };
        place.into()
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
        if context.fetch || context.data {
            return [0; 2];
        }
        let contexts = &self.vcpu.contexts;
        let supervisor = contexts.find(Context { user: false, ..context }.key());
        let supervisor = supervisor.and_then(|place| contexts.kept.get(place)).map_or(0, |kept| kept.pid);
        [supervisor, contexts.user[usize::from(context.pid)]]
    }

    /// Finds the hardware PID of the guest's context, or gives it one.
    pub fn select_context(&mut self) {
        let context = self.context();
        if !self.find_context(context) {
            self.new_context(context);
        }
    }

    fn find_context(&mut self, context: Context) -> bool {
        let contexts = &mut self.vcpu.contexts;
        if contexts.generation != self.pool.generation {
            return false;
        }
        let (pid, current) = if context.is_plain_user() {
            (contexts.user[usize::from(context.pid)], KEPT)
        } else {
            match contexts.find(context.key()) {
                Some(place) => (contexts.kept[place].pid, place),
                None => return false,
            }
        };
        contexts.current = current as u8;
        self.vcpu.hardware_pid = pid;
        pid != 0
    }

    #[inline(never)]
    fn new_context(&mut self, context: Context) {
        if self.pool.next > 255 {
            self.state.count(VcpuCounter::Generations);
            self.drop_slots(u64::MAX, |_| true);
            self.pool.next = 1;
            self.pool.generation = self.pool.generation.wrapping_add(1);
        }
        let generation = self.pool.generation;
        let contexts = &mut self.vcpu.contexts;
        if contexts.generation != generation {
            contexts.forget();
            contexts.generation = generation;
        }
        if context.is_plain_user() {
            contexts.user[usize::from(context.pid)] = self.pool.allocate();
        } else {
            let key = context.key();
            let place = contexts.place(key);
            let kept = &mut contexts.kept[place % KEPT];
            if kept.pid == 0 {
                kept.pid = self.pool.allocate();
            }
            kept.key = key;
            let (slots, pid) = (core::mem::take(&mut kept.slots), kept.pid);
            self.drop_slots(slots, |owner| owner.pid == pid);
        }
        self.find_context(context);
    }

    /// Loads an alias of a guest's entry for the context that the guest is in.
    pub(super) fn load_alias(&mut self, entry: usize, page: &ppc440::tlb::Page) {
        let pid = self.vcpu.hardware_pid;
        let slot = usize::from(self.machine.take_slot()) % ENTRIES;
        self.pool.owners[slot] = Owner { pid, vcpu: self.vcpu.number, entry: entry as u8, virt: page.virt() };
        self.vcpu.tlb.add_alias(entry, slot);
        if let Some(kept) = self.vcpu.contexts.kept.get_mut(usize::from(self.vcpu.contexts.current)) {
            kept.slots |= only(slot);
        }
        self.machine.load_alias(slot as u8, pid, page);
    }

    /// Drops the aliases of an entry: those in slots of which the entry is still the owner.
    pub(super) fn drop_aliases(&mut self, entry: usize, slots: u64) {
        let (vcpu, entry) = (self.vcpu.number, entry as u8 & 63);
        self.drop_slots(slots, |owner| owner.vcpu == vcpu && owner.entry == entry);
    }

    /// Drops the aliases of the present context in the 4 KiB of an address.
    pub(super) fn drop_collisions(&mut self, address: u32) {
        let Some(kept) = self.vcpu.contexts.kept.get(usize::from(self.vcpu.contexts.current)) else { return };
        let (slots, pid) = (kept.slots, self.vcpu.hardware_pid);
        self.drop_slots(slots, |owner| owner.pid == pid && owner.virt >> 12 == address >> 12);
    }

    /// Drops all aliases of this virtual CPU.
    pub(super) fn drop_all(&mut self) {
        let vcpu = self.vcpu.number;
        self.drop_slots(u64::MAX, |owner| owner.vcpu == vcpu);
    }

    fn drop_slots(&mut self, slots: u64, is_meant: impl Fn(Owner) -> bool) {
        let dropped = self.pool.drop(self.machine, slots, is_meant);
        self.count_dropped(dropped);
    }

    fn count_dropped(&mut self, dropped: u32) {
        let count = &mut self.state.counters[VcpuCounter::Dropped as usize];
        *count = count.wrapping_add(dropped);
    }
}
