//! The kernel's objects as they change: one array for each kind, sized by the spec.

use crate::budget::Account;
use crate::context::Context;
use crate::initial::initial;
use crate::kernel::Core;
use crate::list::{Links, List, THREAD_SHIFT, ThreadId};
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

initial! {
    /// A thread, with its endpoint if it serves one, and its notification.
    ///
    /// The assembly of `arch` addresses the fields by their names. Whatever it stores, it stores as the portable
    /// code would; the words that it only reads are set when the thread starts.
    #[repr(C, align(256))]
    pub struct Thread {
        /// Its registers. First, so that the address of a thread is the address of its registers.
        pub context: Context = Context::ZERO,
        /// What it is doing.
        pub run: Run = Run::Stopped,
        /// The thread that it has called: the one that owes the reply, or on whose queue it is.
        pub peer: Option<ThreadId> = None,
        /// The caller that it owes a reply: at most one, and always in [`Run::AwaitingReply`] of this thread.
        pub owes: Option<ThreadId> = None,
        /// The same debt, of a caller to whom the assembly must not reply: one that has faulted, or whose budget is
        /// used up. At most one of the two is set.
        pub handles: Option<ThreadId> = None,
        /// Its priority now: its own, or that of the highest whom it serves or who waits for it.
        pub priority: u32 = 0,
        /// The callers that wait on its endpoint, by priority, then by time.
        pub callers: List = List::EMPTY,
        /// Its neighbours on the ready queue or on the queue of an endpoint.
        pub links: Links = Links::NONE,
        /// The bits that are set in its notification.
        pub signals: u32 = 0,
        /// While it has called or faulted: the badge that goes with its message.
        pub badge: Badge = Badge(0),
        /// Its own priority.
        pub base: u8 = 0,
        /// It waits for its fault's handler, not for the reply to a call.
        pub faulted: bool = false,
        /// Its domain's number.
        pub domain: u16 = 0,
        /// What the hardware needs while it runs.
        pub fixed: Fixed = Fixed::INITIAL,
        /// Kernel entries, by [`Counter`].
        pub counters: [u32; COUNTERS] = [0; COUNTERS],
    }

    /// What the assembly reads of a thread and never writes.
    #[repr(C)]
    pub struct Fixed {
        /// Address of its domain's capabilities.
        pub caps: u32 = 0,
        /// How many there are.
        pub cap_count: u32 = 0,
        /// The slot by which it serves its endpoint, or one that no table has.
        pub serve_slot: u32 = u32::MAX,
        /// Address of its domain's map.
        pub map: u32 = 0,
        /// PID while it runs.
        pub pid: u32 = 0,
        /// MMUCR while it runs: the board's bits, and its PID as STID.
        pub mmucr: u32 = 0,
        /// MSR while it runs.
        pub msr: u32 = 0,
    }

    /// A domain.
    #[repr(align(32))]
    pub struct Domain {
        /// It has not stopped.
        pub running: bool = false,
        /// Which life it is in; it counts restarts.
        pub generation: u32 = 0,
        /// How many faults it had in all its lives.
        pub faults: u32 = 0,
        /// How often a fault has restarted it.
        pub revived: u32 = 0,
        /// How many of its slots are broken.
        pub broken: u32 = 0,
        /// Place of its slot 0 among the slots of all domains.
        pub first_slot: u32 = 0,
    }

    /// A fault that its domain's handler is to hear of, and what a report says of it if it does not help.
    pub struct Fault {
        /// What it was.
        pub cause: Cause = Cause::UnknownCall,
        /// The address that it concerns, where there is one.
        pub address: Option<u32> = None,
        /// What the hardware said.
        pub syndrome: Syndrome = Syndrome::INITIAL,
        /// The handler has ended, or does not help: the domain's `on_fault` is due.
        pub due: bool = false,
    }

    /// What the hardware said of an exception, beside the context.
    #[repr(C)]
    pub struct Syndrome {
        /// MSR at the exception.
        pub msr: u32 = 0,
        /// Exception syndrome register.
        pub esr: u32 = 0,
        /// Data exception address register.
        pub dear: u32 = 0,
    }

    /// What is known of a thread besides: the assembly sees none of it.
    #[repr(align(32))]
    pub struct Aside {
        /// Its latest fault.
        pub fault: Fault = Fault::INITIAL,
        /// What it has left of its budget.
        pub account: Account = Account::EMPTY,
    }

    /// A timer.
    pub struct Timer {
        /// When it fires next, in time-base ticks, if it is armed.
        pub deadline: Option<u64> = None,
        /// What passes between two deadlines, in ticks; 0 fires once.
        pub period: u64 = 0,
        /// While it is armed: the one with the next deadline.
        pub next: Option<u16> = None,
    }
}

impl Thread {
    /// Counts a kernel entry.
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

/// All objects of a node, and what belongs to its core. The length of each slice is a power of two, at least that of
/// the table that describes it.
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
