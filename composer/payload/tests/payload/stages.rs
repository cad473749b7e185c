//! A recipe is carried out once for its inputs, stage by stage, and goes on after whatever ended it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use composer_payload::{Count, Request, Watch, find, is_ready, recipe};
use composer_syntax::Code;

use crate::workshop::Workshop;

/// Everything, in the order in which it is made.
const ALL: [&str; 12] = [
    "apt-get",
    "apt-get",
    "defconfig",
    "oldconfig",
    "busybox busybox.links",
    "compile",
    "test_defconfig",
    "olddefconfig",
    "vmlinux",
    "one",
    "two",
    "three",
];

#[test]
fn a_payload_is_made_once() {
    let workshop = Workshop::new();
    let request = Request::Recipe { name: "test".into(), variant: "default".into() };
    let ready = || is_ready(&request, workshop.root(), &workshop.cache(), &workshop.tools());
    assert!(!ready());
    let (payload, calls) = workshop.made("default");
    let payload = payload.expect("made");
    assert!(ready());
    assert_eq!(calls, ALL);
    assert_eq!((payload.kernel.bytes.as_slice(), payload.kernel.memory), (&b"kernel"[..], 64));
    let initrd = payload.initrd.as_deref().expect("an initial file system");
    let has = |text: &str| initrd.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(["bin/ls\0", "/bin/busybox", "tests/ls.tests\0", "dev/console\0"].iter().all(|text| has(text)));
    for path in [&payload.files.uimage, &payload.files.symbols, &payload.files.device_tree] {
        assert!(path.as_ref().is_some_and(|path| path.is_file()));
    }
    let left: Vec<_> = fs::read_dir(workshop.at("cache/work")).expect("a folder").collect();
    assert!(left.is_empty(), "sources and object files are gone: {left:?}");
    let (again, calls) = workshop.made("default");
    assert_eq!((again.expect("found"), calls), (payload, vec![]));
}

#[test]
fn a_variant_makes_what_it_needs() {
    let workshop = Workshop::new();
    let (payload, calls) = workshop.made("small");
    payload.expect("made");
    assert!(!calls.contains(&"busybox busybox.links".to_owned()), "{calls:?}");
    let (payload, calls) = workshop.made("default");
    payload.expect("made");
    assert_eq!(calls, ALL[..5], "the kernel and the other program are there");
}

#[test]
fn a_program_can_be_the_kernel() {
    let workshop = Workshop::new();
    let request = Request::Recipe { name: "bare".into(), variant: "default".into() };
    let make = || workshop.prepare(&request, &mut composer_payload::Silent).expect("made");
    let first = make();
    let words = fs::read_to_string(workshop.at("calls")).expect("calls");
    assert!(words.contains("guest.c") && words.contains("start.S") && !words.contains("guest.h"), "{words}");
    assert_eq!((first.kernel.bytes.as_slice(), first.initrd.as_ref()), (&b"kernel"[..], None));
    assert!(first.files.uimage.is_some_and(|path| path.is_file()));
    assert_eq!(first.files.symbols, None);
    assert_eq!(workshop.calls(), ["compile"]);
    assert_eq!(make().fingerprint, first.fingerprint);
    assert_eq!(workshop.calls(), ["compile"]);
    // A header is not compiled, but what includes it is.
    workshop.write("apps/bare/guest.h", "another header\n");
    assert_ne!(make().fingerprint, first.fingerprint);
    assert_eq!(workshop.calls(), ["compile", "compile"]);
}

#[test]
fn a_kernel_that_is_no_program_is_named() {
    let workshop = Workshop::new();
    let path = "apps/bare/payload.ron";
    let text = fs::read_to_string(workshop.at(path)).expect("a recipe");
    workshop.write(path, &text.replace("Program(\"guest\")", "Program(\"gest\")"));
    let error = recipe::Recipe::load(workshop.root(), "bare").expect_err("there is no such program");
    assert_eq!(error.diagnostics[0].code, Code::UnknownName);
    assert!(error.diagnostics[0].message.contains("gest"), "{error:?}");
    // A program that is no kernel says so.
    workshop.write(path, &text);
    workshop.write("apps/bare/guest.c", "int main;\n");
    let request = Request::Recipe { name: "bare".into(), variant: "default".into() };
    let error = workshop.prepare(&request, &mut composer_payload::Silent).expect_err("no kernel");
    assert!(error.diagnostics[0].message.contains("is no kernel"), "{error:?}");
}

#[test]
fn a_change_makes_again_what_depends_on_it() {
    let workshop = Workshop::new();
    let first = workshop.made("default").0.expect("made");
    let mut known = vec![first.fingerprint.clone()];
    let kernel = &ALL[6..];
    let cases: [(&str, &str, &str, &[&str]); 5] = [
        ("init", "sh", "sh -e", &[]),
        ("native.dts", "tree", "another tree", &[]),
        ("hello.c", "hello", "hello there", &["compile"]),
        ("busybox.fragment", "=y", "=m", &ALL[2..5]),
        ("kernel.fragment", "CONFIG_A=y", "CONFIG_A=y\nCONFIG_B=y", kernel),
    ];
    for (file, from, to, expected) in cases {
        workshop.edit(file, from, to);
        let (payload, calls) = workshop.made("default");
        let payload = payload.expect("made");
        assert_eq!(calls, expected, "{file}");
        assert!(!known.contains(&payload.fingerprint), "{file}");
        known.push(payload.fingerprint);
    }
    workshop.edit("init", "sh -e", "sh");
    workshop.edit("native.dts", "another ", "");
    workshop.edit("hello.c", " there", "");
    workshop.edit("busybox.fragment", "=m", "=y");
    workshop.edit("kernel.fragment", "\nCONFIG_B=y", "");
    let (payload, calls) = workshop.made("default");
    assert_eq!((payload.expect("found").fingerprint, calls), (first.fingerprint, vec![]));
}

