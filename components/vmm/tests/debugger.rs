//! gdb at a guest that a test plays.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use abi::vcpu::{
    Exit, ExitReason, OPTION_BREAKPOINTS, REQUEST_FLOATS, REQUEST_RESET, REQUEST_STEP, VcpuState,
};
use interfaces::Console;
use runtime::host::{HostMachine, HostMemory};
use runtime::vm::{GuestMemory, Reaction, VirtualMachine};
use runtime::{Bits, Events, Wire, WireError};
use vmm::debugger::Debugged;

/// `tw 31, 0, 0`.
const TRAP: u32 = 0x7FE0_0008;
/// What the guest of these tests takes for a reset.
const RESET: u32 = 0x0000_0001;

/// gdb: what it says next, once it has heard everything, and what it has heard.
#[derive(Default)]
struct Talk {
    script: VecDeque<Vec<u8>>,
    arriving: VecDeque<u8>,
    heard: String,
}

struct Gdb(Rc<RefCell<Talk>>);

impl Wire for Gdb {
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        let mut talk = self.0.borrow_mut();
        let next = talk.script.pop_front().ok_or(WireError::PeerGone)?;
        talk.arriving.extend(next);
        Ok(wanted)
    }

    fn pending(&mut self, _: Events) -> Result<Events, WireError> {
        Ok(Events::NONE)
    }
}

impl Console for Gdb {
    fn write(&mut self, text: &[u8]) -> Result<u32, WireError> {
        self.0.borrow_mut().heard.push_str(std::str::from_utf8(text).expect("text"));
        Ok(text.len() as u32)
    }

    fn read(&mut self, into: &mut [u8]) -> Result<u32, WireError> {
        let mut talk = self.0.borrow_mut();
        let count = into.len().min(talk.arriving.len());
        into[..count].fill_with(|| talk.arriving.pop_front().expect("counted"));
        Ok(count as u32)
    }

