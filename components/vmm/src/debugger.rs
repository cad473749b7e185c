//! gdb at the guest: the stub, between the monitor and its virtual machine.
//!
//! It is there only where the spec wires the port `debugger`; else [`Debugged`] is its machine and nothing more. To the
//! monitor it looks like the machine: it stops in [`run`](VirtualMachine::run), speaks with gdb there, and comes back
//! when there is something for the monitor to do. So nothing else in the monitor knows of it.
//!
//! ```text
//!   monitor ── run() ──▶ Debugged ── run() ──▶ virtual CPU
//!                           │  ▲
//!                           ▼  │ packets
//!                      UART 1, by a console
//! ```
//!
//! The guest stops before its first instruction, also of each life after a reset; at breakpoints; after steps; when gdb
//! asks; before a reset, and before an end that the monitor would report.

mod breakpoints;
mod machine;
mod talk;

use abi::vcpu::{
    Exit, ExitReason, OPTION_BREAKPOINTS, REQUEST_FLOATS, REQUEST_RESET, REQUEST_STEP, VcpuState,
};
use gdb_stub::{Request, Stop};
use interfaces::Console;
use runtime::vm::{Reaction, Translation, VirtualMachine, VmSpec};
use runtime::{Badge, Bits, Message, WireError, Words};

use crate::interrupt::MSR_ME;
use breakpoints::Breakpoints;
use machine::Machine;
use talk::Talk;

/// TCR: enables of the watchdog's, the decrementer's and the fixed interval timer's interrupts (PPC440 user's manual,
/// timer control register).
const TIMER_INTERRUPTS: u32 = 0x0880_0000 | 0x0400_0000;

/// How the guest is to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Until something stops it.
    Free,
    /// For one instruction; TCR was this before.
    Step {
        /// TCR as it was.
        timers: u32,
    },
}

/// gdb, and what it has done to the guest.
struct Debugger<D> {
    talk: Talk<D>,
    breakpoints: Breakpoints,
    mode: Mode,
    /// Why the guest stands, if it does.
    stands: Option<Stop>,
    /// An end of the guest's that gdb has seen, and the monitor has not.
    end: Option<Exit>,
    /// Signals that came while gdb looked, for the monitor to look after.
    came: Bits,
}

/// A virtual machine, with gdb at it if the spec says so.
pub struct Debugged<V, D> {
    vm: V,
    debugger: Option<Debugger<D>>,
}

impl<V: VirtualMachine, D: Console> Debugged<V, D> {
    /// The machine, and the wire to gdb if there is one.
    pub fn new(vm: V, wire: Option<D>) -> Self {
        let debugger = wire.map(|wire| Debugger {
            talk: Talk::new(wire),
            breakpoints: Breakpoints::new(),
            mode: Mode::Free,
            stands: None,
            end: None,
            came: Bits::NONE,
        });
        Self { vm, debugger }
    }

    /// Whether a wire to gdb can exist. Of one that cannot, an `Option` holds nothing; of the debugger around it, it has
    /// room, and the compiler does not see that it is none.
    const IS_POSSIBLE: bool = size_of::<Option<D>>() > 0;

    /// Whether the guest will wait for gdb before its first instruction.
    pub const fn waits(&self) -> bool {
        Self::IS_POSSIBLE && self.debugger.is_some()
    }

    /// The machine itself.
    pub const fn inner(&mut self) -> &mut V {
        &mut self.vm
    }
}

impl<V: VirtualMachine, D: Console> VirtualMachine for Debugged<V, D> {
    type Memory = V::Memory;

    #[inline]
    fn state(&mut self) -> &mut VcpuState {
        self.vm.state()
    }

    #[inline(always)]
    fn run(&mut self) -> Bits {
        match &mut self.debugger {
            Some(debugger) if Self::IS_POSSIBLE => debugger.run(&mut self.vm),
            _ => self.vm.run(),
        }
    }

