//! Floating-point registers: they belong to one thread at a time, and change hands when another uses them.
//!
//! A thread runs with MSR\[FP\] only while it owns them, so nobody sees another's. `docs/design/floating-point.md` has what
//! this costs, and what moving them at every switch would.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use abi::Counter;
use ppc440::msr;

impl<N: Node> Kernel<N> {
    /// The floating-point registers become the thread's.
    #[inline(always)]
    pub(crate) fn load_float(&mut self, id: ThreadId) {
        let before = self.core().float_owner.replace(id).filter(|before| *before != id);
        self.machine.switch_float(before, id);
        if let Some(before) = before {
            self.thread(before).fixed.msr &= !msr::FP;
        }
        let thread = self.thread(id);
        thread.fixed.msr |= msr::FP;
        thread.count(Counter::FloatLoads);
    }

    /// A thread starts, perhaps afresh: nothing of its earlier life is in its floating-point registers.
    pub(crate) fn forget_float(&mut self, id: ThreadId) {
        self.machine.clear_float(id);
        // The registers need not be saved any more, and nobody sees them: whoever uses them next loads its own.
        self.core().float_owner.take_if(|owner| *owner == id);
        self.thread(id).fixed.msr &= !msr::FP;
    }
}
