//! The Double Hummer against its definition by scalar operations.

use super::*;
use crate::bus::Bus;
use crate::core::bits::msr;
use crate::core::fast::Flow;
use crate::core::tlb::{self, Entry};
use crate::devices::Devices;
use crate::memory::Memory;
use crate::time::{Clock, Pace};
use bgp_isa::Class;

fn machine() -> (Core, Bus) {
    let mut memory = Memory::new();
    memory.add(0, 1 << 20);
    let mut core = Core::new(0, Clock::new(Pace::default()));
    core.tlb.set(0, Entry::new(0, 0, 7, tlb::SR | tlb::SW));
    core.registers.msr = msr::FP;
    core.refresh();
    (core, Bus::new(memory, Devices::new(false, crate::network::Place::default())))
}

/// f1 to f4, pairs of small integers: all results are exact.
const A: (f64, f64) = (3.0, -5.0);
const B: (f64, f64) = (7.0, 11.0);
const C: (f64, f64) = (-2.0, 13.0);
const T: (f64, f64) = (100.0, 200.0);

fn execute(op: Op) -> (f64, f64) {
    let (mut core, mut bus) = machine();
    for (register, pair) in [(1, T), (2, A), (3, B), (4, C)] {
        core.registers.fpr[register] = pair.0.to_bits();
        core.registers.secondary[register] = pair.1.to_bits();
    }
    let word = Word(op.row().encoding.value | 1 << 21 | 2 << 16 | 3 << 11 | 4 << 6);
    assert_eq!(core.float(&mut bus, op, word), Flow::Next);
    (f64::from_bits(core.registers.fpr[1]), f64::from_bits(core.registers.secondary[1]))
}

#[test]
fn each_half_is_what_the_table_says() {
    let (a, b, c) = (A, B, C);
    // As in sections 3.4 to 3.6 of the hardware reference, line by line.
    for (op, expected) in [
        (Op::Fpmul, (a.0 * c.0, a.1 * c.1)),
        (Op::Fxmul, (a.1 * c.0, a.0 * c.1)),
        (Op::Fxpmul, (a.0 * c.0, a.0 * c.1)),
        (Op::Fxsmul, (a.1 * c.0, a.1 * c.1)),
        (Op::Fpadd, (a.0 + b.0, a.1 + b.1)),
        (Op::Fpsub, (a.0 - b.0, a.1 - b.1)),
        (Op::Fpsel, (c.0, b.1)),
        (Op::Fpmadd, (a.0 * c.0 + b.0, a.1 * c.1 + b.1)),
        (Op::Fxmadd, (a.1 * c.0 + b.0, a.0 * c.1 + b.1)),
        (Op::Fxcpmadd, (a.0 * c.0 + b.0, a.0 * c.1 + b.1)),
        (Op::Fxcsmadd, (a.1 * c.0 + b.0, a.1 * c.1 + b.1)),
        (Op::Fpnmadd, (-(a.0 * c.0 + b.0), -(a.1 * c.1 + b.1))),
        (Op::Fxnmadd, (-(a.1 * c.0 + b.0), -(a.0 * c.1 + b.1))),
        (Op::Fxcpnmadd, (-(a.0 * c.0 + b.0), -(a.0 * c.1 + b.1))),
        (Op::Fxcsnmadd, (-(a.1 * c.0 + b.0), -(a.1 * c.1 + b.1))),
        (Op::Fpmsub, (a.0 * c.0 - b.0, a.1 * c.1 - b.1)),
        (Op::Fxmsub, (a.1 * c.0 - b.0, a.0 * c.1 - b.1)),
        (Op::Fxcpmsub, (a.0 * c.0 - b.0, a.0 * c.1 - b.1)),
        (Op::Fxcsmsub, (a.1 * c.0 - b.0, a.1 * c.1 - b.1)),
        (Op::Fpnmsub, (-(a.0 * c.0 - b.0), -(a.1 * c.1 - b.1))),
        (Op::Fxnmsub, (-(a.1 * c.0 - b.0), -(a.0 * c.1 - b.1))),
        (Op::Fxcpnmsub, (-(a.0 * c.0 - b.0), -(a.0 * c.1 - b.1))),
        (Op::Fxcsnmsub, (-(a.1 * c.0 - b.0), -(a.1 * c.1 - b.1))),
        (Op::Fxcpnpma, (-(a.0 * c.0 - b.0), a.0 * c.1 + b.1)),
        (Op::Fxcsnpma, (-(a.1 * c.0 - b.0), a.1 * c.1 + b.1)),
        (Op::Fxcpnsma, (a.0 * c.0 + b.0, -(a.0 * c.1 - b.1))),
        (Op::Fxcsnsma, (a.1 * c.0 + b.0, -(a.1 * c.1 - b.1))),
        (Op::Fxcxma, (a.1 * c.1 + b.0, a.1 * c.0 + b.1)),
        (Op::Fxcxnpma, (-(a.1 * c.1 - b.0), a.1 * c.0 + b.1)),
        (Op::Fxcxnsma, (a.1 * c.1 + b.0, -(a.1 * c.0 - b.1))),
        (Op::Fxcxnms, (-(a.1 * c.1 - b.0), -(a.1 * c.0 - b.1))),
        (Op::Fpmr, b),
        (Op::Fpabs, b),
        (Op::Fpneg, (-b.0, -b.1)),
        (Op::Fpnabs, (-b.0, -b.1)),
        (Op::Fprsp, b),
        (Op::Fsmr, (T.0, b.1)),
        (Op::Fsabs, (T.0, b.1)),
        (Op::Fsneg, (T.0, -b.1)),
        (Op::Fsnabs, (T.0, -b.1)),
        (Op::Fxmr, (b.1, b.0)),
        (Op::Fsmtp, (b.1, T.1)),
        (Op::Fsmfp, (T.0, b.0)),
    ] {
        assert_eq!(execute(op), expected, "{op:?}");
    }
}