    fn wait(&mut self) -> Bits {
        self.vm.wait()
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

impl<D: Console> Debugger<D> {
    /// Runs the guest until there is something for the monitor to do.
    fn run<V: VirtualMachine>(&mut self, vm: &mut V) -> Bits {
        if vm.state().requests & REQUEST_RESET != 0 {
            self.end = None;
            self.stands = Some(Stop::Interrupted);
        } else if vm.state().requests & REQUEST_STEP != 0 && !self.is_unfinished(vm) {
            // The monitor has completed the instruction.
            vm.state().requests &= !REQUEST_STEP;
            self.stands = Some(Stop::Step);
        }
        loop {
            if let Some(why) = self.stands.take() {
                if !self.stand(vm, why) {
                    return self.leave(vm);
                }
                if self.talk.is_called() {
                    self.stands = Some(Stop::Interrupted);
                    continue;
                }
                let came = core::mem::take(&mut self.came);
                if !came.is_empty() {
                    return came;
                }
            }
            if self.mode != Mode::Free {
                vm.state().lines = 0;
            }
            let bits = vm.run();
            if !bits.is_empty() {
                if self.talk.is_called() {
                    self.stands = Some(Stop::Interrupted);
                }
                // Whoever else was signalled learns it first.
                return bits;
            }
            self.stands = self.why(vm);
            if self.stands.is_none() {
                return bits;
            }
        }
    }

    /// Whether a step goes on after a run that has not executed an instruction.
    fn is_unfinished<V: VirtualMachine>(&self, vm: &mut V) -> bool {
        vm.state().exit.reason == ExitReason::Signalled as u32
    }

    /// Why the guest stops after a run; nothing if it is the monitor's turn.
    fn why<V: VirtualMachine>(&mut self, vm: &mut V) -> Option<Stop> {
        let state = vm.state();
        let takes_checks = state.msr & MSR_ME != 0;
        match ExitReason::from_number(state.exit.reason)? {
            ExitReason::Step => Some(Stop::Step),
            ExitReason::Breakpoint => Some(Stop::Breakpoint),
            ExitReason::Reset => {
                self.end = Some(state.exit);
                Some(Stop::Interrupted)
            }
            ExitReason::Fetch if !takes_checks => {
                self.end = Some(state.exit);
                Some(Stop::Fault)
            }
            _ => None,
        }
    }

    /// The guest stands, and gdb looks at it. Whether it goes on; else it is at its end.
    fn stand<V: VirtualMachine>(&mut self, vm: &mut V, why: Stop) -> bool {
        if let Mode::Step { timers } = self.mode {
            let state = vm.state();
            // Unless that was what the step has changed.
            if state.tcr == timers & !TIMER_INTERRUPTS {
                state.tcr = timers;
            }
        }
        self.mode = Mode::Free;
        vm.state().requests &= !REQUEST_STEP;
        self.came.0 |= fetch_floats(vm).0;
        let mut target = Machine { vm, breakpoints: &mut self.breakpoints };
        let request = self.talk.stand(&mut target, why);
        let state = vm.state();
        state.options |= OPTION_BREAKPOINTS;
        match request {
            Request::Step => {
                self.mode = Mode::Step { timers: state.tcr };
                state.tcr &= !TIMER_INTERRUPTS;
                state.requests |= REQUEST_STEP;
                state.exit.reason = ExitReason::Signalled as u32;
            }
            Request::Kill => {
                // As if it had reset its system itself.
                self.end = Some(Exit { reason: ExitReason::Reset as u32, detail: 3, ..Exit::default() });
                self.breakpoints.clear_all(vm.memory());
            }
            Request::Detach => {
                state.options &= !OPTION_BREAKPOINTS;
                self.breakpoints.clear_all(vm.memory());
            }
            Request::Continue | Request::Answer => {}
        }
        self.end.is_none()
    }

    /// Hands the monitor the end that gdb has seen.
    fn leave<V: VirtualMachine>(&mut self, vm: &mut V) -> Bits {
        let end = self.end.take().unwrap_or_default();
        let VmSpec { on_reset, on_death, .. } = *vm.spec();
        let reaction = if end.reason == ExitReason::Reset as u32 { on_reset } else { on_death };
        if !matches!(reaction, Reaction::Restart { .. }) {
            self.talk.say_gone();
        }
        vm.state().exit = end;
        Bits::NONE
    }
}

/// Has the kernel put the floating-point registers into the state, from where it takes them at the next run. Answers
/// what came meanwhile.
fn fetch_floats<V: VirtualMachine>(vm: &mut V) -> Bits {
    let mut came = Bits::NONE;
    loop {
        vm.state().requests |= REQUEST_FLOATS;
        let bits = vm.run();
        if bits.is_empty() {
            return came;
        }
        came.0 |= bits.0;
    }
}
