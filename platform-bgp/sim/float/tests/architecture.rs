//! What FPSCR demands beyond IEEE, and properties that hold the operations to each other and to the host's.

use bgp_float::status::{FEX, FI, FR, FX, OE, OX, UE, UX, VE, VX, VXSNAN, XX, ZE, ZX, with_exceptions};
use bgp_float::{Control, Format, Rounding, arithmetic, convert};
use proptest::prelude::*;

const ROUNDINGS: [Rounding; 4] = [Rounding::Nearest, Rounding::Zero, Rounding::Up, Rounding::Down];

fn control(rounding: Rounding, enabled: u32) -> Control {
    Control { rounding, enabled }
}

fn nearest() -> Control {
    control(Rounding::Nearest, 0)
}

/// 2 to a power, as a double.
fn power(exponent: i32) -> u64 {
    2.0_f64.powi(exponent).to_bits()
}

#[test]
fn enabled_overflow_and_underflow_wrap_the_exponent() {
    let multiply =
        |a, c, format, enabled| arithmetic::multiply(a, c, format, control(Rounding::Nearest, enabled));
    let large = multiply(power(1000), power(600), Format::Double, OE);
    assert_eq!((large.bits, large.flags), (power(1600 - 1536), OX));
    let small = multiply(power(-1000), power(-600), Format::Double, UE);
    assert_eq!((small.bits, small.flags), (power(-1600 + 1536), UX));
    let large = multiply(power(100), power(100), Format::Single, OE);
    assert_eq!((large.bits, large.flags), (power(200 - 192), OX));
    let small = multiply(power(-100), power(-100), Format::Single, UE);
    assert_eq!((small.bits, small.flags), (power(-200 + 192), UX));
    let small = multiply(power(-1000), power(-74), Format::Double, 0);
    assert_eq!((small.bits, small.flags), (1, 0));
    let lost = multiply(power(-1000), power(-76), Format::Double, 0);
    assert_eq!((lost.bits, lost.flags), (0, UX | XX | FI));
}

#[test]
fn the_fraction_tells_whether_it_was_rounded_up() {
    let one_and_a_bit = 1.0_f64.to_bits() + 1;
    let add = |b, rounding| arithmetic::add(one_and_a_bit, b, Format::Double, control(rounding, 0));
    let tie = add(power(-53), Rounding::Nearest);
    assert_eq!((tie.bits, tie.flags), (one_and_a_bit + 1, XX | FI | FR));
    let below = add(power(-54), Rounding::Nearest);
    assert_eq!((below.bits, below.flags), (one_and_a_bit, XX | FI));
    let up = add(power(-200), Rounding::Up);
    assert_eq!((up.bits, up.flags), (one_and_a_bit + 1, XX | FI | FR));
}

#[test]
fn enabled_exceptions_withhold_the_result_and_set_the_summaries() {
    let by_zero = arithmetic::divide(power(0), 0, Format::Double, nearest());
    assert_eq!(by_zero.flags, ZX);
    assert!(by_zero.is_withheld(control(Rounding::Nearest, ZE)) && !by_zero.is_withheld(nearest()));
    let invalid = convert::to_single(0x7FF4_0000_0000_0000, nearest());
    assert_eq!(invalid.flags, VXSNAN);
    assert!(invalid.is_withheld(control(Rounding::Nearest, VE)));
    assert_eq!(with_exceptions(ZE, ZX), FX | FEX | ZX | ZE);
    assert_eq!(with_exceptions(ZE | ZX, ZX), FEX | ZX | ZE);
    assert_eq!(with_exceptions(0, VXSNAN), FX | VX | VXSNAN);
}

fn double() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (1000_u64..1050, any::<u64>())
            .prop_map(|(field, rest)| { rest & 0x800F_FFFF_FFFF_FFFF | field << 52 })
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn rounded_to_nearest_the_host_agrees(a in double(), b in double()) {
        let (x, y) = (f64::from_bits(a), f64::from_bits(b));
        for (ours, host) in [
            (arithmetic::add(a, b, Format::Double, nearest()), x + y),
            (arithmetic::subtract(a, b, Format::Double, nearest()), x - y),
            (arithmetic::multiply(a, b, Format::Double, nearest()), x * y),
            (arithmetic::divide(a, b, Format::Double, nearest()), x / y),
            (convert::to_single(a, nearest()), f64::from(x as f32)),
        ] {
            // NaNs' bits are each architecture's own.
            prop_assert!(ours.bits == host.to_bits() || f64::from_bits(ours.bits).is_nan() && host.is_nan());
        }
    }

    #[test]
    fn negated_forms_are_the_others_negated(a in double(), c in double(), b in double(), subtracts: bool) {
        for rounding in ROUNDINGS {
            for format in [Format::Single, Format::Double] {
                let run = |negates| arithmetic::multiply_add(a, c, b, subtracts, negates, format, control(rounding, 0));
                let (plain, negated) = (run(false), run(true));
                prop_assert_eq!(plain.flags, negated.flags);
                let nan = f64::from_bits(plain.bits).is_nan();
                prop_assert_eq!(negated.bits, if nan { plain.bits } else { plain.bits ^ 1 << 63 });
            }
        }
    }

    #[test]
    fn a_multiply_add_of_one_is_an_addition(a in double(), b in double()) {
        for rounding in ROUNDINGS {
            let control = control(rounding, 0);
            let one = 1.0_f64.to_bits();
            let sum = arithmetic::multiply_add(a, one, b, false, false, Format::Double, control);
            prop_assert_eq!(sum, arithmetic::add(a, b, Format::Double, control));
        }
    }

    #[test]
    fn singles_survive_memory(single: u32) {
        prop_assert_eq!(convert::to_memory(convert::from_memory(single)), single);
        if !f32::from_bits(single).is_nan() {
            prop_assert_eq!(convert::from_memory(single), f64::from(f32::from_bits(single)).to_bits());
        }
    }

    #[test]
    fn roundings_enclose_the_result(a in double(), b in double()) {
        let [_, toward_zero, up, down] = ROUNDINGS.map(|rounding| {
            f64::from_bits(arithmetic::divide(a, b, Format::Double, control(rounding, 0)).bits)
        });
        if !up.is_nan() {
            prop_assert!(down <= up);
            let inner = if up > 0.0 { down } else { up };
            prop_assert_eq!(toward_zero, inner);
        }
    }
}
