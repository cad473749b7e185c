//! gdb's protocol with `bgp-sim run --gdb`, spoken by hand: what gdb itself makes of it, the case `bgp-debug-node` of the
//! on-target suite shows.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use tempfile::TempDir;

/// `addi 6,6,1; stw 6,0x100(0); nop; b .-12`: counts in a word of memory.
const PROGRAM: [u32; 4] = [0x38C6_0001, 0x90C0_0100, 0x6000_0000, 0x4BFF_FFF4];

/// A simulator, and the connection to it.
struct Gdb {
    child: Child,
    stream: UnixStream,
    /// What it says.
    _said: BufReader<ChildStderr>,
    _folder: TempDir,
}

impl Gdb {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let bytes: Vec<u8> = PROGRAM.iter().flat_map(|word| word.to_be_bytes()).collect();
        fs::write(folder.path().join("image"), bytes).expect("written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_bgp-sim"))
            .args(["run", "image", "--raw-at", "0x1000", "--gdb", "socket"])
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut line = String::new();
        let mut said = BufReader::new(child.stderr.take().expect("a stream"));
        said.read_line(&mut line).expect("a line");
        assert_eq!(line, "bgp-sim: waits for gdb at socket\n");
        let stream = UnixStream::connect(folder.path().join("socket")).expect("it listens");
        Self { child, stream, _said: said, _folder: folder }
    }

    /// Sends a packet; answers what comes back.
    fn ask(&mut self, packet: &str) -> String {
        let sum = packet.bytes().fold(0_u8, u8::wrapping_add);
        write!(self.stream, "${packet}#{sum:02x}").expect("sent");
        self.answer()
    }

    fn answer(&mut self) -> String {
        let mut byte = [0];
        let mut read = || {
            self.stream.read_exact(&mut byte).expect("an answer");
            char::from(byte[0])
        };
        while read() != '$' {}
        let mut answer = String::new();
        loop {
            match read() {
                '#' => break,
                // Run-length encoding: the character before, so many times more.
                '*' => {
                    let count = read() as usize - 29;
                    let last = answer.chars().last().expect("something to repeat");
                    answer.extend(std::iter::repeat_n(last, count));
                }
                other => answer.push(other),
            }
        }
        read();
        read();
        self.stream.write_all(b"+").expect("sent");
        answer
    }
}

impl Drop for Gdb {
    fn drop(&mut self) {
        // Either fails only if the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn cores_are_threads_that_stop_and_step() {
    let mut gdb = Gdb::start();
    assert!(gdb.ask("qSupported:multiprocess+;swbreak+;vContSupported+").contains("qXfer:features:read+"));
    let description = gdb.ask("qXfer:features:read:target.xml:0,ffff");
    assert!(description.contains("org.gnu.gdb.power.fpu"), "{description}");
    assert_eq!(gdb.ask("qfThreadInfo"), "mp01.01,p01.02,p01.03,p01.04");
    // r6 is the seventh register, pc the 65th: behind 32 words and 32 doublewords.
    assert_eq!(gdb.ask("Hgp1.1"), "OK");
    let pc = |registers: &str| registers[2 * (128 + 256)..][..8].to_owned();
    let r6 = |registers: &str| registers[2 * 24..][..8].to_owned();
    assert_eq!(pc(&gdb.ask("g")), "00001000");
    assert_eq!(gdb.ask("m1000,8"), "38c6000190c00100");
    assert!(gdb.ask("m90000000,4").starts_with('E'), "nothing is mapped there");
    assert!(gdb.ask("vCont;s:p1.1").starts_with("T05"));
    let registers = gdb.ask("g");
    assert_eq!((pc(&registers).as_str(), r6(&registers).as_str()), ("00001004", "00000001"));
    assert_eq!(gdb.ask("Z0,1008,4"), "OK");
    assert!(gdb.ask("vCont;c").starts_with("T05"));
    assert_eq!(pc(&gdb.ask("g")), "00001008");
    assert_eq!(gdb.ask("m100,4"), "00000001");
    // Memory is written as well; a breakpoint that is gone stops nobody, and Ctrl-C does.
    assert_eq!(gdb.ask("M100,4:0badcafe"), "OK");
    assert_eq!(gdb.ask("m100,4"), "0badcafe");
    assert_eq!(gdb.ask("z0,1008,4"), "OK");
    let sum = b"vCont;c".iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    write!(gdb.stream, "$vCont;c#{sum:02x}\x03").expect("sent");
    let stopped = gdb.answer();
    assert_eq!(&stopped[1..3], "02", "{stopped}");
    assert_ne!(gdb.ask("m100,4"), "0badcafe");
    // Core 1 is parked: it has registers, and a step leaves it where it is.
    assert_eq!(gdb.ask("Hgp1.2"), "OK");
    assert!(gdb.ask("vCont;s:p1.2").starts_with("T05"));
    assert_eq!(pc(&gdb.ask("g")), "fffffffc");
}

#[test]
fn a_signal_ends_the_wait_for_gdb() {
    let mut gdb = Gdb::start();
    let number = i32::try_from(gdb.child.id()).expect("a process");
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(number), nix::sys::signal::Signal::SIGTERM)
        .expect("sent");
    assert_eq!(gdb.child.wait().expect("it ends").code(), Some(143));
}
