//! The instructions of the PowerPC 450: one table of mnemonics, encodings and operands.
//!
//! The simulator decodes with it and executes by the names in it; the trace writes instructions out with
//! it. Nothing else in the tree knows an opcode. The sources are Book E (the PowerPC embedded
//! architecture), the PPC440x5 user's manual for what that core adds (multiply-accumulate, `dlmzb`, the TLB
//! and cache instructions), and the published tables of the Double Hummer for opcodes 0, 4 and 31.
//!
//! - [`Op`] names an instruction, [`Row`] is what the table says about it;
//! - [`Word`] is an encoded instruction with its fields;
//! - [`decode()`] finds the row of a word;
//! - [`Disassembly`] writes a word out as the GNU disassembler does without extended mnemonics.

#![forbid(unsafe_code)]

mod decode;
mod disassemble;
mod encoding;
mod table;
mod table_double;
mod table_extended;
mod word;

pub use decode::decode;
pub use disassemble::Disassembly;
pub use encoding::{Class, Encoding, Row};
pub use table::Op;
pub use word::Word;
