//! The instructions that the kernel's assembly does not know, and program interrupts.

use abi::vcpu::{Exit, ExitReason, OPTION_BREAKPOINTS, REQUEST_STEP, VcpuCounter, VcpuState};
use ppc440::msr;
use runtime::Timer;
use runtime::vm::{Translation, VirtualMachine};

use crate::interrupts::{self, Interrupt, Level, MSR};
use crate::{Next, Processor};

/// The unconditional trap, `tw 31, 0, 0`.
const TRAP: u32 = 0x7FE0_0008;

/// Opcodes, the registers aside.
const OPCODES: u32 = 0xFC00_07FE;
/// `mfdcr`.
const MFDCR: u32 = opcode(323);
/// `mtdcr`.
const MTDCR: u32 = opcode(451);

/// Word 2 of an entry: the supervisor may write.
const SUPERVISOR_WRITES: u32 = 2;

const fn opcode(extended: u32) -> u32 {
    31 << 26 | extended << 1
}

/// The registers that an instruction names, in the order of the word; numbers below 32.
const fn registers(word: u32) -> [usize; 3] {
    [(word >> 21 & 31) as usize, (word >> 16 & 31) as usize, (word >> 11 & 31) as usize]
}

/// The number of a special-purpose or device control register, whose halves stand the other way round.
const fn number(word: u32) -> u32 {
    word >> 6 & 0x3E0 | word >> 16 & 31
}

/// Whether an `mfspr` or `mtspr` names a register which user state may use, as the number tells.
const fn is_user_register(word: u32) -> bool {
    matches!((word >> 26, word >> 1 & 0x3FF), (31, 339 | 467)) && word & 1 << 20 == 0
}

/// The syndrome of an instruction that has trapped, where the kernel does not know it: its look at the words behind one
/// that ends a page may have missed. What is no trap, privileged or the floating-point unit's is illegal.
const fn syndrome(word: u32) -> u32 {
    match (word >> 26, word >> 1 & 0x3FF) {
        (3, _) | (31, 4) => msr::ESR_PTR,
        (59 | 63, _) => msr::ESR_FP,
        (31, 339 | 467) if is_user_register(word) => msr::ESR_PIL,
        (19, 38 | 50 | 51)
        | (
            31,
            83 | 131 | 146 | 163 | 323 | 339 | 451 | 454 | 467 | 470 | 486 | 566 | 914 | 946 | 966 | 978
            | 998,
        ) => msr::ESR_PPR,
        _ => msr::ESR_PIL,
    }
}

/// How the guest goes on after an instruction.
pub(crate) enum Flow {
    /// With the next one.
    On,
    /// Where the program counter points.
    Gone,
    /// With an interrupt that the instruction causes.
    Interrupt(Interrupt),
    /// The run ends; the program counter points at the instruction.
    Leave(Next),
}

impl Flow {
    /// The instruction is none, with this syndrome.
    pub(crate) fn illegal(state: &mut VcpuState, esr: u32) -> Self {
        state.esr = esr;
        Self::Interrupt(Interrupt::PROGRAM)
    }
}

impl<V: VirtualMachine, C: Timer> Processor<V, C> {
    /// Whether the run has ended for a device control register: then the exit says so.
    #[inline(always)]
    pub(crate) fn is_register(&mut self) -> bool {
        let state = self.vm.state();
        let word = state.exit.instruction;
        let reason = match word & OPCODES {
            MFDCR => ExitReason::DcrRead,
            MTDCR => ExitReason::DcrWrite,
            _ => return false,
        };
        if state.exit.reason != ExitReason::Instruction as u32 || state.msr & msr::PR != 0 {
            return false;
        }
        state.exit.reason = reason as u32;
        state.exit.physical = number(word);
        state.exit.detail = (reason == ExitReason::DcrWrite).into();
        self.count_exit(reason);
        true
    }

    /// Whether the run has ended for an access whose instruction is known.
    #[inline(always)]
    pub(crate) fn is_plain_access(&mut self) -> bool {
        let exit = &self.vm.state().exit;
        let is_plain = exit.reason == ExitReason::Access as u32 && exit.instruction != 0;
        if is_plain {
            self.count_exit(ExitReason::Access);
        }
        is_plain
    }

    /// Completes an instruction that the kernel did not.
    pub(crate) fn complete(&mut self, exit: Exit) -> Next {
        let instruction = match exit.instruction {
            0 => self.read_instruction(),
            word => Some(word),
        };
        self.has_news = true;
        // Without a translation for it, the guest learns that by itself.
        let Some(word) = instruction else { return Next::Run };
        let state = self.vm.state();
        state.count(VcpuCounter::ExitInstruction);
        if word == TRAP && state.options & OPTION_BREAKPOINTS != 0 {
            return self.exit(ExitReason::Breakpoint, Exit { instruction: word, ..Exit::default() });
        }
        let esr = if exit.detail == 0 { syndrome(word) } else { exit.detail };
        if esr & msr::ESR_PTR != 0 && interrupts::watches_traps(state) {
            return self.finish();
        }
        let steps = interrupts::steps_itself(state);
        let flow = self.program(word, esr);
        let state = self.vm.state();
        match flow {
            Flow::On => state.pc = state.pc.wrapping_add(4),
            Flow::Gone => {}
            Flow::Interrupt(interrupt) => {
                interrupts::enter(state, interrupt);
                return self.finish();
            }
            Flow::Leave(next) => return next,
        }
        if steps {
            interrupts::note_step(state);
        }
        self.finish()
    }

