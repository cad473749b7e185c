//! What the kernel says: a banner at the start, and one machine-readable block for each end.
//!
//! Every line begins with `[fugue] `; a block ends with `[fugue] end`. The tool that reads a console
//! finds the blocks among what domains print. `docs/reports.md` has the format. The writer formats
//! lines and numbers itself: reports are cold, and `core::fmt` is large.

use crate::checked::{at, object};
use crate::context::Context;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{Fault, Syndrome};
use crate::tables::Tables;
use abi::Cause;
use ppc440::tlb::Page;

/// How many frames of the back chain a report follows at most, whether or not each has a return address.
const CHAIN_LENGTH: usize = 24;

/// How many bytes of a domain's own message a report carries at most.
const TEXT_LENGTH: u32 = 256;

/// What stands in a line for a `%`.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Decimal(u32),
    /// Eight digits.
    Hex(u32),
}
use Value::{Decimal, Hex, Text};

/// Writes a line to the console, or part of one; each `%` in it stands for the next of the values.
#[inline(never)]
fn write(machine: &mut impl Machine, line: &str, mut values: &[Value<'_>]) {
    for byte in line.bytes() {
        match values.split_first().filter(|_| byte == b'%') {
            None => machine.write_console(byte),
            Some((value, rest)) => {
                values = rest;
                match *value {
                    Text(text) => text.bytes().for_each(|byte| machine.write_console(byte)),
                    Decimal(number) => decimal(machine, number),
                    Hex(number) => hex(machine, number, 8),
                }
            }
        }
    }
}

/// The last digits of a number.
#[inline(never)]
fn hex(machine: &mut impl Machine, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        machine.write_console(b"0123456789abcdef"[(number >> (4 * place) & 0xF) as usize]);
    }
}

fn decimal(machine: &mut impl Machine, number: u32) {
    let mut unit = 1;
    while number / 10 >= unit {
        unit *= 10;
    }
    while let Some(digits) = number.checked_div(unit) {
        machine.write_console(b'0' + (digits % 10) as u8);
        unit /= 10;
    }
}

/// A byte of foreign text: printable ASCII as it is, the rest escaped, so that no text can end a block or look like
/// one.
fn escaped(machine: &mut impl Machine, byte: u8) {
    match byte {
        b'\n' => write(machine, "\\n", &[]),
        b'\\' => write(machine, "\\\\", &[]),
        b' '..=b'~' => machine.write_console(byte),
        _ => {
            write(machine, "\\x", &[]);
            hex(machine, byte.into(), 2);
        }
    }
}

/// Writes the banner of a node that starts.
pub fn banner(machine: &mut impl Machine, tables: &Tables, board: &str) {
    let numbers = [tables.domains.len(), tables.threads.len()].map(|number| Decimal(number as u32));
    let [domains, threads] = numbers;
    let values = [Text(tables.system), Text(board), domains, threads];
    write(machine, "[fugue] boot system=% board=% domains=% threads=%\n", &values);
}

impl<N: Node> Kernel<N> {
    /// Reports the fault of a thread.
    #[cold]
    pub(crate) fn report_fault(&mut self, id: ThreadId) {
        let Fault { cause, address, syndrome, .. } = *self.fault_of(id);
        let domain = self.thread(id).domain;
        let [number, name] = self.name(domain);
        let pages = self.domain_of(id).map.pages;
        let values = [Text(cause.name()), number, name, Decimal(id.number().into())];
        let context = &object(self.node.state().threads, id.place()).context;
        let machine = &mut self.machine;
        write(machine, "\n[fugue] domain-report v1\n[fugue] cause=% domain=% name=% thread=%", &values);
        if let Some(address) = address {
            write(machine, " address=%", &[Hex(address)]);
        }
        write(machine, "\n", &[]);
        registers(machine, context, syndrome);
        chain(machine, context.gpr[1], pages);
        if cause == Cause::Failed {
            message(machine, context, pages);
        }
        end(machine);
    }

