//! The header of a packet, and what the router's arithmetic makes of payloads (section 7.3).

/// Quads in a payload: 256 bytes.
pub const QUADS: usize = 16;

/// Sixteen bytes: what one access to a FIFO moves.
pub type Quad = [u8; 16];

/// A packet's first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header(pub u32);

/// What the router does with packets of several nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Bit by bit.
    Or,
    /// Bit by bit.
    And,
    /// Bit by bit.
    Xor,
    /// The greater, as unsigned numbers.
    Max,
    /// The sum; what does not fit the operand is dropped.
    Add,
}

impl Header {
    /// The class, 0 to 15, by which the packet is routed.
    pub const fn class(self) -> usize {
        (self.0 >> 28) as usize
    }

    /// Whether it is for one address.
    pub const fn is_point_to_point(self) -> bool {
        self.0 & 0x0800_0000 != 0
    }

    /// Whether its arrival raises an interrupt.
    pub const fn interrupts(self) -> bool {
        self.0 & 0x0400_0000 != 0
    }

    /// The address of a point-to-point packet.
    pub const fn address(self) -> u32 {
        self.0 >> 2 & 0x00FF_FFFF
    }

    /// How packets of several nodes are combined; `None`: each goes its way. Operations 4 and 7 are taken as none
    /// (open question 14).
    pub const fn operation(self) -> Option<Operation> {
        if self.is_point_to_point() {
            return None;
        }
        match self.0 >> 23 & 7 {
            1 => Some(Operation::Or),
            2 => Some(Operation::And),
            3 => Some(Operation::Xor),
            5 => Some(Operation::Max),
            6 => Some(Operation::Add),
            _ => None,
        }
    }

    /// Bytes of an operand: 2 to 256.
    pub const fn operand_bytes(self) -> usize {
        2 * ((self.0 >> 16 & 0x7F) as usize + 1)
    }

    /// Combines another node's payload into one. Answers whether a sum did not fit its operand. What is left of the
    /// payload behind the last whole operand stays.
    pub fn combine(self, into: &mut [u8], other: &[u8]) -> bool {
        let Some(operation) = self.operation() else { return false };
        let mut carried = false;
        let bytes = self.operand_bytes();
        for (into, other) in into.chunks_exact_mut(bytes).zip(other.chunks_exact(bytes)) {
            match operation {
                Operation::Max => {
                    // Big-endian numbers compare as their bytes do.
                    if *other > *into {
                        into.copy_from_slice(other);
                    }
                }
                Operation::Add => carried |= add(into, other),
                Operation::Or => each(into, other, |a, b| a | b),
                Operation::And => each(into, other, |a, b| a & b),
                Operation::Xor => each(into, other, |a, b| a ^ b),
            }
        }
        carried
    }
}

fn each(into: &mut [u8], other: &[u8], operate: impl Fn(u8, u8) -> u8) {
    for (into, other) in into.iter_mut().zip(other) {
        *into = operate(*into, *other);
    }
}

/// Adds a big-endian number; answers the carry out of it.
fn add(into: &mut [u8], other: &[u8]) -> bool {
    let mut carry = 0_u16;
    for (into, other) in into.iter_mut().zip(other).rev() {
        let sum = u16::from(*into) + u16::from(*other) + carry;
        *into = sum as u8;
        carry = sum >> 8;
    }
    carry != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn header(operation: u32, operand_words: u32) -> Header {
        Header(operation << 23 | (operand_words - 1) << 16)
    }

    #[test]
    fn fields_are_where_the_reference_has_them() {
        let header = Header(0xF800_0000 | 0x0012_3456 << 2 | 3);
        assert_eq!((header.class(), header.address()), (15, 0x12_3456));
        assert!(header.is_point_to_point() && !header.interrupts() && header.operation().is_none());
        let header = Header(0x1400_0000 | 5 << 23 | 127 << 16);
        assert!(header.interrupts() && !header.is_point_to_point());
        assert_eq!((header.operation(), header.operand_bytes()), (Some(Operation::Max), 256));
        assert_eq!(Header(4 << 23).operation(), None);
    }

    proptest! {
        /// Operands of 32 bits against the host's arithmetic.
        #[test]
        fn words_combine_as_numbers(a: [u32; 4], b: [u32; 4]) {
            let bytes = |words: [u32; 4]| words.map(u32::to_be_bytes).concat();
            let expected: [fn(u32, u32) -> u32; 8] = [
                |a, _| a,
                |a, b| a | b,
                |a, b| a & b,
                |a, b| a ^ b,
                |a, _| a,
                u32::max,
                u32::wrapping_add,
                |a, _| a,
            ];
            for (operation, expected) in (0..).zip(expected) {
                let mut into = bytes(a);
                let carried = header(operation, 2).combine(&mut into, &bytes(b));
                let words: [u32; 4] = std::array::from_fn(|at| expected(a[at], b[at]));
                prop_assert_eq!(into, bytes(words));
                let overflow = a.iter().zip(b).any(|(a, b)| a.checked_add(b).is_none());
                prop_assert_eq!(carried, operation == 6 && overflow);
            }
        }

        /// The order in which nodes are combined makes no difference, for operands of any size.
        #[test]
        fn combining_commutes(
            a in proptest::collection::vec(any::<u8>(), 256),
            b in proptest::collection::vec(any::<u8>(), 256),
            operation in 1_u32..7,
            size in 1_u32..=128,
        ) {
            let header = header(operation, size);
            let (mut one, mut other) = (a.clone(), b.clone());
            prop_assert_eq!(header.combine(&mut one, &b), header.combine(&mut other, &a));
            let whole = 256 / header.operand_bytes() * header.operand_bytes();
            if header.operation().is_some() {
                prop_assert_eq!(&one[..whole], &other[..whole]);
            }
            prop_assert_eq!(&one[whole..], &a[whole..]);
        }
    }
}
