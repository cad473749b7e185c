//! What the guest's interrupts save, keep and clear, and which comes first.

use super::emulation::{mfspr, mtspr};
use super::*;
use abi::vcpu::{
    ExitReason, LINE_CRITICAL, LINE_EXTERNAL, OPTION_BREAKPOINTS, REQUEST_FLOATS, REQUEST_INTERRUPT,
    REQUEST_STEP,
};

const ALL: u32 = 0x0002_FF30;

/// A guest whose vector n lies at 0xABC0_0000 + 0x10 × (n + 1).
fn guest(machine_state: u32) -> Guest {
    let mut guest = Guest::new();
    guest.state.ivpr = 0xABC0_1234;
    for (number, offset) in guest.state.ivor.iter_mut().enumerate() {
        *offset = 0xFFFF_0000 | ((number as u32 + 1) << 4) | 0xF;
    }
    guest.state.msr = machine_state;
    guest.state.pc = 0x7000;
    guest
}

fn vector(guest: &Guest) -> u32 {
    assert_eq!(guest.state.pc & 0xFFFF_F00F, 0xABC0_0000);
    (guest.state.pc >> 4 & 0xFF) - 1
}

#[test]
fn each_level_saves_and_keeps_its_own() {
    for number in 0..16 {
        let mut guest = guest(ALL);
        guest.state.requests = REQUEST_INTERRUPT;
        guest.state.interrupt = number;
        assert_eq!(guest.prepare(), Next::Enter);
        assert_eq!(vector(&guest), number);
        let saved = [0x7000, ALL];
        let state = &guest.state;
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
        (guest.state.lines, guest.state.tsr, guest.state.tcr) = (lines, tsr, 0x0C80_0000);
        assert_eq!(guest.prepare(), Next::Enter);
        assert_eq!(vector(&guest), number);
        lines &= !line;
        tsr &= !status;
    }
    for machine_state in [0, msr::PR, msr::ME | msr::DE] {
        let mut guest = guest(machine_state);
        (guest.state.lines, guest.state.tsr, guest.state.tcr) = (all.0, all.1, 0x0C80_0000);
        assert_eq!((guest.prepare(), guest.state.pc), (Next::Enter, 0x7000));
    }
    let mut guest = guest(msr::CE | msr::EE);
    (guest.state.tsr, guest.state.tcr) = (all.1, 0);
    assert_eq!((guest.prepare(), guest.state.pc), (Next::Enter, 0x7000), "enabled in MSR, not in TCR");
}

#[test]
fn waiting_ends_with_an_interrupt_that_shows_it() {
    let mut guest = guest(msr::WE | msr::EE);
    assert_eq!((guest.prepare(), guest.run().next_deadline()), (Next::Idle, None));
    guest.state.tcr = 0x0400_0000;
    guest.run().write_spr(22, 500);
    assert_eq!((guest.prepare(), guest.run().next_deadline()), (Next::Idle, Some(1500)));
    guest.hardware.now = 1500;
    assert_eq!(guest.prepare(), Next::Enter);
    assert_eq!((vector(&guest), guest.state.srr[1]), (10, msr::WE | msr::EE));
}

#[test]
fn user_state_executes_nothing_privileged() {
    let mut guest = guest(msr::PR);
    for (word, sent, esr) in [
        (mfspr(3, 272), msr::ESR_PPR, msr::ESR_PPR),
        (mfspr(3, 287), msr::ESR_PPR, msr::ESR_PPR),
        // QEMU's word for a register that does not exist.
        (mfspr(3, 259), msr::ESR_PPR, msr::ESR_PIL),
        (0, msr::ESR_PIL, msr::ESR_PIL),
        (0x7C63_0008, msr::ESR_PTR, msr::ESR_PTR),
    ] {
        guest.state.msr = msr::PR;
        guest.state.pc = 0x100;
        assert_eq!(guest.trap(GuestTrap::Program { instruction: word, esr: sent }), Next::Enter);
        assert_eq!((vector(&guest), guest.state.esr, guest.state.srr), (6, esr, [0x100, msr::PR]));
    }
}

#[test]
fn a_system_call_returns_behind_itself() {
    let mut guest = guest(msr::PR | msr::EE);
    guest.state.pc = 0x104;
    assert_eq!(guest.trap(GuestTrap::SystemCall), Next::Enter);
    assert_eq!((vector(&guest), guest.state.srr), (8, [0x104, msr::PR | msr::EE]));
}

#[test]
fn misses_and_storage_interrupts_say_where_and_what() {
    for (trap, number, dear, esr) in [
        (GuestTrap::DataMiss { address: 0x9000_0004, store: true }, 13, 0x9000_0004, msr::ESR_ST),
        (GuestTrap::DataMiss { address: 0x9000_0004, store: false }, 13, 0x9000_0004, 0),
        (GuestTrap::DataStorage { address: 0x104, store: true }, 2, 0x104, msr::ESR_ST),
        (GuestTrap::FetchStorage, 3, 1, 0),
        (GuestTrap::Alignment { address: 0x101, store: false }, 5, 0x101, 0),
        (GuestTrap::FloatUnavailable, 7, 1, 2),
        (GuestTrap::Unavailable, 9, 1, 2),
    ] {
        let mut guest = guest(0);
        (guest.state.dear, guest.state.esr) = (1, 2);
        assert_eq!(guest.trap(trap), Next::Enter);
        assert_eq!((vector(&guest), guest.state.dear, guest.state.esr), (number, dear, esr), "{trap:?}");
        assert_eq!(guest.state.srr[0], 0x7000);
    }
    let mut guest = guest(0);
    (guest.state.pc, guest.state.dear, guest.state.esr) = (0x9000_0000, 1, 2);
    assert_eq!(guest.trap(GuestTrap::FetchMiss), Next::Enter);
    assert_eq!((vector(&guest), guest.state.dear, guest.state.esr), (14, 1, 2));
}

