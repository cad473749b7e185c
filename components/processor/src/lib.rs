//! What a virtual CPU does rarely, in the monitor: instructions that the kernel does not know, special-purpose registers,
//! timers, interrupts that come from outside, waiting.
//!
//! The kernel runs the guest, keeps its TLB, and does in assembly what a guest does most. Everything else ends the run:
//! an exit costs less than a path through the kernel would, and nobody needs to trust what completes it. [`Processor`]
//! stands between the kernel's virtual machine and the monitor, and looks like a machine whose kernel does it all:
//!
//! ```text
//!   monitor ── run() ──▶ Processor ── run() ──▶ the kernel's virtual CPU
//!                           │ ▲
//!                           ▼ │ Instruction: completed here, and on
//!                     registers, timers, interrupts
//! ```
//!
//! It follows the PPC440 user's manual. [`VcpuState`] is all that it shares with the kernel, which masks what it uses:
//! nothing here can harm more than the guest.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod instruction;
mod interrupts;
mod prepare;
mod registers;
pub mod timers;

use abi::vcpu::{Exit, ExitReason, REQUEST_STEP, VcpuCounter, VcpuState};
use abi::{Badge, Words};
use ppc440::msr;
use runtime::vm::{GuestMemory, Translation, VirtualMachine, VmSpec};
use runtime::{Bits, Message, Timer, WireError};
use timers::Timers;

pub use interrupts::Interrupt;

/// A virtual machine whose virtual CPU is a whole 440.
#[derive(Debug)]
pub struct Processor<V, C> {
    vm: V,
    clock: C,
    timers: Timers,
    /// When the clock fires.
    armed: u64,
    /// Something has happened that a run must not begin without a look at.
    has_news: bool,
}

/// What comes after an instruction, or before a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The guest goes on.
    Run,
    /// The run ends with these bits, or, without any, for what [`VcpuState::exit`] says.
    End(Bits),
}

impl<V: VirtualMachine, C: Timer> Processor<V, C> {
    /// The machine, and a timer that nobody else has, for the guest's timers.
    pub const fn new(vm: V, clock: C) -> Self {
        Self { vm, clock, timers: Timers::EMPTY, armed: 0, has_news: true }
    }

    /// The machine itself.
    pub const fn inner(&mut self) -> &mut V {
        &mut self.vm
    }

    /// Whether a run must not begin without [`prepare`](Self::prepare).
    #[inline(always)]
    fn has_to_look(&mut self) -> bool {
        let state = self.vm.state();
        let changed = state.tcr ^ self.timers.tcr | state.tsr ^ self.timers.tsr;
        let waits = state.requests | state.lines | state.waits | state.msr & (msr::WE | msr::DE);
        self.has_news || changed | waits != 0
    }

    /// Ends the run with a reason.
    fn exit(&mut self, reason: ExitReason, exit: Exit) -> Next {
        self.vm.state().exit = Exit { reason: reason as u32, ..exit };
        self.count_exit(reason)
    }

    #[inline(always)]
    fn count_exit(&mut self, reason: ExitReason) -> Next {
        self.vm.state().count(match reason {
            ExitReason::DcrRead | ExitReason::DcrWrite => VcpuCounter::ExitDcr,
            ExitReason::Access => VcpuCounter::ExitAccess,
            ExitReason::Signalled => VcpuCounter::ExitSignal,
            _ => VcpuCounter::ExitOther,
        });
        Next::End(Bits::NONE)
    }

    /// Bits have ended a run or a wait. The clock's are nobody else's.
    fn look_at(&mut self, bits: Bits) -> Next {
        self.has_news |= bits.intersects(self.clock.bits());
        let others = bits.without(self.clock.bits());
        if others.is_empty() {
            return Next::Run;
        }
        self.exit(ExitReason::Signalled, Exit::default());
        Next::End(others)
    }

    /// What follows a run that has ended; one of the guest's own steps, if it `steps`.
    #[inline(never)]
    fn follow(&mut self, steps: bool) -> Next {
        let state = self.vm.state();
        let exit = state.exit;
        match ExitReason::from_number(exit.reason) {
            Some(ExitReason::Instruction) => self.complete(exit),
            Some(ExitReason::Step) => {
                if exit.detail != 0 && interrupts::steps_itself(state) {
                    interrupts::note_step(state);
                }
                self.has_news = true;
                if steps { Next::Run } else { self.count_exit(ExitReason::Step) }
            }
            Some(reason) => {
                if reason == ExitReason::Access && exit.instruction == 0 {
                    let instruction = self.read_instruction().unwrap_or(0);
                    self.vm.state().exit.instruction = instruction;
                }
                self.count_exit(reason)
            }
            None => Next::End(Bits::NONE),
        }
    }

    /// The word at the program counter, if the guest's TLB leads there.
    fn read_instruction(&mut self) -> Option<u32> {
        let state = self.vm.state();
        let (pc, machine_state) = (state.pc, state.msr);
        // Data are looked for where instructions are.
        state.msr = machine_state & !msr::DS | (machine_state & msr::IS) >> 1;
        let translation = self.vm.translate(pc);
        self.vm.state().msr = machine_state;
        self.vm.memory().read_u32(translation?.physical).ok()
    }
}

impl<V: VirtualMachine, C: Timer> VirtualMachine for Processor<V, C> {
    type Memory = V::Memory;

    #[inline]
    fn state(&mut self) -> &mut VcpuState {
        self.vm.state()
    }

    #[inline(always)]
    fn run(&mut self) -> Bits {
        loop {
            let mut steps = false;
            if self.has_to_look() {
                match self.prepare() {
                    Next::Run => steps = self.step(),
                    Next::End(bits) => return bits,
                }
            }
            let bits = self.vm.run();
            if steps {
                self.vm.state().requests &= !REQUEST_STEP;
            }
            let next = if !bits.is_empty() {
                self.look_at(bits)
            } else if self.is_register() || self.is_plain_access() {
                return bits;
            } else {
                self.follow(steps)
            };
            match next {
                Next::Run => {}
                Next::End(bits) => return bits,
            }
        }
    }

    fn wait(&mut self) -> Bits {
        loop {
            let bits = self.vm.wait();
            self.has_news |= bits.intersects(self.clock.bits());
            let others = bits.without(self.clock.bits());
            if !others.is_empty() {
                return others;
            }
        }
    }

    fn defer(&mut self, bits: Bits) {
        self.vm.defer(bits);
    }

    fn calls(&self) -> Bits {
        self.vm.calls()
    }

    fn serve(&mut self, answer: impl FnMut(Badge, u16, &Words) -> Result<Message, WireError>) {
        self.vm.serve(answer);
    }

    #[inline]
    fn translate(&mut self, effective: u32) -> Option<Translation> {
        self.vm.translate(effective)
    }

    #[inline]
    fn memory(&mut self) -> &mut V::Memory {
        self.vm.memory()
    }

    #[inline]
    fn parts(&mut self) -> (&mut VcpuState, &mut V::Memory) {
        self.vm.parts()
    }

    fn spec(&self) -> &VmSpec<'_> {
        self.vm.spec()
    }
}
