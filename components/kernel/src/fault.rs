//! Faults: who hears of them, and what follows.
//!
//! A fault becomes a call to the domain's handler, as if the thread had made one: it queues by priority, the handler
//! runs at the thread's priority, and either's end ends it. The message is [`abi`]'s; the thread's registers
//! stay as they are. What a handler does not mend, and what has no handler, is *due*: a report is written and the
//! spec's `on_fault` followed. That happens at the end of the trap, one domain after the other, because the end
//! of one may make faults of another due: those that its threads were handling.

use crate::kernel::{FAULT_EXIT_CODE, Kernel};
use crate::list::ThreadId;
use crate::machine::Node;
use crate::objects::{Fault, Run};
use crate::tables::OnFault;
use abi::trace::Event;
use abi::{Badge, Cause, Counter, FAULT_OPERATION, FaultAnswer, Status, Tag};

impl<N: Node> Kernel<N> {
    /// The running thread has done what it may not: its handler is asked, or what the spec says follows.
    pub(crate) fn fault(&mut self, id: ThreadId, cause: Cause, address: Option<u32>) {
        self.record(Event::Fault, Some(id), cause as u32);
        self.note_fault(id, cause, address);
        if let Some(handler) = self.domain_of(id).handler {
            let server = ThreadId::new(handler.endpoint);
            if self.thread(server).run != Run::Stopped {
                self.thread(id).faulted = true;
                return self.call(id, server, handler.badge);
            }
        }
        self.leave_fault(id);
    }

    /// The same where it costs least: the current thread's handler waits, and goes on at once, at no less than
    /// the thread's priority. [`None`] where anything is otherwise; then nothing has happened.
    #[inline(always)]
    pub(crate) fn fault_at_once(&mut self, cause: Cause, address: Option<u32>) -> Option<ThreadId> {
        let id = self.core().current.filter(|_| cfg!(not(any(feature = "budget", feature = "trace"))))?;
        let handler = self.domain_of(id).handler?;
        let server = ThreadId::new(handler.endpoint);
        if self.thread(server).run != Run::Receiving || cause == Cause::FloatUnavailable {
            return None;
        }
        self.note_fault(id, cause, address);
        let thread = self.thread(id);
        (thread.faulted, thread.peer, thread.badge) = (true, Some(server), handler.badge);
        self.hand_over(id, server);
        self.run(server);
        Some(server)
    }

    /// Counts a fault, and keeps what is known of it.
    #[inline(always)]
    fn note_fault(&mut self, id: ThreadId, cause: Cause, address: Option<u32>) {
        let thread = self.thread(id);
        thread.count(Counter::Faults);
        let number = thread.domain;
        let faults = &mut self.domain(number).faults;
        *faults = faults.wrapping_add(1);
        let syndrome = self.core().syndrome;
        *self.fault_of(id) = Fault { cause, address, syndrome, due: false };
    }

    /// Gives the message of a thread's fault to the handler.
    #[inline(always)]
    pub(crate) fn deliver_fault(&mut self, id: ThreadId, handler: ThreadId, badge: Badge) {
        let Fault { cause, address, .. } = *self.fault_of(id);
        let pc = self.thread(id).context.pc;
        let words = [cause as u32, address.unwrap_or(0), pc, id.number().into(), 0, 0, 0, 0];
        self.thread(handler).context.deliver(Status::Ok, badge, Tag::new(FAULT_OPERATION, 4), words);
    }

    /// Does what the handler's reply says.
    pub(crate) fn answer_fault(&mut self, handler: ThreadId, id: ThreadId) {
        let context = &self.thread(handler).context;
        let [answer, pc, ..] = context.words();
        let resumes = answer == FaultAnswer::Resume as u32 && context.tag().outcome() == 0;
        if resumes && pc.is_multiple_of(4) {
            let thread = self.thread(id);
            thread.faulted = false;
            thread.context.pc = pc;
            self.make_ready_first(id);
        } else {
            self.leave_fault(id);
        }
    }

    /// Nobody will help the thread.
    pub(crate) fn leave_fault(&mut self, id: ThreadId) {
        self.thread(id).faulted = false;
        self.fault_of(id).due = true;
        self.core().faults_due = true;
    }

    /// Follows every fault that is due. Each round ends a life of the faulty thread's domain, and what it makes due
    /// are faults that were reported to that domain before, so there are no more rounds than threads.
    #[cold]
    pub(crate) fn settle_faults(&mut self) {
        while let Some(place) = self.state().asides.iter().position(|aside| aside.fault.due) {
            let id = ThreadId::new(place as u16 - 1);
            self.fault_of(id).due = false;
            self.follow_fault(id);
        }
        self.core().faults_due = false;
    }

    fn follow_fault(&mut self, id: ThreadId) {
        self.report_fault(id);
        let number = self.thread(id).domain;
        let on_fault = self.domain_of(id).on_fault;
        let domain = self.domain(number);
        match on_fault {
            OnFault::HaltNode => self.halt(FAULT_EXIT_CODE),
            OnFault::Restart { max } if domain.revived < max => {
                domain.revived += 1;
                self.restart_domain(number);
            }
            OnFault::Halt | OnFault::Restart { .. } => self.stop_domain(number),
        }
    }
}
