//! What a virtual processor is held to, and how several share the core.

use crate::suite::{Case, Expect, Run, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "vcpu",
        about: "a guest does what a kernel does, step by step, and meets a 440",
        what: What::Run(Run::of("tests/specs/vcpu.ron").until("^monitor: float 1$").counting().expecting(&[
            Expect::InOrder(VCPU),
            Expect::Counts {
                machine: "monitor",
                counters: &["spr", "flush_loop", "guest_miss", "exit_dcr", "exit_access"],
            },
            Expect::Reports(0),
        ])),
    },
    Case {
        name: "turns",
        about: "busy machines share the core by their weights, and the one of higher priority has all of it",
        what: What::Custom(custom::turns),
    },
    Case {
        name: "turns-naps",
        about: "machines that wait for timers are woken by those, and hardly ever by each other's turns",
        what: What::Run(Run::of("tests/specs/turns-naps.ron").ending().expecting(&[
            Expect::Says("^vm0: napped$"),
            Expect::Says("^vm1: napped$"),
            // A hundred ends of slices of 10 ms would nearly double them.
            Expect::Times(2, r"\] stats .* timer=10[0-9] .* idle=1[012][0-9] "),
            Expect::Done,
            Expect::Reports(0),
        ])),
    },
    Case {
        name: "conformance-guest-native",
        about: "QEMU does what the processor's manual says, but for the known deviations; a hostile guest ends",
        what: What::Custom(custom::conformance_guest),
    },
    Case {
        name: "conformance-guest-vm",
        about: "a virtual machine does what the processor's manual says, also where QEMU deviates from it",
        what: What::Custom(custom::conformance_guest_vm),
    },
    Case {
        name: "conformance-pair",
        about: "two machines that take the core from each other see nothing of each other, nor of another's registers",
        what: What::Run(
            Run::of("tests/specs/conformance-pair.ron").until("(?s)(^vm.: [0-9]+ cases, .*){2}").expecting(&[
                Expect::Times(2, "^vm.: [1-9][0-9]{2,} cases, 0 bad$"),
                Expect::Never("^vm.: bad|check .* failed"),
                Expect::Says("^floater: check float-wait ok"),
                Expect::Says("^floater: filled"),
            ]),
        ),
    },
    Case {
        name: "hostile-guest-vm",
        about: "guests' random instructions, TLB entries, device accesses and rings do nobody else harm",
        what: What::Run(Run::of("tests/specs/hostile-vm.ron").expecting(&[
            Expect::Says("^vm0: 50000 steps done"),
            Expect::Says("^vm1: 50000 steps done"),
            // Devices have answered, or nothing but nonsense was tried; machines were reset, and went on.
            Expect::Says("^vm0: 500[0-9]+ steps, [1-9][0-9]+ requests answered, [1-9]"),
            Expect::Says("^vm1: 500[0-9]+ steps, [1-9][0-9]+ requests answered, [1-9]"),
            Expect::Never("bad: interrupt [0-9]"),
            Expect::Says("^bystander: check neighbour ok"),
            // The kernel's figures of a server above them.
            Expect::Times(0, "^bystander: [0-9]+ rounds; server: .*[1-9][0-9]* (data misses|fetch misses|faults|preemptions)"),
            Expect::Says("^bystander: 1000 rounds; server: 0 data misses, 0 fetch misses, 0 faults, 0 preemptions"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "guest-figures",
        about: "the guest that measures a machine has its interrupts, misses and devices, and comes to its end",
        what: What::Run(Run::of("tests/specs/bench-vm.ron").until("^done$").expecting(&[
            Expect::Says(r"^bench vm\.mfmsr ticks=[1-9]\d{3,} rounds=1000$"),
            Expect::Says(r"^bench vm\.refill ticks=[1-9]\d{4,} rounds=62000$"),
            Expect::Says(r"^bench vm\.guest_tlb_miss ticks=[1-9]\d{3,} rounds=1000$"),
            Expect::Says(r"^bench vm\.exit_mmio ticks=[1-9]\d{3,} rounds=1000$"),
            Expect::Reports(0),
        ])),
    },
];

/// What the guest says: the number of a step, and a value. `tests/components/hypervisor/src/guest.rs` has the steps.
const VCPU: &[&str] = &[
    "^monitor: 001 00000000$",
    "^monitor: 002 422218d3$",
    // SPRG0, the user's name of SPRG4, USPRG0.
    "^monitor: 003 12345678$",
    "^monitor: 004 12345678$",
    "^monitor: 005 12345678$",
    // MSR: CE, ME and DE are kept, EE comes and goes.
    "^monitor: 006 00021200$",
    "^monitor: 007 00029200$",
    "^monitor: 008 00021200$",
    // A page of the guest's own, found, and shared by two addresses.
    "^monitor: 009 10000210$",
    "^monitor: 00a 00000001$",
    "^monitor: 00b 00000077$",
    // A load and a store without an entry: where, the MSR before, the syndrome, the address.
    "^monitor: 1d0 00000144$",
    "^monitor: 1d1 00021200$",
    "^monitor: 1d2 00000000$",
    "^monitor: 1d3 20000004$",
    "^monitor: 1d2 00800000$",
    "^monitor: 1d3 20000008$",
    // A system call leaves the address behind it; a trap, an illegal and an unaligned instruction their own.
    "^monitor: 180 00000150$",
    "^monitor: 162 02000000$",
    "^monitor: 162 08000000$",
    "^monitor: 153 00005002$",
    // User state: a privileged instruction, a system call, another privileged one.
    "^monitor: 160 10000004$",
    "^monitor: 161 00004000$",
    "^monitor: 162 04000000$",
    "^monitor: 180 1000000c$",
    "^monitor: 160 1000000c$",
    // Floating point, unavailable and then not: 1.5 twice.
    "^monitor: 170 000001a8$",
    "^monitor: 00c 40080000$",
    // The decrementer, for one that loops and for one that waits.
    "^monitor: 1a0 00000001$",
    "^monitor: 1a0 00000002$",
    "^monitor: 00d 22000000$",
    // A device, the flush loop, a reset.
    "^monitor: store 30000300 at 0ef600300$",
    "^monitor: load 30000305 at 0ef600305$",
    "^monitor: 00e 00000060$",
    "^monitor: 00f 0000003f$",
    "^monitor: 010 00000004$",
    "^monitor: 011 00000290$",
    "^monitor: 012 00000030$",
    "^monitor: 013 ef600000$",
    "^monitor: end 5 3 at 000002a0$",
    "^monitor: flush loops 1$",
    "^monitor: idle 1$",
];