    fn flush(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}

/// A kernel and a guest whose instructions do nothing, but for [`TRAP`] and [`RESET`].
fn run(state: &mut VcpuState, memory: &mut HostMemory) -> Bits {
    state.requests &= !REQUEST_RESET;
    let steps = state.requests & REQUEST_STEP;
    if state.requests & REQUEST_FLOATS != 0 {
        state.requests &= !REQUEST_FLOATS;
        state.exit = Exit { floats: 1, ..Exit::default() };
        return Bits::NONE;
    }
    loop {
        let reason = match memory.read_u32(state.pc.into()).expect("memory") {
            TRAP if state.options & OPTION_BREAKPOINTS != 0 => ExitReason::Breakpoint,
            RESET => ExitReason::Reset,
            _ => {
                state.pc += 4;
                if steps == 0 {
                    continue;
                }
                state.requests &= !REQUEST_STEP;
                ExitReason::Step
            }
        };
        state.exit = Exit { reason: reason as u32, ..Exit::default() };
        return Bits::NONE;
    }
}

fn packet(body: &str) -> Vec<u8> {
    let sum = body.bytes().fold(0_u8, |sum, byte| sum.wrapping_add(byte));
    format!("${body}#{sum:02x}").into_bytes()
}

/// A machine whose guest resets at 0x40, at its first instruction, and a gdb that says these packets.
fn debugged(packets: &[&str]) -> (Debugged<HostMachine, Gdb>, Rc<RefCell<Talk>>) {
    let mut machine = HostMachine::new(1 << 20, run);
    machine.memory.write_u32(0x40, RESET).unwrap();
    machine.state.requests = REQUEST_RESET;
    let script = packets.iter().map(|body| packet(body)).collect();
    let talk = Rc::new(RefCell::new(Talk { script, ..Talk::default() }));
    (Debugged::new(machine, Some(Gdb(talk.clone()))), talk)
}

/// The replies, without frames and acknowledgements.
fn replies(talk: &Rc<RefCell<Talk>>) -> Vec<String> {
    let heard = talk.borrow().heard.clone();
    let packets = heard.split('$').skip(1);
    packets.map(|packet| packet.split_once('#').expect("a frame").0.to_owned()).collect()
}

fn reason(machine: &mut Debugged<HostMachine, Gdb>) -> Option<ExitReason> {
    assert!(machine.run().is_empty());
    ExitReason::from_number(machine.state().exit.reason)
}

#[test]
fn a_guest_stands_at_its_entry_at_breakpoints_after_steps_and_before_its_reset() {
    let (mut machine, talk) = debugged(&[
        "?",
        "P40=00000010",
        "Z0,c0000020,4",
        "c",
        "p40",
        "z0,c0000020,4",
        "m20,4",
        "s",
        "p40",
        "vCont;c",
        "p40",
        "c",
    ]);
    assert!(machine.waits());
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    let expected = [
        "T02thread:1;",
        "OK",
        "OK",
        "T05thread:1;swbreak:;",
        "00000020",
        "OK",
        "E01",
        "T05thread:1;",
        "00000024",
        "T02thread:1;",
        "00000040",
        "W00",
    ];
    assert_eq!(replies(&talk), expected);
}

#[test]
fn memory_is_the_guest_s_by_its_tlb_and_else_by_linux_s_linear_map() {
    let (mut machine, talk) = debugged(&[
        "Mc0000100,4:01020304",
        "mc0000100,4",
        "m100,4",
        "qRcmd,706879736963616c203130302031",
        "k",
    ]);
    machine.run();
    let said = "000000100: 01020304\n".bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(replies(&talk), ["OK", "01020304", "E01", &said]);
}

#[test]
fn floats_are_read_and_written_for_the_next_run() {
    let (mut machine, talk) = debugged(&["P21=3ff0000000000000", "p21", "c", "c"]);
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    assert_eq!(replies(&talk)[..2], ["OK", "3ff0000000000000"]);
    assert_eq!(machine.inner().state.floats[1], 0x3FF0_0000_0000_0000);
}

#[test]
fn a_guest_whose_debugger_leaves_goes_on_without_breakpoints() {
    let (mut machine, _) = debugged(&["Z0,c0000010,4", "D"]);
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    assert_eq!(machine.memory().read_u32(0x10), Ok(0));
    assert_eq!(machine.state().options & OPTION_BREAKPOINTS, 0);
    assert_eq!(machine.state().pc, 0x40);
}

#[test]
fn a_step_over_what_the_monitor_completes_is_one_step() {
    let (mut machine, talk) = debugged(&["s", "p40", "c", "c"]);
    // The guest's first instruction is the monitor's to complete.
    let mut has_exited = false;
    machine.inner().guest = Box::new(move |state, memory| {
        if !has_exited && state.requests & REQUEST_FLOATS == 0 {
            has_exited = true;
            assert_eq!(state.requests & REQUEST_STEP, REQUEST_STEP);
            state.exit = Exit { reason: ExitReason::DcrRead as u32, ..Exit::default() };
            return Bits::NONE;
        }
        run(state, memory)
    });
    assert_eq!(reason(&mut machine), Some(ExitReason::DcrRead));
    machine.state().pc += 4;
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    assert_eq!(replies(&talk)[..2], ["T05thread:1;", "00000004"]);
}

#[test]
fn it_stops_when_asked_and_the_monitor_loses_no_signal() {
    let (mut machine, talk) = debugged(&["c", "p40", "c", "c"]);
    let mut runs = 0;
    let caller = talk.clone();
    machine.inner().guest = Box::new(move |state, memory| {
        if state.requests & REQUEST_FLOATS != 0 {
            runs += 1;
            if runs == 3 {
                return Bits(4);
            }
            return run(state, memory);
        }
        if runs == 1 {
            runs = 2;
            caller.borrow_mut().arriving.push_back(3);
            return Bits(2);
        }
        run(state, memory)
    });
    // The monitor learns of the signal that was gdb's as well, and of the one that came while gdb looked.
    assert_eq!(machine.run(), Bits(2));
    assert_eq!(machine.run(), Bits(4));
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    assert_eq!(replies(&talk)[..2], ["T02thread:1;", "00000000"]);
}

#[test]
fn a_guest_that_starts_afresh_stands_again() {
    let (mut machine, talk) = debugged(&["c", "c", "c", "c"]);
    machine.inner().spec.on_reset = Reaction::ALWAYS;
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    let state = machine.state();
    (state.requests, state.pc) = (REQUEST_RESET, 0);
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
    assert_eq!(replies(&talk), ["T02thread:1;", "T02thread:1;", "T02thread:1;"]);
}

#[test]
fn without_a_wire_there_is_no_debugger() {
    let mut machine = Debugged::<_, Gdb>::new(HostMachine::new(1 << 20, run), None);
    machine.memory().write_u32(0x40, RESET).unwrap();
    assert!(!machine.waits());
    assert_eq!(reason(&mut machine), Some(ExitReason::Reset));
}
