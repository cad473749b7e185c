//! Every load and store, against a table of encodings, a disassembler and a definition byte by byte.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Command;

use abi::vcpu::{Exit, VcpuState};
use proptest::prelude::*;
use virtual_device::Width;
use vmm::access::{
    Operation, Reservation, Space, Trap, decode, double_of_single, extent, perform, perform_plainly,
    single_of_double,
};
use vmm::devices::Bus;

/// Where an instruction's number stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Code {
    /// The primary opcode; a displacement follows.
    D(u32),
    /// The extended opcode of 31, and the last bit.
    X(u32, u32),
}

/// What it means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Means {
    Load,
    LoadSigned,
    LoadReversed,
    Store,
    StoreReversed,
    LoadMultiple,
    StoreMultiple,
    LoadString,
    StoreString,
    Reserve,
    Conditional,
    LoadFloat,
    StoreFloat,
    StoreInteger,
    Zero,
    Cache,
}

use Code::{D, X};
use Means::*;

/// Name, encoding, meaning, bytes, and whether the base register is updated.
const TABLE: &[(&str, Code, Means, u32, bool)] = &[
    ("lbz", D(34), Load, 1, false),
    ("lbzu", D(35), Load, 1, true),
    ("lbzx", X(87, 0), Load, 1, false),
    ("lbzux", X(119, 0), Load, 1, true),
    ("lhz", D(40), Load, 2, false),
    ("lhzu", D(41), Load, 2, true),
    ("lhzx", X(279, 0), Load, 2, false),
    ("lhzux", X(311, 0), Load, 2, true),
    ("lha", D(42), LoadSigned, 2, false),
    ("lhau", D(43), LoadSigned, 2, true),
    ("lhax", X(343, 0), LoadSigned, 2, false),
    ("lhaux", X(375, 0), LoadSigned, 2, true),
    ("lwz", D(32), Load, 4, false),
    ("lwzu", D(33), Load, 4, true),
    ("lwzx", X(23, 0), Load, 4, false),
    ("lwzux", X(55, 0), Load, 4, true),
    ("lhbrx", X(790, 0), LoadReversed, 2, false),
    ("lwbrx", X(534, 0), LoadReversed, 4, false),
    ("stb", D(38), Store, 1, false),
    ("stbu", D(39), Store, 1, true),
    ("stbx", X(215, 0), Store, 1, false),
    ("stbux", X(247, 0), Store, 1, true),
    ("sth", D(44), Store, 2, false),
    ("sthu", D(45), Store, 2, true),
    ("sthx", X(407, 0), Store, 2, false),
    ("sthux", X(439, 0), Store, 2, true),
    ("stw", D(36), Store, 4, false),
    ("stwu", D(37), Store, 4, true),
    ("stwx", X(151, 0), Store, 4, false),
    ("stwux", X(183, 0), Store, 4, true),
    ("sthbrx", X(918, 0), StoreReversed, 2, false),
    ("stwbrx", X(662, 0), StoreReversed, 4, false),
    ("lmw", D(46), LoadMultiple, 0, false),
    ("stmw", D(47), StoreMultiple, 0, false),
    ("lswi", X(597, 0), LoadString, 0, false),
    ("lswx", X(533, 0), LoadString, 0, false),
    ("stswi", X(725, 0), StoreString, 0, false),
    ("stswx", X(661, 0), StoreString, 0, false),
    ("lwarx", X(20, 0), Reserve, 4, false),
    ("stwcx.", X(150, 1), Conditional, 4, false),
    ("lfs", D(48), LoadFloat, 4, false),
    ("lfsu", D(49), LoadFloat, 4, true),
    ("lfsx", X(535, 0), LoadFloat, 4, false),
    ("lfsux", X(567, 0), LoadFloat, 4, true),
    ("lfd", D(50), LoadFloat, 8, false),
    ("lfdu", D(51), LoadFloat, 8, true),
    ("lfdx", X(599, 0), LoadFloat, 8, false),
    ("lfdux", X(631, 0), LoadFloat, 8, true),
    ("stfs", D(52), StoreFloat, 4, false),
    ("stfsu", D(53), StoreFloat, 4, true),
    ("stfsx", X(663, 0), StoreFloat, 4, false),
    ("stfsux", X(695, 0), StoreFloat, 4, true),
    ("stfd", D(54), StoreFloat, 8, false),
    ("stfdu", D(55), StoreFloat, 8, true),
    ("stfdx", X(727, 0), StoreFloat, 8, false),
    ("stfdux", X(759, 0), StoreFloat, 8, true),
    ("stfiwx", X(983, 0), StoreInteger, 4, false),
    ("dcbz", X(1014, 0), Zero, 0, false),
    ("icbt", X(22, 0), Cache, 0, false),
    ("dcbst", X(54, 0), Cache, 0, false),
    ("dcbf", X(86, 0), Cache, 0, false),
    ("dcbtst", X(246, 0), Cache, 0, false),
    ("dcbt", X(278, 0), Cache, 0, false),
    ("dcbi", X(470, 0), Cache, 0, false),
    ("dcba", X(758, 0), Cache, 0, false),
    ("icbi", X(982, 0), Cache, 0, false),
];