/// Complex multiplication by two instructions (section 3.8).
#[test]
fn two_instructions_multiply_complex_numbers() {
    let (mut core, mut bus) = machine();
    let (factor, z) = ((2.0_f64, 3.0_f64), (5.0_f64, -7.0_f64));
    for (register, pair) in [(1, factor), (2, z)] {
        core.registers.fpr[register] = pair.0.to_bits();
        core.registers.secondary[register] = pair.1.to_bits();
    }
    // fxpmul 3,1,2; fxcxnpma 4,1,2,3.
    let fxpmul = Word(Op::Fxpmul.row().encoding.value | 3 << 21 | 1 << 16 | 2 << 6);
    let fxcxnpma = Word(Op::Fxcxnpma.row().encoding.value | 4 << 21 | 1 << 16 | 3 << 11 | 2 << 6);
    assert_eq!(core.float(&mut bus, Op::Fxpmul, fxpmul), Flow::Next);
    assert_eq!(core.float(&mut bus, Op::Fxcxnpma, fxcxnpma), Flow::Next);
    let product = (factor.0 * z.0 - factor.1 * z.1, factor.0 * z.1 + factor.1 * z.0);
    assert_eq!(f64::from_bits(core.registers.fpr[4]), product.0);
    assert_eq!(f64::from_bits(core.registers.secondary[4]), product.1);
}

/// Every load brings back what the store of its name left, bit for bit, signalling NaNs included.
#[test]
fn loads_bring_back_what_stores_left() {
    let pair = (0x7FF4_0000_2000_0000, 0xC014_0000_0000_0000);
    let stores =
        Op::ALL.iter().filter(|op| op.row().class == Class::Double && op.row().mnemonic.starts_with("st"));
    for store in stores.filter(|op| **op != Op::Stfpiwx) {
        let load = store.row().mnemonic.trim_start_matches("st");
        let load =
            Op::ALL.iter().find(|op| op.row().mnemonic == format!("l{load}")).expect("a load of its name");
        let (mut core, mut bus) = machine();
        (core.registers.fpr[1], core.registers.secondary[1]) = pair;
        (core.registers.fpr[2], core.registers.secondary[2]) = (1, 2);
        let word =
            |op: &Op, register: u32| Word(op.row().encoding.value | register << 21 | 6 << 16 | 7 << 11);
        for (op, register) in [(store, 1), (load, 2)] {
            (core.registers.gpr[6], core.registers.gpr[7]) = (0x100, 0x20);
            assert_eq!(core.float(&mut bus, *op, word(op, register)), Flow::Next, "{op:?}");
            let updates = op.row().mnemonic.ends_with("ux");
            assert_eq!(core.registers.gpr[6], if updates { 0x120 } else { 0x100 });
        }
        let secondary_alone = store.row().mnemonic.starts_with("stfs");
        assert_eq!(core.registers.fpr[2], if secondary_alone { 1 } else { pair.0 }, "{store:?}");
        assert_eq!(core.registers.secondary[2], pair.1, "{store:?}");
        core.registers.gpr[7] = 0x22;
        let refused = core.float(&mut bus, *store, word(store, 1));
        assert!(matches!(refused, Flow::Failed(Fault::Exception(Exception::Alignment { .. }))), "{store:?}");
    }
}

#[test]
fn without_msr_fp_there_is_no_unit() {
    let (mut core, mut bus) = machine();
    core.registers.msr = 0;
    let word = Word(Op::Fpadd.row().encoding.value);
    let refused = core.float(&mut bus, Op::Fpadd, word);
    assert_eq!(refused, Flow::Failed(Exception::FloatUnavailable.into()));
}
