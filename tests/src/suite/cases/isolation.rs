//! Isolation: what one domain does shows in no other.

use crate::suite::{Case, Expect, Run, What};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "marks",
        about: "no register shows a domain what another left in it",
        what: What::Run(Run::of("tests/specs/marks.ron").expecting(&[
            Expect::InOrder(&["^leaves: survived: leave-mark$", "^finds: survived: find-mark$"]),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "registers",
        about: "every register is a domain's own after every kind of entry, and shows nothing of another's",
        what: What::Run(Run::of("tests/specs/registers.ron").expecting(FILLED)),
    },
    Case {
        name: "registers-general",
        about: "the same without the fast path",
        what: What::Run(Run::of("tests/specs/registers-general.ron").expecting(FILLED)),
    },
    Case {
        name: "float-registers",
        about: "floating-point registers are a domain's own after every kind of entry, and begin empty in every life",
        what: What::Run(Run::of("tests/specs/float-registers.ron").expecting(FLOATED)),
    },
    Case {
        name: "float-registers-general",
        about: "the same without the fast path",
        what: What::Run(Run::of("tests/specs/float-registers-general.ron").expecting(FLOATED)),
    },
    Case {
        name: "floats",
        about: "domains with the floating-point unit interrupt each other and find their own numbers again",
        what: What::Run(
            Run::of("tests/specs/floats.ron")
                .until(r"(?s)^upper: round 4: .*^greeter: hello \(3 of 3\)$")
                .expecting(&[
                    // The bits that the component's host test finds too.
                    Expect::Says("^upper: round 4: 3fedafc223b5ae06 3f43dd0e$"),
                    Expect::Says("^lower: round 4: 3fe02afaa9f04f12 3f07fcce$"),
                    Expect::Reports(0),
                ]),
        ),
    },
    Case {
        name: "hostile",
        about: "a hundred thousand random steps of hostile domains touch neither the kernel nor the neighbours",
        what: What::Run(Run::of("tests/specs/hostile.ron").expecting(&[
            Expect::Times(2, "^(upper|lower): check neighbour ok$"),
            Expect::Never("check [a-z-]+ failed"),
            Expect::Says("^lower: [0-9]{6,} steps, "),
            // One of the three has the floating-point unit, and so has a neighbour.
            Expect::Says("^census: second: .* float-loads [1-9]"),
            Expect::Times(2, "^census: (first|third): .* float-loads 0 "),
            Expect::Times(10, "^floater: check [a-z-]+ ok$"),
            // They have no capability whose calls take a number that could name nothing.
            Expect::Times(1, "^lower: 0 faults: "),
            Expect::Says("^lower: 0 faults: bad-argument$"),
            Expect::Never(
                "cause=.* name=(kernel|console|ward|ponger|villain|mirror|fixer|floater|census|upper|lower)",
            ),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "hostile-ring",
        about: "a client that writes over its ring leaves the server, the other rings and the calls at work",
        what: What::Run(Run::of("tests/specs/hostile-ring.ron").expecting(&[
            Expect::InOrder(&[
                r"^alice: hello \(3 of 3\)$",
                "^hostile: about to: scribble$",
                r"^\[fugue\] stopped domain=\d+ name=hostile by=reaper$",
                "^reaper: the victim is stopped$",
                "^reaper: the node ends$",
            ]),
            Expect::Says(r"^bob: hello \(3 of 3\)$"),
            Expect::Says(r"^carol: hello \(3 of 3\)$"),
            Expect::Stopped { name: "hostile", by: "reaper" },
            Expect::Reports(0),
            Expect::Halts(7),
        ])),
    },
    Case {
        name: "pinned",
        about: "domains whose pages stay in the TLB never miss, not even in their next life, beside one that does",
        what: What::Run(Run::of("tests/specs/pinned.ron").expecting(&[
            Expect::Says(r"^alice: hello \(40 of 40\)$"),
            Expect::Says(r"^bob: hello \(40 of 40\)$"),
            Expect::Says(r"^\[fugue\] restarted domain=\d+ name=phoenix generation=1$"),
            Expect::Times(
                3,
                r"^census: (first|second|third): calls [1-9]\d* .* data-misses 0 fetch-misses 0 ",
            ),
            Expect::Says(r"^census: third: .* faults 2 "),
            // Driven out again and again, and so would the others have been.
            Expect::Says(r"^census: fourth: .* data-misses \d{2,} fetch-misses \d{2,} "),
            Expect::Reports(2),
            Expect::Halts(0),
        ])),
    },
];

const FILLED: &[Expect] = &[
    Expect::Times(39, "^(alice|bob|carol): check [a-z-]+ ok$"),
    Expect::Never("failed"),
    Expect::Times(3, "^(alice|bob|carol): filled$"),
    // Interrupts, preemptions and misses of both kinds, in the midst of all that.
    Expect::Times(3, r"^census: (first|second|third): .* interrupts [1-9]\d* timers [1-9]\d+ "),
    Expect::Times(4, r"^census: .* data-misses \d{3,} fetch-misses \d{2,} "),
    Expect::Times(3, r"^census: (first|second|third): .* faults 90 .* preemptions \d{2,}"),
    Expect::Reports(0),
    Expect::Halts(0),
];

const FLOATED: &[Expect] = &[
    // Alice lives twice.
    Expect::Times(40, "^(alice|bob|carol): check float-[a-z-]+ ok$"),
    Expect::Never("failed"),
    Expect::Times(4, ": filled$"),
    Expect::Times(1, r"^\[fugue\] restarted domain=\d+ name=alice generation=1$"),
    Expect::Times(4, r"^census: .* interrupts [1-9]\d* .* float-loads \d{3,} preemptions \d{2,}$"),
    Expect::Reports(2),
    Expect::Halts(0),
];
