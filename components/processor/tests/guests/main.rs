//! The processor over a machine whose kernel knows no instruction.

mod common;
mod instructions;
mod interrupts;