    /// Says in a line what has become of a domain: its number, its name, and one thing more.
    #[cold]
    pub(crate) fn announce(&mut self, line: &str, domain: u16, more: Value<'_>) {
        let [number, name] = self.name(domain);
        let machine = &mut self.machine;
        write(machine, "\n[fugue] ", &[]);
        write(machine, line, &[number, name, more]);
        write(machine, "\n", &[]);
    }

    /// A domain's number and name.
    fn name(&self, domain: u16) -> [Value<'static>; 2] {
        [Decimal(domain.into()), Text(at(self.tables().domains, domain).name)]
    }
}

/// Begins the report of an error of the kernel's own or of the machine.
#[cold]
pub fn fatal(machine: &mut impl Machine, cause: &str) {
    write(machine, "\n[fugue] kernel-report v1\n[fugue] cause=% name=kernel\n", &[Text(cause)]);
}

/// The place in the source where the kernel has met it.
pub fn place(machine: &mut impl Machine, place: &core::panic::Location<'_>) {
    write(machine, "[fugue] text=panicked at %:%\n", &[Text(place.file()), Decimal(place.line())]);
}

/// Ends a report.
pub fn end(machine: &mut impl Machine) {
    write(machine, "[fugue] end\n", &[]);
}

/// Says that the run ends, and with what exit code.
#[cold]
pub(crate) fn halting(machine: &mut impl Machine, code: u32) {
    write(machine, "\n[fugue] halt code=%\n", &[Decimal(code)]);
}

/// Writes a thread's registers, or those that an exception in the kernel met.
#[cold]
pub fn registers(machine: &mut impl Machine, context: &Context, syndrome: Syndrome) {
    let Context { gpr, cr, lr, ctr, xer, pc } = context;
    let Syndrome { msr, esr, dear } = syndrome;
    let values = [*pc, *lr, msr, *cr, *ctr, *xer, esr, dear].map(Hex);
    write(machine, "[fugue] pc=% lr=% msr=% cr=% ctr=% xer=% esr=% dear=%", &values);
    for (number, value) in (0..).zip(gpr) {
        let line = if number % 8 == 0 { "\n[fugue] r%=%" } else { " r%=%" };
        write(machine, line, &[Decimal(number), Hex(*value)]);
    }
    write(machine, "\n", &[]);
}

/// Follows the stack's back chain (System V PowerPC ABI, 'The Stack Frame': the word at the stack pointer
/// leads to the caller's frame, whose second word holds the return address). The words may be a domain's,
/// so nothing is believed but what the map and the bound allow.
#[cold]
pub fn chain(machine: &mut impl Machine, stack_pointer: u32, map: &[Page]) {
    let mut frame = stack_pointer;
    let mut separator = "[fugue] chain=";
    for _ in 0..CHAIN_LENGTH {
        let Some(up) = read_word(machine, map, frame).filter(|up| *up > frame) else { break };
        let Some(address) = read_word(machine, map, up.wrapping_add(4)) else { break };
        frame = up;
        if address != 0 {
            write(machine, "%%", &[Text(separator), Hex(address)]);
            separator = ",";
        }
    }
    if separator == "," {
        write(machine, "\n", &[]);
    }
}

/// The message of a domain that failed by its own word: address in `r3`, length in `r4`.
fn message(machine: &mut impl Machine, context: &Context, map: &[Page]) {
    let (start, length) = (context.gpr[3], context.gpr[4].min(TEXT_LENGTH));
    write(machine, "[fugue] text=", &[]);
    for offset in 0..length {
        let address = start.wrapping_add(offset);
        let Some(word) = read_word(machine, map, address & !3) else { break };
        let byte = (word >> (24 - 8 * (address & 3))) as u8;
        escaped(machine, byte);
    }
    write(machine, "\n", &[]);
}

/// A word of memory, if the address is aligned and lies in ordinary memory of the map.
fn read_word(machine: &mut impl Machine, map: &[Page], address: u32) -> Option<u32> {
    let page = map.iter().find(|page| page.contains(address))?;
    if address & 3 != 0 || page.is_device() {
        return None;
    }
    Some(machine.read_physical(page.physical() + u64::from(address - page.virt())))
}
