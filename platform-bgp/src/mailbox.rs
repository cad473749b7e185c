//! The mailboxes in SRAM through which a core and the service node talk.
//!
//! A table of eight entries in the last bytes of the SRAM says where the boxes are: to core 0, from
//! core 0, and so on. A box is a header of four halfwords and the data. The sender fills it, writes the
//! command last, and rings; the receiver sets a bit in the command.

/// Offset of the descriptor table in the SRAM. Each entry: offset of the box, size with its header.
pub const DESCRIPTORS: u32 = 0x7FD0;

/// The entry of the box from core 0 to the service node.
pub const FROM_CORE_0: u32 = 1;

/// Bytes in an entry.
pub const DESCRIPTOR_BYTES: u32 = 4;

/// Offset of the command in a box.
pub const COMMAND: u32 = 0;
/// Offset of the data's length in a box.
pub const LENGTH: u32 = 2;
/// Offset of the result.
pub const RESULT: u32 = 4;
/// Offset of the checksum; 0 means none.
pub const CRC: u32 = 6;
/// Offset of the data, and length of the header.
pub const DATA: u32 = 8;

/// In the command: the receiver has taken the box.
pub const ACKNOWLEDGED: u16 = 0x8000;

/// Command: print the data.
pub const PRINT: u16 = 2;

/// DCR that raises the alerts whose bits are written.
pub const ALERT_SET: u32 = 0x417;

/// Alert from core 0 to the service node.
pub const ALERT_FROM_CORE_0: u32 = 0x80;
