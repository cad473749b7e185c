//! What a load or store does, given a way to memory.

use abi::vcpu::{Exit, VcpuState};
use virtual_device::Width;

use super::{Index, Instruction, Operation, Plain, double_of_single, plain, single_of_double};
use crate::devices::Bus;

/// CR0: the conditional store was made.
const CR0_EQ: u32 = 1 << 29;
/// CR0: a copy of XER's summary overflow.
const CR0_SO: u32 = 1 << 28;
/// XER: the summary overflow.
const XER_SO: u32 = 1 << 31;

/// Bytes of a line of the data cache (PPC440 user's manual, instruction and data caches).
const LINE: u32 = 32;

/// Why an access could not be made: an interrupt of the guest. `effective` is for its DEAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    /// The guest's TLB has no entry for the byte.
    Miss {
        /// The byte.
        effective: u32,
    },
    /// The entry does not let the guest do this.
    Forbidden {
        /// The byte.
        effective: u32,
    },
    /// The instruction needs an aligned address, or memory that is cached.
    Alignment {
        /// The access's first byte.
        effective: u32,
    },
    /// Nothing lies at the guest-physical address.
    Nothing,
}

/// The bytes of an instruction's [`Extent`], by the guest's effective addresses.
pub trait Space {
    /// Loads an aligned piece.
    ///
    /// # Errors
    ///
    /// [`Trap::Nothing`].
    fn load(&mut self, effective: u32, width: Width) -> Result<u32, Trap>;

    /// Whether RAM lies at the byte, which is cached. A device is not.
    fn is_cached(&self, effective: u32) -> bool;

    /// Stores an aligned piece there.
    ///
    /// # Errors
    ///
    /// [`Trap::Nothing`].
    fn store(&mut self, effective: u32, width: Width, value: u32) -> Result<(), Trap>;
}

/// The address of the latest `lwarx` that reached a device, until a `stwcx.` there.
///
/// Reservations of RAM are the hardware's and are not seen here: a guest that mixes both kinds between one `lwarx` and
/// its `stwcx.` breaks the rule of Book E that they come in pairs.
pub type Reservation = Option<u32>;

/// The bytes that an instruction reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first one's effective address.
    pub effective: u32,
    /// How many there are, perhaps none; addresses go on from the last to the first.
    pub bytes: u32,
}

/// Which bytes the instruction reaches.
///
/// # Errors
///
/// [`Trap::Alignment`] for `lwarx` and `stwcx.` off a word's boundary.
pub fn extent(state: &VcpuState, instruction: &Instruction) -> Result<Extent, Trap> {
    let effective = operand(state, instruction);
    match instruction.operation {
        Operation::ZeroLine => Ok(Extent { effective: effective & !(LINE - 1), bytes: LINE }),
        Operation::LoadReserved | Operation::StoreConditional if !effective.is_multiple_of(4) => {
            Err(Trap::Alignment { effective })
        }
        operation => Ok(Extent { effective, bytes: operation.bytes(instruction.register, state.xer) }),
    }
}

/// The effective address that the instruction names.
fn operand(state: &VcpuState, instruction: &Instruction) -> u32 {
    let base = instruction.base.map_or(0, |register| state.gpr[register]);
    base.wrapping_add(match instruction.index {
        Index::Displacement(number) => number,
        Index::Register(register) => state.gpr[register],
    })
}

/// Performs a load or store that reaches one register of a device and nothing else, as [`perform`] would; nothing is done
/// if it is another instruction, is not aligned, or no device lies there.
#[inline(always)]
pub fn perform_plainly<M>(
    state: &mut VcpuState,
    exit: &Exit,
    bus: &mut impl Bus<M>,
    memory: &mut M,
) -> Option<()> {
    let word = exit.instruction;
    let Plain { width, is_store } = plain(word)?;
    let base = (word >> 16 & 31) as usize;
    let base = if base == 0 { 0 } else { state.gpr[base] };
    // The exit names the first byte of a page if only the end of the access lies there.
    let is_first = base.wrapping_add(word as u16 as i16 as u32) == exit.effective;
    if !is_first || exit.effective & (width.bytes() - 1) != 0 || exit.physical_upper != 0 {
        return None;
    }
    let register = &mut state.gpr[(word >> 21 & 31) as usize];
    let physical = u64::from(exit.physical);
    if is_store {
        bus.write(physical, width, *register & u32::MAX >> (32 - 8 * width.bytes()), memory)
    } else {
        *register = bus.read(physical, width, memory)?;
        Some(())
    }
}

