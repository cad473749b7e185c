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

/// Looks at the command before a service node that takes nothing counts as absent.
pub const PATIENCE: u32 = 10_000_000;

/// Offset of the box that a descriptor names, if it lies below the descriptors with room for data.
///
/// The SRAM is also its owner's, a domain: whatever stands there, the kernel writes inside it only.
pub const fn box_of(descriptor: u32) -> Option<u32> {
    let (offset, size) = (descriptor >> 16, descriptor & 0xFFFF);
    let fits = size > DATA && offset + size <= DESCRIPTORS;
    if fits && offset.is_multiple_of(4) { Some(offset) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_lies_in_the_sram_and_below_the_descriptors() {
        assert_eq!(box_of(0x7400_0100), Some(0x7400));
        assert_eq!(box_of((DESCRIPTORS - 12) << 16 | 12), Some(DESCRIPTORS - 12));
        assert_eq!(box_of((DESCRIPTORS - 12) << 16 | 16), None);
        assert_eq!(box_of(0x8000_0100), None);
        assert_eq!(box_of(0xFFFC_FFFF), None);
    }

    #[test]
    fn a_box_without_room_or_out_of_line_is_none() {
        assert_eq!(box_of(0x7400_0000 | DATA), None);
        assert_eq!(box_of(0x7402_0100), None);
        assert_eq!(box_of(0), None);
    }
}
