//! What the guest's interrupts save, keep and clear, which comes first, waiting, timers and steps.

use crate::common::{CLOCK, Guest, NOP, instruction, mtmsr, mtspr};
use abi::vcpu::{
    Exit, ExitReason, LINE_CRITICAL, LINE_EXTERNAL, REQUEST_FLOATS, REQUEST_INTERRUPT, REQUEST_STEP,
    VcpuCounter,
};
use ppc440::msr;
use runtime::Bits;
use runtime::vm::VirtualMachine;

const ALL: u32 = 0x0002_FF30;
const END: Option<ExitReason> = Some(ExitReason::Fetch);

/// A guest in a machine state, whose next instruction is a `nop` at 0x7000.
fn guest(machine_state: u32) -> Guest {
    let mut guest = Guest::new();
    guest.run();
    guest.state().msr = machine_state;
    guest.state().pc = 0x7000;
    guest
}

#[test]
fn each_level_saves_and_keeps_its_own() {
    for number in 0..16 {
        let mut guest = guest(ALL);
        guest.state().requests = REQUEST_INTERRUPT;
        guest.state().interrupt = number;
        assert_eq!(guest.run(), END);
        assert_eq!(guest.vector(), number);
        let saved = [0x7000, ALL];
        let state = guest.state();
        let expected = match number {
            1 => (0, [0; 2], [0; 2], saved),
            0 | 12 | 15 => (msr::ME, [0; 2], saved, [0; 2]),
            _ => (msr::CE | msr::ME | msr::DE, saved, [0; 2], [0; 2]),
        };
        assert_eq!((state.msr, state.srr, state.csrr, state.mcsrr), expected, "interrupt {number}");
        assert_eq!(state.requests, 0);
    }
}

#[test]
fn pending_interrupts_come_by_priority_and_only_when_enabled() {
    // Everything is pending, and each source in turn is taken back.
    let all = (LINE_CRITICAL | LINE_EXTERNAL, 0x4C00_0000_u32);
    let order = [
        (0, LINE_CRITICAL, 0),
        (12, 0, 0x4000_0000),
        (4, LINE_EXTERNAL, 0),
        (11, 0, 0x0400_0000),
        (10, 0, 0x0800_0000),
    ];
    let (mut lines, mut tsr) = all;
    for (number, line, status) in order {
        let mut guest = guest(msr::CE | msr::EE);
        let state = guest.state();
        (state.lines, state.tsr, state.tcr) = (lines, tsr, 0x0C80_0000);
        assert_eq!(guest.run(), END);
        assert_eq!(guest.vector(), number);
        lines &= !line;
        tsr &= !status;
    }
    for (machine_state, tcr) in [(0, 0x0C80_0000), (msr::PR, 0x0C80_0000), (msr::ME | msr::DE, 0x0C80_0000)] {
        let mut guest = guest(machine_state);
        let state = guest.state();
        (state.lines, state.tsr, state.tcr) = (all.0, all.1, tcr);
        assert_eq!((guest.run(), guest.state().pc), (END, 0x7000));
    }
    let mut guest = guest(msr::CE | msr::EE);
    (guest.state().tsr, guest.state().tcr) = (all.1, 0);
    assert_eq!((guest.run(), guest.state().pc), (END, 0x7000), "enabled in MSR, not in TCR");
}

#[test]
fn waiting_ends_with_an_interrupt_that_shows_it() {
    let mut guest = guest(0);
    guest.state().gpr[3..6].copy_from_slice(&[500, 0x0400_0000, msr::WE | msr::EE]);
    let time = guest.time.clone();
    guest.processor.inner().idle = Box::new(move || {
        let mut time = time.borrow_mut();
        time.now = time.armed.take().unwrap();
        CLOCK
    });
    assert_eq!(guest.execute(0x100, &[mtspr(22, 3), mtspr(340, 4), mtmsr(5)]), END);
    assert_eq!(guest.vector(), 10);
    let state = guest.state();
    assert_eq!((state.srr, state.tsr), ([0x10C, msr::WE | msr::EE], 0x0800_0000));
    assert_eq!(state.counters[VcpuCounter::Idle as usize], 1);
    assert_eq!(guest.time.borrow().now, 1500);
}

#[test]
fn what_wakes_the_monitor_is_the_monitors_and_the_guest_waits_on() {
    let mut guest = guest(msr::WE | msr::EE);
    guest.processor.inner().idle = Box::new(|| CLOCK | Bits(2));
    for _ in 0..2 {
        assert_eq!(guest.processor.run(), Bits(2));
        assert_eq!(guest.state().exit.reason, ExitReason::Signalled as u32);
        assert_eq!(guest.state().msr, msr::WE | msr::EE);
    }
    // Registers of the floating-point unit are the kernel's to give, also now.
    guest.state().requests = REQUEST_FLOATS;
    assert_eq!(guest.run(), END);
    guest.state().lines = LINE_EXTERNAL;
    assert_eq!(guest.run(), END);
    assert_eq!(guest.vector(), 4);
}

#[test]
fn a_timer_interrupts_a_guest_that_runs_and_the_monitor_hears_nothing() {
    let mut guest = guest(msr::EE);
    guest.state().gpr[3..5].copy_from_slice(&[500, 0x0400_0000]);
    assert_eq!(guest.execute(0x100, &[mtspr(22, 3), mtspr(340, 4)]), END);
    assert_eq!((guest.state().pc, guest.time.borrow().armed), (0x108, Some(1500)));
    guest.set_time(1500);
    assert_eq!(guest.run(), END);
    assert_eq!((guest.vector(), guest.state().waits), (10, 1));
}

