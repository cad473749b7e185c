//! Guests.

use crate::suite::{Case, Expect, Run, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "debug-guest",
        about: "gdb at a guest stops it, steps it, reads it, and lets it go on to its shell",
        what: What::Custom(custom::debug_guest),
    },
    Case {
        name: "guest-dies",
        about: "the report of a guest's death names its functions, and what its exits have cost can be read",
        what: What::Custom(custom::guest_dies),
    },
    Case {
        name: "debug-reports",
        about: "reports have the same names below them while gdb looks on",
        what: What::Custom(custom::debug_reports),
    },
    Case {
        name: "guest-shell",
        about: "the guest's kernel and files, made by their recipe, boot natively to a shell",
        what: What::Custom(custom::guest_shell),
    },
    Case {
        name: "linux-vm",
        about: "the same kernel and files boot in a virtual machine to a shell that answers",
        what: What::Run(
            Run::of("system-specs/linux-vm.ron")
                .typing(&[(
                    "guest:/root# ",
                    "echo $((6 * 7)) $(uname -rm) $(busybox wc -l < /etc/inittab)\r",
                )])
                .until(r"^42 6\.1\.[0-9]+ ppc [0-9]+$")
                .expecting(&[Expect::Never("Oops|Kernel panic|Machine check"), Expect::Reports(0)]),
        ),
    },
    Case {
        name: "linux-again",
        about: "Linux on a virtio console draws entropy, writes a disk, reboots, is started afresh, and finds what it wrote",
        what: What::Run(
            Run::of("tests/specs/linux-again.ron")
                .typing(&[
                    ("guest:/root# ", "dd if=/dev/hwrng bs=16 count=1 2>/dev/null | wc -c; echo a $((6 * 7)) note > /dev/vda; reboot\r"),
                    ("stats msr=(?s:.*)guest:/root# ", "head -n 1 /dev/vda; echo again $((6 * 7)); reboot\r"),
                ])
                .until(
                    r"(?s)^again 42$.*\[vm0\] stats msr=[0-9]+ .* exit_access=[0-9]+ .*unknown_addresses=0$",
                )
                .expecting(&[
                    Expect::InOrder(&[
                        "^16$",
                        r"^\[vm0\] stats ",
                        r"^\[vm0\] the guest has reset its machine: restart 1$",
                        "^a 42 note$",
                        "^again 42$",
                        r"^\[vm0\] stats ",
                    ]),
                    Expect::Never("Oops|Kernel panic|Machine check|the guest has died"),
                    Expect::Reports(0),
                ]),
        ),
    },
    Case {
        name: "linux-panics",
        about: "a Linux that panics is started afresh as often as the spec says for panics, and then no more",
        what: What::Run(Run::of("tests/specs/linux-panics.ron").ending().expecting(&[
            Expect::Times(3, "Kernel panic - not syncing: Attempted to kill init!"),
            Expect::InOrder(&[
                r"^\[vm0\] the guest has panicked and reset its machine: restart 1$",
                r"^\[vm0\] the guest has panicked and reset its machine: restart 2$",
                r"^\[vm0\] the guest has panicked and reset its machine: the machine stops, restarts: 2$",
            ]),
            Expect::Done,
            Expect::Reports(0),
        ])),
    },
    Case {
        name: "two-vms",
        about: "two Linux run beside each other, each in its own memory",
        what: What::Run(
            Run::of("system-specs/two-vms.ron")
                .typing(&[])
                .until("(?s)vm0: guest:/root# .*vm1: guest:/root# |vm1: guest:/root# .*vm0: guest:/root# ")
                .expecting(&[Expect::Never("Oops|Kernel panic|Machine check"), Expect::Reports(0)]),
        ),
    },
    Case {
        name: "consoles",
        about: "two Linux share a console: what is typed reaches the one that a key has chosen",
        what: What::Run(
            Run::of("system-specs/two-vms.ron")
                .typing(&[
                    (
                        "(?s)vm0: guest:/root# .*vm1: guest:/root# |vm1: guest:/root# .*vm0: guest:/root# ",
                        "echo one $((6 * 7))\r",
                    ),
                    ("^vm0: one 42$", "\x01:vm1\r"),
                    (r"(?s)^\[console\] input goes to vm1$.*^vm1: guest:/root# ", "echo two $((6 * 9))\r"),
                    ("^vm1: two 54$", "\x010"),
                    (r"(?s)^\[console\] input goes to vm0$.*^vm0: guest:/root# ", "echo three $((7 * 9))\r"),
                ])
                .until("^vm0: three 63$")
                .expecting(&[
                    Expect::Says(r"^\[console\] input goes to vm0; Ctrl-A H helps$"),
                    Expect::Never("Oops|Kernel panic|Machine check"),
                    Expect::Reports(0),
                ]),
        ),
    },
    Case {
        name: "console-attached",
        about: "attached to one of two Linux, its console is as if it were alone",
        what: What::Run(
            Run::of("system-specs/two-vms.ron")
                .typing(&[("^guest:/root# ", "echo four $((7 * 8))\r")])
                .attached("vm1")
                .until("^four 56$")
                .expecting(&[
                    Expect::Says(
                        r"^\[console\] input goes to vm1, which alone is shown; Ctrl-A O shows all$",
                    ),
                    Expect::Times(1, "Linux version 6"),
                    Expect::Never("^vm[01]: |Oops|Kernel panic|Machine check"),
                    Expect::Reports(0),
                ]),
        ),
    },
    Case {
        name: "consoles-end",
        about: "the run ends when the last of two Linux has reset itself and only the console is left",
        what: What::Run(
            Run::of("system-specs/two-vms.ron")
                .typing(&[
                    ("vm0: guest:/root# ", "reboot\r"),
                    (r"^\[fugue\] exited domain=[0-9] name=vm0 code=0$", "\x01n"),
                    ("vm1: guest:/root# ", "reboot\r"),
                ])
                .ending()
                .expecting(&[Expect::Done, Expect::Reports(0)]),
        ),
    },
    Case {
        name: "two-busy",
        about: "two Linux that both compute for ever both go on, and answer",
        what: What::Run(
            Run::of("system-specs/two-vms.ron")
                .typing(&[
                    (
                        "(?s)vm0: guest:/root# .*vm1: guest:/root# |vm1: guest:/root# .*vm0: guest:/root# ",
                        "while :; do :; done & echo one $((6 * 7))\r",
                    ),
                    ("^vm0: one 42$", "\x01:vm1\r"),
                    (
                        r"(?s)^\[console\] input goes to vm1$.*^vm1: guest:/root# ",
                        "while :; do :; done & echo two $((6 * 9))\r",
                    ),
                    ("^vm1: two 54$", "\x010"),
                    (r"(?s)^\[console\] input goes to vm0$.*^vm0: guest:/root# ", "echo three $((7 * 9))\r"),
                ])
                .until("^vm0: three 63$")
                .expecting(&[Expect::Never("Oops|Kernel panic|Machine check"), Expect::Reports(0)]),
        ),
    },
    Case {
        name: "vm-ends",
        about: "a monitor can be stopped and restarted while its guest computes or waits, and restarts after its own fault",
        what: What::Run(Run::of("tests/specs/vm-ends.ron").expecting(&[
            Expect::InOrder(&[
                "^busy: beat$",
                "^landlord: again$",
                "^busy: beat$",
                "^landlord: again$",
                "^busy: beat$",
                "^landlord: again$",
                "^busy: beat$",
            ]),
            Expect::Times(7, "^waits: waits$"),
            Expect::Times(3, "^dies: dies$"),
            Expect::Halts(0),
            Expect::Reports(3),
        ])),
    },
    Case {
        name: "lifecycle",
        about: "a machine is stopped, resumed and reset by another domain, whatever its guest does",
        what: What::Run(Run::of("tests/specs/lifecycle.ron").expecting(&[
            Expect::InOrder(LIFECYCLE),
            // Nothing of the guest's stands between the two.
            Expect::Says("(?s)warden: stop true\r?\nwarden: silence"),
            Expect::Times(6, "life [0-9]"),
            Expect::Never("stale|still here"),
            Expect::Halts(0),
            Expect::Reports(0),
        ])),
    },
    Case {
        name: "machines",
        about: "two Linux read and write their disks, draw entropy, ping each other and a native component, and \
                fetch data from each other whole",
        what: What::Run(MACHINES),
    },
    Case {
        name: "linux-network",
        about: "two Linux with shells reach each other through a switch",
        what: What::Run(
            Run::of("system-specs/network.ron")
                .typing(&[(
                    "(?s)vm0: guest:/root# .*vm1: guest:/root# |vm1: guest:/root# .*vm0: guest:/root# ",
                    "ping -c 3 -q 10.0.0.2\r",
                )])
                .until("^vm0: 3 packets transmitted, 3 packets received, 0% packet loss")
                .expecting(&[Expect::Never("Oops|Kernel panic|Machine check"), Expect::Reports(0)]),
        ),
    },
    Case {
        name: "machines-soak",
        about: "two Linux fetch data from each other again and again, and none of it is lost or changed",
        what: What::Run(
            Run::of("tests/specs/machines-soak.ron").until("(?s)(^vm.: checks done$.*){2}").expecting(&[
                Expect::Times(2, "^vm.: round 100$"),
                Expect::Times(2, "^vm.: check transfer ok$"),
                Expect::Never("check .* failed|Oops|Kernel panic|Machine check"),
                Expect::Reports(0),
            ]),
        ),
    },
    Case {
        name: "machines-legacy",
        about: "the same with devices of the legacy version",
        what: What::Run(Run { spec: "tests/specs/machines-legacy.ron", ..MACHINES }),
    },
    Case {
        name: "guest-messages",
        about: "Linux says in a virtual machine what it says natively, but for a short list",
        what: What::Custom(custom::guest_messages),
    },
    Case {
        name: "testsuite-vm",
        about: "busybox' own tests say in a virtual machine what they say natively",
        what: What::Custom(custom::testsuite),
    },
    Case {
        name: "guest-benchmark",
        about: "the guest's benchmark says the same in every native run",
        what: What::Custom(custom::guest_benchmark),
    },
];

