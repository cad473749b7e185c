//! The kernel's interface and services, and its voice.

use crate::suite::{Case, Expect, Run, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "conformance",
        about: "every call, misuse, cause, status, priority, timer and interrupt is as the kernel's interface says",
        what: What::Run(Run::of("tests/specs/conformance.ron").expecting(EXAMINED)),
    },
    Case {
        name: "conformance-general",
        about: "the same without the fast path",
        what: What::Run(Run::of("tests/specs/conformance-general.ron").expecting(EXAMINED)),
    },
    Case {
        name: "conformance-services",
        about: "the same with budgets and the trace, below a domain that never rests",
        what: What::Run(Run::of("tests/specs/conformance-services.ron").expecting(&[
            Expect::Times(19, "^subject: check [a-z-]+ ok$"),
            Expect::Says("^subject: check shares ok$"),
            Expect::Never("failed"),
            Expect::Says("^subject: examined$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "debug-node",
        about: "gdb stops the node at a symbol of the kernel's and at one domain's entry, and knows who is where",
        what: What::Custom(custom::debug_node),
    },
    Case {
        name: "inversion",
        about: "what a caller lends goes along a chain of servers, past whoever is in between",
        what: What::Run(Run::of("tests/specs/inversion.ron").expecting(&[
            Expect::InOrder(&["^high: done$", "^middle: done$", "^low: done$"]),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "naps",
        about: "no deadline is lost, however soon it comes: QEMU meets deadlines in a thread of its own",
        what: What::Run(
            Run::of("tests/specs/naps.ron")
                .typing(&[])
                .until("^sleeper: woke 5000 times$")
                .expecting(&[Expect::Reports(0)]),
        ),
    },
    Case {
        name: "two-paths",
        about: "with the fast path and without it, thousands of calls leave the same in every register",
        what: What::Custom(custom::two_paths),
    },
    Case {
        name: "survey",
        about: "device control registers and the place of memory are for those who are granted them",
        what: What::Run(Run::of("tests/specs/survey.ron").expecting(&[
            Expect::Says("^surveyor: 16384 bytes at 0x2000000$"),
            Expect::Says("^surveyor: selected 0x40, found 0x[0-9a-f]+$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "budget",
        about: "a domain that never rests leaves the others what its budget does not give it",
        what: What::Run(Run::of("tests/specs/budget.ron").expecting(&[
            Expect::Says(r"^alice: hello \(3 of 3\)$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "silence",
        about: "a domain alone on the core is interrupted by nothing but the one deadline that there is",
        what: What::Run(Run::of("tests/specs/silence.ron").expecting(&[
            Expect::Says(
                "^census: first: calls 0 interrupts 0 timers 1 data-misses 0 fetch-misses 0 faults 0 float-loads 0 preemptions 1$",
            ),
            // The others have gone to sleep at the start.
            Expect::Says("^census: second: calls 1 interrupts 0 timers 0 .* preemptions 0$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "trace",
        about: "what the kernel records can be read while it records more",
        what: What::Run(Run::of("tests/specs/trace.ron").expecting(&[
            Expect::Says(r"^alice: hello \(1 of 1\)$"),
            Expect::Says("^tracer: [0-9a-f]{8} 1 call 0$"),
            Expect::Says("^tracer: [0-9a-f]{8} 0 reply 1$"),
            Expect::Says("^tracer: [0-9a-f]{8} (idle|[0-9]+) switch 0$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "halt",
        about: "a halt ends the run with its code, and without a console the kernel's own serves",
        what: What::Run(
            Run::of("tests/specs/halt.ron")
                .expecting(&[Expect::Says(r"^\[fugue\] boot system=halt "), Expect::Halts(42)]),
        ),
    },
    Case {
        name: "meddled-divisor",
        about: "the kernel is heard though the console's owner has turned the transmitter into the divisor",
        what: What::Run(Run::of("tests/specs/meddled-divisor.ron").expecting(&[Expect::Halts(42)])),
    },
    Case {
        name: "meddled-loop",
        about: "the kernel is heard though the console's owner has turned the line back on itself",
        what: What::Run(Run::of("tests/specs/meddled-loop.ron").expecting(&[Expect::Halts(42)])),
    },
];

const EXAMINED: &[Expect] = &[
    Expect::Times(18, "^subject: check [a-z-]+ ok$"),
    Expect::Never("failed"),
    Expect::Says("^subject: examined$"),
    Expect::Reports(0),
    Expect::Halts(0),
];
