//! The command `bgp-sim`: exit statuses, files, checkpoints, signals.

use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// Says `hi` by core 0's mailbox, and counts in r6 for ever.
const HI: [u32; 10] = [
    0x3C80_FFFF, // lis 4,0xffff
    0x6084_F400, // ori 4,4,0xf400: the box
    0x3CA0_6869, // lis 5,'hi'
    0x60A5_0A00, // ori 5,5,'\n'<<8
    0x90A4_0008, // stw 5,8(4)
    0x3CA0_0002, // lis 5,2: print
    0x60A5_0003, // ori 5,5,3: three bytes
    0x90A4_0000, // stw 5,0(4)
    0x38C6_0001, // addi 6,6,1
    0x4BFF_FFFC, // b .-4
];

/// `li 4,0x600; mfdcrx 5,4; li 4,0x601; mfdcrx 5,4; b .-16`: registers that nothing has, over and over.
const UNKNOWN: [u32; 5] = [0x3880_0600, 0x7CA4_0206, 0x3880_0601, 0x7CA4_0206, 0x4BFF_FFF0];

/// A folder with an image.
struct Folder(TempDir);

impl Folder {
    fn with(program: &[u32]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let bytes: Vec<u8> = program.iter().flat_map(|word| word.to_be_bytes()).collect();
        fs::write(folder.path().join("image"), bytes).expect("written");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bgp-sim"));
        command.args(words.split_whitespace()).current_dir(self.0.path());
        command
    }

    fn run(&self, words: &str) -> Output {
        self.command(words).output().expect("it runs")
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).expect("a file")).expect("JSON")
    }
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

fn complaints(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn exit_statuses_are_as_the_help_says() {
    let folder = Folder::with(&HI);
    let said = folder.run("run image --raw-at 0x1000 --expect hi --time 10");
    assert_eq!((status(&said), said.stdout.as_slice()), (Some(0), &b"hi\n"[..]));
    assert_eq!(status(&folder.run("run image --raw-at 0x1000 --expect ho --time 1")), Some(2));
    assert_eq!(status(&folder.run("run image --raw-at 0x1000 --instructions 5000")), Some(0));
    let missing = folder.run("run nothing");
    assert_eq!(status(&missing), Some(64));
    assert!(complaints(&missing).starts_with("bgp-sim: cannot read nothing: "));
    let far = folder.run("run image --raw-at 0x80000000");
    assert!(complaints(&far).contains("where the node has no memory"), "{}", complaints(&far));
    // Core 0 waits for nothing: `lis 4,4; mtmsr 4`.
    let idle = Folder::with(&[0x3C80_0004, 0x7C80_0124]);
    assert_eq!(status(&idle.run("run image --raw-at 0x1000 --expect x")), Some(1));
}

#[test]
fn what_is_not_modelled_stops_the_run_or_is_told_once() {
    let folder = Folder::with(&UNKNOWN);
    let strict = folder.run("run image --raw-at 0x1000 --time 1");
    assert_eq!(status(&strict), Some(3));
    let told = complaints(&strict);
    assert!(told.starts_with("bgp-sim: not modelled: core 0 at 0x00001004: read of DCR 0x600; "), "{told}");
    let allowed = folder.run("run image --raw-at 0x1000 --time 1 --allow-unmodelled --counters counters");
    assert_eq!(status(&allowed), Some(0));
    let lines = complaints(&allowed);
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(
        lines.contains("0x00001004: read of DCR 0x600") && lines.contains("0x0000100c: read of DCR 0x601")
    );
    assert_eq!(folder.json("counters")["unmodelled"].as_array().map(Vec::len), Some(2));
}

#[test]
fn registers_and_entry_are_set() {
    let folder = Folder::with(&HI);
    // Entered behind the message, so that nothing is said.
    let output = folder.run(
        "run image --raw-at 0x1000 --entry 0x1020 --register r6=0x100 --argument 7 --instructions 4000 \
         --trace instructions --trace-to trace --trace-core 0 --quiet",
    );
    assert_eq!((status(&output), output.stdout.len()), (Some(0), 0));
    let trace = fs::read_to_string(folder.path("trace")).expect("a trace");
    let first = trace.lines().next().unwrap_or_default().trim_start();
    assert!(first.starts_with("0 0 00001020 38c60001 addi "), "{first}");
}

#[test]
fn counters_are_by_class_and_traces_are_json() {
    let folder = Folder::with(&HI);
    let run = "run image --raw-at 0x1000 --time 1 --counters counters --count-classes \
               --trace instructions --trace-pc 0x1000-0x101f --trace-as json --trace-to trace";
    assert_eq!(status(&folder.run(run)), Some(0));
    let counters = folder.json("counters");
    let classes = &counters["cores"][0]["classes"];
    assert_eq!(classes["store"], 2, "{counters}");
    let all: u64 = classes.as_object().expect("classes").values().filter_map(Value::as_u64).sum();
    assert_eq!(Some(all), counters["cores"][0]["instructions"].as_u64());
    let events = folder.json("trace")["traceEvents"].as_array().expect("events").len();
    assert_eq!(events, 4 + 8);
}

#[test]
fn a_run_from_a_checkpoint_ends_in_the_same_state() {
    let folder = Folder::with(&HI);
    let whole = "run image --raw-at 0x1000 --time 5 --counters whole --checkpoint half --at time=2";
    assert_eq!(status(&folder.run(whole)), Some(0));
    assert_eq!(status(&folder.run("resume half --time 5 --counters resumed")), Some(0));
    let (whole, resumed) = (folder.json("whole"), folder.json("resumed"));
    assert_eq!(whole["state"], resumed["state"]);
    assert_eq!(whole["instructions"], resumed["instructions"]);
    assert_eq!(status(&folder.run("resume half --time 6 --counters later")), Some(0));
    assert_ne!(whole["state"], folder.json("later")["state"]);
    let said = folder.run("run image --raw-at 0x1000 --time 5 --checkpoint said --at text=hi");
    assert_eq!(status(&said), Some(0));
    assert!(folder.path("said").is_file());
    assert_eq!(status(&folder.run("resume said --instructions 1 --checkpoint said")), Some(0));
    let wrong = folder.run("resume image");
    assert_eq!(status(&wrong), Some(64));
    assert!(complaints(&wrong).contains("not a checkpoint"));
}

#[test]
fn a_signal_ends_a_run_with_its_state_and_whole_files() {
    let folder = Folder::with(&HI);
    let mut child: Child = folder
        .command("run image --raw-at 0x1000 --counters counters --checkpoint kept")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // Once it has said something, it runs.
    child.stdout.as_mut().expect("a console").read_exact(&mut [0; 3]).expect("hi");
    let number = i32::try_from(child.id()).expect("a process");
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(number), nix::sys::signal::Signal::SIGINT)
        .expect("sent");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(status(&output), Some(130));
    let told = complaints(&output);
    assert!(told.starts_with("bgp-sim: stopped by signal 2 at ") && told.contains("core 0: runs at 0000102"));
    assert!(folder.json("counters")["instructions"].as_u64() > Some(1000));
    assert_eq!(status(&folder.run("resume kept --instructions 1")), Some(0));
    assert_eq!(fs::read_dir(folder.0.path()).expect("a folder").count(), 3, "image, counters, checkpoint");
}