fn encode(code: Code, target: u32, base: u32, last: u32) -> u32 {
    let fields = target << 21 | base << 16;
    match code {
        D(primary) => primary << 26 | fields | last & 0xFFFF,
        X(extended, record) => 31 << 26 | fields | (last & 31) << 11 | extended << 1 | record,
    }
}

/// What a disassembler calls each word; nothing if none is installed.
fn names(words: &[u32]) -> Option<Vec<String>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for word in words {
        file.write_all(&word.to_be_bytes()).unwrap();
    }
    let listing = Command::new("powerpc-linux-gnu-objdump")
        .args(["-D", "-b", "binary", "-m", "powerpc", "-M440", "-EB"])
        .arg(file.path())
        .output()
        .ok()?;
    let text = String::from_utf8(listing.stdout).unwrap();
    let lines = text.lines().filter_map(|line| line.split('\t').nth(2));
    let names: Vec<_> = lines.map(|line| line.split(' ').next().unwrap_or("").to_owned()).collect();
    assert_eq!(names.len(), words.len());
    Some(names)
}

#[test]
fn the_disassembler_knows_the_table_by_the_same_names() {
    // An instruction on a cache line has no register there.
    let target = |row: &(_, _, Means, _, _)| if matches!(row.2, Zero | Cache) { 0 } else { 9 };
    let words: Vec<_> = TABLE.iter().map(|row| encode(row.1, target(row), 3, 17)).collect();
    for word in &words {
        assert!(decode(*word).is_some(), "{word:#010x}");
    }
    let Some(names) = names(&words) else { return };
    for (row, name) in TABLE.iter().zip(&names) {
        assert_eq!(row.0, name);
    }
}

#[test]
fn nothing_else_reaches_memory() {
    let mut words = Vec::new();
    for primary in (0..64).filter(|primary| *primary != 31) {
        words.push(encode(D(primary), 9, 3, 16));
    }
    for extended in 0..1024 {
        words.push(encode(X(extended, 0), 9, 3, 17));
        words.push(encode(X(extended, 1), 9, 3, 17));
    }
    for word in words {
        let is_listed = TABLE.iter().any(|row| match row.1 {
            D(primary) => word >> 26 == primary,
            // The last bit is reserved in all but one, and hardware ignores it.
            X(extended, record) => word >> 26 == 31 && word >> 1 & 0x3FF == extended && word & 1 >= record,
        });
        // The 405's number of icbt.
        let is_other = word >> 26 == 31 && word >> 1 & 0x3FF == 262;
        assert_eq!(decode(word).is_some(), is_listed || is_other, "{word:#010x}");
    }
}

