//! Synchronous call and reply.
//!
//! A message is the registers of two contexts; nothing else is read. A server owes at most one reply,
//! and the debt is kept with both threads, so that either's end settles it.
//!
//! # Donation
//!
//! A thread runs at the highest of its own priority and the priorities of those it works for: the caller that
//! it owes a reply, and every caller that waits on its endpoint. The rule is transitive: a server that has
//! itself called hands on what it was given. So no client waits for a server that a less important thread
//! keeps from running, and a call can switch to the server at once: it runs at no less than the caller had, and
//! the caller was the highest. Only where budgets are, a thread above both may have become ready at this very
//! entry, because its period has ended: then the server comes first among its equals, without having run.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Node;
use crate::objects::{Run, State, Thread};
use abi::trace::Event;
use abi::{Badge, Status};

impl<N: Node> Kernel<N> {
    /// `caller` calls `server`: the message goes there at once if it waits for one, else the caller queues
    /// until the server takes it.
    pub(crate) fn call(&mut self, caller: ThreadId, server: ThreadId, badge: Badge) {
        let run = self.thread(server).run;
        if run == Run::Stopped {
            return self.thread(caller).context.answer(Status::PeerGone);
        }
        self.record(Event::Call, Some(caller), server.number().into());
        let thread = self.thread(caller);
        (thread.badge, thread.peer) = (badge, Some(server));
        if run == Run::Receiving {
            self.hand_over(caller, server);
            let highest = self.core().ready.highest().filter(|_| cfg!(feature = "budget"));
            let outranked = highest.is_some_and(|highest| highest > self.thread(server).priority);
            if outranked { self.make_ready_first(server) } else { self.run(server) }
        } else {
            self.enqueue(caller, server);
            self.settle_priority(server);
            #[cfg(feature = "vm")]
            self.end_run_for_caller(server);
        }
    }

    /// `server` waits for a message or a notification. A reply that it still owes will never come: the
    /// caller learns it.
    pub(crate) fn receive(&mut self, server: ThreadId) {
        self.fail_debt(server);
        let thread = self.thread(server);
        let bits = core::mem::take(&mut thread.signals);
        if bits != 0 {
            thread.context.answer_bits(Status::Notified, bits);
        } else if let Some(caller) = thread.callers.first() {
            self.dequeue(caller, server);
            self.hand_over(caller, server);
        } else {
            thread.run = Run::Receiving;
            #[cfg(feature = "vm")]
            self.leave_receiving(server);
        }
        self.settle_priority(server);
    }

    /// `server` answers the caller that it owes a reply, if there still is one, and receives again.
    pub(crate) fn reply_receive(&mut self, server: ThreadId) {
        let thread = self.thread(server);
        if let Some(caller) = thread.owes.take().or(thread.handles.take()) {
            self.record(Event::Reply, Some(server), caller.number().into());
            self.thread(caller).peer = None;
            if self.thread(caller).faulted {
                self.answer_fault(server, caller);
            } else {
                self.transfer(server, caller, Badge(0));
                self.make_ready_first(caller);
            }
        }
        self.receive(server);
    }

    /// Gives the caller's message to the server, which owes the reply from now on.
    #[inline(always)]
    pub(crate) fn hand_over(&mut self, caller: ThreadId, server: ThreadId) {
        let from = self.thread(caller);
        from.run = Run::AwaitingReply;
        let (badge, priority, faulted) = (from.badge, from.priority, from.faulted);
        if faulted {
            self.deliver_fault(caller, server, badge);
        } else {
            self.transfer(caller, server, badge);
        }
        let aside = faulted || self.is_spent(caller);
        #[cfg(feature = "vm")]
        let aside = aside || self.vcpu_of(server).is_some();
        let to = self.thread(server);
        let debt = if aside { &mut to.handles } else { &mut to.owes };
        *debt = Some(caller);
        to.priority = to.priority.max(priority);
    }

