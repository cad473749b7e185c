//! What composer builds: the same twice, held to its stacks, and kept.

use crate::suite::{Case, Expect, Run, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "repeatable",
        about: "two runs under icount say the same, byte for byte",
        what: What::Custom(custom::repeatable),
    },
    Case {
        name: "deterministic",
        about: "two checkouts in two places give the same image, byte for byte",
        what: What::Custom(custom::deterministic),
    },
    Case {
        name: "stacks",
        about: "a stack that can overflow, or that nobody can bound, is an error with the path that says so",
        what: What::Custom(custom::stacks),
    },
    Case {
        name: "juggler",
        about: "calls through pointers of a kind that the manifest states need no stated stack, and reach what they name",
        what: What::Run(Run::of("tests/specs/juggler.ron").expecting(&[
            Expect::InOrder(&[
                "^juggler: round 0: 1 high, 7 heavy$",
                "^juggler: round 1: 2 high, 4 heavy$",
                "^juggler: round 2: 3 high, 7 heavy$",
            ]),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "gambler",
        about: "calls through pointers of which nobody speaks are the spec's to answer for",
        what: What::Run(
            Run::of("tests/specs/gambler.ron").expecting(&[Expect::Says("^gambler: won$"), Expect::Halts(0)]),
        ),
    },
    Case {
        name: "last-good",
        about: "a build that fails leaves the last good image in place",
        what: What::Custom(custom::last_good),
    },
    Case {
        name: "absent-services",
        about: "a kernel holds the code of budgets, of the trace and of virtual CPUs only where a spec asks for them",
        what: What::Custom(custom::absent_services),
    },
    Case {
        name: "absent-parts",
        about: "a monitor holds the debugger's stub and what measures its exits only where a spec asks for them",
        what: What::Custom(custom::absent_parts),
    },
];
