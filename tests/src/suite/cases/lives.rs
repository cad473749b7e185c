//! Lives: faults and their handlers, ends, restarts, and what peers notice of them.

use crate::suite::{Case, Expect, Run, What};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "kill-client",
        about: "a client's end leaves the server and the other client at work",
        what: What::Run(Run::of("tests/specs/kill-client.ron").expecting(CLIENT_KILLED)),
    },
    Case {
        name: "kill-server",
        about: "a server's end is an error to its clients, and the node goes on",
        what: What::Run(Run::of("tests/specs/kill-server.ron").expecting(SERVER_KILLED)),
    },
    Case {
        name: "kill-client-ring",
        about: "the end of a ring's client leaves the server and the other client at work",
        what: What::Run(Run::of("tests/specs/kill-client-ring.ron").expecting(CLIENT_KILLED)),
    },
    Case {
        name: "kill-server-ring",
        about: "a server's end is an error to the clients of its rings",
        what: What::Run(Run::of("tests/specs/kill-server-ring.ron").expecting(SERVER_KILLED)),
    },
    Case {
        name: "restart-ring",
        about: "each life of a ring's client finds the server ready",
        what: What::Run(Run::of("tests/specs/restart-ring.ron").expecting(RESTARTED)),
    },
    Case {
        name: "watchdog-ring",
        about: "the end of a ring's server is told once, and its next life answers",
        what: What::Run(Run::of("tests/specs/watchdog-ring.ron").expecting(WATCHED)),
    },
    Case {
        name: "faults-memory",
        about: "a domain that touches what is not its own is stopped, alone, with a report that names it",
        what: What::Run(Run::of("tests/specs/faults-memory.ron").expecting(&[
            Expect::Report { name: "load", cause: "load-unmapped", described: r"prober/src/.*\.rs:\d+" },
            Expect::Report {
                name: "store",
                cause: "store-unmapped",
                described: r"at deadbeec in domain store",
            },
            Expect::Report { name: "jump", cause: "fetch-unmapped", described: r"prober/src/.*\.rs:\d+" },
            Expect::Report { name: "store-to-text", cause: "store-denied", described: "prober::" },
            Expect::Report {
                name: "jump-to-stack",
                cause: "fetch-denied",
                described: r"prober/src/.*\.rs:\d+",
            },
            Expect::Report { name: "overflow", cause: "store-unmapped", described: "prober::act::deeper" },
            Expect::Report { name: "misaligned", cause: "alignment", described: r"prober/src/.*\.rs:\d+" },
            Expect::Reports(7),
            Expect::Never("survived"),
            Expect::Says(r"^witness: hello \(3 of 3\)$"),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "faults-calls",
        about: "a domain that calls or executes what it may not is stopped, alone, with a report that names it",
        what: What::Run(Run::of("tests/specs/faults-calls.ron").expecting(&[
            Expect::Report { name: "bad-slot", cause: "bad-slot", described: r"prober/src/act\.rs:\d+" },
            Expect::Report {
                name: "wrong-object",
                cause: "wrong-object",
                described: r"prober/src/act\.rs:\d+",
            },
            Expect::Report {
                name: "missing-right",
                cause: "missing-right",
                described: r"prober/src/act\.rs:\d+",
            },
            Expect::Report {
                name: "unknown-call",
                cause: "unknown-call",
                described: r"prober/src/.*\.rs:\d+",
            },
            Expect::Report { name: "privileged", cause: "privileged-instruction", described: r"\.rs:\d+" },
            Expect::Report { name: "illegal", cause: "illegal-instruction", described: r"\.rs:\d+" },
            Expect::Report { name: "trap", cause: "trap-instruction", described: r"\.rs:\d+" },
            Expect::Report { name: "float", cause: "float-unavailable", described: r"\.rs:\d+" },
            Expect::Report { name: "panic", cause: "failed", described: "as the spec wishes" },
            Expect::Reports(9),
            Expect::Exited { name: "error" },
            Expect::Times(1, "survived: nothing"),
            Expect::Times(1, "survived"),
            Expect::Says(r"^witness: hello \(3 of 3\)$"),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "fatal",
        about: "a fault ends the node's run where the spec says so",
        what: What::Run(Run::of("tests/specs/fatal.ron").expecting(&[
            Expect::Report { name: "prober", cause: "store-unmapped", described: "instance prober" },
            Expect::Halts(70),
        ])),
    },
    Case {
        name: "restart",
        about: "a domain that faults starts afresh as often as its spec says, and then stops",
        what: What::Run(Run::of("tests/specs/restart.ron").expecting(RESTARTED)),
    },
    Case {
        name: "revive",
        about: "who controls a domain learns of its end, and starts it again",
        what: What::Run(Run::of("tests/specs/revive.ron").expecting(&[
            Expect::InOrder(&[
                "^reviver: it has stopped after life 0 and faults 1$",
                r"^\[fugue\] restarted domain=\d+ name=prober generation=1$",
                "^reviver: it has stopped after life 1 and faults 2$",
                "^reviver: it has stopped after life 2 and faults 3$",
            ]),
            Expect::Times(3, "^prober: about to: trap$"),
            Expect::Reports(3),
            Expect::Halts(0),
        ])),
    },
    Case {
        name: "watchdog",
        about: "a server that hangs is restarted; the call that it held ends, and the next is answered",
        what: What::Run(Run::of("tests/specs/watchdog.ron").expecting(WATCHED)),
    },
    Case {
        name: "medic",
        about: "a handler mends a fault or leaves it to the spec, and sees the registers that it is granted",
        what: What::Run(Run::of("tests/specs/medic.ron").expecting(&[
            Expect::InOrder(&[
                "^medic: load: load-unmapped at deadbeec: skipped, registers agree$",
                "^load: survived: load$",
                "^medic: jump: fetch-unmapped at deadbeec: skipped$",
                "^medic: jump: fetch-unmapped at deadbef0: beyond help$",
            ]),
            Expect::Report { name: "jump", cause: "fetch-unmapped", described: "deadbef0" },
            Expect::Reports(1),
            Expect::Halts(0),
        ])),
    },
];

const CLIENT_KILLED: &[Expect] = &[
    Expect::InOrder(&[
        "^bob: hello",
        r"^\[fugue\] stopped domain=\d+ name=bob by=reaper$",
        "^reaper: the victim is stopped$",
        "^alice: hello",
        "^reaper: the node ends$",
    ]),
    Expect::Stopped { name: "bob", by: "reaper" },
    Expect::Never("^bob: .*1000 of 1000"),
    Expect::Reports(0),
    Expect::Halts(7),
];

const SERVER_KILLED: &[Expect] = &[
    Expect::Says("^alice: hello"),
    Expect::Stopped { name: "console", by: "reaper" },
    Expect::Exited { name: "alice" },
    Expect::Exited { name: "bob" },
    Expect::Reports(0),
    Expect::Halts(0),
];

const RESTARTED: &[Expect] = &[
    Expect::Times(3, "^prober: about to: store$"),
    Expect::InOrder(&[
        r"^\[fugue\] restarted domain=\d+ name=prober generation=1$",
        r"^\[fugue\] restarted domain=\d+ name=prober generation=2$",
    ]),
    Expect::Times(2, r"^\[fugue\] restarted "),
    Expect::Reports(3),
    Expect::Halts(0),
];

const WATCHED: &[Expect] = &[
    Expect::InOrder(&[
        "^survivor: at first the server runs: true, life 0, faults 0, has called: true$",
        "^survivor: before: 5$",
        r"^\[fugue\] restarted domain=\d+ name=hanger generation=1$",
        "^survivor: the call that hung: the peer has stopped$",
        "^survivor: then the server runs: true, life 1, faults 0, has called: true$",
        "^survivor: after: 7$",
    ]),
    Expect::Times(1, r"^\[fugue\] restarted "),
    Expect::Reports(0),
    Expect::Halts(0),
];
