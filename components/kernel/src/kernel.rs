//! One core's kernel: what a trap does to the objects, and who runs next.
//!
//! Nothing here touches hardware except through [`Machine`], nothing allocates, and no loop runs longer
//! than a table is long. A domain's mistake ends in `Kernel::fault`; there is no other way out of a
//! system call that user code can take.

use crate::budget::Meter;
use crate::checked::{at, object};
use crate::initial::initial;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{Domain, Fault, Run, State, Syndrome, Thread};
use crate::ready::Ready;
use crate::report;
use crate::tables::{self, Tables};
use crate::timers::TIMER_REST;
use crate::tlb::Tlb;
use crate::trace::Ring;
use abi::trace::Event;
use abi::{Cause, Counter};

/// The exit code of a node that a fault in an `on_fault: HaltNode` domain ends.
pub const FAULT_EXIT_CODE: u32 = 70;

/// The exit code of a node whose kernel has met an error of its own or of the machine.
pub const FATAL_EXIT_CODE: u32 = 71;

initial! {
    /// What belongs to one core alone.
    pub struct Core {
        /// Threads that could run.
        pub ready: Ready = Ready::EMPTY,
        /// The thread that runs; the core idles with none.
        pub current: Option<ThreadId> = None,
        /// What the TLB holds.
        pub tlb: Tlb = Tlb::new(1),
        /// The timer with the next deadline.
        pub first_timer: Option<u16> = None,
        /// Whose floating-point registers are loaded.
        pub float_owner: Option<ThreadId> = None,
        /// The node's run has ended.
        pub halted: bool = false,
        /// What the hardware said of the latest exception.
        pub syndrome: Syndrome = Syndrome::INITIAL,
        /// A thread's [fault](crate::objects::Fault) is due.
        pub faults_due: bool = false,
        /// Whose time passes.
        pub meter: Meter = Meter::INITIAL,
        /// The virtual CPU whose state page is mapped.
        #[cfg(feature = "vm")]
        pub vcpu: u16 = 0,
        /// The thread that ran it last and may run it again without a look at it.
        #[cfg(feature = "vm")]
        pub run_thread: Option<ThreadId> = None,
        /// The slot by which it may.
        #[cfg(feature = "vm")]
        pub run_slot: u32 = 0,
        /// How far the trace has come.
        pub trace: Ring = Ring::INITIAL,
    }
}

/// The kernel on one core, for the length of one trap.
pub struct Kernel<N: Node> {
    /// What it works on.
    pub node: N,
    /// The hardware.
    pub machine: N::Machine,
}

