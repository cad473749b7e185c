//! A guest whose memory holds instructions, on a kernel that knows none, and a clock that stands.

use std::cell::RefCell;
use std::rc::Rc;

use abi::vcpu::{Exit, ExitReason, REQUEST_RESET, REQUEST_STEP, VcpuState};
use ppc440::msr;
use processor::Processor;
use runtime::host::{HostMachine, HostMemory};
use runtime::vm::{GuestMemory, Translation, VirtualMachine};
use runtime::{Bits, Timer, WireError};

/// What ends a run for the tests: `nop`, which the kernel says it cannot fetch.
pub(crate) const NOP: u32 = 0x6000_0000;

/// The clock's bits.
pub(crate) const CLOCK: Bits = Bits(1 << 8);

/// Time, and when the clock fires.
#[derive(Debug, Default)]
pub(crate) struct Time {
    pub(crate) now: u64,
    pub(crate) armed: Option<u64>,
    /// The syndrome of the next program interrupt.
    pub(crate) esr: u32,
    /// A trap that is no program interrupt: what the next run does.
    pub(crate) next: Option<fn(&mut VcpuState)>,
}

pub(crate) type Shared = Rc<RefCell<Time>>;

#[derive(Debug)]
pub(crate) struct Clock(Shared);

impl Timer for Clock {
    fn now(&self) -> u64 {
        self.0.borrow().now
    }

    fn arm(&mut self, deadline: u64) {
        self.0.borrow_mut().armed = Some(deadline);
    }

    fn arm_every(&mut self, _: u64, _: u64) {
        panic!("once is enough")
    }

    fn frequency(&self) -> u64 {
        400_000_000
    }

    fn cancel(&mut self) {
        self.0.borrow_mut().armed = None;
    }

    fn bits(&self) -> Bits {
        CLOCK
    }

    fn wait(&mut self) -> Result<(), WireError> {
        panic!("the monitor waits for its machine")
    }
}

/// A run: an instruction that is none of the kernel's, or a `nop`, which completes a step and ends a run otherwise.
fn run(state: &mut VcpuState, memory: &HostMemory, time: &Shared) -> Bits {
    let mut time = time.borrow_mut();
    state.requests &= REQUEST_STEP;
    if time.armed.is_some_and(|deadline| deadline <= time.now) {
        time.armed = None;
        return CLOCK;
    }
    if let Some(next) = time.next.take() {
        next(state);
        return Bits::NONE;
    }
    let word = memory.read_u32(state.pc.into()).unwrap_or(NOP);
    state.exit = match word {
        NOP if state.requests & REQUEST_STEP != 0 => {
            state.requests &= !REQUEST_STEP;
            state.pc += 4;
            Exit { reason: ExitReason::Step as u32, detail: 1, ..Exit::default() }
        }
        NOP => Exit { reason: ExitReason::Fetch as u32, ..Exit::default() },
        word => Exit {
            reason: ExitReason::Instruction as u32,
            instruction: word,
            detail: time.esr,
            ..Exit::default()
        },
    };
    Bits::NONE
}

/// A guest, and what a test looks at.
pub(crate) struct Guest {
    pub(crate) processor: Processor<HostMachine, Clock>,
    pub(crate) time: Shared,
}

impl Guest {
    /// After a reset, with vector n at 0x1000 + 0x10 × n, where there are `nop`s.
    pub(crate) fn new() -> Self {
        let time = Shared::new(RefCell::new(Time { now: 1000, esr: msr::ESR_PPR, ..Time::default() }));
        let shared = time.clone();
        let mut machine = HostMachine::new(1 << 16, move |state, memory| run(state, memory, &shared));
        for address in (0..1 << 16).step_by(4) {
            machine.memory.write(address, &NOP.to_be_bytes()).unwrap();
        }
        machine.pages.insert(0x2000, Translation { physical: 0x2000, rights: 0x3 });
        machine.pages.insert(0x3000, Translation { physical: 0x3000, rights: 0x1 });
        machine.pages.insert(0, Translation { physical: 0, rights: 0x7 });
        let processor = Processor::new(machine, Clock(time.clone()));
        let mut guest = Self { processor, time };
        let state = guest.state();
        state.ivpr = 0x1234;
        for (number, offset) in state.ivor.iter_mut().enumerate() {
            *offset = 0xFFFF_0000 | 0x1000 | (number as u32) << 4 | 0xF;
        }
        state.requests = REQUEST_RESET;
        guest
    }

    pub(crate) fn state(&mut self) -> &mut VcpuState {
        self.processor.state()
    }

    /// Runs instructions at an address until a `nop`, or what else ends the run.
    pub(crate) fn execute(&mut self, address: u32, words: &[u32]) -> Option<ExitReason> {
        for (place, word) in words.iter().enumerate() {
            let at = u64::from(address) + 4 * place as u64;
            self.processor.memory().write(at, &word.to_be_bytes()).unwrap();
        }
        self.state().pc = address;
        self.run()
    }

    /// Runs, and says why the run has ended.
    pub(crate) fn run(&mut self) -> Option<ExitReason> {
        assert_eq!(self.processor.run(), Bits::NONE);
        ExitReason::from_number(self.state().exit.reason)
    }

    /// The vector that the program counter points to.
    pub(crate) fn vector(&mut self) -> u32 {
        let pc = self.state().pc;
        assert_eq!(pc & 0xFFFF_FF0F, 0x1000, "{pc:#x}");
        pc >> 4 & 0xF
    }

    pub(crate) fn set_time(&self, now: u64) {
        self.time.borrow_mut().now = now;
    }
}

const fn extended(opcode: u32, target: u32, first: u32, second: u32) -> u32 {
    31 << 26 | target << 21 | first << 16 | second << 11 | opcode << 1
}

/// An instruction of primary opcode 31.
pub(crate) const fn instruction(opcode: u32, target: u32, first: u32, second: u32) -> u32 {
    extended(opcode, target, first, second)
}

pub(crate) const fn mfspr(target: u32, spr: u32) -> u32 {
    extended(339, target, spr & 31, spr >> 5)
}

pub(crate) const fn mtspr(spr: u32, source: u32) -> u32 {
    extended(467, source, spr & 31, spr >> 5)
}

pub(crate) const fn mtmsr(source: u32) -> u32 {
    extended(146, source, 0, 0)
}
