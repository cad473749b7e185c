//! How fast the simulator is, beside the distribution's QEMU on the same code:
//!
//! ```text
//! cargo run -p bgp-sim --example speed
//! ```
//!
//! Both run small programs on bare metal, as a kernel does: the simulator one core, QEMU its `bamboo`, once as it comes
//! and once counting instructions (`-icount`), which is how Fugue's tests run it. Needs Debian's `gcc-powerpc-linux-gnu`
//! and `qemu-system-ppc`. Times are processor times, so that others may use the host, too; QEMU's start is taken with a
//! program that ends at once, and subtracted. Each is the best of three.

use bgp_sim::{Configuration, Event, Node, boot, loader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often each is run: the fastest counts, as others use the host, too.
const TIMES: usize = 3;

/// Ticks in a second, in which Linux tells processor times.
const TICKS: u64 = 100;

/// Processor time of this process, and of all that it has started and seen end.
fn processor_time() -> (Duration, Duration) {
    let text = std::fs::read_to_string("/proc/self/stat").expect("Linux tells");
    let fields: Vec<_> = text.rsplit(')').next().expect("a name").split_whitespace().collect();
    // Fields 14 to 17, of which the third stands first behind the name: user and system, own and children's.
    let ticks = |field: usize| fields[field - 3].parse::<u64>().expect("a number");
    let time = |field: usize| Duration::from_millis((ticks(field) + ticks(field + 1)) * 1000 / TICKS);
    (time(14), time(16))
}

/// Where programs are linked: low memory, which firmware maps as it is.
const LOADED_AT: &str = "0x10000";

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/speed")
}

/// Builds a program of the first instructions and perhaps some work.
fn build(folder: &Path, name: &str, work: Option<&str>) -> PathBuf {
    let into = folder.join(name);
    let mut compiler = Command::new("powerpc-linux-gnu-gcc");
    compiler.args([
        "-O2",
        "-mcpu=440fp",
        "-ffreestanding",
        "-fno-builtin",
        "-nostdlib",
        "-static",
        "-no-pie",
    ]);
    compiler.args(["-Wl,--build-id=none", &format!("-Wl,-Ttext={LOADED_AT}"), "-o"]).arg(&into);
    compiler.arg(sources().join("start.S"));
    match work {
        Some(file) => compiler.arg(sources().join(file)),
        None => compiler.arg(sources().join("nothing.c")),
    };
    let status = compiler.status().expect("powerpc-linux-gnu-gcc runs (Debian's gcc-powerpc-linux-gnu)");
    assert!(status.success(), "{name} does not compile");
    into
}

/// Runs a program on one simulated core until it resets the system; answers instructions and time.
fn simulate(program: &Path) -> (u64, Duration) {
    let mut node = Node::new(Configuration::default());
    let bytes = std::fs::read(program).expect("just built");
    let image = loader::load(&mut node.bus.memory, &bytes, 0).expect("it fits");
    boot::enter(&mut node, &image, 0);
    let start = processor_time().0;
    let events = node.run_until(u64::MAX / 2);
    let time = processor_time().0 - start;
    assert!(matches!(events[..], [Event::Reset { core: 0, kind: 3 }]), "{events:?}");
    (node.instructions(), time)
}

/// Runs a program under QEMU until it resets the system.
fn run_qemu(program: &Path, options: &[&str]) -> Duration {
    let start = processor_time().1;
    let output = Command::new("qemu-system-ppc")
        .args([
            "-M",
            "bamboo",
            "-display",
            "none",
            "-serial",
            "none",
            "-monitor",
            "none",
            "-nic",
            "none",
            "-no-reboot",
        ])
        .args(options)
        .arg("-kernel")
        .arg(program)
        .stdin(Stdio::null())
        .output()
        .expect("qemu-system-ppc runs (Debian's qemu-system-ppc)");
    let time = processor_time().1 - start;
    assert!(output.status.success(), "QEMU: {}", String::from_utf8_lossy(&output.stderr));
    time
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = build(folder.path(), "nothing", None);
    println!(
        "{:<10} {:>14} {:>18} {:>18} {:>18}",
        "program", "instructions", "simulator", "QEMU -icount", "QEMU"
    );
    for name in ["integer", "float"] {
        let program = build(folder.path(), name, Some(&format!("{name}.c")));
        let (instructions, time) =
            (0..TIMES).map(|_| simulate(&program)).min_by_key(|run| run.1).expect("some");
        let speed =
            |time: Duration| format!("{:.0} million/s", instructions as f64 / 1e6 / time.as_secs_f64());
        let counting = ["-icount", "shift=0,sleep=off"];
        let [counted, free] = [&counting[..], &[]].map(|options| {
            let best = |program| (0..TIMES).map(|_| run_qemu(program, options)).min().expect("some");
            best(&program).saturating_sub(best(&nothing))
        });
        println!(
            "{name:<10} {instructions:>14} {:>18} {:>18} {:>18}",
            speed(time),
            speed(counted),
            speed(free)
        );
    }
}
