//! A virtual CPU: the page that the kernel and a virtual machine monitor share, and how a run ends.
//!
//! A monitor's thread calls [`VcpuRun`](crate::Call::VcpuRun) and *becomes* the guest until something happens that is
//! not the kernel's to handle. Then the call returns, with the guest's whole state in [`VcpuState`] and the reason in
//! [`VcpuState::exit`]; nothing is copied. The call also returns when the thread's notification is signalled.
//!
//! The kernel handles what is private to a CPU: MSR, special-purpose registers, timers, the TLB, interrupts on their way
//! in and `rfi` on the way out. What touches a device goes to the monitor: device control registers, physical
//! addresses that are not RAM, a reset. The virtual CPU follows the PPC440 user's manual, not QEMU's deviations from it.
//!
//! The monitor owns every word of the page while it runs. The kernel trusts none of them: whatever they hold, only this
//! guest is harmed.

/// Bytes of the shared page.
pub const VCPU_STATE_BYTES: usize = 4096;

/// The state of a virtual CPU, in a page of its own.
///
/// Registers have the names and the bits of the 440's. What the kernel's assembly touches stands first, and in an
/// order that lets it save eight registers by one `stmw`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(4096))]
pub struct VcpuState {
    /// General registers.
    pub gpr: [u32; 32],
    /// The next instruction's effective address.
    pub pc: u32,
    /// Machine state as the guest sees it.
    pub msr: u32,
    /// Condition register.
    pub cr: u32,
    /// Link register.
    pub lr: u32,
    /// Count register.
    pub ctr: u32,
    /// Integer exception register.
    pub xer: u32,
    /// Save/restore registers of non-critical interrupts.
    pub srr: [u32; 2],
    /// The same of critical interrupts.
    pub csrr: [u32; 2],
    /// The same of machine checks.
    pub mcsrr: [u32; 2],
    /// SPRG0 to SPRG7.
    pub sprg: [u32; 8],
    /// USPRG0.
    pub usprg0: u32,
    /// Data exception address.
    pub dear: u32,
    /// Exception syndrome.
    pub esr: u32,
    /// Machine check syndrome.
    pub mcsr: u32,
    /// Process ID: 8 bits.
    pub pid: u32,
    /// MMU control.
    pub mmucr: u32,
    /// Interrupt vector prefix.
    pub ivpr: u32,
    /// Interrupt vector offsets.
    pub ivor: [u32; 16],
    /// Timer control.
    pub tcr: u32,
    /// Timer status.
    pub tsr: u32,
    /// Decrementer auto-reload.
    pub decar: u32,
    /// Interrupt inputs that the monitor holds up: [`LINE_EXTERNAL`], [`LINE_CRITICAL`].
    pub lines: u32,
    /// What the monitor asks for at the next run: `REQUEST_*`. The kernel clears what it has done.
    pub requests: u32,
    /// How the monitor wants it: `OPTION_*`. The kernel never changes it.
    pub options: u32,
    /// With [`REQUEST_INTERRUPT`]: the interrupt to deliver first, 0 to 15 as the IVORs count them. ESR and DEAR
    /// are the monitor's to set before.
    pub interrupt: u32,
    /// Why the latest run ended.
    pub exit: Exit,
    /// Processor version: what `mfspr PVR` reads.
    pub pvr: u32,
    /// Processor ID: what `mfspr PIR` reads.
    pub pir: u32,
    /// Core configuration 0 and 1. Stored and read back, without effect.
    pub ccr: [u32; 2],
    /// Debug control 0 to 2. Stored and read back; DBCR0\[RST\] ends the run with [`ExitReason::Reset`].
    pub dbcr: [u32; 3],
    /// Debug status: written ones clear bits.
    pub dbsr: u32,
    /// Instruction address compare 1 to 4, data address compare 1 and 2, data value compare 1 and 2. Stored and
    /// read back.
    pub compare: [u32; 8],
    /// INV0 to 3, ITV0 to 3, DNV0 to 3, DTV0 to 3, IVLIM, DVLIM: cache victims. Stored and read back.
    pub victims: [u32; 18],
    /// The three words of the one TLB entry that [`REQUEST_RESET`] leaves, as `tlbwe` takes them, and its TID.
    pub first_entry: [u32; 4],
    /// Floating-point registers, then FPSCR in the lower half of the last; only after an exit whose
    /// [`Exit::floats`] says so, and then the kernel takes them from here at the next run.
    pub floats: [u64; 33],
    /// How often what has happened, by [`VcpuCounter`].
    pub counters: [u32; VCPU_COUNTERS],
}

const _: () = assert!(size_of::<VcpuState>() == VCPU_STATE_BYTES);