/// What `tests/components/warden` sees of the lives of `apps/lifecycle-guest`.
const LIFECYCLE: &[&str] = &[
    "^vm0: life 1$",
    "^warden: Running Reset 2$",
    "^vm0: life 2$",
    "^warden: Running Watchdog 3$",
    "^vm0: life 3$",
    "the guest has died: it jumped",
    "^warden: Running Death 4$",
    // It waits for ever, and is stopped meanwhile, twice.
    "^vm0: life 4$",
    "^warden: stop true$",
    "^warden: stop false$",
    "^warden: Stopped Death 4$",
    "^warden: resume true$",
    "^warden: Running Death 4$",
    "^warden: stop true$",
    // A reset starts a stopped one; then it is dead for good, until the next.
    "^vm0: life 5$",
    "^warden: Dead Death 5$",
    "^warden: resume false$",
    "^warden: stop false$",
    "^vm0: life 6$",
    "^vm0: beat$",
    "^warden: stop true$",
    "^warden: silence$",
    "^warden: resume true$",
    "^vm0: beat$",
    "^warden: Running Order 6$",
    "^warden: Running Order 7$",
];

/// The guests of two machines do what `apps/linux-guest/network/init` says.
const MACHINES: Run =
    Run::of("tests/specs/machines.ron").until("(?s)(^vm.: checks done$.*){2}").expecting(&[
        Expect::Times(2, "^vm.: check entropy ok$"),
        Expect::Says("^vm0: check disk-of-image ok$"),
        Expect::Says("^vm0: check disk-to-read ok$"),
        Expect::Says("^vm0: check disk-that-is-blank ok$"),
        Expect::Times(2, "^vm.: check ping ok$"),
        Expect::Times(2, "^vm.: check ping-native ok$"),
        Expect::Times(2, "^vm.: check transfer ok$"),
        Expect::Never("check .* failed|Oops|Kernel panic|Machine check"),
        Expect::Reports(0),
    ]);
