//! Floating-point numbers between registers, which hold double precision, and memory.
//!
//! PowerPC Book E, section 5.6 (floating-point load and store instructions): bits are moved, never rounded, and a
//! signalling number stays one. What the book leaves undefined, a store of what single precision cannot hold, gives
//! the bits that its formulas give where they can, and zero below them.

/// Where the exponent of double precision begins.
const DOUBLE_FRACTION_BITS: u32 = 52;
/// Bits by which a double's fraction is longer than a single's.
const FRACTION_DIFFERENCE: u32 = 29;

/// What `lfs` puts into the register.
pub fn double_of_single(single: u32) -> u64 {
    let sign = u64::from(single >> 31) << 63;
    let exponent = single >> 23 & 0xFF;
    let fraction = single & 0x7F_FFFF;
    let (exponent, fraction) = match (exponent, fraction) {
        (0, 0) => (0, 0),
        // Denormal: shifted until the first one is the hidden one.
        (0, _) => {
            let shift = fraction.leading_zeros() - 8;
            (897 - shift, fraction << shift & 0x7F_FFFF)
        }
        (0xFF, _) => (0x7FF, fraction),
        _ => (exponent + 896, fraction),
    };
    sign | u64::from(exponent) << DOUBLE_FRACTION_BITS | u64::from(fraction) << FRACTION_DIFFERENCE
}

/// What `stfs` puts into memory.
pub fn single_of_double(double: u64) -> u32 {
    let sign = (double >> 63) as u32;
    let exponent = (double >> DOUBLE_FRACTION_BITS) as u32 & 0x7FF;
    if exponent > 896 || double << 1 == 0 {
        return ((double >> 62) as u32) << 30 | (double >> FRACTION_DIFFERENCE) as u32 & 0x3FFF_FFFF;
    }
    if exponent < 874 {
        return sign << 31;
    }
    let fraction = 1 << DOUBLE_FRACTION_BITS | double & ((1 << DOUBLE_FRACTION_BITS) - 1);
    sign << 31 | (fraction >> (897 - exponent) >> FRACTION_DIFFERENCE) as u32 & 0x7F_FFFF
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_corners_of_single_precision() {
        for (single, double) in [
            (0x0000_0000, 0x0000_0000_0000_0000_u64),
            (0x8000_0000, 0x8000_0000_0000_0000),
            (0x0000_0001, 0x36A0_0000_0000_0000),
            (0x807F_FFFF, 0xB80F_FFFF_C000_0000),
            (0x0080_0000, 0x3810_0000_0000_0000),
            (0x3F80_0000, 0x3FF0_0000_0000_0000),
            (0x7F7F_FFFF, 0x47EF_FFFF_E000_0000),
            (0xFF80_0000, 0xFFF0_0000_0000_0000),
            // Signalling and quiet numbers that are none.
            (0x7F80_0001, 0x7FF0_0000_2000_0000),
            (0x7FC0_0000, 0x7FF8_0000_0000_0000),
        ] {
            assert_eq!(double_of_single(single), double, "{single:#x}");
            assert_eq!(single_of_double(double), single, "{double:#x}");
        }
        // Too small for a single: undefined in the book, zero of the sign here.
        assert_eq!(single_of_double(0xB690_0000_0000_0000), 0x8000_0000);
        assert_eq!(single_of_double(1), 0);
    }

    proptest! {
        #[test]
        fn a_single_becomes_the_double_of_its_value(single: u32) {
            let value = f32::from_bits(single);
            if !value.is_nan() {
                prop_assert_eq!(double_of_single(single), f64::from(value).to_bits());
            }
            prop_assert_eq!(single_of_double(double_of_single(single)), single);
        }

        #[test]
        fn a_denormal_becomes_the_double_of_its_value(single in 0_u32..0x0080_0000) {
            prop_assert_eq!(double_of_single(single), f64::from(f32::from_bits(single)).to_bits());
        }

        /// Within the range of single precision a store drops the bits that do not fit.
        #[test]
        fn a_double_is_cut_not_rounded(exponent in 874_u64..2047, fraction in 0_u64..1 << 52, sign in 0_u64..2) {
            let exponent = exponent.min(1150);
            let double = sign << 63 | exponent << 52 | fraction;
            let kept = if exponent > 896 { 23 } else { exponent.saturating_sub(874) };
            let cut = f64::from_bits(double & !((1_u64 << (52 - kept)) - 1));
            prop_assert_eq!(f64::from(f32::from_bits(single_of_double(double))).to_bits(), cut.to_bits());
        }
    }
}
