//! A small assembler: instruction words with labels, for the firmware's services and for images of tests.
//!
//! Operands come in the order of the fields in the word: target or source, then the other two. So a logical
//! instruction, whose source is the first field, has it first: `x(Op::Or, source, into, other)`.

use bgp_isa::Op;

/// A place in the code, known or not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(usize);

/// When a conditional branch is taken, by CR0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum If {
    /// Less.
    Less,
    /// Greater or equal.
    NotLess,
    /// Greater.
    Greater,
    /// Less or equal.
    NotGreater,
    /// Equal, or zero.
    Equal,
    /// Not equal.
    NotEqual,
    /// CTR, counted down by one, is not zero.
    Counting,
}

impl If {
    const fn options(self) -> (u32, u32) {
        match self {
            Self::Less => (12, 0),
            Self::NotLess => (4, 0),
            Self::Greater => (12, 1),
            Self::NotGreater => (4, 1),
            Self::Equal => (12, 2),
            Self::NotEqual => (4, 2),
            Self::Counting => (16, 0),
        }
    }
}

/// Code under construction.
#[derive(Clone, Debug)]
pub struct Assembler {
    base: u32,
    words: Vec<u32>,
    labels: Vec<Option<u32>>,
    /// Words whose displacement is open, and what they lead to.
    open: Vec<(usize, Label)>,
}

impl Assembler {
    /// Code that will stand at an address.
    pub const fn new(base: u32) -> Self {
        Self { base, words: Vec::new(), labels: Vec::new(), open: Vec::new() }
    }

    /// The address of the next word.
    pub fn here(&self) -> u32 {
        self.base + 4 * self.words.len() as u32
    }

    /// A word as it is.
    pub fn word(&mut self, word: u32) -> &mut Self {
        self.words.push(word);
        self
    }

    /// A label that is placed later.
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// Puts a label here.
    pub fn place(&mut self, label: Label) -> &mut Self {
        self.labels[label.0] = Some(self.here());
        self
    }

    /// A label that is here.
    pub fn mark(&mut self) -> Label {
        let label = self.label();
        self.place(label);
        label
    }

    /// An instruction without operands.
    pub fn plain(&mut self, op: Op) -> &mut Self {
        self.word(op.row().encoding.value)
    }

    /// An instruction with two registers and sixteen bits.
    pub fn d(&mut self, op: Op, first: u32, second: u32, immediate: i32) -> &mut Self {
        self.word(op.row().encoding.value | first << 21 | second << 16 | immediate as u32 & 0xFFFF)
    }

    /// An instruction with three registers.
    pub fn x(&mut self, op: Op, first: u32, second: u32, third: u32) -> &mut Self {
        self.word(op.row().encoding.value | first << 21 | second << 16 | third << 11)
    }

    /// `rlwinm into,from,left,begin,end`.
    pub fn rotate(&mut self, from: u32, into: u32, left: u32, begin: u32, end: u32) -> &mut Self {
        self.x(Op::Rlwinm, from, into, left);
        let last = self.words.last_mut().expect("the rotate itself");
        *last |= begin << 6 | end << 1;
        self
    }

    /// Loads 32 bits.
    pub fn load(&mut self, into: u32, value: u32) -> &mut Self {
        if value as i32 == i32::from(value as i16) {
            return self.d(Op::Addi, into, 0, value as i32);
        }
        self.d(Op::Addis, into, 0, (value >> 16) as i32);
        if value & 0xFFFF != 0 { self.d(Op::Ori, into, into, value as i32) } else { self }
    }

    /// Copies a register.
    pub fn copy(&mut self, into: u32, from: u32) -> &mut Self {
        self.x(Op::Or, from, into, from)
    }

    /// `mfspr` or `mtspr`.
    pub fn special(&mut self, op: Op, register: u32, number: u32) -> &mut Self {
        self.x(op, register, number & 31, number >> 5)
    }

    /// `cmpwi`, into CR0.
    pub fn compare(&mut self, register: u32, with: i32) -> &mut Self {
        self.d(Op::Cmpi, 0, register, with)
    }

    /// Goes to a label.
    pub fn go(&mut self, to: Label) -> &mut Self {
        self.open.push((self.words.len(), to));
        self.plain(Op::B)
    }

    /// Goes to a label, to come back by [`back`](Self::back).
    pub fn call(&mut self, to: Label) -> &mut Self {
        self.open.push((self.words.len(), to));
        self.word(Op::B.row().encoding.value | 1)
    }

    /// Goes to a label under a condition.
    pub fn go_if(&mut self, condition: If, to: Label) -> &mut Self {
        self.open.push((self.words.len(), to));
        let (options, bit) = condition.options();
        self.word(Op::Bc.row().encoding.value | options << 21 | bit << 16)
    }

    /// `blr`.
    pub fn back(&mut self) -> &mut Self {
        self.x(Op::Bclr, 20, 0, 0)
    }

    /// `bctr`.
    pub fn go_to_count(&mut self) -> &mut Self {
        self.x(Op::Bcctr, 20, 0, 0)
    }

    /// The address of a label that has been placed.
    ///
    /// # Panics
    /// If it has not.
    pub fn address(&self, label: Label) -> u32 {
        self.labels[label.0].expect("a placed label")
    }

    /// The code's bytes.
    ///
    /// # Panics
    /// If a label was used and never placed, or is too far away.
    pub fn bytes(&self) -> Vec<u8> {
        let mut words = self.words.clone();
        for (at, label) in &self.open {
            let distance = self.address(*label).wrapping_sub(self.base + 4 * *at as u32);
            let reach: u32 = if words[*at] >> 26 == 18 { 0x03FF_FFFC } else { 0xFFFC };
            let sign = (reach + 4) >> 1;
            assert!(distance.wrapping_add(sign) <= reach, "a label is too far away");
            words[*at] |= distance & reach;
        }
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against words of GNU as.
    #[test]
    fn words_are_those_of_another_assembler() {
        let mut code = Assembler::new(0x1000);
        let start = code.mark();
        let end = code.label();
        code.load(3, 0xFFFF_FFFF).load(4, 0x1234_0000).load(5, 0x1234_8765);
        code.rotate(4, 9, 31, 27, 29).copy(7, 8).special(Op::Mfspr, 6, 0x11E).special(Op::Mtspr, 6, 0x134);
        code.x(Op::Mtdcrx, 12, 7, 0).x(Op::Cntlzw, 3, 4, 0).x(Op::Andc, 11, 12, 10).d(Op::Lhz, 9, 8, -2);
        code.compare(4, 0).go_if(If::NotGreater, end).go_if(If::Counting, start).call(end).go(start);
        code.place(end).back().go_to_count().plain(Op::Isync).x(Op::Add, 3, 4, 5);
        let expected: [u32; 21] = [
            0x3860_FFFF,
            0x3C80_1234,
            0x3CA0_1234,
            0x60A5_8765,
            0x5489_FEFA,
            0x7D07_4378,
            0x7CDE_42A6,
            0x7CD4_4BA6,
            0x7D87_0306,
            0x7C64_0034,
            0x7D6C_5078,
            0xA128_FFFE,
            0x2C04_0000,
            0x4081_0010,
            0x4200_FFC8,
            0x4800_0009,
            0x4BFF_FFC0,
            0x4E80_0020,
            0x4E80_0420,
            0x4C00_012C,
            0x7C64_2A14,
        ];
        let bytes: Vec<u8> = expected.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(code.bytes(), bytes);
        assert_eq!(code.address(end), 0x1044);
    }
}