impl<N: Node> Kernel<N> {
    /// What the spec decided.
    pub fn tables(&self) -> &'static Tables {
        self.node.tables()
    }

    /// The objects and the core.
    #[inline(always)]
    pub fn state(&mut self) -> State<'_> {
        self.node.state()
    }

    /// The core.
    pub fn core(&mut self) -> &mut Core {
        self.node.state().core
    }

    /// Handles an exception of the current thread. `address` is the one that it concerns, where there is one. A miss
    /// that the map answers is answered by assembly, and counted there.
    #[inline(always)]
    pub fn exception(&mut self, cause: Cause, address: Option<u32>) -> Option<ThreadId> {
        self.fault_at_once(cause, address).or_else(|| self.exception_in_full(cause, address))
    }

    #[inline(never)]
    fn exception_in_full(&mut self, cause: Cause, address: Option<u32>) -> Option<ThreadId> {
        self.charge();
        self.on_current(|kernel, thread| match cause {
            Cause::FloatUnavailable if kernel.domain_of(thread).float => kernel.load_float(thread),
            _ => kernel.fault(thread, cause, address),
        });
        self.choose()
    }

    /// Handles a system call of the current thread.
    #[inline(always)]
    pub fn called(&mut self) -> Option<ThreadId> {
        self.charge();
        self.on_current(|kernel, thread| {
            kernel.thread(thread).count(Counter::Calls);
            kernel.system_call(thread);
        });
        self.choose()
    }

    /// Handles a device interrupt, which entry code has counted. This and [`timer`](Self::timer) are laid out in one
    /// piece: how soon a driver runs is worth some text.
    #[inline(always)]
    pub fn interrupt(&mut self) -> Option<ThreadId> {
        self.charge();
        let woken = self.deliver_interrupts();
        self.choose_woken(woken)
    }

    /// Handles the decrementer's interrupt, which entry code has counted.
    #[inline(always)]
    pub fn timer(&mut self) -> Option<ThreadId> {
        self.charge();
        let woken = self.expire_timers(TIMER_REST);
        self.choose_woken(woken)
    }

    #[inline(always)]
    fn on_current(&mut self, action: impl FnOnce(&mut Self, ThreadId)) {
        if let Some(thread) = self.core().current {
            action(self, thread);
            if self.core().faults_due {
                self.settle_faults();
            }
        }
    }

    /// Ends the node's run.
    pub(crate) fn halt(&mut self, code: u32) {
        report::halting(&mut self.machine, code);
        self.core().halted = true;
        self.machine.halt();
    }

    /// Chooses the thread that runs next, after an interrupt that has woken one: that one, at once, if it
    /// outranks all others.
    #[inline(always)]
    fn choose_woken(&mut self, woken: Option<ThreadId>) -> Option<ThreadId> {
        let Some(id) = woken else { return self.choose() };
        if !self.outranks_all(id) {
            self.make_ready(id);
            return self.choose();
        }
        if let Some(current) = self.core().current {
            self.preempt(current);
        }
        self.run(id);
        woken
    }

    /// Lets a thread run that is on no queue. Nobody outranks it, and the one that ran does not go on.
    #[inline(always)]
    pub(crate) fn run(&mut self, id: ThreadId) {
        self.thread(id).run = Run::Running;
        self.core().current = Some(id);
        self.record(Event::Switch, Some(id), 0);
    }

    /// The thread could go on, and does not. It keeps its turn among its equals.
    #[inline(always)]
    fn preempt(&mut self, id: ThreadId) {
        self.thread(id).count(Counter::Preemptions);
        self.queue(id, true);
    }

    /// Whether a thread that is on no queue has a higher priority than whatever could run. Budgets have a say
    /// in every switch, so with them the answer is no.
    #[inline(always)]
    fn outranks_all(&mut self, id: ThreadId) -> bool {
        let priority = self.thread(id).priority;
        let ready = self.core().ready.highest().is_none_or(|highest| highest < priority);
        let current = self.core().current.is_none_or(|current| {
            let thread = self.thread(current);
            thread.run == Run::Running && thread.priority < priority
        });
        ready && current && !cfg!(feature = "budget")
    }

    /// Chooses the thread that runs next.
    #[inline(never)]
    pub fn choose(&mut self) -> Option<ThreadId> {
        if self.core().halted {
            return None;
        }
        if let Some(current) = self.core().current {
            self.park_current(current);
            let Thread { run, priority, .. } = *self.thread(current);
            if run == Run::Running {
                if self.core().ready.highest().is_none_or(|highest| highest <= priority) {
                    self.open_account();
                    return Some(current);
                }
                self.preempt(current);
            }
        }
        let State { core, threads, .. } = self.state();
        let next = core.ready.take_highest(threads);
        core.current = next;
        if let Some(next) = next {
            self.thread(next).run = Run::Running;
        }
        self.record(Event::Switch, next, 0);
        self.open_account();
        next
    }

    /// Lets a thread that waits for nothing any more run when its turn comes.
    #[inline(never)]
    pub(crate) fn make_ready(&mut self, id: ThreadId) {
        if !self.park(id) {
            self.queue(id, false);
        }
    }

    /// The same, before its equals: it goes on with what the running thread did for it, or the other way round.
    pub(crate) fn make_ready_first(&mut self, id: ThreadId) {
        if !self.park(id) {
            self.queue(id, true);
        }
    }

    #[inline(always)]
    fn queue(&mut self, id: ThreadId, first: bool) {
        let thread = self.thread(id);
        thread.run = Run::Ready;
        let priority = thread.priority;
        let State { core, threads, .. } = self.state();
        core.ready.add(threads, id, priority, first);
    }

    pub(crate) fn thread(&mut self, id: ThreadId) -> &mut Thread {
        id.of(self.state().threads)
    }

    /// The latest fault of a thread.
    pub(crate) fn fault_of(&mut self, id: ThreadId) -> &mut Fault {
        &mut object(self.state().asides, id.place()).fault
    }

    /// A domain by its number, as it changes.
    pub(crate) fn domain(&mut self, number: u16) -> &mut Domain {
        object(self.state().domains, number)
    }

    /// What the spec says of a thread's domain.
    #[inline(always)]
    pub(crate) fn domain_of(&mut self, id: ThreadId) -> &'static tables::Domain {
        let number = self.thread(id).domain;
        at(self.tables().domains, number)
    }
}
