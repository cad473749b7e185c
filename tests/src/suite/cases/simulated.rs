//! The same specs on Blue Gene/P: one core of the simulated node, while the other three are parked.

use crate::suite::{Case, Expect, Run, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "bgp-image",
        about: "the same spec links for Blue Gene/P, at its addresses and without QEMU's board",
        what: What::Custom(custom::bgp_image),
    },
    Case {
        name: "bgp-hello",
        about: "hello says on a Blue Gene/P node what it says elsewhere",
        what: What::Run(Run::of("system-specs/hello.ron").on("bgp").ending().expecting(&[
            Expect::Says(r"^\[fugue\] boot system=hello board=bgp domains=3 threads=3$"),
            Expect::Says(r"^alice: hello from alice \(3 of 3\)$"),
            Expect::Says(r"^bob: hello \(5 of 5\)$"),
            Expect::Reports(0),
            Expect::Done,
        ])),
    },
    Case {
        name: "bgp-calls",
        about: "every kind of argument and answer goes between domains on a Blue Gene/P node",
        what: What::Run(Run::of("tests/specs/calls.ron").on("bgp").expecting(&[
            Expect::Never("failed"),
            Expect::Says("^pinger: pinged$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "bgp-waits",
        about: "timers, events and the end of a peer end waits on a Blue Gene/P node",
        what: What::Run(Run::of("tests/specs/waits.ron").on("bgp").expecting(&[
            Expect::Never("failed"),
            Expect::Says("^waiter: waited$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "bgp-halt",
        about: "a halt ends a simulated run with its code",
        what: What::Run(Run::of("tests/specs/halt.ron").on("bgp").expecting(&[Expect::Halts(42)])),
    },
    Case {
        name: "bgp-faults",
        about: "a domain that touches what is not its own is stopped on a Blue Gene/P node, and the report has its symbols",
        what: What::Run(Run::of("tests/specs/faults-memory.ron").on("bgp").expecting(&[
            Expect::Report { name: "load", cause: "load-unmapped", described: r"prober/src/.*\.rs:\d+" },
            Expect::Report { name: "overflow", cause: "store-unmapped", described: "prober::act::deeper" },
            Expect::Report { name: "misaligned", cause: "alignment", described: r"prober/src/.*\.rs:\d+" },
            Expect::Reports(7),
        ])),
    },
    Case {
        name: "bgp-conformance",
        about: "every call, misuse, cause, status, priority and timer is as the kernel's interface says, on a Blue Gene/P node",
        what: What::Run(Run::of("tests/specs/conformance-bgp.ron").expecting(&[
            Expect::Times(16, "^subject: check [a-z-]+ ok$"),
            Expect::Never("failed"),
            Expect::Says("^subject: examined$"),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "bgp-debug-node",
        about: "gdb stops a simulated node at a symbol of the kernel's and in one domain, with the cores as threads",
        what: What::Custom(custom::debug_simulated),
    },
    Case {
        name: "bgp-simulated",
        about: "a simulated run is the same each time, to the instruction",
        what: What::Custom(custom::bgp_simulated),
    },
];
