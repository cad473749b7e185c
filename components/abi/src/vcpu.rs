//! A virtual CPU: the page that the kernel and a virtual machine monitor share, and how a run ends.
//!
//! A monitor's thread calls [`VcpuRun`](crate::Call::VcpuRun) and *becomes* the guest until something happens that is
//! not the kernel's to handle. Then the call returns, with the guest's whole state in [`VcpuState`] and the reason in
//! [`VcpuState::exit`]; nothing is copied. The call also returns when the thread's notification is signalled.
//!
//! The kernel handles translation and what a guest does often: MSR, the usual special-purpose registers, the TLB, system
//! calls and misses on their way in, `rfi` on the way out. Other instructions and physical addresses that are not RAM end
//! the run. What the crate `processor` makes of that in the monitor, with the same page, is a whole 440: registers,
//! timers, interrupts. It follows the PPC440 user's manual, not QEMU's deviations from it.
//!
//! The monitor owns every word of the page while it runs. The kernel trusts none of them: whatever they hold, only this
//! guest is harmed.

mod costs;

pub use costs::{COST_BUCKETS, COST_REASONS, Cost, Histogram, cost_bucket, cost_place};

use crate::numbered::numbered;

/// Bytes of the shared page.
pub const VCPU_STATE_BYTES: usize = 4096;

/// Declares a part of the shared page, with what it holds at first.
macro_rules! shared {
    ($(#[$about:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty = $zero:expr,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl $name {
            /// All zero.
            pub const ZERO: Self = Self { $($field: $zero,)* };
        }
    };
}

shared! {
    /// The state of a virtual CPU, in a page of its own.
    ///
    /// Registers have the names and the bits of the 440's. What the kernel's assembly touches stands first, and in an
    /// order that lets it save eight registers by one `stmw`.
    #[repr(C, align(4096))]
    pub struct VcpuState {
        /// General registers.
        pub gpr: [u32; 32] = [0; 32],
        /// The next instruction's effective address.
        pub pc: u32 = 0,
        /// Machine state as the guest sees it.
        pub msr: u32 = 0,
        /// Condition register.
        pub cr: u32 = 0,
        /// Link register.
        pub lr: u32 = 0,
        /// Count register.
        pub ctr: u32 = 0,
        /// Integer exception register.
        pub xer: u32 = 0,
        /// Save/restore registers of non-critical interrupts.
        pub srr: [u32; 2] = [0; 2],
        /// The same of critical interrupts.
        pub csrr: [u32; 2] = [0; 2],
        /// The same of machine checks.
        pub mcsrr: [u32; 2] = [0; 2],
        /// SPRG0 to SPRG7.
        pub sprg: [u32; 8] = [0; 8],
        /// USPRG0.
        pub usprg0: u32 = 0,
        /// Data exception address.
        pub dear: u32 = 0,
        /// Exception syndrome.
        pub esr: u32 = 0,
        /// Machine check syndrome.
        pub mcsr: u32 = 0,
        /// Process ID: 8 bits.
        pub pid: u32 = 0,
        /// MMU control.
        pub mmucr: u32 = 0,
        /// Interrupt vector prefix.
        pub ivpr: u32 = 0,
        /// Interrupt vector offsets.
        pub ivor: [u32; 16] = [0; 16],
        /// Timer control.
        pub tcr: u32 = 0,
        /// Timer status.
        pub tsr: u32 = 0,
        /// Decrementer auto-reload.
        pub decar: u32 = 0,
        /// Interrupt inputs that the monitor holds up: [`LINE_EXTERNAL`], [`LINE_CRITICAL`].
        pub lines: u32 = 0,
        /// Not 0: an interrupt waits for MSR\[EE\]. An instruction that sets it ends the run.
        pub waits: u32 = 0,
        /// What the monitor asks for at the next run: `REQUEST_*`. Who has done it clears it.
        pub requests: u32 = 0,
        /// How the monitor wants it: `OPTION_*`.
        pub options: u32 = 0,
        /// With [`REQUEST_INTERRUPT`]: the interrupt to deliver first, 0 to 15 as the IVORs count them. ESR and DEAR
        /// are the monitor's to set before.
        pub interrupt: u32 = 0,
        /// Why the latest run ended.
        pub exit: Exit = Exit::ZERO,
        /// Processor version: what `mfspr PVR` reads.
        pub pvr: u32 = 0,
        /// Processor ID: what `mfspr PIR` reads.
        pub pir: u32 = 0,
        /// Core configuration 0 and 1. Stored and read back, without effect.
        pub ccr: [u32; 2] = [0; 2],
        /// Debug control 0 to 2. Stored and read back; DBCR0\[RST\] ends the run with [`ExitReason::Reset`].
        pub dbcr: [u32; 3] = [0; 3],
        /// Debug status: written ones clear bits.
        pub dbsr: u32 = 0,
        /// Instruction address compare 1 to 4, data address compare 1 and 2, data value compare 1 and 2. Stored and
        /// read back.
        pub compare: [u32; 8] = [0; 8],
        /// INV0 to 3, ITV0 to 3, DNV0 to 3, DTV0 to 3, IVLIM, DVLIM: cache victims. Stored and read back.
        pub victims: [u32; 18] = [0; 18],
        /// The three words of the one TLB entry that [`REQUEST_RESET`] leaves, as `tlbwe` takes them, and its TID.
        pub first_entry: [u32; 4] = [0; 4],
        /// Floating-point registers, then FPSCR in the lower half of the last; only after an exit whose
        /// [`Exit::floats`] says so, and then the kernel takes them from here at the next run.
        pub floats: [u64; 33] = [0; 33],
        /// How often what has happened, by [`VcpuCounter`].
        pub counters: [u32; VCPU_COUNTERS] = [0; VCPU_COUNTERS],
        /// What exits have cost, by [`cost_place`]: the monitor's own, if it keeps that.
        pub costs: [Cost; COST_REASONS] = [Cost::ZERO; COST_REASONS],
    }
}

