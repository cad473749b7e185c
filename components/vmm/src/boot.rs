//! Power-on and reset: the guest's first state.
//!
//! | guest-physical | what                                                             |
//! |----------------|------------------------------------------------------------------|
//! | its load address, mostly 0 | the kernel                                           |
//! | 0x0180_0000    | the device tree                                                  |
//! | 0x0190_0000    | the first file system, if there is one                           |
//!
//! These are the places that QEMU's `bamboo` gives the same kernel natively, and so are the registers: the device tree's
//! address in r3, zero in all others, a translation of address 0 to itself. RAM between these is not cleared: at the
//! first start it holds the zeros of power-on, after a reset what was there, as hardware would have it.

use core::fmt;

use abi::vcpu::{Exit, ExitReason, REQUEST_RESET, VcpuState};
use runtime::vm::{GuestMemory, VirtualMachine, VmSpec};

use crate::device_tree::{self, Facts};
use crate::devices::WINDOWS;

/// Guest-physical address of the device tree.
pub const TREE: u32 = 0x0180_0000;
/// Guest-physical address of the first file system.
pub const INITRD: u32 = 0x0190_0000;

/// Processor version of the 440EP, revision B: QEMU's `bamboo`, and a version that Linux knows.
const PVR: u32 = 0x4222_18D3;

/// Entry 0 of the TLB after a reset, as `tlbwe` takes it: address 0 to itself, 256 MB, the supervisor's to read, write
/// and execute (PPC440 user's manual, TLB entry words; valid 0x200, size 9 in bits 4 to 7).
const FIRST_ENTRY: [u32; 4] = [0x0000_0290, 0, 0x0000_0007, 0];

/// Why a guest cannot start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootError {
    /// The kernel reaches beyond the RAM.
    KernelOutside,
    /// The kernel reaches into the device tree's place.
    KernelOverlaps,
    /// The RAM ends before the device tree's place.
    TreeOutside,
    /// The command line is too long for the device tree.
    TreeFull,
    /// The first file system reaches beyond the RAM.
    InitrdOutside,
    /// The entry lies beyond the 256 MB that the first translation covers.
    EntryOutside,
}

impl fmt::Display for BootError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::KernelOutside => "the kernel does not fit in the guest's memory; give it more `memory`",
            Self::KernelOverlaps => {
                "the kernel reaches beyond 0x01800000, where the device tree lies; use a smaller one"
            }
            Self::TreeOutside => {
                "the device tree at 0x01800000 lies beyond the guest's memory; give it 32 MiB or more"
            }
            Self::TreeFull => "the device tree has no room for the command line; shorten it",
            Self::InitrdOutside => {
                "the initrd at 0x01900000 does not fit in the guest's memory; give it more `memory`"
            }
            Self::EntryOutside => "the kernel's entry lies beyond the first 256 MiB; link it lower",
        })
    }
}

/// Copies the pristine images, writes the device tree, and sets the processor as after a reset.
///
/// # Errors
///
/// [`BootError`]; the guest must not run then.
pub fn boot(vm: &mut impl VirtualMachine, virtio: [bool; WINDOWS]) -> Result<(), BootError> {
    let VmSpec { kernel, initrd, command_line, frequency, .. } = *vm.spec();
    let kernel_end = u64::from(kernel.load) + kernel.bytes.len() as u64;
    if kernel_end > u64::from(TREE) && kernel.load < INITRD {
        return Err(BootError::KernelOverlaps);
    }
    if kernel.entry >= 256 << 20 {
        return Err(BootError::EntryOutside);
    }
    let facts = Facts {
        memory_bytes: vm.memory().bytes(),
        frequency: frequency as u32,
        command_line,
        virtio,
        initrd: initrd.map(|bytes| (INITRD, INITRD.saturating_add(bytes.len() as u32))),
    };
    let tree = device_tree::write(&facts).map_err(|_| BootError::TreeFull)?;
    let memory = vm.memory();
    memory.load(u64::from(kernel.load), kernel.bytes).map_err(|_| BootError::KernelOutside)?;
    memory.load(u64::from(TREE), &tree).map_err(|_| BootError::TreeOutside)?;
    if let Some(initrd) = initrd {
        memory.load(u64::from(INITRD), initrd).map_err(|_| BootError::InitrdOutside)?;
    }
    reset(vm.state(), kernel.entry);
    Ok(())
}

/// TSR: what the watchdog has reset, which outlives the reset.
const WRS: u32 = 0x3000_0000;
/// DBSR: where the kind of the latest reset stands.
const MRR: u32 = 28;

/// The processor after a reset, which TSR and DBSR tell of (PPC440 user's manual, timer status and debug status
/// registers). Counters go on, and options stay.
fn reset(state: &mut VcpuState, entry: u32) {
    let was_reset = state.exit.reason == ExitReason::Reset as u32;
    (state.tsr, state.dbsr) = if was_reset { (state.tsr & WRS, state.exit.detail << MRR) } else { (0, 0) };
    state.gpr = [0; 32];
    state.gpr[3] = TREE;
    state.pc = entry;
    state.msr = 0;
    (state.cr, state.lr, state.ctr, state.xer) = (0, 0, 0, 0);
    (state.srr, state.csrr, state.mcsrr) = ([0; 2], [0; 2], [0; 2]);
    (state.sprg, state.usprg0) = ([0; 8], 0);
    (state.dear, state.esr, state.mcsr, state.pid, state.mmucr) = (0, 0, 0, 0, 0);
    (state.ivpr, state.ivor) = (0, [0; 16]);
    (state.tcr, state.decar) = (0, 0);
    (state.lines, state.interrupt) = (0, 0);
    state.requests = REQUEST_RESET;
    state.exit = Exit::default();
    (state.pvr, state.pir) = (PVR, 0);
    (state.ccr, state.dbcr) = ([0; 2], [0; 3]);
    (state.compare, state.victims) = ([0; 8], [0; 18]);
    state.first_entry = FIRST_ENTRY;
    state.floats = [0; 33];
}
