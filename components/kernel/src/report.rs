//! What the kernel says: a banner at the start, and one machine-readable block for each end.
//!
//! Every line begins with `[fugue] `; a block ends with `[fugue] end`. The tool that reads a console
//! finds the blocks among what domains print. `docs/reports.md` has the format. The writer formats
//! numbers itself, and is never inlined: reports are cold, and `core::fmt` is large.

use crate::checked::{at, object};
use crate::context::Context;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::Fault;
use crate::tables::Tables;
use abi::Cause;
use ppc440::tlb::Page;

/// How many frames of the back chain a report follows at most, whether or not each has a return address.
const CHAIN_LENGTH: usize = 24;

/// How many bytes of a domain's own message a report carries at most.
const TEXT_LENGTH: u32 = 256;

/// Writes words to the console.
pub(crate) struct Console<'m, M>(pub(crate) &'m mut M);

impl<M: Machine> Console<'_, M> {
    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for byte in text.bytes() {
            self.0.write_console(byte);
        }
        self
    }

    #[inline(never)]
    pub(crate) fn hex(&mut self, value: u32) -> &mut Self {
        for shift in (0..8).rev() {
            self.0.write_console(hex_digit(value >> (4 * shift)));
        }
        self
    }

    #[inline(never)]
    pub(crate) fn decimal(&mut self, value: u32) -> &mut Self {
        let digits = value.checked_ilog10().unwrap_or(0);
        for power in (0..=digits).rev() {
            self.0.write_console(b'0' + (value / 10_u32.pow(power) % 10) as u8);
        }
        self
    }

    /// A byte of foreign text: printable ASCII as it is, the rest escaped, so that no text can end a
    /// block or look like one.
    fn escaped(&mut self, byte: u8) {
        match byte {
            b'\n' => self.text("\\n"),
            b'\\' => self.text("\\\\"),
            b' '..=b'~' => {
                self.0.write_console(byte);
                self
            }
            _ => {
                self.text("\\x");
                self.0.write_console(hex_digit(u32::from(byte) >> 4));
                self.0.write_console(hex_digit(u32::from(byte)));
                self
            }
        };
    }
}

fn hex_digit(value: u32) -> u8 {
    b"0123456789abcdef"[(value & 0xF) as usize]
}

/// Registers that the context does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Syndrome {
    /// MSR at the exception.
    pub msr: u32,
    /// Exception syndrome register.
    pub esr: u32,
    /// Data exception address register.
    pub dear: u32,
}

impl Syndrome {
    /// Before any exception.
    pub const NONE: Self = Self { msr: 0, esr: 0, dear: 0 };
}

/// Writes the banner of a node that starts.
pub fn banner(machine: &mut impl Machine, tables: &Tables, board: &str) {
    Console(machine)
        .text("[fugue] boot system=")
        .text(tables.system)
        .text(" board=")
        .text(board)
        .text(" domains=")
        .decimal(tables.domains.len() as u32)
        .text(" threads=")
        .decimal(tables.threads.len() as u32)
        .text("\n");
}

impl<N: Node> Kernel<N> {
    /// Reports the fault of a thread.
    #[cold]
    pub(crate) fn report_fault(&mut self, id: ThreadId) {
        let Fault { cause, address, syndrome, .. } = *object(self.state().faults, id.place());
        let tables = self.tables();
        let number = at(tables.threads, id.index()).domain;
        let domain = at(tables.domains, number);
        let mut console = Console(&mut self.machine);
        console.text("\n[fugue] domain-report v1\n[fugue] cause=").text(cause.name());
        console.text(" domain=").decimal(number.into()).text(" name=").text(domain.name);
        console.text(" thread=").decimal(id.number().into());
        if let Some(address) = address {
            console.text(" address=").hex(address);
        }
        console.text("\n");
        let context = self.thread(id).context;
        registers(&mut self.machine, &context, syndrome);
        chain(&mut self.machine, context.gpr[1], domain.map.pages);
        if cause == Cause::Failed {
            message(&mut self.machine, &context, domain.map.pages);
        }
        Console(&mut self.machine).text("[fugue] end\n");
    }