/// Performs the instruction on its [`extent`]. On success registers are as after it, the program counter apart, which is
/// the caller's. Floating-point registers are taken from the state: the caller has seen to it that they are there.
///
/// # Errors
///
/// The interrupt that the instruction ends in. Then no register has changed but what `lmw` and strings had loaded; such
/// an instruction can be executed again.
pub fn perform(
    state: &mut VcpuState,
    instruction: &Instruction,
    Extent { effective, bytes }: Extent,
    space: &mut impl Space,
    reservation: &mut Reservation,
) -> Result<(), Trap> {
    let register = instruction.register;
    match instruction.operation {
        Operation::Cache => {}
        // A device's page is not cached (PPC440 user's manual, section on the alignment interrupt).
        Operation::ZeroLine if !space.is_cached(effective) => {
            return Err(Trap::Alignment { effective: operand(state, instruction) });
        }
        Operation::ZeroLine => {
            for place in (0..bytes).step_by(4) {
                space.store(effective.wrapping_add(place), Width::Word, 0)?;
            }
        }
        Operation::Load { bytes, algebraic, reversed } => {
            let value = load(space, effective, bytes)? as u32;
            let value = if reversed { reverse(value, bytes) } else { value };
            state.gpr[register] = if algebraic { value as u16 as i16 as u32 } else { value };
        }
        Operation::Store { bytes, reversed } => {
            let value = state.gpr[register];
            let value = if reversed { reverse(value, bytes) } else { value };
            store(space, effective, bytes, u64::from(value))?;
        }
        Operation::LoadMultiple => load_multiple(state, instruction, effective, space)?,
        Operation::StoreMultiple => {
            for (place, value) in (0..).step_by(4).zip(&state.gpr[register..]) {
                store(space, effective.wrapping_add(place), 4, u64::from(*value))?;
            }
        }
        Operation::LoadString(_) => load_string(state, instruction, effective, bytes, space)?,
        Operation::StoreString(_) => {
            for place in 0..bytes {
                let value = state.gpr[(register + place as usize / 4) % 32] >> (24 - 8 * (place % 4)) & 0xFF;
                space.store(effective.wrapping_add(place), Width::Byte, value)?;
            }
        }
        Operation::LoadReserved => {
            state.gpr[register] = space.load(effective, Width::Word)?;
            *reservation = Some(effective);
        }
        Operation::StoreConditional => {
            let is_held = reservation.take() == Some(effective);
            if is_held {
                space.store(effective, Width::Word, state.gpr[register])?;
            }
            let overflow = if state.xer & XER_SO != 0 { CR0_SO } else { 0 };
            let equal = if is_held { CR0_EQ } else { 0 };
            state.cr = state.cr & 0x0FFF_FFFF | equal | overflow;
        }
        Operation::LoadFloat { single: true } => {
            state.floats[register] = double_of_single(load(space, effective, 4)? as u32);
        }
        Operation::LoadFloat { single: false } => state.floats[register] = load(space, effective, 8)?,
        Operation::StoreFloat { single: true } => {
            store(space, effective, 4, u64::from(single_of_double(state.floats[register])))?;
        }
        Operation::StoreFloat { single: false } => store(space, effective, 8, state.floats[register])?,
        Operation::StoreFloatWord => store(space, effective, 4, state.floats[register] & 0xFFFF_FFFF)?,
    }
    if let (true, Some(base)) = (instruction.update, instruction.base) {
        state.gpr[base] = effective;
    }
    Ok(())
}

/// `lmw`. The base register, if it is among those that are loaded, keeps its value: Book E calls the form invalid.
fn load_multiple(
    state: &mut VcpuState,
    instruction: &Instruction,
    effective: u32,
    space: &mut impl Space,
) -> Result<(), Trap> {
    for (place, register) in (0..).step_by(4).zip(instruction.register..32) {
        let value = load(space, effective.wrapping_add(place), 4)? as u32;
        if instruction.base != Some(register) {
            state.gpr[register] = value;
        }
    }
    Ok(())
}

/// `lswi`, `lswx`. The last register's bytes that are not loaded become zero; address registers, if they are among those
/// that are loaded, keep their value: Book E calls the form invalid.
fn load_string(
    state: &mut VcpuState,
    instruction: &Instruction,
    effective: u32,
    bytes: u32,
    space: &mut impl Space,
) -> Result<(), Trap> {
    let index = match instruction.index {
        Index::Register(register) => Some(register),
        Index::Displacement(_) => None,
    };
    for place in (0..bytes).step_by(4) {
        let mut value = 0;
        for byte in place..bytes.min(place + 4) {
            value |= space.load(effective.wrapping_add(byte), Width::Byte)? << (24 - 8 * (byte - place));
        }
        let register = (instruction.register + place as usize / 4) % 32;
        if instruction.base != Some(register) && index != Some(register) {
            state.gpr[register] = value;
        }
    }
    Ok(())
}

/// The last `bytes` bytes, turned round.
const fn reverse(value: u32, bytes: u32) -> u32 {
    value.swap_bytes() >> (32 - 8 * bytes)
}

/// The widest aligned piece at the address that is no more than `bytes`.
const fn piece(effective: u32, bytes: u32) -> Width {
    if bytes >= 4 && effective.is_multiple_of(4) {
        Width::Word
    } else if bytes >= 2 && effective.is_multiple_of(2) {
        Width::Half
    } else {
        Width::Byte
    }
}

/// Loads 1 to 8 bytes, in aligned pieces, from the first byte on.
fn load(space: &mut impl Space, mut effective: u32, mut bytes: u32) -> Result<u64, Trap> {
    let mut value = 0;
    while bytes > 0 {
        let width = piece(effective, bytes);
        value = value << (8 * width.bytes()) | u64::from(space.load(effective, width)?);
        effective = effective.wrapping_add(width.bytes());
        bytes -= width.bytes();
    }
    Ok(value)
}

/// Stores the last 1 to 8 bytes of a value, likewise.
fn store(space: &mut impl Space, mut effective: u32, mut bytes: u32, value: u64) -> Result<(), Trap> {
    while bytes > 0 {
        let width = piece(effective, bytes);
        bytes -= width.bytes();
        let mask = u32::MAX >> (32 - 8 * width.bytes());
        space.store(effective, width, (value >> (8 * bytes)) as u32 & mask)?;
        effective = effective.wrapping_add(width.bytes());
    }
    Ok(())
}