const _: () = assert!(size_of::<VcpuState>() == VCPU_STATE_BYTES);

/// [`VcpuState::lines`]: the non-critical external input.
pub const LINE_EXTERNAL: u32 = 1 << 0;
/// [`VcpuState::lines`]: the critical input.
pub const LINE_CRITICAL: u32 = 1 << 1;

/// [`VcpuState::requests`]: forget timers, translations and the guest's TLB, whose entry 0 becomes
/// [`VcpuState::first_entry`]. The registers are the monitor's to set.
pub const REQUEST_RESET: u32 = 1 << 0;
/// [`VcpuState::requests`]: deliver [`VcpuState::interrupt`] before the first instruction. Not the kernel's to do.
pub const REQUEST_INTERRUPT: u32 = 1 << 1;
/// [`VcpuState::requests`]: end the run after one instruction, or an interrupt of the guest, with [`ExitReason::Step`].
pub const REQUEST_STEP: u32 = 1 << 2;
/// [`VcpuState::requests`]: end the run at once, with [`ExitReason::Signalled`] and the floating-point registers in
/// the page.
pub const REQUEST_FLOATS: u32 = 1 << 3;

/// [`VcpuState::options`]: the unconditional `trap` instruction (`tw 31, 0, 0`), which a debugger puts where it wants to
/// stop, ends the run with [`ExitReason::Breakpoint`] instead of interrupting the guest.
pub const OPTION_BREAKPOINTS: u32 = 1 << 0;

shared! {
    /// How a run ended.
    #[derive(Default)]
    #[repr(C)]
    pub struct Exit {
        /// An [`ExitReason`].
        pub reason: u32 = 0,
        /// The instruction that could not be completed, for those reasons that have one. [`VcpuState::pc`] still
        /// points to it: who completes it moves on.
        pub instruction: u32 = 0,
        /// The effective address that it concerns. For a data access the byte that could not be reached, which need
        /// not be the first.
        pub effective: u32 = 0,
        /// Guest-physical address of that byte: bits 32 to 35.
        pub physical_upper: u32 = 0,
        /// The same: the lower 32 bits. For device control registers: the register's number.
        pub physical: u32 = 0,
        /// 1 if the access stores. For an instruction: the syndrome, as ESR. For a step: 1 if an instruction was completed,
        /// 0 if it was interrupted. For a reset: the two bits of DBCR0\[RST\] or TCR\[WRC\], 1 core, 2 chip, 3 system.
        pub detail: u32 = 0,
        /// 1 if [`VcpuState::floats`] holds the guest's registers.
        pub floats: u32 = 0,
    }
}