#[test]
fn a_failure_shows_its_last_words_and_the_next_run_goes_on() {
    let workshop = Workshop::new();
    workshop.write("stop", "");
    let (failed, calls) = workshop.made("default");
    let error = failed.expect_err("two.c does not compile");
    assert_eq!(calls, ALL[..11]);
    assert!(!error.is_users());
    assert_eq!(error.diagnostics[0].code, Code::PayloadFailed);
    assert!(error.output.is_some_and(|output| output.contains("two.c:1: error")));
    let log = error.diagnostics[0].notes[0].split('`').nth(1).expect("a path").to_owned();
    assert!(fs::read_to_string(log).expect("the log").contains("$ make"));
    let recipe = recipe::Recipe::load(workshop.root(), "test").expect("a recipe");
    let found = find(&recipe, "default", &workshop.cache(), &workshop.tools());
    assert!(found.expect("the inputs are there").is_none());

    fs::remove_file(workshop.at("stop")).expect("removed");
    let (payload, calls) = workshop.made("default");
    payload.expect("made");
    assert_eq!(calls, ["vmlinux", "three"], "neither unpacked nor configured nor compiled again");
}

/// Says on standard output how many files are compiled.
struct Aloud;

impl Watch for Aloud {
    fn step(&mut self, _: &str, _: &str) {}

    fn count(&mut self, count: &Count<'_>) {
        println!("\ncompiled {}", count.done);
    }
}

/// Where the process that is to be killed works; set for that process alone.
const PLACE: &str = "FUGUE_TEST_WORKSHOP";

#[test]
fn a_killed_composer_leaves_nobody_behind_and_the_next_goes_on() {
    let request = Request::Recipe { name: "test".into(), variant: "default".into() };
    if let Some(place) = std::env::var_os(PLACE) {
        let _ = Workshop::of(Path::new(&place)).prepare(&request, &mut Aloud);
        return;
    }
    assert!(Path::new("/usr/bin/setpriv").is_file(), "only with it does a compiler end with composer");
    let workshop = Workshop::new();
    let pipe = Command::new("mkfifo").arg(workshop.at("stop")).status();
    assert!(pipe.expect("mkfifo runs").success());
    let mut other = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "stages::a_killed_composer_leaves_nobody_behind_and_the_next_goes_on",
            "--nocapture",
        ])
        .env(PLACE, workshop.root())
        .stdout(Stdio::piped())
        .spawn()
        .expect("another process");
    let lines = BufReader::new(other.stdout.take().expect("its output")).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line == "compiled 2"), "it compiles");
    other.kill().expect("killed");
    other.wait().expect("ended");
    // The compiler would wait at the pipe for ever, and hold the lock: it must have been ended too.
    let before = workshop.calls().len();
    let payload = workshop.prepare(&request, &mut Remover(&workshop));
    let calls = workshop.calls().split_off(before);
    payload.expect("made");
    assert_eq!(calls, ["vmlinux", "three"]);
}

/// Takes the pipe away when the next run begins to compile.
struct Remover<'a>(&'a Workshop);

impl Watch for Remover<'_> {
    fn step(&mut self, word: &str, _: &str) {
        if word == "Compiling" {
            let _ = fs::remove_file(self.0.at("stop"));
        }
    }
}

#[test]
fn a_line_without_effect_is_an_error() {
    let workshop = Workshop::new();
    workshop.write("apps/test/kernel.fragment", "CONFIG_A=y\nCONFIG_LOST=y\n");
    let error = workshop.made("default").0.expect_err("a line is lost");
    assert_eq!(error.diagnostics[0].notes, ["CONFIG_LOST=y"]);
}

#[test]
fn a_source_comes_by_hand_where_there_is_no_network() {
    let workshop = Workshop::new();
    workshop.write("offline", "");
    let error = workshop.made("default").0.expect_err("nothing can be fetched");
    let helps = error.diagnostics[0].helps.join("\n");
    assert!(
        helps.contains("a network is needed once") && helps.contains("cache/sources/tools.tar"),
        "{helps}"
    );
    fs::create_dir_all(workshop.at("cache/sources")).expect("made");
    fs::write(workshop.at("cache/sources/tools.tar"), "another").expect("written");
    let error = workshop.made("default").0.expect_err("another file");
    assert!(error.diagnostics[0].message.contains("another than the recipe's"), "{error:?}");
    fs::copy(workshop.at("tools.tar"), workshop.at("cache/sources/tools.tar")).expect("copied");
    workshop.made("default").0.expect("made");
}

#[test]
fn what_is_missing_is_named() {
    let workshop = Workshop::new();
    fs::remove_file(workshop.at("linux.tar")).expect("removed");
    let error = workshop.made("default").0.expect_err("no source");
    assert!(error.diagnostics[0].helps[0].contains("apt-get install linux-test"), "{error:?}");
    let workshop = Workshop::new();
    fs::remove_file(workshop.at("tools/test-gcc")).expect("removed");
    let error = workshop.made("default").0.expect_err("no compiler");
    assert!(error.diagnostics[0].message.contains("test-gcc"), "{error:?}");
}
