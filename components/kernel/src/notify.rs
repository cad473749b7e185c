//! Notifications, and what signals them: domains and interrupts.

use crate::context::FIRST_WORD;
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
        let ends = bits != 0 && matches!(thread.run, Run::Waiting | Run::Receiving);
        thread.signals = if ends { 0 } else { bits };
        match thread.run {
            _ if !ends => {}
            Run::Receiving => thread.context.answer_bits(Status::Notified, bits),
            // The rest of the answer stands since the wait began.
            _ => thread.context.gpr[FIRST_WORD] = bits,
        }
        if ends {
            // What comes before it is queued, in the same interrupt, adds to its signals.
            thread.run = Run::Ready;
        }
        ends
    }

    /// The thread takes the bits that are set, and without any waits if it `waits`.
    pub(crate) fn take_bits(&mut self, id: ThreadId, waits: bool) {
        let thread = self.thread(id);
        let bits = core::mem::take(&mut thread.signals);
        thread.context.answer_bits(Status::Ok, bits);
        if waits && bits == 0 {
            thread.run = Run::Waiting;
        }
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