/// The disassembler knows no other load or store that a 440 has.
#[test]
fn no_load_or_store_is_forgotten() {
    let words: Vec<_> = (0..1024).map(|extended| encode(X(extended, 0), 9, 3, 17)).collect();
    let Some(names) = names(&words) else { return };
    for (name, word) in names.iter().zip(&words) {
        let looks_like = name.starts_with("lw") || name.starts_with("lh") || name.starts_with("lb");
        let looks_like =
            looks_like || name.starts_with("st") || name.starts_with("lf") || name.starts_with("ls");
        if looks_like && !TABLE.iter().any(|row| row.0 == name) {
            panic!("{name} {word:#010x} is not in the table");
        }
    }
}

#[test]
fn invalid_forms_are_no_instructions() {
    for (name, code, means, _, update) in TABLE.iter().filter(|row| row.4) {
        assert!(*update);
        assert_eq!(decode(encode(*code, 9, 0, 17)), None, "{name} without a base");
        let is_of_itself = decode(encode(*code, 9, 9, 17)).is_none();
        assert_eq!(is_of_itself, matches!(means, Load | LoadSigned), "{name} of its own base");
    }
}

/// Memory of bytes, each of which starts as a mixture of its address.
#[derive(Clone, Default, PartialEq, Debug)]
struct Bytes(BTreeMap<u32, u8>);

impl Bytes {
    fn get(&self, address: u32) -> u8 {
        *self.0.get(&address).unwrap_or(&((address.wrapping_mul(0x9E37_79B9) >> 24) as u8))
    }

    fn number(&self, address: u32, bytes: u32) -> u64 {
        (0..bytes).fold(0, |number, n| number << 8 | u64::from(self.get(address.wrapping_add(n))))
    }

    fn set(&mut self, address: u32, bytes: u32, number: u64) {
        for n in 0..bytes {
            self.0.insert(address.wrapping_add(n), (number >> (8 * (bytes - 1 - n))) as u8);
        }
    }
}

impl Space for Bytes {
    fn load(&mut self, effective: u32, width: Width) -> Result<u32, Trap> {
        assert!(effective.is_multiple_of(width.bytes()));
        Ok(self.number(effective, width.bytes()) as u32)
    }

    /// Lines take turns.
    fn is_cached(&self, effective: u32) -> bool {
        effective & 32 == 0
    }

    fn store(&mut self, effective: u32, width: Width, value: u32) -> Result<(), Trap> {
        assert!(effective.is_multiple_of(width.bytes()));
        assert_eq!(u64::from(value) >> (8 * width.bytes()), 0, "bits beyond the width");
        self.set(effective, width.bytes(), u64::from(value));
        Ok(())
    }
}

