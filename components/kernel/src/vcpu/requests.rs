//! What a monitor asks for before its guest runs, and what comes before every entry.

use super::guest_tlb::GuestTlb;
use super::interrupts::{Interrupt, MSR};
use super::timers::Timers;
use super::translate::Access;
use super::{Next, Run, Trap, VcpuMachine};
use abi::vcpu::{
    Exit, ExitReason, REQUEST_FLOATS, REQUEST_INTERRUPT, REQUEST_RESET, REQUEST_STEP, VcpuCounter,
};
use ppc440::msr;

impl<M: VcpuMachine> Run<'_, M> {
    /// Handles a trap of the guest.
    pub fn trap(&mut self, Trap { interrupt, esr, dear, instruction }: Trap) -> Next {
        let access = Access::data(esr & msr::ESR_ST != 0);
        match interrupt {
            Interrupt::DATA_STORAGE => self.storage(access, dear),
            Interrupt::INSTRUCTION_STORAGE => self.storage(Access::Fetch, self.state.pc),
            Interrupt::PROGRAM => self.program(instruction, esr),
            Interrupt::DATA_TLB_ERROR => self.miss(access, dear),
            Interrupt::INSTRUCTION_TLB_ERROR => self.miss(Access::Fetch, self.state.pc),
            // One instruction was completed, and the kernel had asked for that.
            Interrupt::DEBUG => {
                self.note_step(self.steps_itself());
                self.finish()
            }
            Interrupt::ALIGNMENT => {
                self.state.dear = dear;
                self.state.esr = esr & msr::ESR_ST;
                self.deliver(interrupt)
            }
            // A system call, or a unit that is not there or is switched off.
            _ => self.deliver(interrupt),
        }
    }

    /// What comes before the guest runs, for the first time or again: the monitor's requests, timers that have come,
    /// interrupts by their priority, waiting, and the hardware PID.
    pub fn prepare(&mut self) -> Next {
        self.state.msr &= MSR;
        self.state.pc &= !3;
        self.state.pid &= 0xFF;
        if self.state.requests & !REQUEST_STEP != 0
            && let Some(next) = self.serve()
        {
            return next;
        }
        self.settle();
        if self.vcpu.timers.reset != 0 {
            let detail = self.vcpu.timers.reset >> 28;
            self.vcpu.timers.reset = 0;
            return self.exit(ExitReason::Reset, Exit { detail, ..Exit::default() });
        }
        if let Some(interrupt) = self.pending() {
            self.enter(interrupt);
        }
        if self.state.msr & msr::WE != 0 {
            self.state.count(VcpuCounter::Idle);
            return Next::Idle;
        }
        self.select_context();
        Next::Enter
    }

    /// Does what the monitor asks for, once.
    #[inline(never)]
    fn serve(&mut self) -> Option<Next> {
        let requests = self.state.requests;
        self.state.requests &= REQUEST_STEP;
        if requests & REQUEST_RESET != 0 {
            self.reset();
        }
        if requests & REQUEST_INTERRUPT != 0 {
            self.enter(Interrupt::from_number(self.state.interrupt));
        }
        (requests & REQUEST_FLOATS != 0)
            .then(|| self.exit(ExitReason::Signalled, Exit { floats: 1, ..Exit::default() }))
    }

    /// Forgets timers and translations. One entry is left, so that the guest's first instruction can be fetched.
    fn reset(&mut self) {
        self.vcpu.timers = Timers::after_reset(self.machine.now());
        self.forget_tlb();
        let [word0, word1, word2, tid] = self.state.first_entry;
        for (word, value) in [word0, word1, word2].into_iter().enumerate() {
            self.vcpu.tlb.write(0, word, value, tid as u8);
        }
    }

    /// The thread that runs the virtual CPU ends: no translation is left, and no timer runs.
    pub fn forget(&mut self) {
        self.forget_tlb();
        self.vcpu.timers = Timers::EMPTY;
    }

    fn forget_tlb(&mut self) {
        self.drop_all();
        let largest = self.table.ram.first().map_or(0, |ram| ram.bytes.ilog2().saturating_sub(10) / 2);
        self.vcpu.tlb = GuestTlb::new(largest);
    }

    /// When something happens by itself that the guest must learn of, as of the latest [`Run::prepare`].
    pub fn next_deadline(&self) -> Option<u64> {
        self.vcpu.timers.next_deadline()
    }

    /// Whether the guest runs for one instruction only: the caller has the processor trap after it.
    pub fn is_stepping(&self) -> bool {
        self.state.requests & REQUEST_STEP != 0 || self.steps_itself()
    }
}
