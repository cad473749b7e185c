//! The table of cases.

use super::{Case, Expect, Run, What, custom};

/// Every case, in the order in which the suite runs them.
pub const CASES: &[Case] = &[
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
        name: "marks",
        about: "no register shows a domain what another left in it",
        what: What::Run(Run::of("tests/specs/marks.ron").expecting(&[
            Expect::InOrder(&["^leaves: survived: leave-mark$", "^finds: survived: find-mark$"]),
            Expect::Reports(0),
            Expect::Halts(0),
        ])),
    },
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
        name: "inversion",
        about: "what a caller lends goes along a chain of servers, past whoever is in between",
        what: What::Run(Run::of("tests/specs/inversion.ron").expecting(&[
            Expect::InOrder(&["^high: done$", "^middle: done$", "^low: done$"]),
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
        name: "two-paths",
        about: "with the fast path and without it, thousands of calls leave the same in every register",
        what: What::Custom(custom::two_paths),
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
        about: "a kernel holds the code of budgets and of the trace only where a spec asks for them",
        what: What::Custom(custom::absent_services),
    },
    Case {
        name: "bgp-image",
        about: "the same spec links for Blue Gene/P, at its addresses and without QEMU's board",
        what: What::Custom(custom::bgp_image),
    },
    Case {
        name: "guest-shell",
        about: "the guest's kernel and files, made by their recipe, boot natively to a shell",
        what: What::Custom(custom::guest_shell),
    },
    Case {
        name: "guest-benchmark",
        about: "the guest's benchmark says the same in every native run",
        what: What::Custom(custom::guest_benchmark),
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

const EXAMINED: &[Expect] = &[
    Expect::Times(18, "^subject: check [a-z-]+ ok$"),
    Expect::Never("failed"),
    Expect::Says("^subject: examined$"),
    Expect::Reports(0),
    Expect::Halts(0),
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

const ECHO: Run = Run::of("tests/specs/echo.ron")
    .typing(&[("^alice: [.:0-9]{300}$", "fugue\rand prelude\r")])
    .until("^alice: you said: and prelude$")
    .expecting(&[Expect::Says("^alice: you said: fugue$"), Expect::Reports(0)]);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn names_differ_and_specs_exist() {
        let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), CASES.len());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
        for case in CASES {
            if let What::Run(run) = case.what {
                assert!(root.join(run.spec).is_file(), "{}: {}", case.name, run.spec);
            }
        }
    }

    #[test]
    fn every_spec_of_the_suite_is_used() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
        let source = include_str!("cases.rs").to_owned() + include_str!("custom/same.rs");
        for entry in root.join("tests/specs").read_dir().expect("the specs") {
            let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
            // Benchmarks are `composer bench`'s, long runs `.ci/nightly`'s.
            let elsewhere = name.starts_with("bench") || name.starts_with("nightly-");
            assert!(elsewhere || source.contains(&name), "no case uses {name}");
        }
    }
}
