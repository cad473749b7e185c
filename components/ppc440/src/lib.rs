//! The PowerPC 440 as numbers, for the kernel that programs it and for the composer that prepares its
//! tables. Portable: nothing here touches a register.
//!
//! Source of all encodings: *PPC440 Processor User's Manual* (AMCC), chapters 2 (programming model),
//! 5 (memory management) and 6 (interrupts). IBM bit numbering is turned into masks.

#![no_std]
#![forbid(unsafe_code)]

pub mod msr;
pub mod tlb;
