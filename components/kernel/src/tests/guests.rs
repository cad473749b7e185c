//! Threads that are guests: how they become so, what ends it, and who is shown.

use super::*;
use crate::guest::Leave;
use crate::vcpu::{Interrupt, Trap as GuestTrap};
use abi::vcpu::{ExitReason, REQUEST_RESET, VcpuState};
use ppc440::msr;

/// The slot of the virtual CPU of `alice`, and of that of `bob`.
const VCPU: u32 = 3;

const RAM: &[GuestRam] = &[GuestRam { guest: 0, physical: 0x1000_0000, bytes: 16 << 20 }];

/// The slot of the endpoint of `alice`, who serves it and whom `bob` calls by it.
const DESK: u32 = 4;

const fn monitor(number: u16, desk: Rights) -> [Cap; 5] {
    [
        own(number),
        cap(Object(Kind::Notification, number), Rights::WAIT, 0),
        cap(Object(Kind::Notification, 3 - number), Rights::SIGNAL, 0b100),
        cap(Object(Kind::Vcpu, number - 1), Rights::USE.union(Rights::OBSERVE), 0),
        cap(Object(Kind::Endpoint, 1), desk, 0x0001_0000),
    ]
}
const OWN: u32 = 1;

/// Two monitors with a virtual CPU each, and a timer of `alice`'s.
static MONITORS: Tables = {
    let tables = Tables {
        domains: &[
            domain("server", 1, &[own(0), cap(Object(Kind::Endpoint, 0), Rights::SERVE, 0)], &[]),
            domain("alice", 2, &monitor(1, Rights::SERVE), &[]),
            domain("bob", 3, &monitor(2, Rights::CALL), &[]),
        ],
        timers: &[Timer { notification: 1, bits: 0b1, domain: 1 }],
        threads: &[thread(0, 20, Some(1)), thread(1, 10, Some(DESK)), thread(2, 10, None)],
        vcpus: &[
            Vcpu { thread: 1, state: 0x1000, ram: RAM, calls: CALLS },
            Vcpu { thread: 2, state: 0x2000, ram: RAM, calls: 0 },
        ],
        ..SYSTEM
    };
    tables.check();
    tables
};
/// What `alice` is signalled when `bob` calls.
const CALLS: u32 = 0b1000;
const ALARM: u16 = 0;

const fn moved(opcode: u32, register: u32, number: u32) -> u32 {
    31 << 26 | register << 21 | (number & 31) << 16 | (number >> 5) << 11 | opcode << 1
}

impl Node {
    /// The server waits, `alice` runs. Her guest's first entry maps all of its RAM.
    fn with_monitors() -> Self {
        let mut node = Self::of(&MONITORS, 8);
        assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(ALICE));
        node.guest.first_entry = [0x270, 0, 7, 0];
        node.guest.requests = REQUEST_RESET;
        node
    }

    /// The way out of the kernel: whoever is a guest has more to do first.
    fn leave(&mut self) -> Leave {
        loop {
            let current = self.core.current;
            let is_guest = |id: ThreadId| self.threads[id.place()].fixed.msr & msr::IS != 0;
            if !current.is_some_and(is_guest) {
                return Leave::Thread(current);
            }
            let leave = self.with(|kernel| kernel.resume_guest());
            if let Leave::Guest { .. } = leave {
                return leave;
            }
        }
    }

    /// The running thread becomes a guest; who runs then.
    fn run_guest(&mut self) -> Leave {
        self.call(Call::VcpuRun, VCPU, Tag::default(), &[]);
        self.leave()
    }

    /// The guest executes a privileged instruction.
    fn guest_executes(&mut self, instruction: u32) -> Leave {
        self.guest.exit.instruction = instruction;
        let trap = GuestTrap { interrupt: Interrupt::PROGRAM, esr: msr::ESR_PPR, dear: 0 };
        self.guest_traps(trap)
    }

    fn guest_traps(&mut self, trap: GuestTrap) -> Leave {
        let leave = self.with(|kernel| {
            let vcpu = kernel.core().vcpu;
            let pid = kernel.state().vcpus[usize::from(vcpu)].hardware_pid;
            kernel.guest_trapped(trap, pid)
        });
        if let Leave::Thread(_) = leave { self.leave() } else { leave }
    }

    fn reason(&self) -> Option<ExitReason> {
        ExitReason::from_number(self.guest.exit.reason)
    }
}

fn is_guest_of(leave: Leave, id: ThreadId) -> bool {
    matches!(leave, Leave::Guest { thread, .. } if thread == id)
}

#[test]
fn a_thread_is_the_guest_until_the_guest_needs_it() {
    let mut node = Node::with_monitors();
    assert!(is_guest_of(node.run_guest(), ALICE));
    assert_eq!(node.guest_executes(moved(323, 5, 0xC0)), Leave::Thread(Some(ALICE)));
    let exit = node.guest.exit;
    assert_eq!((node.reason(), exit.instruction), (Some(ExitReason::Instruction), moved(323, 5, 0xC0)));
    assert_eq!((exit.detail, exit.floats), (msr::ESR_PPR, 0));
    assert_eq!((node.status(ALICE), node.gpr(ALICE)[3]), (Status::Ok, 0));
    // A virtual CPU is its thread's alone.
    assert_eq!(node.call(Call::Wait, OWN, Tag::default(), &[]), Some(BOB));
    assert!(is_guest_of(node.run_guest(), BOB));
}

