//! The guest as gdb sees it.

use core::fmt::{self, Write};

use abi::vcpu::VcpuState;
use gdb_stub::{Refused, Register, System, Target};
use runtime::vm::{GuestMemory, VirtualMachine};

use super::breakpoints::Breakpoints;
use crate::report;

/// Where Linux for the 440 maps its memory (`PAGE_OFFSET`). Before it has, and where it has let an entry go, gdb can look
/// there all the same.
const LINEAR: u32 = 0xC000_0000;

/// The least that one entry of a TLB maps.
const PAGE: u32 = 1024;

/// A guest that stands, with the breakpoints in it.
pub(super) struct Machine<'a, V> {
    pub(super) vm: &'a mut V,
    pub(super) breakpoints: &'a mut Breakpoints,
}

impl<V: VirtualMachine> Machine<'_, V> {
    /// Where an effective address of the guest's data leads.
    fn physical(&mut self, address: u32) -> Option<u64> {
        match self.vm.translate(address) {
            Some(translation) => Some(translation.physical),
            None => address.checked_sub(LINEAR).map(u64::from),
        }
    }

    /// Bytes from an address to the end of its page, and of what was asked for.
    fn piece(address: u32, left: usize) -> usize {
        left.min((PAGE - address % PAGE) as usize)
    }
}

impl<V: VirtualMachine> Target for Machine<'_, V> {
    fn register(&mut self, register: Register) -> u64 {
        let state = self.vm.state();
        match register {
            Register::Float(number) => state.floats[number as usize & 31],
            Register::Fpscr => state.floats[32] & 0xFFFF_FFFF,
            other => word(state, other).copied().unwrap_or(0).into(),
        }
    }

    fn set_register(&mut self, register: Register, value: u64) {
        let state = self.vm.state();
        match register {
            Register::Float(number) => state.floats[number as usize & 31] = value,
            Register::Fpscr => state.floats[32] = value & 0xFFFF_FFFF,
            other => {
                if let Some(place) = word(state, other) {
                    *place = value as u32;
                }
            }
        }
    }

    fn read(&mut self, address: u32, into: &mut [u8]) -> usize {
        let mut done = 0;
        while done < into.len() {
            let at = address.wrapping_add(done as u32);
            let end = done + Self::piece(at, into.len() - done);
            let Some(physical) = self.physical(at) else { break };
            if self.vm.memory().read(physical, &mut into[done..end]).is_err() {
                break;
            }
            done = end;
        }
        done
    }

    fn write(&mut self, address: u32, from: &[u8]) -> Result<(), Refused> {
        let mut done = 0;
        while done < from.len() {
            let at = address.wrapping_add(done as u32);
            let end = done + Self::piece(at, from.len() - done);
            let physical = self.physical(at).ok_or(Refused)?;
            // It may be code.
            self.vm.memory().load(physical, &from[done..end]).map_err(|_| Refused)?;
            done = end;
        }
        Ok(())
    }

    fn set_breakpoint(&mut self, address: u32) -> Result<(), Refused> {
        let address = address & !3;
        let physical = self.physical(address).ok_or(Refused)?;
        self.breakpoints.set(address, physical, self.vm.memory()).ok_or(Refused)
    }

    fn clear_breakpoint(&mut self, address: u32) {
        self.breakpoints.clear(address & !3, self.vm.memory());
    }

    fn command(&mut self, words: &str, out: &mut impl Write) -> fmt::Result {
        let mut words = words.split_ascii_whitespace();
        let verb = words.next();
        let mut number = || words.next().and_then(number);
        match (verb, number()) {
            (Some("physical"), Some(address)) => {
                let count = number().unwrap_or(4).clamp(1, 64);
                self.show_physical(address & !3, count, out)
            }
            (Some("translate"), Some(address)) => match self.vm.translate(address as u32) {
                Some(to) => {
                    writeln!(out, "{address:08x} is at {:09x}, rights {:02x}", to.physical, to.rights)
                }
                None => writeln!(out, "{address:08x} is in no entry of the guest's TLB"),
            },
            (Some("stats"), None) => {
                let vm = self.vm.spec().number;
                report::statistics(out, vm, self.vm.state(), &[])
            }
            _ => out.write_str(HELP),
        }
    }
}

const HELP: &str = "\
monitor physical ADDRESS [WORDS]  words of the guest's memory by physical address\n\
monitor translate ADDRESS         where an effective address of data leads\n\
monitor stats                     how often what has happened\n";

impl<V: VirtualMachine> Machine<'_, V> {
    fn show_physical(&mut self, address: u64, count: u64, out: &mut impl Write) -> fmt::Result {
        for at in (0..count).map(|word| address + 4 * word) {
            let is_first = (at - address).is_multiple_of(16);
            if is_first {
                write!(out, "{}{at:09x}:", if at == address { "" } else { "\n" })?;
            }
            match self.vm.memory().read_u32(at) {
                Ok(word) => write!(out, " {word:08x}")?,
                Err(_) => {
                    out.write_str(" no memory")?;
                    break;
                }
            }
        }
        out.write_char('\n')
    }
}

/// A number: hexadecimal, with or without `0x`, of at most 36 bits.
fn number(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).ok().filter(|number| *number < 1 << 36)
}

/// The state's word that is a register of 32 bits.
fn word(state: &mut VcpuState, register: Register) -> Option<&mut u32> {
    Some(match register {
        Register::General(number) => &mut state.gpr[number as usize & 31],
        Register::Float(_) | Register::Fpscr => return None,
        Register::Pc => &mut state.pc,
        Register::Msr => &mut state.msr,
        Register::Cr => &mut state.cr,
        Register::Lr => &mut state.lr,
        Register::Ctr => &mut state.ctr,
        Register::Xer => &mut state.xer,
        Register::System(system) => match system {
            System::Srr0 => &mut state.srr[0],
            System::Srr1 => &mut state.srr[1],
            System::Csrr0 => &mut state.csrr[0],
            System::Csrr1 => &mut state.csrr[1],
            System::Mcsrr0 => &mut state.mcsrr[0],
            System::Mcsrr1 => &mut state.mcsrr[1],
            System::Dear => &mut state.dear,
            System::Esr => &mut state.esr,
            System::Mcsr => &mut state.mcsr,
            System::Pid => &mut state.pid,
            System::Mmucr => &mut state.mmucr,
            System::Ivpr => &mut state.ivpr,
            System::Sprg0 => &mut state.sprg[0],
            System::Sprg1 => &mut state.sprg[1],
            System::Sprg2 => &mut state.sprg[2],
            System::Sprg3 => &mut state.sprg[3],
            System::Sprg4 => &mut state.sprg[4],
            System::Sprg5 => &mut state.sprg[5],
            System::Sprg6 => &mut state.sprg[6],
            System::Sprg7 => &mut state.sprg[7],
            System::Usprg0 => &mut state.usprg0,
            System::Tcr => &mut state.tcr,
            System::Tsr => &mut state.tsr,
            System::Decar => &mut state.decar,
            System::Dbcr0 => &mut state.dbcr[0],
            System::Dbcr1 => &mut state.dbcr[1],
            System::Dbcr2 => &mut state.dbcr[2],
            System::Dbsr => &mut state.dbsr,
            System::Pvr => &mut state.pvr,
        },
    })
}
