//! The ways to leave a program: one instruction each, between all registers loaded and all registers stored.

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `sc`.
    Call,
    /// Counts CTR down to 0: long enough, and something interrupts.
    Spin,
    /// `lwz r3, 0(r4)`.
    Load,
    /// `stw r3, 0(r4)`.
    Store,
    /// `bctrl`.
    Jump,
    /// `lwarx r3, 0, r4`.
    Reserve,
    /// A trap instruction.
    Trap,
    /// A word that is no instruction.
    Illegal,
    /// `mfmsr r3`.
    Privileged,
    /// `fmr f0, f0`.
    Float,
    /// `sc` with floating-point registers loaded and stored.
    FloatCall,
    /// [`Entry::Spin`] with floating-point registers loaded and stored.
    FloatSpin,
    /// [`Entry::Illegal`] with floating-point registers loaded and stored.
    FloatIllegal,
    /// [`Entry::Trap`] with floating-point registers loaded and stored.
    FloatTrap,
    /// Nothing: floating-point registers are stored as they are found.
    FloatLook,
}
