//! From a word to its row.

use crate::table::ROWS;
use crate::{Op, Word};
use std::sync::LazyLock;

/// Slots a primary opcode has: one for each value of the low eleven bits, where all other fixed bits are.
const SLOTS: usize = 0x800;

/// No instruction.
const NONE: u16 = u16::MAX;

/// For each primary opcode and each value of the low eleven bits the number of the row.
static INDEX: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut index = vec![NONE; 64 * SLOTS];
    for row in ROWS {
        let first = (row.encoding.value >> 26) as usize * SLOTS;
        for low in 0..SLOTS {
            if (low as u32 ^ row.encoding.value) & row.encoding.mask & 0x7FF == 0 {
                index[first + low] = row.op as u16;
            }
        }
    }
    index
});

/// The instruction that a word encodes. Reserved bits do not matter.
pub fn decode(word: Word) -> Option<Op> {
    let slot = (word.0 >> 26) as usize * SLOTS + (word.0 & 0x7FF) as usize;
    Op::ALL.get(usize::from(INDEX[slot])).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_two_rows_claim_a_word() {
        for (number, row) in ROWS.iter().enumerate() {
            assert_eq!(row.op as usize, number);
            for other in &ROWS[number + 1..] {
                let both = row.encoding.mask & other.encoding.mask;
                assert_ne!(row.encoding.value & both, other.encoding.value & both, "{row:?} and {other:?}");
            }
        }
    }

    #[test]
    fn the_word_of_zeros_is_no_instruction() {
        assert_eq!(decode(Word(0)), None);
        assert_eq!(decode(Word(6 << 26)), None);
    }

    proptest! {
        #[test]
        fn a_word_with_a_rows_fixed_bits_is_that_row(number in 0..ROWS.len(), rest: u32) {
            let row = &ROWS[number];
            let word = rest & !row.encoding.mask | row.encoding.value;
            prop_assert_eq!(decode(Word(word)), Some(row.op));
        }

        #[test]
        fn what_is_decoded_has_the_rows_fixed_bits(word: u32) {
            if let Some(op) = decode(Word(word)) {
                let encoding = op.row().encoding;
                prop_assert_eq!(word & encoding.mask, encoding.value);
            }
        }
    }
}
