//! Runs of a machine that is a shell script: what a run does with what its machine says.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use composer_build::{Built, Launch};
use composer_machine::report::Event;
use composer_machine::{End, Outcome, Reply, RunOptions, pattern, run};

/// A folder with a script in the image's place. `machine.sh` runs it in QEMU's.
struct Node {
    folder: tempfile::TempDir,
}

impl Node {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        fs::write(folder.path().join("image"), format!("{script}\n")).expect("script");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn built(&self) -> Built {
        Built {
            system: "test".into(),
            board: "script".into(),
            image: self.path("image"),
            kernel: self.path("kernel.elf"),
            domains: vec![],
            guests: vec![],
            launch: Launch::Qemu {
                program: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/machine.sh").to_owned(),
                machine: "none".into(),
                memory: 0,
                arguments: vec![],
            },
            lowered: self.path("lowered.json"),
            checkout: self.folder.path().to_path_buf(),
        }
    }

    fn run(&self, options: &RunOptions) -> (Outcome, String) {
        let mut screen = Vec::new();
        let outcome = run(&self.built(), options, &mut screen).expect("it ran");
        (outcome, String::from_utf8_lossy(&screen).into_owned())
    }
}

/// Enough for a script, and little enough to notice a hang.
fn patient() -> RunOptions {
    RunOptions { timeout: Some(Duration::from_secs(60)), ..RunOptions::default() }
}

fn expecting(text: &str) -> RunOptions {
    RunOptions { expect: Some(pattern(text).expect("a pattern")), ..patient() }
}

fn gone(pid: &str) -> bool {
    !Path::new("/proc").join(pid.trim()).exists()
}