numbered! {
    /// Why a run ended.
    pub enum ExitReason: u32 {
        /// The thread's notification was signalled: its bits are in the call's `r3`, which is 0 with every other reason, and
        /// [`VcpuState::exit`] stays as it was.
        Signalled = 0 "signal",
        /// `mfdcr` in the guest's supervisor state. To the kernel, an [`Instruction`](Self::Instruction).
        DcrRead = 1 "mfdcr",
        /// The same of `mtdcr`.
        DcrWrite = 2 "mtdcr",
        /// A load, a store or a cache instruction to a guest-physical address that is not RAM.
        Access = 3 "access",
        /// The next instruction lies at a guest-physical address that is not RAM.
        Fetch = 4 "fetch",
        /// The guest resets its processor, or its watchdog does. The kernel knows nothing of either.
        Reset = 5 "reset",
        /// The one instruction of [`REQUEST_STEP`] is done.
        Step = 6 "step",
        /// The guest is about to execute `trap`, and [`OPTION_BREAKPOINTS`] is set. To the kernel, an instruction.
        Breakpoint = 7 "trap",
        /// A program interrupt: an instruction that the kernel does not execute, and what is none.
        Instruction = 8 "program",
    }
}

/// How many [`VcpuCounter`]s there are.
pub const VCPU_COUNTERS: usize = 32;

/// What a virtual CPU counts, always. Counts wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum VcpuCounter {
    /// Moves from and to MSR, `wrtee`, `wrteei`.
    Msr = 0,
    /// Moves from and to special-purpose registers, PID and timers apart.
    Spr = 1,
    /// `rfi`, `rfci`, `rfmci`.
    Return = 2,
    /// `tlbwe`; a whole flush loop counts as one.
    TlbWrite = 3,
    /// `tlbre`, `tlbsx`.
    TlbRead = 4,
    /// Flush loops that were completed at once.
    FlushLoop = 5,
    /// Writes of PID.
    Pid = 6,
    /// Moves from and to timers.
    TimerRegister = 7,
    /// Privileged cache instructions.
    Cache = 8,
    /// Writes of the time base, which are ignored.
    TimeBase = 9,
    /// Instructions that were emulated in the trap of the one before.
    Adjacent = 10,
    /// Hardware misses that the guest's TLB answered.
    Refill = 11,
    /// Hardware misses that became the guest's own.
    GuestMiss = 12,
    /// System calls of the guest.
    SystemCall = 13,
    /// Program interrupts of the guest: illegal, privileged in user state, trap.
    Program = 14,
    /// Storage interrupts of the guest.
    Storage = 15,
    /// Alignment interrupts of the guest.
    Alignment = 16,
    /// Loads of the floating-point registers.
    Float = 17,
    /// Decrementer, fixed interval and watchdog interrupts of the guest.
    Timer = 18,
    /// External and critical interrupts of the guest.
    External = 19,
    /// Times that the guest waited, with MSR\[WE\].
    Idle = 20,
    /// Runs that ended for a device control register.
    ExitDcr = 21,
    /// Runs that ended for an access to what is not RAM.
    ExitAccess = 22,
    /// Runs that ended by a signal.
    ExitSignal = 23,
    /// Runs that ended for any other reason.
    ExitOther = 24,
    /// Interrupts of the node while the guest ran.
    Interrupted = 25,
    /// Aliases in the hardware's TLB that were dropped.
    Dropped = 26,
    /// Times that all of translation space 1 was dropped because PIDs had run out.
    Generations = 27,
    /// Instructions that the kernel did not execute, those of device control registers apart.
    ExitInstruction = 28,
}

impl VcpuState {
    /// Counts.
    #[inline(always)]
    pub fn count(&mut self, counter: VcpuCounter) {
        let count = &mut self.counters[counter as usize];
        *count = count.wrapping_add(1);
    }
}
