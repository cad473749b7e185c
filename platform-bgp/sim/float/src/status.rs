//! FPSCR: bits, control, and how outcomes change it.

/// Exception summary: an exception bit went from 0 to 1.
pub const FX: u32 = 0x8000_0000;
/// Summary of enabled exceptions.
pub const FEX: u32 = 0x4000_0000;
/// Summary of invalid operations.
pub const VX: u32 = 0x2000_0000;
/// Overflow.
pub const OX: u32 = 0x1000_0000;
/// Underflow.
pub const UX: u32 = 0x0800_0000;
/// Division by zero.
pub const ZX: u32 = 0x0400_0000;
/// Inexact.
pub const XX: u32 = 0x0200_0000;
/// Invalid: a signalling NaN.
pub const VXSNAN: u32 = 0x0100_0000;
/// Invalid: infinity less infinity.
pub const VXISI: u32 = 0x0080_0000;
/// Invalid: infinity by infinity.
pub const VXIDI: u32 = 0x0040_0000;
/// Invalid: zero by zero.
pub const VXZDZ: u32 = 0x0020_0000;
/// Invalid: infinity times zero.
pub const VXIMZ: u32 = 0x0010_0000;
/// Invalid: an ordered comparison with a NaN.
pub const VXVC: u32 = 0x0008_0000;
/// The fraction was rounded up.
pub const FR: u32 = 0x0004_0000;
/// The fraction is inexact.
pub const FI: u32 = 0x0002_0000;
/// Class and sign of the result, five bits.
pub const FPRF: u32 = 0x0001_F000;
/// The last four of them: the relation that a comparison found.
pub const FPCC: u32 = 0x0000_F000;
/// Invalid, by software's request.
pub const VXSOFT: u32 = 0x0000_0400;
/// Invalid: the root of a negative number.
pub const VXSQRT: u32 = 0x0000_0200;
/// Invalid: a conversion to an integer that does not fit.
pub const VXCVI: u32 = 0x0000_0100;
/// Invalid operations are enabled.
pub const VE: u32 = 0x80;
/// Overflow is enabled.
pub const OE: u32 = 0x40;
/// Underflow is enabled.
pub const UE: u32 = 0x20;
/// Division by zero is enabled.
pub const ZE: u32 = 0x10;
/// Inexact is enabled.
pub const XE: u32 = 0x08;
/// How to round.
pub const RN: u32 = 0x03;

/// All reasons of invalid operations.
pub const INVALID: u32 = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI;
/// All bits that set FX when they change to 1.
pub const EXCEPTIONS: u32 = OX | UX | ZX | XX | INVALID;

/// Where to round what lies between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, ties to even.
    Nearest,
    /// Toward zero.
    Zero,
    /// Toward plus infinity.
    Up,
    /// Toward minus infinity.
    Down,
}

/// What of FPSCR decides over results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// How to round.
    pub rounding: Rounding,
    /// The enables: VE, OE, UE, ZE, XE.
    pub enabled: u32,
}

impl Control {
    /// What a register's value says.
    #[inline]
    pub const fn new(fpscr: u32) -> Self {
        let rounding = match fpscr & RN {
            0 => Rounding::Nearest,
            1 => Rounding::Zero,
            2 => Rounding::Up,
            _ => Rounding::Down,
        };
        Self { rounding, enabled: fpscr & (VE | OE | UE | ZE | XE) }
    }

    /// The same rounding with all exceptions disabled, as the Double Hummer's instructions behave (section 3.1 of
    /// the hardware reference).
    #[inline]
    pub const fn disabled(self) -> Self {
        Self { enabled: 0, ..self }
    }
}

/// What an operation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The result.
    pub bits: u64,
    /// Exceptions, FR and FI.
    pub flags: u32,
}

impl Outcome {
    /// A result without any exception.
    #[inline]
    pub const fn exact(bits: u64) -> Self {
        Self { bits, flags: 0 }
    }

    /// Whether the target keeps its old value: an enabled invalid operation or division by zero.
    #[inline]
    pub const fn is_withheld(self, control: Control) -> bool {
        self.flags & INVALID != 0 && control.enabled & VE != 0
            || self.flags & ZX != 0 && control.enabled & ZE != 0
    }
}

/// Sets exception bits in FPSCR, FX with those that change, and derives the summaries.
#[inline]
pub const fn with_exceptions(fpscr: u32, exceptions: u32) -> u32 {
    let exceptions = exceptions & EXCEPTIONS;
    let fresh = exceptions & !fpscr != 0;
    summarised(fpscr | exceptions | if fresh { FX } else { 0 })
}

/// Derives VX and FEX.
#[inline]
pub const fn summarised(fpscr: u32) -> u32 {
    let mut fpscr = fpscr & !(VX | FEX);
    if fpscr & INVALID != 0 {
        fpscr |= VX;
    }
    // Enables stand in the order of VX, OX, UX, ZX, XX.
    if (fpscr >> 25 & 0x1F) & (fpscr >> 3 & 0x1F) != 0 {
        fpscr |= FEX;
    }
    fpscr
}