/// Waits until something holds; the test fails by hanging no longer than this.
fn eventually(holds: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[test]
fn a_halt_ends_a_run_with_its_code_only_if_the_machine_ends_right_after() {
    let end = |script: &str| Node::new(script).run(&patient()).0.end;
    assert_eq!(end("echo hello; echo '[fugue] halt code=7'"), End::Halted(7));
    assert_eq!(end("echo '[fugue] halt code=7'; echo and on"), End::Ended);
    assert_eq!(end("echo '[fugue] halt code=7'; echo '[fugue] halt code=8'; echo"), End::Halted(8));
    assert_eq!(end("echo '[fugue] halt code=7'; exit 3"), End::Failed(Some(3)));
    assert_eq!(end("echo hello"), End::Ended);
}

#[test]
fn a_match_ends_a_run_and_the_machine() {
    let node = Node::new("echo $$ > \"${image%image}pid\"; echo hello from bob; exec sleep 1000");
    let (outcome, screen) = node.run(&expecting("^hello from (alice|bob)$"));
    assert_eq!(outcome.end, End::Matched);
    assert_eq!(screen, "hello from bob\n");
    assert!(gone(&fs::read_to_string(node.path("pid")).expect("a pid")));
}

#[test]
fn an_end_without_a_match_is_a_failure_with_the_tail() {
    let (outcome, _) = Node::new("echo one; echo two; echo '[fugue] halt code=0'").run(&expecting("three"));
    assert_eq!((outcome.end, outcome.exit_code(true)), (End::Halted(0), 1));
    assert!(outcome.failure(true).is_some_and(|why| why.contains("halted with code 0")));
    assert_eq!(outcome.tail(2), "two\n[fugue] halt code=0");
}

/// A screen whose reader goes after its first line.
struct Head(bool);

impl std::io::Write for Head {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if std::mem::replace(&mut self.0, true) {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_who_goes_ends_the_run_unless_a_match_is_awaited() {
    let node = Node::new("echo one; echo two; while echo more; do :; done");
    let outcome = run(&node.built(), &patient(), &mut Head(false)).expect("it ran");
    assert_eq!((outcome.end, outcome.exit_code(false)), (End::Left, 0));
    let node = Node::new("echo one; read a; echo two; exec sleep 1000");
    let replies = vec![Reply { when: pattern("one").expect("a pattern"), send: b"\n".to_vec() }];
    let options = RunOptions { replies, ..expecting("two") };
    let outcome = run(&node.built(), &options, &mut Head(true)).expect("it ran");
    assert_eq!(outcome.end, End::Matched);
}

#[test]
fn time_is_up_some_day() {
    let node = Node::new("echo waiting; exec sleep 1000");
    let options = RunOptions { timeout: Some(Duration::from_millis(300)), ..RunOptions::default() };
    let (outcome, _) = node.run(&options);
    assert_eq!((outcome.end, outcome.exit_code(false)), (End::TimedOut, 1));
}

#[test]
fn replies_are_typed_when_their_turn_comes() {
    let node = Node::new("echo name?; read a; echo \"$a, age?\"; read b; echo \"$a is $b\"; exec sleep 1000");
    let reply =
        |when: &str, send: &[u8]| Reply { when: pattern(when).expect("a pattern"), send: send.to_vec() };
    let replies = vec![reply("name\\?", b"bob\n"), reply("age\\?", b"7\n")];
    let (outcome, _) = node.run(&RunOptions { replies, ..expecting("bob is 7") });
    assert_eq!(outcome.end, End::Matched);
}

#[test]
fn a_report_is_described_right_behind_its_block_and_the_log_has_everything() {
    let node = Node::new(
        "printf '[fugue] domain-report v1\\n[fugue] cause=trap name=bob\\n[fugue] end\\nand on\\n'",
    );
    let log = node.path("log");
    let (outcome, screen) = node.run(&RunOptions { log: Some(log.clone()), ..patient() });
    assert!(matches!(outcome.events.as_slice(), [Event::Report(report)] if report.cause == "trap"));
    assert!(screen.ends_with("[fugue] end\n  trap in domain bob, which this image does not have\nand on\n"));
    assert!(!outcome.text().contains("which this image"));
    assert_eq!(fs::read_to_string(log).expect("a log"), screen);
}

#[test]
fn what_qemu_complains_of_is_kept() {
    let (outcome, _) = Node::new("echo no such machine >&2; exec 2>&-; exit 1").run(&patient());
    assert_eq!((outcome.end, outcome.complaints.as_str()), (End::Failed(Some(1)), "no such machine"));
}

#[test]
fn a_node_that_takes_no_input_holds_nothing_up() {
    let reply = Reply { when: pattern("go").expect("a pattern"), send: vec![b'x'; 1 << 20] };
    let node = Node::new("echo go; exec sleep 1000");
    let options = RunOptions {
        replies: vec![reply],
        timeout: Some(Duration::from_millis(500)),
        ..RunOptions::default()
    };
    assert_eq!(node.run(&options).0.end, End::TimedOut);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run() {
    struct Gone;

    impl std::io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let node = Node::new("echo hello; exec sleep 1000");
    let outcome = run(&node.built(), &patient(), &mut Gone).expect("it ran");
    assert_eq!(outcome.end, End::Left);
}

/// Not a test of its own: the process that the test below kills.
#[test]
fn helper_that_runs_until_killed() {
    if std::env::var_os("FUGUE_TEST_HELPER").is_none() {
        return;
    }
    let node = Node::new("echo \"pid $$ \"; exec sleep 1000");
    let mut screen = std::io::stdout();
    let _ = run(&node.built(), &patient(), &mut screen);
}

#[test]
fn a_machine_dies_with_a_killed_composer() {
    let mut helper = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "helper_that_runs_until_killed", "--nocapture", "--test-threads=1"])
        .env("FUGUE_TEST_HELPER", "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let output = BufReader::new(helper.stdout.take().expect("output"));
    let pid = output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("pid ")?.1.trim().to_owned()))
        .expect("the machine's pid");
    assert!(!gone(&pid));
    helper.kill().expect("killed");
    helper.wait().expect("gone");
    assert!(eventually(|| gone(&pid)), "the machine outlives composer");
}

#[test]
fn the_console_is_asked_for_one_client_as_soon_as_the_node_starts() {
    let node = Node::new(
        "echo '[fugue] boot system=test board=script domains=2 threads=2'\n\
         echo asked: $(head -c 7 | tr '\\001\\r' '^.')",
    );
    let (outcome, _) =
        node.run(&RunOptions { attach: Some("vm1".into()), ..expecting("^asked: \\^\\^=vm1\\.$") });
    assert_eq!(outcome.end, End::Matched, "{}", outcome.text());
}

#[test]
fn a_console_that_falls_silent_ends_a_run_that_waits_for_more() {
    let silence = Some(Duration::from_millis(300));
    let (outcome, _) =
        Node::new("echo hello; exec sleep 1000").run(&RunOptions { silence, ..expecting("bye") });
    assert_eq!((outcome.end, outcome.exit_code(true)), (End::Silent, 1));
    assert!(outcome.failure(true).is_some_and(|why| why.contains("fell silent")));
}
