//! Exception flags of the collective's client, and the interrupts that they raise (sections 5.7 and 7.5).

use serde::{Deserialize, Serialize};

/// Bits of PIXF and PIXEN: injection. Pairs are for port 0, where two kinds of access come in (one of each two
/// cores), or for channel 0; the other's is the next lower bit.
pub mod inject {
    /// An access of a width that the register does not take.
    pub const ALIGNMENT: u32 = 0x0080_0000;
    /// An access where there is no register.
    pub const ADDRESS: u32 = 0x0020_0000;
    /// Flags that end injection (section 7.5): parity, alignment, address, collision, ECC.
    pub const ERRORS: u32 = 0x03FF_0000;
    /// A quad too many.
    pub const PAYLOAD_OVERFLOW: u32 = 0x40;
    /// A header too many.
    pub const HEADER_OVERFLOW: u32 = 0x10;
    /// At most as many packets as the watermark wait to leave.
    pub const WATERMARK: u32 = 0x4;
    /// Packets may leave.
    pub const ENABLE: u32 = 0x1;
}

/// Bits of PRXF and PRXEN: reception.
pub mod receive {
    /// An access of a width that the register does not take.
    pub const ALIGNMENT: u32 = 0x0020_0000;
    /// An access where there is no register.
    pub const ADDRESS: u32 = 0x0008_0000;
    /// Parity, alignment, address, collision, ECC.
    pub const ERRORS: u32 = 0x00FF_0000;
    /// A quad is read where there is none.
    pub const PAYLOAD_UNDERRUN: u32 = 0x20;
    /// A header is read where there is none.
    pub const HEADER_UNDERRUN: u32 = 0x8;
    /// More packets than the watermark wait to be read.
    pub const WATERMARK: u32 = 0x2;
}

/// One side's flags, and which of them interrupt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flags {
    /// What was flagged and not read yet.
    pub(super) raised: u32,
    /// The enables.
    pub(super) enabled: u32,
}

impl Flags {
    /// Flags something; `second` is the pair's other bit.
    pub(super) fn raise(&mut self, flag: u32, second: bool) {
        self.raised |= flag >> u32::from(second);
    }

    /// Reads the flags, with conditions that hold now, and clears all but some of them.
    pub(super) fn take(&mut self, conditions: u32, kept: u32) -> u32 {
        let value = self.raised | conditions;
        self.raised &= kept;
        value
    }
}