    /// Says that a domain was stopped through a capability.
    #[cold]
    pub(crate) fn report_stop(&mut self, victim: u16, by: ThreadId) {
        let name = at(self.tables().domains, victim).name;
        let by = self.domain_of(by).name;
        Console(&mut self.machine)
            .text("\n[fugue] stopped domain=")
            .decimal(victim.into())
            .text(" name=")
            .text(name)
            .text(" by=")
            .text(by)
            .text("\n");
    }

    /// Says that a domain starts afresh.
    #[cold]
    pub(crate) fn report_restart(&mut self, domain: u16) {
        let name = at(self.tables().domains, domain).name;
        let generation = self.domain(domain).generation;
        Console(&mut self.machine)
            .text("\n[fugue] restarted domain=")
            .decimal(domain.into())
            .text(" name=")
            .text(name)
            .text(" generation=")
            .decimal(generation)
            .text("\n");
    }

    /// Says that a domain has ended itself in error; an orderly end is silent.
    #[cold]
    pub(crate) fn report_exit(&mut self, id: ThreadId, code: u32) {
        if code != 0 {
            let number = self.thread(id).domain;
            let name = self.domain_of(id).name;
            Console(&mut self.machine)
                .text("\n[fugue] exited domain=")
                .decimal(number.into())
                .text(" name=")
                .text(name)
                .text(" code=")
                .decimal(code)
                .text("\n");
        }
    }
}

/// Reports an error of the kernel's own or of the machine. `more` writes what is known of it.
#[cold]
pub fn fatal<M: Machine>(machine: &mut M, cause: &str, more: impl FnOnce(&mut M)) {
    Console(machine).text("\n[fugue] kernel-report v1\n[fugue] cause=").text(cause).text(" name=kernel\n");
    more(machine);
    Console(machine).text("[fugue] end\n");
    halting(machine, crate::kernel::FATAL_EXIT_CODE);
}

/// Says that the run ends, and with what exit code.
#[cold]
pub(crate) fn halting(machine: &mut impl Machine, code: u32) {
    Console(machine).text("\n[fugue] halt code=").decimal(code).text("\n");
}

/// Writes a thread's registers, or those that an exception in the kernel met.
#[cold]
pub fn registers(machine: &mut impl Machine, context: &Context, syndrome: Syndrome) {
    let mut console = Console(machine);
    console.text("[fugue] pc=").hex(context.pc).text(" lr=").hex(context.lr);
    console.text(" msr=").hex(syndrome.msr).text(" cr=").hex(context.cr);
    console.text(" ctr=").hex(context.ctr).text(" xer=").hex(context.xer);
    console.text(" esr=").hex(syndrome.esr).text(" dear=").hex(syndrome.dear);
    for (number, value) in context.gpr.iter().enumerate() {
        console.text(if number % 8 == 0 { "\n[fugue] r" } else { " r" });
        console.decimal(number as u32).text("=").hex(*value);
    }
    console.text("\n");
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
            Console(machine).text(separator).hex(address);
            separator = ",";
        }
    }
    if separator == "," {
        Console(machine).text("\n");
    }
}

/// The message of a domain that failed by its own word: address in `r3`, length in `r4`.
fn message(machine: &mut impl Machine, context: &Context, map: &[Page]) {
    let (start, length) = (context.gpr[3], context.gpr[4].min(TEXT_LENGTH));
    Console(machine).text("[fugue] text=");
    for offset in 0..length {
        let address = start.wrapping_add(offset);
        let Some(word) = read_word(machine, map, address & !3) else { break };
        let byte = (word >> (24 - 8 * (address & 3))) as u8;
        Console(machine).escaped(byte);
    }
    Console(machine).text("\n");
}

/// A word of memory, if the address is aligned and lies in ordinary memory of the map.
fn read_word(machine: &mut impl Machine, map: &[Page], address: u32) -> Option<u32> {
    let above = map.partition_point(|page| page.virt() <= address);
    let page = map.get(above.checked_sub(1)?).filter(|page| page.contains(address))?;
    if address & 3 != 0 || page.is_device() {
        return None;
    }
    Some(machine.read_physical(page.physical() + u64::from(address - page.virt())))
}
