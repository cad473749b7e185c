//! What the guest's own interrupts save and keep, and what ends its runs.

use super::*;
use abi::vcpu::{REQUEST_FLOATS, REQUEST_STEP};

const ALL: u32 = 0x0002_FF00;

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
fn an_interrupt_keeps_what_the_manual_says() {
    let mut guest = guest(ALL);
    assert_eq!(guest.trap(GuestTrap::Unavailable), Next::Enter);
    let state = &guest.state;
    assert_eq!((vector(&guest), state.srr, state.msr), (9, [0x7000, ALL], msr::CE | msr::ME | msr::DE));
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
fn a_step_is_one_instruction_or_an_interrupt() {
    for (trap, completed, pc) in [
        (GuestTrap::Debug, 1, 0x7000),
        // `tlbre`
        (GuestTrap::Program { instruction: 0x7C63_0764, esr: msr::ESR_PPR }, 1, 0x7004),
        (GuestTrap::SystemCall, 0, 0xABC0_0090),
    ] {
        let mut guest = guest(0);
        guest.state.requests = REQUEST_STEP;
        assert_eq!(guest.prepare(), Next::Enter);
        assert!(guest.run().is_stepping());
        assert_eq!((guest.trap(trap), guest.reason()), (Next::Exit, Some(ExitReason::Step)));
        assert_eq!((guest.state.exit.detail, guest.state.pc, guest.state.requests), (completed, pc, 0));
    }
}

#[test]
fn the_monitor_gets_the_floating_point_registers_before_anything_else() {
    let mut guest = guest(0);
    guest.state.requests = REQUEST_FLOATS | REQUEST_STEP;
    assert_eq!((guest.prepare(), guest.state.exit.floats), (Next::Exit, 1));
    assert_eq!((guest.reason(), guest.state.requests), (Some(ExitReason::Signalled), REQUEST_STEP));
}
