//! Whatever a guest and its monitor do: nothing panics, no loop is endless, and no alias reaches beyond the guest's RAM.

use super::*;
use proptest::prelude::*;

/// A word that is likely a privileged instruction.
fn word() -> impl Strategy<Value = u32> {
    let opcodes = prop::sample::select(vec![
        83_u32, 131, 146, 163, 323, 339, 451, 454, 467, 470, 486, 566, 914, 946, 966, 978, 998,
    ]);
    let registers = prop::sample::select(vec![
        22_u32, 26, 27, 48, 54, 62, 63, 260, 268, 272, 284, 287, 304, 308, 336, 340, 400, 570, 880, 919, 946,
    ]);
    prop_oneof![
        any::<u32>(),
        (opcodes, any::<u32>()).prop_map(|(opcode, rest)| 31 << 26 | rest & 0x03FF_F801 | opcode << 1),
        (registers, any::<bool>(), 0..32_u32).prop_map(|(spr, to, register)| {
            let number = (spr & 31) << 16 | spr >> 5 << 11;
            31 << 26 | register << 21 | number | if to { 467 << 1 } else { 339 << 1 }
        }),
        prop::sample::select(vec![19_u32 << 26 | 38 << 1, 19 << 26 | 50 << 1, 19 << 26 | 51 << 1]),
        // The head of a flush loop.
        Just(31 << 26 | 3 << 21 | 3 << 16 | 978 << 1),
    ]
}

fn value() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        0..64_u32,
        // Words 0 of entries, of every size.
        (0..0x2000_u32, 0..16_u32, 0..4_u32)
            .prop_map(|(page, size, flags)| page << 10 | flags << 8 | size << 4),
        // Words 1 and 2.
        (0..0x8000_u32, 0..2_u32).prop_map(|(page, upper)| page << 10 | upper),
        0..64_u32,
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Trap(GuestTrap),
    Register(usize, u32),
    Page(u32, u32, u32),
    Requests(u32, u32, u32),
    /// The monitor writes all of the page's registers.
    Scribble(u32),
    Native(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let trap = prop_oneof![
        4 => (word(), any::<u32>()).prop_map(|(instruction, esr)| GuestTrap::Program { instruction, esr }),
        1 => Just(GuestTrap::SystemCall),
        4 => (value(), any::<bool>()).prop_map(|(address, store)| GuestTrap::DataMiss { address, store }),
        4 => Just(GuestTrap::FetchMiss),
        1 => (value(), any::<bool>()).prop_map(|(address, store)| GuestTrap::DataStorage { address, store }),
        1 => Just(GuestTrap::FetchStorage),
        1 => (value(), any::<bool>()).prop_map(|(address, store)| GuestTrap::Alignment { address, store }),
        1 => Just(GuestTrap::FloatUnavailable),
        1 => Just(GuestTrap::Unavailable),
        1 => Just(GuestTrap::Debug),
    ];
    prop_oneof![
        8 => trap.prop_map(Step::Trap),
        8 => (0..32_usize, value()).prop_map(|(register, value)| Step::Register(register, value)),
        4 => (any::<u32>(), value(), prop::sample::select(vec![0_u32, msr::IS, msr::DS, msr::IS | msr::DS]))
            .prop_map(|(msr, pc, spaces)| Step::Page(msr, pc, spaces)),
        1 => (any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(a, b, c)| Step::Requests(a, b, c)),
        1 => any::<u32>().prop_map(Step::Scribble),
        1 => (0..60_u8).prop_map(Step::Native),
    ]
}

/// Random numbers in every register that the kernel reads.
fn scribble(state: &mut VcpuState, seed: u32) {
    let mut last = seed;
    let mut number = || {
        last = last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        last.rotate_left(16)
    };
    for register in [
        &mut state.pc,
        &mut state.msr,
        &mut state.cr,
        &mut state.xer,
        &mut state.dear,
        &mut state.esr,
        &mut state.pid,
        &mut state.mmucr,
        &mut state.ivpr,
        &mut state.tcr,
        &mut state.tsr,
        &mut state.decar,
        &mut state.lines,
        &mut state.requests,
        &mut state.options,
        &mut state.interrupt,
        &mut state.dbsr,
    ] {
        *register = number();
    }
    for registers in [&mut state.srr, &mut state.csrr, &mut state.mcsrr] {
        registers.fill_with(&mut number);
    }
    state.gpr.fill_with(&mut number);
    state.ivor.fill_with(&mut number);
    state.first_entry.fill_with(&mut number);
    state.counters.fill_with(&mut number);
}

/// What must hold of the hardware's TLB at any time.
fn check(guest: &Guest) {
    for (slot, held) in guest.hardware.slots.iter().enumerate() {
        let Some((pid, page)) = held else { continue };
        if page.word0 & SPACE_1 == 0 {
            continue;
        }
        let owner = guest.pool.owners[slot];
        assert!(owner.pid() == *pid && guest.vcpu.contexts.has(*pid), "slot {slot} is nobody's");
        let entry = guest.vcpu.tlb.entry(owner.entry as usize >> 5);
        assert!(entry.is_valid() && entry.covers(page.virt()), "slot {slot} outlives its entry");
        let ends = [page.physical(), page.physical() + u64::from(page.bytes() - 1)];
        let inside = |ram: &GuestRam| {
            ends.iter().all(|end| (ram.physical..ram.physical + u64::from(ram.bytes)).contains(end))
        };
        assert!(TABLE.ram.iter().any(inside), "slot {slot} reaches beyond RAM: {page:x?}");
        let rights = page.word2 & 0x3F;
        assert!(rights & 0x06 == 0 && (rights & 1 != 0) == (rights & 0x20 != 0), "rights {rights:#x}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_input_harms_more_than_the_guest(steps in prop::collection::vec(step(), 1..120)) {
        let mut guest = Guest::new();
        for step in steps {
            let next = match step {
                Step::Trap(trap) => {
                    // A miss comes from an address that the hardware has no entry for.
                    let pid = guest.vcpu.hardware_pid;
                    let missed = match trap {
                        GuestTrap::DataMiss { address, .. } => Some(address),
                        GuestTrap::FetchMiss => Some(guest.state.pc),
                        _ => None,
                    };
                    match missed {
                        Some(address) if guest.hardware.find(pid, address).is_some() => continue,
                        _ => guest.trap(trap),
                    }
                }
                Step::Register(register, value) => { guest.state.gpr[register] = value; continue }
                Step::Page(msr, pc, spaces) => {
                    guest.state.msr = msr & !(msr::IS | msr::DS) | spaces;
                    guest.state.pc = pc;
                    guest.prepare()
                }
                Step::Requests(requests, interrupt, options) => {
                    guest.state.requests = requests;
                    guest.state.interrupt = interrupt;
                    guest.state.options = options;
                    guest.state.lines = interrupt >> 8;
                    guest.state.tcr = requests.rotate_left(9);
                    guest.state.tsr = options.rotate_left(5);
                    guest.prepare()
                }
                Step::Scribble(seed) => { scribble(&mut guest.state, seed); guest.prepare() }
                Step::Native(slot) => {
                    let slot = usize::from(slot);
                    guest.hardware.slots[slot] = Some((1, Page { word0: 0x210, word1: 0, word2: 0x3F }));
                    continue
                }
            };
            check(&guest);
            if next == Next::Enter {
                prop_assert_ne!(guest.vcpu.hardware_pid, 0);
            }
            if next == Next::Exit {
                prop_assert!(guest.reason().is_some());
                guest.prepare();
            }
        }
    }
}
