//! What a monitor asks for before its guest runs, and what comes before every entry.

use super::guest_tlb::GuestTlb;
use super::interrupts::{Interrupt, MSR};
use super::translate::Access;
use super::{Next, Run, Trap, VcpuMachine};
use abi::vcpu::{Exit, ExitReason, REQUEST_FLOATS, REQUEST_RESET, REQUEST_STEP};
use ppc440::msr;

impl<M: VcpuMachine> Run<'_, M> {
    /// Handles a trap of the guest. Of a program interrupt, [`Exit::instruction`] is the instruction.
    pub fn trap(&mut self, Trap { interrupt, esr, dear }: Trap) -> Next {
        let access = Access::data(esr & msr::ESR_ST != 0);
        match interrupt {
            Interrupt::DATA_STORAGE => self.storage(access, dear),
            Interrupt::INSTRUCTION_STORAGE => self.storage(Access::Fetch, self.state.pc),
            Interrupt::DATA_TLB_ERROR => self.miss(access, dear),
            Interrupt::INSTRUCTION_TLB_ERROR => self.miss(Access::Fetch, self.state.pc),
            Interrupt::PROGRAM => {
                let instruction = self.state.exit.instruction;
                if self.state.msr & msr::PR == 0 && self.execute(instruction) {
                    return self.finish(1);
                }
                self.exit(ExitReason::Instruction, Exit { instruction, detail: esr, ..Exit::default() })
            }
            // One instruction was completed, and the kernel had asked for that.
            Interrupt::DEBUG => self.finish(1),
            Interrupt::ALIGNMENT => {
                self.state.dear = dear;
                self.state.esr = esr & msr::ESR_ST;
                self.deliver(interrupt)
            }
            // A system call, or a unit that is not there or is switched off.
            _ => self.deliver(interrupt),
        }
    }

    /// What comes before the guest runs, for the first time or again: the monitor's requests, once, and the hardware PID.
    pub fn prepare(&mut self) -> Next {
        self.state.msr &= MSR;
        self.state.pc &= !3;
        self.state.pid &= 0xFF;
        let requests = self.state.requests;
        self.state.requests &= REQUEST_STEP;
        if requests & REQUEST_RESET != 0 {
            self.forget();
            let [words @ .., tid] = self.state.first_entry;
            for (word, value) in words.into_iter().enumerate() {
                self.vcpu.tlb.write(0, word, value, tid as u8);
            }
        }
        if requests & REQUEST_FLOATS != 0 {
            return self.exit(ExitReason::Signalled, Exit { floats: 1, ..Exit::default() });
        }
        self.select_context();
        Next::Enter
    }

    /// Forgets all translations: of a guest that is reset, and when the thread that runs the virtual CPU ends.
    pub fn forget(&mut self) {
        self.drop_all();
        let largest = self.table.ram.first().map_or(0, |ram| ram.bytes.ilog2().saturating_sub(10) / 2);
        self.vcpu.tlb = GuestTlb::new(largest);
    }

    /// Whether the guest runs for one instruction only: the caller has the processor trap after it.
    pub fn is_stepping(&self) -> bool {
        self.state.requests & REQUEST_STEP != 0
    }
}
