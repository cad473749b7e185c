//! What privileged instructions do, one after the other.
//!
//! One trap executes a run of adjacent privileged instructions, as long as they lie in the page of the first and nothing
//! is pending. The loop by which Linux invalidates its TLB is completed at once: registers, CR and program counter
//! are then what they would be.

use super::guest_tlb::SPACE;
use super::instruction::{Parts, TRAP, flush_loop_limit, is_user_register};
use super::interrupts::{Interrupt, Level, MSR};
use super::{Next, Run, VcpuMachine};
use abi::vcpu::{Exit, ExitReason, OPTION_BREAKPOINTS, VcpuCounter};
use ppc440::msr;

/// The longest run.
const RUN: usize = 32;
/// The most turns of a flush loop in one trap: one for each entry.
const TURNS: usize = 64;
/// What the program counter and its page differ in.
const PAGE: u32 = 0xFFF;

/// How the guest goes on after an instruction.
pub(super) enum Flow {
    /// With the next one.
    On,
    /// With the next one, which may be translated differently.
    Stop,
    /// Where the program counter points.
    Gone,
    /// As this says; the program counter points at the instruction or at a handler.
    Leave(Next),
}

impl<M: VcpuMachine> Run<'_, M> {
    /// Handles a program interrupt.
    pub(super) fn program(&mut self, word: u32, esr: u32) -> Next {
        if word == TRAP && self.state.options & OPTION_BREAKPOINTS != 0 {
            return self.exit(ExitReason::Breakpoint, Exit { instruction: word, ..Exit::default() });
        }
        if esr & msr::ESR_PTR != 0 && self.watches_traps() {
            return self.finish();
        }
        let privileged = esr & msr::ESR_PPR != 0;
        if self.state.msr & msr::PR != 0 {
            // A number of user state that traps names no register, which QEMU reports otherwise.
            let unknown = privileged && is_user_register(word);
            return self.illegal(if unknown { msr::ESR_PIL } else { esr });
        }
        let steps = self.steps_itself();
        match self.execute(word) {
            Some(flow) => self.run(flow, steps),
            None => self.illegal(if privileged { msr::ESR_PIL } else { esr }),
        }
    }

    fn illegal(&mut self, esr: u32) -> Next {
        self.state.esr = esr;
        self.deliver(Interrupt::PROGRAM)
    }

    /// Executes the privileged instructions that follow one, or none if the guest steps.
    fn run(&mut self, first: Flow, steps: bool) -> Next {
        let page = self.state.pc & !PAGE;
        let mut flow = first;
        for _ in 0..RUN {
            let stop = match flow {
                Flow::On => false,
                Flow::Stop => true,
                Flow::Gone => break,
                Flow::Leave(next) => return next,
            };
            self.state.pc = self.state.pc.wrapping_add(4);
            if stop || self.is_stepping() || self.state.pc & !PAGE != page {
                break;
            }
            let Some(word) = self.machine.fetch(self.vcpu.hardware_pid, self.state.pc) else { break };
            // Most are told from privileged ones at once; what waits is then looked at once, on the way out.
            if !matches!(word >> 26, 19 | 31) {
                break;
            }
            self.settle();
            if self.pending().is_some() || self.state.msr & msr::WE != 0 || self.vcpu.timers.reset != 0 {
                break;
            }
            let Some(next) = self.execute(word) else { break };
            self.state.count(VcpuCounter::Adjacent);
            flow = next;
        }
        self.note_step(steps);
        self.finish()
    }

    fn gpr(&self, register: u32) -> u32 {
        self.state.gpr[register as usize & 31]
    }

    fn set_gpr(&mut self, register: u32, value: u32) {
        self.state.gpr[register as usize & 31] = value;
    }

    /// The sum of two registers, of which the first may be none.
    fn address(&self, first: u32, second: u32) -> u32 {
        let base = if first == 0 { 0 } else { self.gpr(first) };
        base.wrapping_add(self.gpr(second))
    }

    fn set_msr(&mut self, value: u32) -> Flow {
        let changed = self.state.msr ^ value;
        self.state.msr = value & MSR;
        self.state.count(VcpuCounter::Msr);
        if changed & (msr::PR | msr::IS | msr::DS) != 0 { Flow::Stop } else { Flow::On }
    }

    /// Executes a privileged instruction; none, and nothing is done, if it is another one.
    fn execute(&mut self, word: u32) -> Option<Flow> {
        let Parts { opcode, registers: [target, first, second], number } = Parts::of(word);
        let counter = match opcode {
            (19, 38) => return Some(self.return_from(Level::MachineCheck)),
            (19, 50) => return Some(self.return_from(Level::Normal)),
            (19, 51) => return Some(self.return_from(Level::Critical)),
            (31, 83) => {
                self.set_gpr(target, self.state.msr & MSR);
                VcpuCounter::Msr
            }
            // `wrtee`; `mtmsr`; `wrteei`, whose operand stands where MSR[EE] does.
            (31, 131) => return Some(self.set_external(self.gpr(target))),
            (31, 146) => return Some(self.set_msr(self.gpr(target))),
            (31, 163) => return Some(self.set_external(word)),
            (31, 323) => return Some(self.exit_dcr(ExitReason::DcrRead, word, number)),
            (31, 451) => return Some(self.exit_dcr(ExitReason::DcrWrite, word, number)),
            (31, 339) => {
                return Some(match self.read_spr(number) {
                    Some(value) => {
                        self.set_gpr(target, value);
                        Flow::On
                    }
                    None => Flow::Leave(self.illegal(msr::ESR_PIL)),
                });
            }
            (31, 467) => {
                let flow = self.write_spr(number, self.gpr(target));
                return Some(flow.unwrap_or_else(|| Flow::Leave(self.illegal(msr::ESR_PIL))));
            }
            // `dcbi`
            (31, 470) => {
                if let Err(next) = self.may_store(self.address(first, second)) {
                    self.state.count(VcpuCounter::Cache);
                    return Some(Flow::Leave(next));
                }
                VcpuCounter::Cache
            }
            // `dcread`
            (31, 486) => {
                self.set_gpr(target, 0);
                VcpuCounter::Cache
            }
            // `iccci`
            (31, 966) => {
                self.machine.invalidate_instructions();
                VcpuCounter::Cache
            }
            // `dccci`, `tlbsync`, `icread`: nothing that a guest could see.
            (31, 454 | 566 | 998) => VcpuCounter::Cache,
            (31, 914) => {
                self.search_tlb(target, self.address(first, second), word & 1 != 0);
                VcpuCounter::TlbRead
            }
            (31, 946) if second < 3 => {
                self.read_tlb(target, self.gpr(first), second);
                VcpuCounter::TlbRead
            }
            (31, 978) if second < 3 => {
                self.state.count(VcpuCounter::TlbWrite);
                let limit = if target == first && second == 0 { self.find_flush_loop(target) } else { None };
                return Some(match limit {
                    Some(limit) => self.flush_loop(target, limit),
                    None => {
                        self.write_tlb(self.gpr(first), second, self.gpr(target));
                        Flow::On
                    }
                });
            }
            _ => return None,
        };
        self.state.count(counter);
        Some(Flow::On)
    }

    fn set_external(&mut self, value: u32) -> Flow {
        self.set_msr(self.state.msr & !msr::EE | value & msr::EE)
    }

    fn exit_dcr(&mut self, reason: ExitReason, instruction: u32, physical: u32) -> Flow {
        let detail = (reason == ExitReason::DcrWrite).into();
        Flow::Leave(self.exit(reason, Exit { instruction, physical, detail, ..Exit::default() }))
    }

    pub(super) fn write_tlb(&mut self, index: u32, word: u32, value: u32) {
        if self.vcpu.tlb.write(index as usize, word as usize, value, self.state.mmucr as u8) {
            self.drop_aliases(index as usize);
        }
    }

    fn read_tlb(&mut self, target: u32, index: u32, word: u32) {
        let entry = self.vcpu.tlb.entry(index as usize);
        let value = entry.words().get(word as usize).copied().unwrap_or(0);
        if word == 0 {
            self.state.mmucr = self.state.mmucr & !0xFF | entry.tid();
        }
        self.set_gpr(target, value);
    }

    /// `tlbsx`: without an entry the target, which the manual leaves undefined, stays as it is.
    fn search_tlb(&mut self, target: u32, address: u32, record: bool) {
        let space = self.state.mmucr & SPACE << 8 != 0;
        let found = self.vcpu.tlb.find(address, space, self.state.mmucr as u8);
        if let Some(index) = found {
            self.set_gpr(target, index as u32);
        }
        if record {
            self.set_condition(if found.is_some() { 2 } else { 0 });
        }
    }

    /// Sets the first field of CR: less, greater, equal, and the overflow of XER.
    fn set_condition(&mut self, bits: u32) {
        self.state.cr = self.state.cr & 0x0FFF_FFFF | (bits | self.state.xer >> 31) << 28;
    }

    /// The register that limits the flush loop of which this is the head.
    fn find_flush_loop(&mut self, source: u32) -> Option<u32> {
        let pc = self.state.pc;
        if self.is_stepping() || pc & PAGE > PAGE - 15 {
            return None;
        }
        let mut words = [0; 3];
        for (word, offset) in words.iter_mut().zip([4, 8, 12]) {
            *word = self.machine.fetch(self.vcpu.hardware_pid, pc.wrapping_add(offset))?;
        }
        flush_loop_limit(source, words)
    }

    /// Executes a flush loop, up to its end, to the entry that holds its own instructions, or to as many turns as there
    /// are entries: from there the guest goes on by itself.
    fn flush_loop(&mut self, source: u32, limit: u32) -> Flow {
        // The short cut takes two: it is tried again.
        if self.provide_pids(2) {
            return Flow::Gone;
        }
        self.state.count(VcpuCounter::FlushLoop);
        let head = self.state.pc;
        let context = self.context();
        let own = self.vcpu.tlb.find(head, context.fetch, context.pid);
        for _ in 0..TURNS {
            let index = self.gpr(source);
            self.write_tlb(index, 0, index);
            if own == Some(index as usize & 63) {
                self.state.pc = head.wrapping_add(4);
                return Flow::Gone;
            }
            self.set_gpr(source, index.wrapping_add(1));
            let (value, limit) = (self.gpr(source) as i32, self.gpr(limit) as i32);
            self.set_condition(match value.cmp(&limit) {
                core::cmp::Ordering::Less => 8,
                core::cmp::Ordering::Greater => 4,
                core::cmp::Ordering::Equal => 2,
            });
            if value > limit {
                // On to what follows the branch.
                self.state.pc = head.wrapping_add(12);
                return Flow::On;
            }
        }
        Flow::Gone
    }
}
