//! QEMU's control socket: one that it inherits, so that nobody else can reach it.
//!
//! QEMU Machine Protocol: a JSON object a line each way, events in between. The machine pauses when the node halts, until
//! its counters have been read.

use std::io::{self, Read, Write};
use std::mem::offset_of;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use abi::vcpu::VcpuState;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use serde_json::{Value, json};

use super::costs::{self, Costs};
use super::names::COUNTERS;
use super::{Counted, Counts};

/// Longer than QEMU takes for an answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The end of the socket that QEMU inherits.
#[derive(Debug)]
pub(crate) struct Inherited(UnixStream);

impl Inherited {
    /// QEMU's arguments for it.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let socket = format!("socket,id=control,fd={}", self.0.as_raw_fd());
        let all = ["-chardev", &socket, "-mon", "chardev=control,mode=control", "-no-shutdown"];
        all.map(str::to_owned).to_vec()
    }
}

/// Our end.
#[derive(Debug)]
pub(crate) struct Control {
    stream: UnixStream,
    /// What has come of the next line.
    received: Vec<u8>,
    has_shut_down: bool,
}

impl Control {
    /// Both ends. The second is to be dropped once QEMU has started.
    pub(crate) fn pair() -> io::Result<(Self, Inherited)> {
        let (stream, other) = UnixStream::pair()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        fcntl(&other, FcntlArg::F_SETFD(FdFlag::empty()))?;
        Ok((Self { stream, received: Vec::new(), has_shut_down: false }, Inherited(other)))
    }

    /// Begins the conversation.
    pub(crate) fn begin(&mut self) -> io::Result<()> {
        self.execute(json!({ "execute": "qmp_capabilities" })).map(drop)
    }

    /// Takes what has come by itself; whether the node has halted.
    pub(crate) fn has_halted(&mut self) -> io::Result<bool> {
        self.message()?;
        Ok(self.has_shut_down)
    }

    /// Has QEMU end.
    pub(crate) fn quit(&mut self) -> io::Result<()> {
        self.execute(json!({ "execute": "quit" })).map(drop)
    }

    /// Reads all counters, and what exits have cost where that is measured.
    pub(crate) fn counts(&mut self, machines: &[Counted]) -> io::Result<Counts> {
        let mut counts = Counts { machines: vec![], costs: vec![] };
        for Counted { name, state, frequency } in machines {
            let counters = self.dump(state + offset_of!(VcpuState, counters) as u64, COUNTERS.len())?;
            counts.machines.push((name.clone(), counters));
            let costs = self.dump(state + offset_of!(VcpuState, costs) as u64, costs::WORDS)?;
            counts.costs.extend(Costs::of(name, *frequency, &costs));
        }
        Ok(counts)
    }

    /// Words of the node's memory.
    fn dump(&mut self, address: u64, count: usize) -> io::Result<Vec<u32>> {
        let line = format!("xp /{count}xw {address:#x}");
        let command = json!({ "execute": "human-monitor-command", "arguments": { "command-line": line } });
        let answer = self.execute(command)?;
        let words = words(answer.as_str().unwrap_or_default());
        if words.len() == count {
            return Ok(words);
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, format!("QEMU says `{answer}`")))
    }

    /// Sends a command and waits for its answer.
    fn execute(&mut self, command: Value) -> io::Result<Value> {
        writeln!(self.stream, "{command}")?;
        loop {
            let mut message = self.message()?;
            if let Some(answer) = message.get_mut("return") {
                return Ok(answer.take());
            }
            if let Some(error) = message.get("error") {
                return Err(io::Error::other(error.to_string()));
            }
        }
    }

    /// Waits for a message.
    fn message(&mut self) -> io::Result<Value> {
        let end = loop {
            if let Some(end) = self.received.iter().position(|byte| *byte == b'\n') {
                break end;
            }
            let mut buffer = [0; 4 << 10];
            let count = self.stream.read(&mut buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.received.extend_from_slice(&buffer[..count]);
        };
        let line: Vec<u8> = self.received.drain(..=end).collect();
        let message: Value = serde_json::from_slice(&line)?;
        self.has_shut_down |= message["event"] == "SHUTDOWN";
        Ok(message)
    }
}

impl AsFd for Control {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

/// The words of a dump: `0000000000012000: 0x00000001 0x00000002`.
fn words(dump: &str) -> Vec<u32> {
    let words = dump.split_ascii_whitespace().filter_map(|word| word.strip_prefix("0x"));
    words.filter_map(|digits| u32::from_str_radix(digits, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use super::*;

    #[test]
    fn a_dump_is_words() {
        assert_eq!(
            words("0000000000000000: 0x00000001 0xffffffff\r\n0000000000000008: 0x00000010\r\n"),
            [1, u32::MAX, 16]
        );
    }

    #[test]
    fn counters_are_asked_for_and_events_in_between_are_noted() {
        let (mut control, Inherited(other)) = Control::pair().expect("a pair");
        let machine = std::thread::spawn(move || {
            let mut output = other.try_clone().expect("a clone");
            writeln!(output, r#"{{"QMP": {{}}}}"#).expect("a greeting");
            let mut asked = Vec::new();
            for line in BufReader::new(other).lines().map_while(Result::ok) {
                let command: Value = serde_json::from_str(&line).expect("JSON");
                let line = command["arguments"]["command-line"].as_str().unwrap_or_default().to_owned();
                let count = line.split(['/', 'x']).find_map(|word| word.parse().ok()).unwrap_or(0);
                let dump = "0: ".to_owned() + &"0x00000003 ".repeat(count);
                writeln!(output, r#"{{"event": "SHUTDOWN"}}"#).expect("an event");
                writeln!(output, "{}", json!({ "return": dump })).expect("an answer");
                asked.push(line);
            }
            asked
        });
        control.begin().expect("it begins");
        assert!(control.has_shut_down);
        let machines = [Counted { name: "vm0".into(), state: 0x1000, frequency: 1 }];
        let counts = control.counts(&machines).expect("counts");
        assert_eq!(counts.machines, [("vm0".to_owned(), vec![3; COUNTERS.len()])]);
        assert!(counts.has_costs());
        drop(control);
        let [counters, costs] = [offset_of!(VcpuState, counters), offset_of!(VcpuState, costs)];
        let asked = machine.join().expect("it ends");
        assert_eq!(asked[1], format!("xp /{}xw {:#x}", COUNTERS.len(), 0x1000 + counters));
        assert_eq!(asked[2], format!("xp /{}xw {:#x}", costs::WORDS, 0x1000 + costs));
    }
}