/// [`VcpuState::lines`]: the non-critical external input.
pub const LINE_EXTERNAL: u32 = 1 << 0;
/// [`VcpuState::lines`]: the critical input.
pub const LINE_CRITICAL: u32 = 1 << 1;

/// [`VcpuState::requests`]: forget timers, translations and the guest's TLB, whose entry 0 becomes
/// [`VcpuState::first_entry`]. The registers are the monitor's to set.
pub const REQUEST_RESET: u32 = 1 << 0;
/// [`VcpuState::requests`]: deliver [`VcpuState::interrupt`] before the first instruction.
pub const REQUEST_INTERRUPT: u32 = 1 << 1;
/// [`VcpuState::requests`]: end the run after one instruction, with [`ExitReason::Step`].
pub const REQUEST_STEP: u32 = 1 << 2;
/// [`VcpuState::requests`]: end the run at once, with [`ExitReason::Signalled`] and the floating-point registers in
/// the page.
pub const REQUEST_FLOATS: u32 = 1 << 3;

/// [`VcpuState::options`]: the unconditional `trap` instruction (`tw 31, 0, 0`), which a debugger puts where it wants to
/// stop, ends the run with [`ExitReason::Breakpoint`] instead of interrupting the guest.
pub const OPTION_BREAKPOINTS: u32 = 1 << 0;

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Exit {
    /// An [`ExitReason`].
    pub reason: u32,
    /// The instruction that could not be completed, for those reasons that have one. [`VcpuState::pc`] still
    /// points to it: who completes it moves on.
    pub instruction: u32,
    /// The effective address that it concerns. For a data access the byte that could not be reached, which need
    /// not be the first.
    pub effective: u32,
    /// Guest-physical address of that byte: bits 32 to 35.
    pub physical_upper: u32,
    /// The same: the lower 32 bits. For device control registers: the register's number.
    pub physical: u32,
    /// 1 if the access stores. For a reset: the two bits of DBCR0\[RST\] or TCR\[WRC\], 1 core, 2 chip, 3 system.
    pub detail: u32,
    /// 1 if [`VcpuState::floats`] holds the guest's registers.
    pub floats: u32,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum ExitReason {
    /// The thread's notification was signalled: its bits are in the call's `r3`, which is 0 with every other reason.
    Signalled = 0,
    /// `mfdcr` in the guest's supervisor state.
    DcrRead = 1,
    /// `mtdcr` in the guest's supervisor state.
    DcrWrite = 2,
    /// A load, a store or a cache instruction to a guest-physical address that is not RAM.
    Access = 3,
    /// The next instruction lies at a guest-physical address that is not RAM.
    Fetch = 4,
    /// The guest resets its processor, or its watchdog does.
    Reset = 5,
    /// The one instruction of [`REQUEST_STEP`] is done.
    Step = 6,
    /// The guest is about to execute `trap`, and [`OPTION_BREAKPOINTS`] is set.
    Breakpoint = 7,
}

impl ExitReason {
    /// All reasons, in order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Signalled,
        Self::DcrRead,
        Self::DcrWrite,
        Self::Access,
        Self::Fetch,
        Self::Reset,
        Self::Step,
        Self::Breakpoint,
    ];

    /// The reason of a number, if there is one.
    pub const fn from_number(number: u32) -> Option<Self> {
        if number < Self::ALL.len() as u32 { Some(Self::ALL[number as usize]) } else { None }
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
}

impl VcpuState {
    /// All zero.
    pub const ZERO: Self = Self {
        gpr: [0; 32],
        pc: 0,
        msr: 0,
        cr: 0,
        lr: 0,
        ctr: 0,
        xer: 0,
        srr: [0; 2],
        csrr: [0; 2],
        mcsrr: [0; 2],
        sprg: [0; 8],
        usprg0: 0,
        dear: 0,
        esr: 0,
        mcsr: 0,
        pid: 0,
        mmucr: 0,
        ivpr: 0,
        ivor: [0; 16],
        tcr: 0,
        tsr: 0,
        decar: 0,
        lines: 0,
        requests: 0,
        options: 0,
        interrupt: 0,
        exit: Exit {
            reason: 0,
            instruction: 0,
            effective: 0,
            physical_upper: 0,
            physical: 0,
            detail: 0,
            floats: 0,
        },
        pvr: 0,
        pir: 0,
        ccr: [0; 2],
        dbcr: [0; 3],
        dbsr: 0,
        compare: [0; 8],
        victims: [0; 18],
        first_entry: [0; 4],
        floats: [0; 33],
        counters: [0; VCPU_COUNTERS],
    };

    /// Counts.
    #[inline(always)]
    pub fn count(&mut self, counter: VcpuCounter) {
        let count = &mut self.counters[counter as usize];
        *count = count.wrapping_add(1);
    }
}
