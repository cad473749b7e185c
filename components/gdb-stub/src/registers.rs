//! gdb's numbers of the registers.
//!
//! 0 to 70 are gdb's own for PowerPC (`org.gnu.gdb.power.core` and `.fpu`, *Debugging with GDB*, appendix G); what the
//! 440 has besides follows, under a feature of our own. `target.xml` tells gdb the same.

/// The description that gdb reads.
pub(crate) const DESCRIPTION: &str = include_str!("target.xml");

/// How many registers there are.
pub const COUNT: u32 = 71 + System::ALL.len() as u32;

/// A register of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// r0 to r31.
    General(u8),
    /// f0 to f31: 64 bits.
    Float(u8),
    /// The next instruction's address.
    Pc,
    /// Machine state.
    Msr,
    /// Condition register.
    Cr,
    /// Link register.
    Lr,
    /// Count register.
    Ctr,
    /// Integer exception register.
    Xer,
    /// Floating-point status and control.
    Fpscr,
    /// A register of the supervisor's.
    System(System),
}

/// Registers of the supervisor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Save/restore register 0 of non-critical interrupts.
    Srr0,
    /// Save/restore register 1 of them.
    Srr1,
    /// The same of critical interrupts.
    Csrr0,
    /// The same of them.
    Csrr1,
    /// The same of machine checks.
    Mcsrr0,
    /// The same of them.
    Mcsrr1,
    /// Data exception address.
    Dear,
    /// Exception syndrome.
    Esr,
    /// Machine check syndrome.
    Mcsr,
    /// Process ID.
    Pid,
    /// MMU control.
    Mmucr,
    /// Interrupt vector prefix.
    Ivpr,
    /// SPR general 0.
    Sprg0,
    /// SPR general 1.
    Sprg1,
    /// SPR general 2.
    Sprg2,
    /// SPR general 3.
    Sprg3,
    /// SPR general 4.
    Sprg4,
    /// SPR general 5.
    Sprg5,
    /// SPR general 6.
    Sprg6,
    /// SPR general 7.
    Sprg7,
    /// User SPR general 0.
    Usprg0,
    /// Timer control.
    Tcr,
    /// Timer status.
    Tsr,
    /// Decrementer auto-reload.
    Decar,
    /// Debug control 0.
    Dbcr0,
    /// Debug control 1.
    Dbcr1,
    /// Debug control 2.
    Dbcr2,
    /// Debug status.
    Dbsr,
    /// Processor version.
    Pvr,
}

impl System {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 29] = [
        Self::Srr0,
        Self::Srr1,
        Self::Csrr0,
        Self::Csrr1,
        Self::Mcsrr0,
        Self::Mcsrr1,
        Self::Dear,
        Self::Esr,
        Self::Mcsr,
        Self::Pid,
        Self::Mmucr,
        Self::Ivpr,
        Self::Sprg0,
        Self::Sprg1,
        Self::Sprg2,
        Self::Sprg3,
        Self::Sprg4,
        Self::Sprg5,
        Self::Sprg6,
        Self::Sprg7,
        Self::Usprg0,
        Self::Tcr,
        Self::Tsr,
        Self::Decar,
        Self::Dbcr0,
        Self::Dbcr1,
        Self::Dbcr2,
        Self::Dbsr,
        Self::Pvr,
    ];
}

impl Register {
    /// The register of a number.
    pub fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0..=31 => Self::General(number as u8),
            32..=63 => Self::Float(number as u8 - 32),
            64 => Self::Pc,
            65 => Self::Msr,
            66 => Self::Cr,
            67 => Self::Lr,
            68 => Self::Ctr,
            69 => Self::Xer,
            70 => Self::Fpscr,
            _ => Self::System(*System::ALL.get(number as usize - 71)?),
        })
    }

    /// Its size in bytes.
    pub const fn bytes(self) -> usize {
        if matches!(self, Self::Float(_)) { 8 } else { 4 }
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;

    use super::*;

    /// The name that gdb knows it by.
    fn name(register: Register) -> String {
        match register {
            Register::General(number) => format!("r{number}"),
            Register::Float(number) => format!("f{number}"),
            Register::System(system) => format!("{system:?}").to_lowercase(),
            other => format!("{other:?}").to_lowercase(),
        }
    }

    #[test]
    fn the_description_has_every_register_at_its_number() {
        for number in 0..COUNT {
            let register = Register::from_number(number).expect("a register");
            let start = format!("<reg name=\"{}\" bitsize=\"{}\"", name(register), 8 * register.bytes());
            let end = format!(" regnum=\"{number}\"/>");
            let line = DESCRIPTION.lines().find(|line| line.ends_with(&end)).expect("a line");
            assert!(line.trim().starts_with(&start), "{line}");
        }
        assert_eq!(Register::from_number(COUNT), None);
        assert_eq!(DESCRIPTION.matches("<reg ").count() as u32, COUNT);
    }

    #[test]
    fn the_description_needs_no_escapes() {
        assert!(DESCRIPTION.is_ascii() && !DESCRIPTION.contains(['$', '#', '*', '}']));
    }
}
