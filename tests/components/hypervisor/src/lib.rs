//! Runs a small guest that does what a kernel does, and prints what it saw.

#![no_std]

#[cfg(target_arch = "powerpc")]
mod guest;

use core::fmt::{self, Write};

use abi::vcpu::{ExitReason, REQUEST_RESET, VcpuCounter, VcpuState};
use interfaces::console::Text;
use processor::Processor;
use runtime::vm::{GuestMemory, VirtualMachine};
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The most exits that are looked at.
const EXITS: u32 = 500;

/// A monitor.
pub struct Hypervisor<P: Ports> {
    console: P::Console,
    processor: Processor<P::Vm, P::Clock>,
}

impl<P: Ports> Component<P> for Hypervisor<P> {
    fn new(wires: Wires<P>, _config: Config) -> Self {
        Self { console: wires.console, processor: Processor::new(wires.vm, wires.clock) }
    }
}

impl<P: Ports> Active for Hypervisor<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.console);
        // `flush` says what went wrong.
        let _ = examine(&mut self.processor, program(), &mut text);
        text.flush()
    }
}

/// The guest's program; the host has none.
fn program() -> &'static [u8] {
    cfg_if::cfg_if! {
        if #[cfg(target_arch = "powerpc")] { guest::bytes() } else { &[] }
    }
}

/// Runs a program from its start to its reset, and says what it says.
///
/// # Errors
///
/// As the text's.
pub fn examine(vm: &mut impl VirtualMachine, program: &[u8], out: &mut impl Write) -> fmt::Result {
    if vm.memory().load(0, program).is_err() {
        return writeln!(out, "the program does not fit");
    }
    let state = vm.state();
    *state = VcpuState::ZERO;
    state.pvr = 0x4222_18D3;
    // 256 MiB at 0, everything for the supervisor.
    state.first_entry = [0x0000_0290, 0, 0x7, 0];
    state.requests = REQUEST_RESET;
    for _ in 0..EXITS {
        let bits = vm.run();
        if !bits.is_empty() {
            writeln!(out, "bits {:x}", bits.0)?;
            continue;
        }
        let state = vm.state();
        let exit = state.exit;
        let register = exit.instruction >> 21 & 31;
        let value = state.gpr[register as usize];
        match ExitReason::from_number(exit.reason) {
            Some(ExitReason::DcrWrite) => writeln!(out, "{:03x} {value:08x}", exit.physical)?,
            Some(ExitReason::Access) => {
                let what = if exit.detail == 1 { "store" } else { "load" };
                writeln!(
                    out,
                    "{what} {:08x} at {:x}{:08x}",
                    exit.effective, exit.physical_upper, exit.physical
                )?;
                if exit.detail == 0 {
                    state.gpr[register as usize] = 0x60;
                }
            }
            _ => {
                writeln!(out, "end {} {} at {:08x}", exit.reason, exit.detail, state.pc)?;
                break;
            }
        }
        state.pc += 4;
    }
    let counters = vm.state().counters;
    for (name, counter) in [
        ("adjacent", VcpuCounter::Adjacent),
        ("flush loops", VcpuCounter::FlushLoop),
        ("idle", VcpuCounter::Idle),
        ("float", VcpuCounter::Float),
    ] {
        writeln!(out, "{name} {}", counters[counter as usize])?;
    }
    Ok(())
}
