//! Wires: what goes over calls, rings and direct wires, events and timers among it.

use crate::suite::{Case, Expect, Run, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "hello",
        about: "two clients, told apart by their badge, talk through one console",
        what: What::Run(
            Run::of("system-specs/hello.ron")
                .until(
                    r"(?s)alice: [.:0-9]{300}$.*bob: [.:0-9]{300}$|bob: [.:0-9]{300}$.*alice: [.:0-9]{300}$",
                )
                .expecting(&[
                    Expect::Says(r"^\[fugue\] boot system=hello board="),
                    Expect::InOrder(&[
                        r"^alice: hello from alice \(1 of 3\)$",
                        r"^alice: hello from alice \(3 of 3\)$",
                    ]),
                    Expect::InOrder(&[r"^bob: hello \(1 of 5\)$", r"^bob: hello \(5 of 5\)$"]),
                    Expect::Times(8, "^(alice|bob): hello"),
                    // A line longer than a message, with every byte in its place.
                    Expect::Says(r"^alice: \.{4}:\.{4}1\.{4}:\.{4}2"),
                    Expect::Reports(0),
                ]),
        ),
    },
    Case {
        name: "hello-direct",
        about: "a client and the console it talks to share a domain",
        what: What::Run(Run::of("system-specs/hello-direct.ron").until("^[a-z]+: [.:0-9]{300}$").expecting(
            &[
                Expect::Says(r"^\[fugue\] boot system=hello-direct .* domains=1 "),
                Expect::InOrder(&[r"hello.* \(1 of \d\)$", r"hello.* \(3 of \d\)$"]),
                Expect::Reports(0),
            ],
        )),
    },
    Case {
        name: "one-word",
        about: "the same components work in two domains or in one, by one word of the spec",
        what: What::Custom(custom::one_word),
    },
    Case {
        name: "calls",
        about: "every kind of argument and answer comes through a call",
        what: What::Run(Run::of("tests/specs/calls.ron").expecting(TRIALS)),
    },
    Case {
        name: "calls-general",
        about: "every kind of argument and answer comes through a call on the general path",
        what: What::Run(Run::of("tests/specs/calls-general.ron").expecting(TRIALS)),
    },
    Case {
        name: "calls-direct",
        about: "every kind of argument and answer comes through a direct wire",
        what: What::Run(Run::of("tests/specs/calls-direct.ron").expecting(TRIALS)),
    },
    Case {
        name: "waits",
        about: "timers and events are kept while something else is waited for; a peer's end ends a wait",
        what: What::Run(Run::of("tests/specs/waits.ron").expecting(WAITS)),
    },
    Case { name: "echo", about: "what is typed comes by interrupt to a client", what: What::Run(ECHO) },
    Case {
        name: "echo-direct",
        about: "what is typed comes by interrupt to the thread that also serves the device",
        what: What::Run(Run { spec: "tests/specs/echo-direct.ron", ..ECHO }),
    },
    Case {
        name: "calls-ring",
        about: "every kind of argument and answer comes through a ring",
        what: What::Run(Run::of("tests/specs/calls-ring.ron").expecting(TRIALS)),
    },
    Case {
        name: "hello-ring",
        about: "one server answers clients over rings and a client that calls",
        what: What::Run(
            Run::of("tests/specs/hello-ring.ron")
                .until(r"(?s)(.*^(alice|bob|carol): [.:0-9]{300}$){3}")
                .expecting(&[
                    Expect::InOrder(&[
                        r"^alice: hello from alice \(1 of 3\)$",
                        r"^alice: hello from alice \(3 of 3\)$",
                    ]),
                    Expect::InOrder(&[r"^bob: hello \(1 of 5\)$", r"^bob: hello \(5 of 5\)$"]),
                    Expect::InOrder(&[r"^carol: hello \(1 of 3\)$", r"^carol: hello \(3 of 3\)$"]),
                    Expect::Times(11, "^(alice|bob|carol): hello"),
                    Expect::Reports(0),
                ]),
        ),
    },
    Case {
        name: "waits-ring",
        about: "waits over a ring keep timers and events, and end with the peer",
        what: What::Run(Run::of("tests/specs/waits-ring.ron").expecting(WAITS)),
    },
    Case {
        name: "echo-ring",
        about: "what is typed comes by interrupt to a client over a ring",
        what: What::Run(Run { spec: "tests/specs/echo-ring.ron", ..ECHO }),
    },
    Case {
        name: "network",
        about: "machines on a switch get all frames for them, and no other's",
        what: What::Run(Run::of("tests/specs/network.ron").until("^alice: chatted$").expecting(&[
            Expect::Times(3, "^alice: check [a-z]+ ok$"),
            Expect::Never("failed"),
            Expect::Reports(0),
        ])),
    },
];

const TRIALS: &[Expect] = &[
    Expect::Times(6, "^pinger: check [a-z-]+ ok$"),
    Expect::Never("failed"),
    Expect::Says("^pinger: pinged$"),
    Expect::Reports(0),
    Expect::Halts(0),
];

const WAITS: &[Expect] = &[
    Expect::Times(6, "^waiter: check [a-z-]+ ok$"),
    Expect::Never("failed"),
    Expect::InOrder(&[
        "^waiter: check event-and-timer ok$",
        r"^\[fugue\] stopped domain=\d+ name=ponger by=reaper$",
        "^waiter: check end-of-a-peer ok$",
        "^waiter: check call-after-the-end ok$",
        "^waiter: waited$",
    ]),
    Expect::Stopped { name: "ponger", by: "reaper" },
    Expect::Halts(0),
];

const ECHO: Run = Run::of("tests/specs/echo.ron")
    .typing(&[("^alice: [.:0-9]{300}$", "fugue\rand prelude\r")])
    .until("^alice: you said: and prelude$")
    .expecting(&[Expect::Says("^alice: you said: fugue$"), Expect::Reports(0)]);
