//! Enough of Linux for a static program that computes and prints: its first stack, and a few calls.

use super::{CODE, DATA, User};
use bgp_sim::Node;

/// Bytes of memory behind `CODE` and `DATA` each.
const BYTES: u32 = 64 << 20;
/// Where the stack ends; it has the upper 16 MiB of the data.
const STACK: u32 = DATA + BYTES - 0x1000;
const STACK_BYTES: u32 = 16 << 20;
const PAGE: u32 = 0x1000;

/// Error numbers.
const BAD_FILE: u32 = 9;
const NO_MEMORY: u32 = 12;
const INVALID: u32 = 22;
const NOT_A_TERMINAL: u32 = 25;
const NO_CALL: u32 = 38;
const NOT_THERE: u32 = 2;

/// What the kernel says of the processor: 32 bits, floating point, MMU, nothing else.
const HARDWARE: u32 = 0x8C00_0000;

/// A process.
struct Process {
    brk: u32,
    next_mapping: u32,
    written: Vec<u8>,
}

fn put(node: &mut Node, address: u32, bytes: &[u8]) {
    assert!(node.bus.memory.copy_in(address.into(), bytes), "the program says {address:#x}");
}

fn take(node: &Node, address: u32, bytes: u32) -> Vec<u8> {
    let mut taken = vec![0; bytes as usize];
    assert!(node.bus.memory.copy_out(address.into(), &mut taken), "the program says {address:#x}");
    taken
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A field of the ELF header, or of a program header.
fn field(program: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(program[at..at + 4].try_into().expect("four"))
}

/// Writes the first stack: arguments, environment, and what the kernel tells of itself.
fn first_stack(node: &mut Node, program: &[u8]) -> u32 {
    let name = STACK - 64;
    put(node, name, b"program\0");
    let random = STACK - 48;
    put(node, random, &[0x5A; 16]);
    let headers = field(program, 28);
    let count = u32::from(program[45]);
    // The first segment begins with the file.
    let first = field(program, headers as usize + 8);
    let told = [
        [3, first + headers],
        [4, 32],
        [5, count],
        [6, PAGE],
        [9, field(program, 24)],
        [11, 1000],
        [12, 1000],
        [13, 1000],
        [14, 1000],
        [16, HARDWARE],
        [17, 100],
        [19, 32],
        [20, 32],
        [21, 0],
        [23, 0],
        [25, random],
        [26, 0],
        [0, 0],
    ];
    let mut stack = vec![1, name, 0, 0];
    stack.extend(told.as_flattened());
    let at = (name - 4 * stack.len() as u32) & !15;
    put(node, at, &words(&stack));
    at
}

/// Runs a program until it exits; answers what it printed.
pub(crate) fn run(program: &[u8]) -> Vec<u8> {
    let mut user = User::new(program);
    let headers = field(program, 28) as usize;
    let segments = (0..usize::from(program[45])).map(|number| headers + 32 * number);
    let end = segments
        .filter(|at| field(program, *at) == 1)
        .map(|at| field(program, at + 8) + field(program, at + 20))
        .max()
        .expect("a segment");
    assert!((CODE..CODE + BYTES / 2).contains(&end), "the program ends at {end:#x}");
    let stack = first_stack(&mut user.node, program);
    user.node.cores[0].registers.gpr[1] = stack;
    let mut process = Process { brk: end.next_multiple_of(PAGE), next_mapping: DATA, written: Vec::new() };
    loop {
        let (number, arguments) = user.next_call();
        if matches!(number, 1 | 234) {
            assert_eq!(arguments[0], 0, "the program failed: {}", String::from_utf8_lossy(&process.written));
            return process.written;
        }
        let answer = process.call(&mut user.node, number, arguments);
        user.answer(answer);
    }
}

impl Process {
    fn call(&mut self, node: &mut Node, number: u32, arguments: [u32; 6]) -> Result<u32, u32> {
        let [a, b, c, ..] = arguments;
        match number {
            // write, writev
            4 => self.write(node, a, &[(b, c)]),
            146 => {
                let parts: Vec<_> = (0..c)
                    .map(|part| take(node, b + 8 * part, 8))
                    .map(|two| (field(&two, 0), field(&two, 4)))
                    .collect();
                self.write(node, a, &parts)
            }
            // close, munmap, mprotect, rt_sigaction, rt_sigprocmask, madvise, futex, set_robust_list: as if done.
            6 | 91 | 125 | 173 | 174 | 205 | 221 | 300 => Ok(0),
            // lseek, _llseek of what is no file.
            19 | 140 => Err(29),
            // getpid, getuid, geteuid, getgid, getegid, gettid, set_tid_address.
            20 | 24 | 47 | 49 | 50 | 207 | 232 => Ok(1000),
            // brk
            45 => {
                if (self.brk..CODE + BYTES).contains(&a) || (CODE..self.brk).contains(&a) {
                    self.brk = a;
                }
                Ok(self.brk)
            }
            // ioctl: nothing is a terminal.
            54 => Err(NOT_A_TERMINAL),
            // open, readlink, readlinkat, openat: there are no files.
            5 | 85 | 286 | 296 => Err(NOT_THERE),
            // mmap, mmap2 without a file.
            90 | 192 => self.map(b),
            // sysinfo: 1 GiB in pages.
            116 => {
                let mut told = [0; 64];
                told[16..20].copy_from_slice(&0x4_0000_u32.to_be_bytes());
                told[52..56].copy_from_slice(&PAGE.to_be_bytes());
                put(node, a, &told);
                Ok(0)
            }
            // uname
            122 => {
                let mut names = [0; 6 * 65];
                for (place, name) in
                    names.chunks_exact_mut(65).zip(["Linux", "node", "6.1.0", "#1", "ppc", ""])
                {
                    place[..name.len()].copy_from_slice(name.as_bytes());
                }
                put(node, a, &names);
                Ok(0)
            }
            // ugetrlimit, prlimit64: the stack, or as much as it likes.
            190 => {
                put(node, b, &words(&[STACK_BYTES, u32::MAX]));
                Ok(0)
            }
            325 => {
                if arguments[3] != 0 {
                    put(node, arguments[3], &words(&[0, STACK_BYTES, u32::MAX, u32::MAX]));
                }
                Ok(0)
            }
            // getrandom: none, but as much as asked for.
            359 => {
                put(node, a, &vec![0x5A; b as usize]);
                Ok(b)
            }
            // fstat64, and statx of a descriptor by an empty name: a pipe, as QEMU's output is here.
            197 if a < 3 => {
                let mut status = [0; 104];
                status[16..20].copy_from_slice(&0o010_600_u32.to_be_bytes());
                put(node, b, &status);
                Ok(0)
            }
            383 if a < 3 => {
                let mut status = [0; 256];
                status[..4].copy_from_slice(&0x7FF_u32.to_be_bytes());
                status[4..8].copy_from_slice(&PAGE.to_be_bytes());
                status[28..30].copy_from_slice(&0o010_600_u16.to_be_bytes());
                put(node, arguments[4], &status);
                Ok(0)
            }
            197 | 383 => Err(BAD_FILE),
            // rseq, and whatever else programs can do without.
            387 => Err(NO_CALL),
            other => panic!("the program calls {other} with {arguments:x?}"),
        }
    }

    fn write(&mut self, node: &Node, file: u32, parts: &[(u32, u32)]) -> Result<u32, u32> {
        let bytes: Vec<u8> = parts.iter().flat_map(|(address, bytes)| take(node, *address, *bytes)).collect();
        match file {
            1 => self.written.extend(&bytes),
            2 => eprint!("{}", String::from_utf8_lossy(&bytes)),
            _ => return Err(BAD_FILE),
        }
        Ok(bytes.len() as u32)
    }

    /// Memory of zeros: none is ever given back.
    fn map(&mut self, bytes: u32) -> Result<u32, u32> {
        if bytes == 0 {
            return Err(INVALID);
        }
        let at = self.next_mapping;
        let end = at.checked_add(bytes.next_multiple_of(PAGE)).ok_or(NO_MEMORY)?;
        if end > STACK - STACK_BYTES {
            return Err(NO_MEMORY);
        }
        self.next_mapping = end;
        Ok(at)
    }
}
