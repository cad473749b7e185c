//! A guest on a machine that records, and the tests over it.

mod emulation;
mod hostile;
mod interrupts;
mod tlb;

use super::*;
use crate::tables::GuestRam;
use abi::vcpu::{ExitReason, REQUEST_RESET};
use ppc440::msr;
use ppc440::tlb::{ENTRIES, SPACE_1};

/// Two pieces of RAM: 16 MiB at 0, which lie at 256 MiB, and 64 KiB in the second 4 GiB, which are aligned to no more.
const TABLE: tables::Vcpu = tables::Vcpu {
    thread: 0,
    calls: 0,
    state: 0,
    ram: &[
        GuestRam { guest: 0, physical: 0x1000_0000, bytes: 16 << 20 },
        GuestRam { guest: 0x1_0001_0000, physical: 0x0003_0000, bytes: 64 << 10 },
    ],
};

/// The hardware's TLB and a ring of its slots.
#[derive(Debug)]
pub(super) struct Hardware {
    pub(super) slots: Vec<Option<(u8, Page)>>,
    next: u8,
    /// How many slots the ring has.
    ring: u8,
}

impl Hardware {
    /// The entry that the hardware would use: without overlap the only one.
    pub(super) fn find(&self, pid: u8, address: u32) -> Option<&Page> {
        self.matching(pid, address).next()
    }

    /// All entries of space 1 that translate an address.
    pub(super) fn matching(&self, pid: u8, address: u32) -> impl Iterator<Item = &Page> {
        let pages = self.slots.iter().flatten().filter(move |(owner, _)| *owner == pid);
        pages.map(|(_, page)| page).filter(move |page| page.word0 & SPACE_1 != 0 && page.contains(address))
    }
}

impl VcpuMachine for Hardware {
    fn take_slot(&mut self) -> u8 {
        let slot = self.next;
        self.next = (slot + 1) % self.ring;
        slot
    }

    fn load_alias(&mut self, slot: u8, pid: u8, page: &Page) {
        assert_ne!(pid, 0, "hardware TID 0 matches every PID");
        self.slots[usize::from(slot)] = Some((pid, *page));
    }

    fn drop_slot(&mut self, slot: u8) {
        self.slots[usize::from(slot)] = None;
    }
}

/// The traps of a guest by what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GuestTrap {
    /// A program interrupt.
    Program {
        /// The word at the program counter.
        instruction: u32,
        /// Exception syndrome: illegal, privileged or trap.
        esr: u32,
    },
    /// `sc`: the program counter is behind it.
    SystemCall,
    /// No entry of the hardware's TLB for a load or store.
    DataMiss {
        /// The byte that could not be reached.
        address: u32,
        /// The access stores.
        store: bool,
    },
    /// No entry of the hardware's TLB for the next instruction.
    FetchMiss,
    /// An entry without the right to load or store.
    DataStorage {
        /// The byte that could not be reached.
        address: u32,
        /// The access stores.
        store: bool,
    },
    /// An entry without the right to execute.
    FetchStorage,
    /// An operand that must be aligned is not.
    Alignment {
        /// Its address.
        address: u32,
        /// The access stores.
        store: bool,
    },
    /// A floating-point instruction, and the guest's MSR\[FP\] is clear. While it is set the trap is the kernel's.
    FloatUnavailable,
    /// An instruction of an auxiliary processor.
    Unavailable,
    /// One instruction was completed, and the kernel had asked for that: see `Run::is_stepping`.
    Debug,
}

impl From<GuestTrap> for Trap {
    fn from(trap: GuestTrap) -> Self {
        let syndrome = |store| if store { msr::ESR_ST } else { 0 };
        let (interrupt, esr, dear) = match trap {
            GuestTrap::Program { esr, .. } => (6, esr, 0),
            GuestTrap::SystemCall => (8, 0, 0),
            GuestTrap::DataMiss { address, store } => (13, syndrome(store), address),
            GuestTrap::FetchMiss => (14, 0, 0),
            GuestTrap::DataStorage { address, store } => (2, syndrome(store), address),
            GuestTrap::FetchStorage => (3, 0, 0),
            GuestTrap::Alignment { address, store } => (5, syndrome(store), address),
            GuestTrap::FloatUnavailable => (7, 0, 0),
            GuestTrap::Unavailable => (9, 0, 0),
            GuestTrap::Debug => (15, 0, 0),
        };
        Self { interrupt: Interrupt::from_number(interrupt), esr, dear }
    }
}

/// One virtual CPU with all that it needs.
pub(super) struct Guest {
    pub(super) vcpu: Vcpu,
    pub(super) state: Box<VcpuState>,
    pub(super) pool: Pool,
    pub(super) hardware: Hardware,
}

impl Guest {
    /// A guest after reset: entry 0 maps the first 16 MiB to themselves, for the supervisor.
    pub(super) fn new() -> Self {
        let hardware = Hardware { slots: vec![None; ENTRIES], next: 0, ring: 60 };
        let mut guest =
            Self { vcpu: Vcpu::new(0x1000), state: Box::new(VcpuState::ZERO), pool: Pool::EMPTY, hardware };
        guest.state.first_entry = [0x270, 0, 7, 0];
        guest.state.requests = REQUEST_RESET;
        assert_eq!(guest.prepare(), Next::Enter);
        guest
    }

    pub(super) fn run(&mut self) -> Run<'_, Hardware> {
        Run {
            vcpu: &mut self.vcpu,
            state: &mut self.state,
            table: &TABLE,
            pool: &mut self.pool,
            machine: &mut self.hardware,
        }
    }

    pub(super) fn prepare(&mut self) -> Next {
        self.run().prepare()
    }

    pub(super) fn trap(&mut self, trap: GuestTrap) -> Next {
        if let GuestTrap::Program { instruction, .. } = trap {
            self.state.exit.instruction = instruction;
        }
        self.run().trap(trap.into())
    }

    /// Lets the program counter point to an address of the first 16 MiB, where an instruction is fetched and traps.
    pub(super) fn execute(&mut self, address: u32, instruction: u32) -> Next {
        self.state.pc = address;
        assert_eq!(self.trap(GuestTrap::FetchMiss), Next::Enter);
        self.trap(GuestTrap::Program { instruction, esr: ppc440::msr::ESR_PPR })
    }

    pub(super) fn reason(&self) -> Option<ExitReason> {
        ExitReason::from_number(self.state.exit.reason)
    }
}