    /// One instruction is done, in whatever way.
    fn finish(&mut self) -> Next {
        let state = self.vm.state();
        if state.requests & REQUEST_STEP == 0 {
            return Next::Run;
        }
        state.requests &= !REQUEST_STEP;
        self.exit(ExitReason::Step, Exit::default())
    }

    fn program(&mut self, word: u32, esr: u32) -> Flow {
        let privileged = esr & msr::ESR_PPR != 0;
        let unknown = if privileged { msr::ESR_PIL } else { esr };
        if self.vm.state().msr & msr::PR != 0 {
            // A number of user state that traps names no register, which QEMU reports otherwise.
            let esr = if is_user_register(word) { unknown } else { esr };
            return Flow::illegal(self.vm.state(), esr);
        }
        match self.execute(word) {
            Some(flow) => flow,
            None => Flow::illegal(self.vm.state(), unknown),
        }
    }

    /// Executes a privileged instruction; none, and nothing is done, if it is another one.
    fn execute(&mut self, word: u32) -> Option<Flow> {
        let [target, first, second] = registers(word);
        let state = self.vm.state();
        let counter = match (word >> 26, word >> 1 & 0x3FF) {
            (19, code @ (38 | 50 | 51)) => {
                interrupts::return_from(
                    state,
                    match code {
                        38 => Level::MachineCheck,
                        50 => Level::Normal,
                        _ => Level::Critical,
                    },
                );
                return Some(Flow::Gone);
            }
            (31, 83) => {
                state.gpr[target] = state.msr & MSR;
                VcpuCounter::Msr
            }
            // `wrtee`; `mtmsr`; `wrteei`, whose operand stands where MSR[EE] does.
            (31, 131) => set_external(state, state.gpr[target]),
            (31, 146) => {
                state.msr = state.gpr[target] & MSR;
                VcpuCounter::Msr
            }
            (31, 163) => set_external(state, word),
            (31, 323) => return Some(Flow::Leave(self.exit_register(ExitReason::DcrRead, word))),
            (31, 451) => return Some(Flow::Leave(self.exit_register(ExitReason::DcrWrite, word))),
            (31, 339) => return self.move_from(target, number(word)),
            (31, 467) => {
                let value = state.gpr[target];
                return self.write_register(number(word), value);
            }
            // `dcbi`
            (31, 470) => {
                let base = if first == 0 { 0 } else { state.gpr[first] };
                let address = base.wrapping_add(state.gpr[second]);
                state.count(VcpuCounter::Cache);
                return Some(self.may_store(address));
            }
            // `dcread`
            (31, 486) => {
                state.gpr[target] = 0;
                VcpuCounter::Cache
            }
            // `dccci`, `tlbsync`, `iccci`, `icread`: nothing that a guest could see.
            (31, 454 | 566 | 966 | 998) => VcpuCounter::Cache,
            _ => return None,
        };
        self.vm.state().count(counter);
        Some(Flow::On)
    }

    fn exit_register(&mut self, reason: ExitReason, instruction: u32) -> Next {
        let detail = (reason == ExitReason::DcrWrite).into();
        let exit = Exit { instruction, physical: number(instruction), detail, ..Exit::default() };
        self.exit(reason, exit)
    }

    /// Moves from a special-purpose register, if there is one of the number.
    fn move_from(&mut self, target: usize, spr: u32) -> Option<Flow> {
        let value = self.read_register(spr)?;
        self.vm.state().gpr[target] = value;
        Some(Flow::On)
    }

    /// Asks for the supervisor's right to write to an address.
    fn may_store(&mut self, address: u32) -> Flow {
        let translation = self.vm.translate(address);
        let interrupt = match translation {
            None => Interrupt::DATA_TLB_ERROR,
            Some(Translation { rights, .. }) if rights & SUPERVISOR_WRITES == 0 => Interrupt::DATA_STORAGE,
            Some(_) => return Flow::On,
        };
        let state = self.vm.state();
        (state.dear, state.esr) = (address, msr::ESR_ST);
        Flow::Interrupt(interrupt)
    }
}

fn set_external(state: &mut VcpuState, value: u32) -> VcpuCounter {
    state.msr = (state.msr & !msr::EE | value & msr::EE) & MSR;
    VcpuCounter::Msr
}