#[test]
fn a_step_is_one_instruction_however_it_ends() {
    for (words, pc) in [
        // One of the monitor's, one of the guest's, and one that interrupts.
        (&[mtspr(272, 3), mtspr(273, 3)], 0x104),
        (&[NOP, NOP], 0x104),
        (&[0x0000_0004, NOP], 0x1060),
    ] {
        let mut guest = guest(0);
        guest.state().requests = REQUEST_STEP;
        assert_eq!(guest.execute(0x100, words), Some(ExitReason::Step));
        assert_eq!((guest.state().pc, guest.state().requests), (pc, 0));
    }
    // The monitor completes it, and knows.
    let mut guest = guest(0);
    guest.state().requests = REQUEST_STEP;
    assert_eq!(guest.execute(0x100, &[instruction(323, 7, 0, 0)]), Some(ExitReason::DcrRead));
    assert_eq!(guest.state().requests, REQUEST_STEP);
}

#[test]
fn a_guest_steps_by_itself() {
    let mut guest = guest(msr::PR | msr::DE);
    guest.state().dbcr[0] = 0x4800_0000;
    assert_eq!(guest.run(), END);
    assert_eq!(guest.vector(), 15);
    let state = guest.state();
    assert_eq!((state.csrr, state.dbsr, state.requests), ([0x7004, 0x4200], 0x0800_0000, 0));
    // The event stays until software clears it.
    (state.pc, state.msr) = (0x7004, msr::DE);
    assert_eq!(guest.run(), END);
    assert_eq!((guest.vector(), guest.state().csrr[0]), (15, 0x7004));
    // An instruction of the monitor's is one, too.
    let state = guest.state();
    (state.dbsr, state.msr) = (0, msr::DE);
    assert_eq!(guest.execute(0x100, &[mtspr(272, 3), mtspr(273, 3)]), END);
    assert_eq!((guest.vector(), guest.state().csrr[0]), (15, 0x104));
    // One that does not complete is none.
    let state = guest.state();
    (state.dbsr, state.msr, state.pc) = (0, msr::PR | msr::DE, 0x7000);
    guest.time.borrow_mut().next = Some(|state| {
        (state.pc, state.msr) = (0x10D0, 0);
        state.requests &= !REQUEST_STEP;
        state.exit = Exit { reason: ExitReason::Step as u32, ..Exit::default() };
    });
    assert_eq!((guest.run(), guest.state().dbsr), (END, 0));
    assert_eq!(guest.vector(), 13);
}

#[test]
fn a_step_of_the_guests_is_no_step_of_the_monitors() {
    let mut guest = guest(msr::PR | msr::DE);
    guest.state().dbcr[0] = 0x4800_0000;
    guest.time.borrow_mut().next = Some(|state| {
        assert_ne!(state.requests & REQUEST_STEP, 0);
        state.exit = Exit { reason: ExitReason::Access as u32, instruction: 1, ..Exit::default() };
    });
    assert_eq!((guest.run(), guest.state().requests), (Some(ExitReason::Access), 0));
    // Both at once: the monitor hears of it, and the guest gets its interrupt next.
    guest.state().requests = REQUEST_STEP;
    assert_eq!((guest.run(), guest.state().dbsr), (Some(ExitReason::Step), 0x0800_0000));
    assert_eq!(guest.run(), END);
    assert_eq!(guest.vector(), 15);
}

#[test]
fn a_guest_may_have_debug_interrupts_for_traps() {
    for (dbcr0, state, number) in [
        (0x4100_0000, msr::DE, 15),
        (0x4100_0000, 0, 6),
        (0x0100_0000, msr::DE, 6),
        (0x4000_0000, msr::DE, 6),
    ] {
        let mut guest = guest(state);
        guest.state().dbcr[0] = dbcr0;
        guest.time.borrow_mut().esr = msr::ESR_PTR;
        assert_eq!(guest.execute(0x100, &[0x7FE0_0008]), END);
        assert_eq!(guest.vector(), number, "{dbcr0:#x} {state:#x}");
        let state = guest.state();
        assert_eq!(state.dbsr, if number == 15 { 0x0100_0000 } else { 0 });
        assert_eq!(if number == 15 { state.csrr[0] } else { state.srr[0] }, 0x100);
    }
}

#[test]
fn the_watchdog_resets_the_guest() {
    let mut guest = guest(0);
    guest.state().gpr[3..5].copy_from_slice(&[0x2000_0000, 0]);
    // Sticky: software cannot take it back.
    assert_eq!(guest.execute(0x100, &[mtspr(340, 3), mtspr(340, 4)]), END);
    for out in 0..2 {
        let deadline = guest.time.borrow().armed.expect("the watchdog is on");
        guest.set_time(deadline);
        assert_eq!(guest.run(), END, "time-out {out}");
    }
    let deadline = guest.time.borrow().armed.expect("the watchdog is on");
    guest.set_time(deadline);
    assert_eq!(guest.run(), Some(ExitReason::Reset));
    assert_eq!((guest.state().exit.detail, guest.state().tsr & 0x3000_0000), (2, 0x2000_0000));
    assert_eq!(guest.run(), END, "once");
}

#[test]
fn critical_interrupts_need_their_own_right() {
    let mut guest = guest(msr::EE);
    guest.state().lines = LINE_CRITICAL;
    assert_eq!((guest.run(), guest.state().pc), (END, 0x7000));
    guest.state().msr = msr::CE;
    assert_eq!((guest.run(), guest.vector()), (END, 0));
}