/// The definition, byte by byte; nothing for forms that the book calls invalid.
fn define(
    row: &(&str, Code, Means, u32, bool),
    [target, base, last]: [u32; 3],
    state: &mut VcpuState,
    memory: &mut Bytes,
    held: &mut Reservation,
) -> Option<Result<(), Trap>> {
    let (name, code, means, bytes, update) = *row;
    let offset = match code {
        D(_) => i64::from(last as u16 as i16),
        X(..) if name.ends_with("wi") => 0,
        X(..) => i64::from(state.gpr[last as usize]),
    };
    let start = if base == 0 { 0 } else { i64::from(state.gpr[base as usize]) };
    let address = (start + offset) as u32;
    let t = target as usize;
    if update && (base == 0 || base == target && matches!(means, Load | LoadSigned)) {
        return None;
    }
    let count = if name.ends_with("wi") { if last == 0 { 32 } else { last } } else { state.xer % 128 };
    match means {
        Load => state.gpr[t] = memory.number(address, bytes) as u32,
        LoadSigned => state.gpr[t] = i32::from(memory.number(address, 2) as i16) as u32,
        LoadReversed => {
            state.gpr[t] =
                (0..bytes).map(|n| u32::from(memory.get(address.wrapping_add(n))) << (8 * n)).sum();
        }
        Store => memory.set(address, bytes, u64::from(state.gpr[t])),
        StoreReversed => {
            for n in 0..bytes {
                memory.set(address.wrapping_add(n), 1, u64::from(state.gpr[t] >> (8 * n)));
            }
        }
        LoadMultiple => {
            if base >= target && base != 0 {
                return None;
            }
            for r in target..32 {
                state.gpr[r as usize] = memory.number(address.wrapping_add(4 * (r - target)), 4) as u32;
            }
        }
        StoreMultiple => {
            for r in target..32 {
                memory.set(address.wrapping_add(4 * (r - target)), 4, u64::from(state.gpr[r as usize]));
            }
        }
        LoadString => {
            let registers: Vec<u32> = (0..count.div_ceil(4)).map(|n| (target + n) % 32).collect();
            let index = if name == "lswx" { Some(last) } else { None };
            if registers.iter().any(|r| *r == base || Some(*r) == index) {
                return None;
            }
            for r in registers {
                state.gpr[r as usize] = 0;
            }
            for n in 0..count {
                let byte = u32::from(memory.get(address.wrapping_add(n)));
                state.gpr[((target + n / 4) % 32) as usize] |= byte << (24 - 8 * (n % 4));
            }
        }
        StoreString => {
            for n in 0..count {
                let register = state.gpr[((target + n / 4) % 32) as usize];
                memory.set(address.wrapping_add(n), 1, u64::from(register.to_be_bytes()[n as usize % 4]));
            }
        }
        Reserve | Conditional if !address.is_multiple_of(4) => {
            return Some(Err(Trap::Alignment { effective: address }));
        }
        Zero if address & 32 != 0 => return Some(Err(Trap::Alignment { effective: address })),
        Zero => (0..32).for_each(|n| memory.set(address & !31 | n, 1, 0)),
        Reserve => {
            state.gpr[t] = memory.number(address, 4) as u32;
            *held = Some(address);
        }
        Conditional => {
            let done = *held == Some(address);
            *held = None;
            if done {
                memory.set(address, 4, u64::from(state.gpr[t]));
            }
            state.cr = state.cr << 4 >> 4 | (u32::from(done) << 1 | state.xer >> 31) << 28;
        }
        LoadFloat if bytes == 4 => state.floats[t] = double_of_single(memory.number(address, 4) as u32),
        LoadFloat => state.floats[t] = memory.number(address, 8),
        StoreFloat if bytes == 4 => memory.set(address, 4, u64::from(single_of_double(state.floats[t]))),
        StoreFloat => memory.set(address, 8, state.floats[t]),
        StoreInteger => memory.set(address, 4, state.floats[t] & 0xFFFF_FFFF),
        Cache => {}
    }
    if update {
        state.gpr[base as usize] = address;
    }
    Some(Ok(()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn an_instruction_does_what_it_means(
        row in 0..TABLE.len(),
        target in 0_u32..32,
        base in 0_u32..32,
        last: u16,
        registers in prop::array::uniform32(any::<u32>()),
        floats in prop::array::uniform32(any::<u64>()),
        aligned: bool,
        is_held: bool,
        xer: u32,
        cr: u32,
    ) {
        let row = &TABLE[row];
        let last = if matches!(row.1, X(..)) { u32::from(last) % 32 } else { u32::from(last) };
        let word = encode(row.1, target, base, last);
        let mut state = Box::new(VcpuState::ZERO);
        state.gpr = registers;
        if aligned {
            state.gpr.iter_mut().for_each(|register| *register &= !3);
        }
        state.floats[..32].copy_from_slice(&floats);
        (state.xer, state.cr) = (xer, cr);

        let mut expected = state.clone();
        let mut expected_memory = Bytes::default();
        let address = state.gpr[last as usize % 32].wrapping_add(if base == 0 { 0 } else { state.gpr[base as usize] });
        let mut expected_held = is_held.then_some(address);
        let (mut memory, mut held) = (Bytes::default(), expected_held);
        let outcome = define(row, [target, base, last], &mut expected, &mut expected_memory, &mut expected_held);
        prop_assume!(outcome.is_some());

        let instruction = decode(word).unwrap();
        let done = extent(&state, &instruction)
            .and_then(|extent| perform(&mut state, &instruction, extent, &mut memory, &mut held));
        prop_assert_eq!(Some(done), outcome, "{} {:#010x}", row.0, word);
        prop_assert_eq!(memory, expected_memory, "{}", row.0);
        prop_assert_eq!(held, expected_held, "{}", row.0);
        prop_assert!(state == expected, "{}: registers differ", row.0);
    }

    /// Whatever the word, decoding and performing it end, and reach no byte outside the extent.
    #[test]
    fn any_word_stays_within_its_extent(word: u32, registers in prop::array::uniform32(any::<u32>()), xer: u32) {
        let mut state = Box::new(VcpuState::ZERO);
        state.gpr = registers;
        state.xer = xer;
        if let Some(instruction) = decode(word)
            && let Ok(extent) = extent(&state, &instruction)
        {
            prop_assert!(extent.bytes <= 128);
            let mut memory = Bytes::default();
            let outcome = perform(&mut state, &instruction, extent, &mut memory, &mut None);
            prop_assert!(outcome.is_ok() || instruction.operation == Operation::ZeroLine);
            for address in memory.0.keys() {
                prop_assert!(address.wrapping_sub(extent.effective) < extent.bytes);
            }
        }
    }
}

/// A device of sixteen bytes at guest-physical address 0x1000, by effective address too.
#[derive(Clone, Debug, PartialEq)]
struct Registers([u8; 16]);

impl Registers {
    fn place(address: u64, width: Width) -> Option<std::ops::Range<usize>> {
        let first = address.checked_sub(0x1000)? as usize;
        let last = first + width.bytes() as usize;
        (last <= 16).then_some(first..last)
    }
}

impl Bus<()> for Registers {
    fn read(&mut self, physical: u64, width: Width, _: &mut ()) -> Option<u32> {
        let bytes = &self.0[Self::place(physical, width)?];
        Some(bytes.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    fn write(&mut self, physical: u64, width: Width, value: u32, _: &mut ()) -> Option<()> {
        let place = Self::place(physical, width)?;
        let first = 4 - place.len();
        self.0[place].copy_from_slice(&value.to_be_bytes()[first..]);
        Some(())
    }

    fn count_unknown(&mut self) {}
}

impl Space for Registers {
    fn load(&mut self, effective: u32, width: Width) -> Result<u32, Trap> {
        self.read(effective.into(), width, &mut ()).ok_or(Trap::Nothing)
    }

    fn is_cached(&self, _: u32) -> bool {
        false
    }

    fn store(&mut self, effective: u32, width: Width, value: u32) -> Result<(), Trap> {
        self.write(effective.into(), width, value, &mut ()).ok_or(Trap::Nothing)
    }
}

proptest! {
    #[test]
    fn what_is_performed_plainly_is_what_would_have_been_performed(
        word in prop_oneof![(32_u32..48, any::<u32>()).prop_map(|(primary, rest)| primary << 26 | rest & 0x03FF_001F), any::<u32>()],
        base in 0xFF0_u32..0x1010,
        crosses in 0_u32..4,
        device in any::<[u8; 16]>(),
    ) {
        let mut state = VcpuState { gpr: std::array::from_fn(|number| base + number as u32 % 5), ..VcpuState::ZERO };
        let mut general = (state, Registers(device));
        let registers = &mut Registers(device);
        let first = decode(word).and_then(|instruction| extent(&state, &instruction).ok()).map_or(base, |extent| extent.effective);
        let effective = first.wrapping_add(crosses / 3);
        let exit = Exit { instruction: word, effective, physical: effective, ..Exit::default() };
        if perform_plainly(&mut state, &exit, registers, &mut ()).is_some() {
            let instruction = decode(word).expect("a load or a store");
            let extent = extent(&general.0, &instruction).expect("aligned");
            prop_assert_eq!(extent.effective, effective);
            let performed = perform(&mut general.0, &instruction, extent, &mut general.1, &mut None);
            prop_assert_eq!(performed, Ok(()));
        }
        prop_assert!(state == general.0);
        prop_assert_eq!(&*registers, &general.1);
    }
}
