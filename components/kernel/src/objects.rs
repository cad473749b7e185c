//! The kernel's objects as they change: one array for each kind, sized by the spec.

use crate::budget::Account;
use crate::checked::object;
use crate::context::Context;
use crate::kernel::Core;
use crate::list::{Linked, Links, List, THREAD_SHIFT, ThreadId};
use crate::report::Syndrome;
use abi::{Badge, COUNTERS, Cause, Counter};

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Run {
    /// It runs.
    Running = 0,
    /// It waits for a message on its endpoint, or for its notification.
    Receiving = 1,
    /// It has called, or faulted, and [`Thread::peer`] owes it the reply.
    AwaitingReply = 2,
    /// It could run; it is on its core's ready queue.
    Ready = 3,
    /// It waits for its notification.
    Waiting = 4,
    /// It has called, or faulted, and is on the queue of [`Thread::peer`] until that takes the message.
    Queued = 5,
    /// It has ended, or its domain has.
    Stopped = 6,
    /// It could run, but its budget is used up until its period ends. It is on no queue.
    Spent = 7,
}

/// A thread, with its endpoint if it serves one, and its notification.
///
/// The assembly of `arch` addresses the fields by their names. Whatever it stores, it stores as the portable
/// code would; the words that it only reads are set when the thread starts.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(256))]
pub struct Thread {
    /// Its registers. First, so that the address of a thread is the address of its registers.
    pub context: Context,
    /// What it is doing.
    pub run: Run,
    /// The thread that it has called: the one that owes the reply, or on whose queue it is.
    pub peer: Option<ThreadId>,
    /// The caller that it owes a reply: at most one, and always in [`Run::AwaitingReply`] of this thread.
    pub owes: Option<ThreadId>,
    /// The same debt, of a caller to whom the assembly must not reply: one that has faulted, or whose budget is
    /// used up. At most one of the two is set.
    pub handles: Option<ThreadId>,
    /// Its priority now: its own, or that of the highest whom it serves or who waits for it.
    pub priority: u32,
    /// The callers that wait on its endpoint, by priority, then by time.
    pub callers: List,
    /// Its neighbours on the ready queue or on the queue of an endpoint.
    pub links: Links,
    /// The bits that are set in its notification.
    pub signals: u32,
    /// While it has called or faulted: the badge that goes with its message.
    pub badge: Badge,
    /// Its own priority.
    pub base: u8,
    /// It waits for its fault's handler, not for the reply to a call.
    pub faulted: bool,
    /// Its domain's number.
    pub domain: u16,
    /// What the hardware needs while it runs.
    pub fixed: Fixed,
    /// Kernel entries, by [`Counter`].
    pub counters: [u32; COUNTERS],
}

/// What the assembly reads of a thread and never writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Fixed {
    /// Address of its domain's capabilities.
    pub caps: u32,
    /// How many there are.
    pub cap_count: u32,
    /// The slot by which it serves its endpoint, or one that no table has.
    pub serve_slot: u32,
    /// Address of its domain's map.
    pub map: u32,
    /// PID while it runs.
    pub pid: u32,
    /// MMUCR while it runs: the board's bits, and its PID as STID.
    pub mmucr: u32,
    /// MSR while it runs.
    pub msr: u32,
}

impl Fixed {
    /// Of a thread that has not started.
    pub const NONE: Self =
        Self { caps: 0, cap_count: 0, serve_slot: u32::MAX, map: 0, pid: 0, mmucr: 0, msr: 0 };
}

impl Thread {
    /// A thread that has not started.
    pub const STOPPED: Self = Self {
        context: Context::ZERO,
        run: Run::Stopped,
        peer: None,
        owes: None,
        handles: None,
        priority: 0,
        base: 0,
        callers: List::EMPTY,
        links: Links::NONE,
        signals: 0,
        badge: Badge(0),
        faulted: false,
        domain: 0,
        fixed: Fixed::NONE,
        counters: [0; COUNTERS],
    };

    /// Counts a kernel entry.
    #[inline(always)]
    pub fn count(&mut self, counter: Counter) {
        let count = &mut self.counters[counter as usize];
        *count = count.wrapping_add(1);
    }
}

// Assembly turns a `ThreadId` into an address by one addition.
#[cfg(target_arch = "powerpc")]
const _: () = assert!(size_of::<Thread>() == 1 << THREAD_SHIFT);
#[cfg(not(target_arch = "powerpc"))]
const _: () = assert!(size_of::<Thread>() >= 1 << THREAD_SHIFT);

impl Linked for [Thread] {
    #[inline(always)]
    fn links(&mut self, id: ThreadId) -> &mut Links {
        &mut object(self, id.place()).links
    }
}

/// A domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
pub struct Domain {
    /// It has not stopped.
    pub running: bool,
    /// Which life it is in; it counts restarts.
    pub generation: u32,
    /// How many faults it had in all its lives.
    pub faults: u32,
    /// How often a fault has restarted it.
    pub revived: u32,
    /// How many of its slots are broken.
    pub broken: u32,
    /// Place of its slot 0 among the slots of all domains.
    pub first_slot: u32,
}

impl Domain {
    /// A domain that has not started.
    pub const STOPPED: Self =
        Self { running: false, generation: 0, faults: 0, revived: 0, broken: 0, first_slot: 0 };
}

/// A fault that its domain's handler is to hear of, and what a report says of it if it does not help.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// What it was.
    pub cause: Cause,
    /// The address that it concerns, where there is one.
    pub address: Option<u32>,
    /// What the hardware said.
    pub syndrome: Syndrome,
    /// The handler has ended, or does not help: the domain's `on_fault` is due.
    pub due: bool,
}

impl Fault {
    /// No fault yet.
    pub const NONE: Self =
        Self { cause: Cause::UnknownCall, address: None, syndrome: Syndrome::NONE, due: false };
}

/// What is known of a thread besides: the assembly sees none of it.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Aside {
    /// Its latest fault.
    pub fault: Fault,
    /// What it has left of its budget.
    pub account: Account,
}

impl Aside {
    /// Of a thread that has not started.
    pub const NONE: Self = Self { fault: Fault::NONE, account: Account::EMPTY };
}

/// A timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// When it fires next, in time-base ticks, if it is armed.
    pub deadline: Option<u64>,
    /// What passes between two deadlines, in ticks; 0 fires once.
    pub period: u64,
    /// While it is armed: the one with the next deadline.
    pub next: Option<u16>,
}

impl Timer {
    /// A timer that is not armed.
    pub const IDLE: Self = Self { deadline: None, period: 0, next: None };
}

/// All objects of a node, and what belongs to its core. The length of each slice is a power of two, at least that of
/// the table that describes it.
#[derive(Debug)]
pub struct State<'a> {
    /// The idle thread, then the others by number.
    pub threads: &'a mut [Thread],
    /// Domains.
    pub domains: &'a mut [Domain],
    /// Timers.
    pub timers: &'a mut [Timer],
    /// The other half of each thread.
    pub asides: &'a mut [Aside],
    /// For the slots of all domains: a server's life has ended, and the slot's owner was not told yet.
    pub broken: &'a mut [bool],
    /// Virtual CPUs.
    #[cfg(feature = "vm")]
    pub vcpus: &'a mut [crate::vcpu::Vcpu],
    /// What all virtual CPUs share.
    #[cfg(feature = "vm")]
    pub pool: &'a mut crate::vcpu::spaces::Pool,
    /// The state page of the virtual CPU that the kernel is shown.
    #[cfg(feature = "vm")]
    pub guest: &'a mut abi::vcpu::VcpuState,
    /// This core.
    pub core: &'a mut Core,
}
