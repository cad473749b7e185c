//! Notifications, and what signals them: domains and interrupts.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::Run;
use abi::Status;
use abi::trace::Event;

impl<N: Node> Kernel<N> {
    /// Sets bits in a thread's notification, and ends its wait if it waits.
    pub(crate) fn signal(&mut self, id: ThreadId, bits: u32) {
        if self.notify(id, bits) {
            self.make_ready(id);
        }
    }

    /// The same for an interrupt, which hands the core to `woken` if nobody outranks it: the thread goes on no
    /// queue before that is known, unless it is the second.
    #[inline(always)]
    pub(crate) fn wake(&mut self, woken: &mut Option<ThreadId>, id: ThreadId, bits: u32) {
        if self.notify(id, bits)
            && let Some(earlier) = woken.replace(id)
        {
            self.make_ready(earlier);
        }
    }

    /// Sets bits; says whether that ended a wait, so that the thread could run.
    #[inline(always)]
    fn notify(&mut self, id: ThreadId, bits: u32) -> bool {
        self.record(Event::Signal, Some(id), bits);
        let thread = self.thread(id);
        let bits = thread.signals | bits;
        let status = match thread.run {
            Run::Waiting => Status::Ok,
            Run::Receiving => Status::Notified,
            _ => {
                thread.signals = bits;
                return false;
            }
        };
        thread.signals = 0;
        if bits != 0 {
            thread.context.answer_bits(status, bits);
        }
        bits != 0
    }

    /// The thread waits until a bit is set.
    pub(crate) fn wait(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        match thread.take_signals() {
            Some(bits) => thread.context.answer_bits(Status::Ok, bits),
            None => thread.run = Run::Waiting,
        }
    }

    /// The thread looks without waiting.
    pub(crate) fn poll(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        let bits = thread.take_signals().unwrap_or(0);
        thread.context.answer_bits(Status::Ok, bits);
    }

    /// Signals the owner of every line that asks for service. A line stays masked until it is
    /// acknowledged; one that nobody owns stays masked for good. Returns a thread that was woken and is on no
    /// queue.
    #[inline(always)]
    pub(crate) fn deliver_interrupts(&mut self) -> Option<ThreadId> {
        let mut woken = None;
        while let Some(line) = self.machine.pending_irq() {
            self.record_now(Event::Interrupt, line.into());
            self.machine.mask_irq(line);
            if let Some(irq) = self.tables().irqs.iter().find(|irq| irq.line == line) {
                self.wake(&mut woken, ThreadId::new(irq.notification), irq.bits);
            }
        }
        woken
    }
}