    /// Copies a message from registers to registers.
    #[inline(always)]
    fn transfer(&mut self, from: ThreadId, to: ThreadId, badge: Badge) {
        let context = &self.thread(from).context;
        let (tag, words) = (context.tag(), context.words());
        self.thread(to).context.deliver(Status::Ok, badge, tag, words);
    }

    /// Ends a thread's part in every call: the peers of its calls learn that it is gone.
    pub(crate) fn leave_calls(&mut self, id: ThreadId) {
        self.fault_of(id).due = false;
        let thread = self.thread(id);
        thread.faulted = false;
        let run = thread.run;
        if let Some(server) = thread.peer.take() {
            match run {
                Run::Queued => self.dequeue(id, server),
                Run::AwaitingReply => {
                    let thread = self.thread(server);
                    (thread.owes, thread.handles) = (None, None);
                    let priority = thread.priority;
                    if thread.run == Run::Ready && self.is_spent(server) {
                        // From now on it works for itself, and has nothing left: it leaves the queue.
                        self.change_priority(server, priority);
                    }
                }
                _ => {}
            }
            self.settle_priority(server);
        }
        self.fail_debt(id);
        while let Some(caller) = self.thread(id).callers.first() {
            self.dequeue(caller, id);
            self.fail_caller(caller);
        }
    }

    /// Tells whoever waits for this thread's reply that none will come.
    fn fail_debt(&mut self, server: ThreadId) {
        let thread = self.thread(server);
        if let Some(caller) = thread.owes.take().or(thread.handles.take()) {
            self.fail_caller(caller);
        }
    }

    fn fail_caller(&mut self, caller: ThreadId) {
        let thread = self.thread(caller);
        let server = thread.peer.take();
        if thread.faulted {
            self.leave_fault(caller);
        } else {
            thread.context.answer(Status::PeerGone);
            self.make_ready(caller);
            if let Some(server) = server {
                self.tell(caller, server);
            }
        }
    }

    /// Puts a caller on a server's queue, behind those of its priority.
    fn enqueue(&mut self, caller: ThreadId, server: ThreadId) {
        let priority = self.thread(caller).priority;
        self.thread(caller).run = Run::Queued;
        let mut callers = self.thread(server).callers;
        let mut place = callers.first();
        while let Some(other) = place.filter(|other| self.thread(*other).priority >= priority) {
            place = self.thread(other).links.next;
        }
        callers.insert(self.state().threads, place, caller);
        self.thread(server).callers = callers;
    }

    fn dequeue(&mut self, caller: ThreadId, server: ThreadId) {
        let mut callers = self.thread(server).callers;
        callers.remove(self.state().threads, caller);
        self.thread(server).callers = callers;
    }

    /// Lends a thread what those it works for lend it, or takes back what nobody lends any more; then the same for
    /// whoever it waits for. All steps raise, or all lower, so they come to an end.
    fn settle_priority(&mut self, id: ThreadId) {
        let mut next = Some(id);
        while let Some(id) = next {
            let due = self.due_priority(id);
            if due == self.thread(id).priority {
                return;
            }
            self.change_priority(id, due);
            next = self.thread(id).peer;
        }
    }

    /// The priority that a thread has by itself and by those it works for.
    fn due_priority(&mut self, id: ThreadId) -> u32 {
        let Thread { base, owes, handles, callers, .. } = *self.thread(id);
        let lenders = [owes, handles, callers.first()].into_iter().flatten();
        lenders.fold(base.into(), |due, lender| due.max(self.thread(lender).priority))
    }

    /// Gives a thread another priority, and its place in the queue that it is on.
    fn change_priority(&mut self, id: ThreadId, priority: u32) {
        let old = core::mem::replace(&mut self.thread(id).priority, priority);
        match (self.thread(id).run, self.thread(id).peer) {
            (Run::Ready, _) => {
                let State { core, threads, .. } = self.state();
                core.ready.remove(threads, id, old);
                self.make_ready(id);
            }
            (Run::Queued, Some(server)) => {
                self.dequeue(id, server);
                self.enqueue(id, server);
            }
            _ => {}
        }
    }
}