#[test]
fn a_signal_ends_the_run_wherever_it_meets_the_thread() {
    // While the guest runs.
    let mut node = Node::with_monitors();
    assert!(is_guest_of(node.run_guest(), ALICE));
    node.with(|kernel| kernel.set_timer(ALARM, Some(10_000), 0));
    node.machine.now = 10_000;
    node.trap(Trap::Timer);
    assert_eq!(node.leave(), Leave::Thread(Some(ALICE)));
    assert_eq!((node.core.run_thread, node.gpr(ALICE)[3]), (None, 0b1));
    // Before it does.
    node.with(|kernel| kernel.signal(ALICE, 0b10));
    assert_eq!(node.run_guest(), Leave::Thread(Some(ALICE)));
    assert_eq!((node.core.run_thread, node.gpr(ALICE)[3]), (None, 0b10));
}

#[test]
fn a_call_ends_the_run_and_is_answered_without_a_wait() {
    for waits in [false, true] {
        let mut node = Node::with_monitors();
        if waits {
            assert_eq!(node.call(Call::Wait, OWN, Tag::default(), &[]), Some(BOB));
        } else {
            assert!(is_guest_of(node.run_guest(), ALICE));
            // Her slice is over.
            node.with(|kernel| kernel.set_timer(ALARM, Some(10), 0));
            node.machine.now = 10;
            node.trap(Trap::Timer);
            assert_eq!(node.leave(), Leave::Thread(Some(ALICE)));
            assert_eq!(node.call(Call::Yield, 0, Tag::default(), &[]), Some(BOB));
        }
        assert_eq!(node.call(Call::Call, DESK, Tag::new(3, 1), &[7]), Some(ALICE), "{waits}");
        if !waits {
            assert_eq!(node.run_guest(), Leave::Thread(Some(ALICE)));
        }
        assert_eq!(node.leave(), Leave::Thread(Some(ALICE)));
        assert_eq!(node.gpr(ALICE)[3], CALLS);
        assert_eq!(node.call(Call::Recv, DESK, Tag::default(), &[]), Some(ALICE));
        assert_eq!((node.status(ALICE), node.gpr(ALICE)[3]), (Status::Ok, 7));
        // Out of the sight of the reply in assembly, which would wait for the next call.
        let alice = &node.threads[ALICE.place()];
        assert_eq!((alice.owes, alice.handles), (None, Some(BOB)));
        assert_eq!(node.call(Call::ReplyRecv, DESK, Tag::new(0, 1), &[9]), Some(ALICE));
        assert_eq!((node.status(ALICE), node.gpr(ALICE)[3]), (Status::Notified, 0));
        assert_eq!((node.run(BOB), node.gpr(BOB)[3]), (Run::Ready, 9));
        assert!(is_guest_of(node.run_guest(), ALICE));
    }
}

#[test]
fn a_monitor_whose_caller_has_gone_waits_for_nobody() {
    let mut node = Node::with_monitors();
    assert_eq!(node.call(Call::Wait, OWN, Tag::default(), &[]), Some(BOB));
    assert_eq!(node.call(Call::Call, DESK, Tag::new(3, 0), &[]), Some(ALICE));
    node.with(|kernel| {
        kernel.stop_domain(2);
        kernel.choose()
    });
    assert_eq!(node.call(Call::Recv, DESK, Tag::default(), &[]), Some(ALICE));
    assert_eq!((node.status(ALICE), node.gpr(ALICE)[3]), (Status::Notified, 0));
}

#[test]
fn a_domain_that_ends_as_a_guest_starts_as_itself() {
    let mut node = Node::with_monitors();
    assert!(is_guest_of(node.run_guest(), ALICE));
    node.with(|kernel| {
        kernel.restart_domain(1);
        kernel.choose()
    });
    assert_eq!(node.threads[ALICE.place()].fixed.msr & msr::IS, 0);
    assert_eq!((node.run(ALICE), node.core.run_thread), (Run::Ready, None));
}

#[test]
fn the_page_of_whoever_runs_is_shown() {
    let mut node = Node::with_monitors();
    assert!(is_guest_of(node.run_guest(), ALICE));
    assert_eq!((node.core.vcpu, node.core.run_thread, node.core.run_slot), (0, Some(ALICE), VCPU));
    // Her guest touches what is no RAM: the run may go on without a look at it.
    let trap = GuestTrap { interrupt: Interrupt::DATA_TLB_ERROR, esr: 0, dear: 0x10 };
    node.with(|kernel| {
        kernel.state().vcpus[0].tlb.write(0, 1, 0xE000_0000, 0);
    });
    assert_eq!(node.guest_traps(trap), Leave::Thread(Some(ALICE)));
    assert_eq!((node.reason(), node.core.run_thread), (Some(ExitReason::Access), Some(ALICE)));
    // But not when another has been shown.
    assert_eq!(node.call(Call::Wait, OWN, Tag::default(), &[]), Some(BOB));
    *node.guest = VcpuState { requests: REQUEST_RESET, first_entry: [0x270, 0, 7, 0], ..VcpuState::ZERO };
    assert!(is_guest_of(node.run_guest(), BOB));
    assert_eq!((node.core.vcpu, node.core.run_thread), (1, Some(BOB)));
}