#[test]
fn a_step_is_one_instruction_however_it_ends() {
    let mut guest = guest(0);
    guest.state.requests = REQUEST_STEP;
    assert_eq!(guest.execute(0x100, &[mtspr(272, 3), mtspr(273, 3)]), Next::Exit(ExitReason::Step));
    assert_eq!((guest.state.pc, guest.state.requests), (0x104, 0));
    guest.state.requests = REQUEST_STEP;
    assert_eq!(guest.prepare(), Next::Enter);
    assert!(guest.run().is_stepping());
    assert_eq!(guest.trap(GuestTrap::Debug), Next::Exit(ExitReason::Step));
    guest.state.requests = REQUEST_STEP;
    assert_eq!(guest.trap(GuestTrap::SystemCall), Next::Exit(ExitReason::Step));
    assert_eq!(vector(&guest), 8);
}

#[test]
fn breakpoints_are_the_guests_unless_the_monitor_wants_them() {
    let trap = GuestTrap::Program { instruction: 0x7FE0_0008, esr: msr::ESR_PTR };
    let mut guest = guest(msr::PR);
    guest.state.options = OPTION_BREAKPOINTS;
    assert_eq!((guest.trap(trap), guest.state.pc), (Next::Exit(ExitReason::Breakpoint), 0x7000));
    guest.state.options = 0;
    assert_eq!((guest.trap(trap), guest.state.esr), (Next::Enter, msr::ESR_PTR));
    guest.state.requests = REQUEST_FLOATS;
    assert_eq!((guest.prepare(), guest.state.exit.floats), (Next::Exit(ExitReason::Signalled), 1));
}

#[test]
fn a_guest_steps_by_itself() {
    let mut guest = guest(msr::PR | msr::DE);
    guest.state.dbcr[0] = 0x4800_0000;
    assert_eq!(guest.prepare(), Next::Enter);
    assert!(guest.run().is_stepping());
    guest.state.pc = 0x7004;
    assert_eq!(guest.trap(GuestTrap::Debug), Next::Enter);
    assert_eq!((vector(&guest), guest.state.csrr, guest.state.dbsr), (15, [0x7004, 0x4200], 0x0800_0000));
    // In the handler there are no more, until it returns to where DE is set.
    assert!(!guest.run().is_stepping());
    // The event stays until software clears it.
    guest.state.pc = 0x7004;
    guest.state.msr = msr::DE;
    assert_eq!((guest.prepare(), vector(&guest)), (Next::Enter, 15));
    guest.run().write_spr(304, 0x0800_0000);
    guest.state.msr = msr::DE;
    // One privileged instruction, not a run of them; and an instruction that does not complete is none.
    assert_eq!(guest.execute(0x100, &[mtspr(272, 3), mtspr(273, 3)]), Next::Enter);
    assert_eq!((vector(&guest), guest.state.csrr[0]), (15, 0x104));
    guest.run().write_spr(304, 0x0800_0000);
    guest.state.msr = msr::DE;
    guest.state.pc = 0x7000;
    assert_eq!(guest.trap(GuestTrap::DataMiss { address: 0x9000_0000, store: false }), Next::Enter);
    assert_eq!((vector(&guest), guest.state.dbsr), (13, 0));
}

#[test]
fn a_guest_may_have_debug_interrupts_for_traps() {
    let trap = GuestTrap::Program { instruction: 0x7FE0_0008, esr: msr::ESR_PTR };
    for (dbcr0, state, number) in [
        (0x4100_0000, msr::DE, 15),
        (0x4100_0000, 0, 6),
        (0x0100_0000, msr::DE, 6),
        (0x4000_0000, msr::DE, 6),
    ] {
        let mut guest = guest(state);
        guest.state.dbcr[0] = dbcr0;
        assert_eq!((guest.trap(trap), vector(&guest)), (Next::Enter, number), "{dbcr0:#x} {state:#x}");
        let noted = if number == 15 { 0x0100_0000 } else { 0 };
        assert_eq!(guest.state.dbsr, noted);
        let pc = if number == 15 { guest.state.csrr[0] } else { guest.state.srr[0] };
        assert_eq!(pc, 0x7000);
    }
}

#[test]
fn the_watchdog_resets_the_guest() {
    let mut guest = guest(0);
    guest.run().write_spr(340, 0x2000_0000);
    // Sticky: software cannot take it back.
    guest.run().write_spr(340, 0);
    for out in 0..3 {
        assert_eq!(guest.prepare(), Next::Enter, "time-out {out}");
        guest.hardware.now = guest.run().next_deadline().expect("the watchdog is on");
    }
    assert_eq!(guest.prepare(), Next::Exit(ExitReason::Reset));
    assert_eq!((guest.state.exit.detail, guest.state.tsr & 0x3000_0000), (2, 0x2000_0000));
    assert_eq!(guest.prepare(), Next::Enter, "once");
}
