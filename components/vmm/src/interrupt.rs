//! Interrupts that the monitor has the guest's processor take.
//!
//! PPC440 user's manual, chapter 6 (interrupts and exceptions): which register says what about which interrupt. The
//! kernel delivers; the monitor says which one and sets the syndrome first.

use abi::vcpu::{REQUEST_INTERRUPT, VcpuState};

use crate::access::{Operation, Trap};

const MACHINE_CHECK: u32 = 1;
const DATA_STORAGE: u32 = 2;
const ALIGNMENT: u32 = 5;
const PROGRAM: u32 = 6;
const DATA_MISS: u32 = 13;

/// Machine state: machine checks are taken.
pub const MSR_ME: u32 = 1 << 12;

const ESR_STORE: u32 = 0x0080_0000;
const ESR_FLOAT: u32 = 0x0100_0000;
const ESR_ILLEGAL: u32 = 0x0800_0000;

/// MCSR: there has been a machine check.
const MCSR_MCS: u32 = 0x8000_0000;
/// MCSR: on the bus, fetching instructions.
const MCSR_FETCH: u32 = 0x4000_0000;
/// MCSR: on the bus, loading data.
const MCSR_LOAD: u32 = 0x2000_0000;

/// Asks for an interrupt before the guest's next instruction.
fn request(state: &mut VcpuState, interrupt: u32) {
    state.interrupt = interrupt;
    state.requests |= REQUEST_INTERRUPT;
}

/// What an access ends in. The program counter still points to the instruction.
pub fn deliver(state: &mut VcpuState, operation: Operation, trap: Trap) {
    let (interrupt, effective) = match trap {
        Trap::Miss { effective } => (DATA_MISS, effective),
        Trap::Forbidden { effective } => (DATA_STORAGE, effective),
        Trap::Alignment { effective } => (ALIGNMENT, effective),
        Trap::Nothing => {
            bus_error(state, MCSR_LOAD);
            return;
        }
    };
    state.dear = effective;
    state.esr = if operation.is_store() { ESR_STORE } else { 0 };
    if operation.is_float() {
        state.esr |= ESR_FLOAT;
    }
    request(state, interrupt);
}

/// An instruction of an invalid form.
pub fn illegal(state: &mut VcpuState) {
    state.esr = ESR_ILLEGAL;
    request(state, PROGRAM);
}

/// The guest fetches an instruction from where nothing lies. Whether it takes the machine check.
pub fn fetch_error(state: &mut VcpuState) -> bool {
    bus_error(state, MCSR_FETCH)
}

/// A load has given 0 because nothing lies there, and the guest takes no machine checks: MCSR notes it.
pub fn note_bus_error(state: &mut VcpuState) {
    state.mcsr |= MCSR_MCS | MCSR_LOAD;
}

/// A bus error: a machine check if the guest takes them, else only a note in MCSR.
fn bus_error(state: &mut VcpuState, cause: u32) -> bool {
    state.mcsr |= MCSR_MCS | cause;
    let is_taken = state.msr & MSR_ME != 0;
    if is_taken {
        request(state, MACHINE_CHECK);
    }
    is_taken
}
