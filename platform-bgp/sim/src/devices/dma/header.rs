//! The headers of a torus packet: eight bytes for the hardware, eight for DMA and software (section 6.2).

/// Bytes of a chunk, the unit in which packets are made.
pub const CHUNK: usize = 32;
/// Bytes of both headers.
pub const HEADERS: usize = 16;
/// The most payload that a packet has.
pub const PAYLOAD: usize = 8 * CHUNK - HEADERS;

/// Flags of the DMA header: the payload is descriptors.
const REMOTE_GET: u8 = 0x01;

/// The sixteen bytes of both headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header(pub [u8; HEADERS]);

impl Header {
    /// The headers of a packet. `None`: it is too short, or not as long as it says.
    pub fn of(packet: &[u8]) -> Option<Self> {
        let header = Self(packet.get(..HEADERS)?.try_into().ok()?);
        (packet.len() == header.bytes()).then_some(header)
    }

    /// Bytes of the packet, headers included.
    pub const fn bytes(self) -> usize {
        ((self.0[2] >> 5) as usize + 1) * CHUNK
    }

    /// Bytes of payload for which the packet has room.
    pub const fn room(self) -> usize {
        self.bytes() - HEADERS
    }

    /// The hint bits: X+ 0x20, X- 0x10, Y+ 0x08, Y- 0x04, Z+ 0x02, Z- 0x01.
    pub const fn hints(self) -> u8 {
        self.0[1] >> 2
    }

    /// Replaces the hint bits.
    pub const fn set_hints(&mut self, hints: u8) {
        self.0[1] = self.0[1] & 3 | hints << 2;
    }

    /// A copy is left at every node on the way.
    pub const fn deposits(self) -> bool {
        self.0[1] & 2 != 0
    }

    /// The destination's group, 0 to 3.
    pub const fn group(self) -> usize {
        ((self.0[1] & 1) << 1 | self.0[2] >> 4 & 1) as usize
    }

    /// For the DMA: a direct put or a remote get. Else for a memory FIFO.
    pub const fn is_for_dma(self) -> bool {
        self.0[2] & 8 != 0
    }

    /// Routed adaptively.
    pub const fn is_dynamic(self) -> bool {
        self.0[2] & 4 != 0
    }

    /// The virtual channel: 0 and 1 dynamic, 2 deterministic, 3 deterministic with priority.
    pub const fn channel(self) -> u8 {
        self.0[2] & 3
    }

    /// Coordinates of the destination.
    pub const fn destination(self) -> [u8; 3] {
        [self.0[3], self.0[4], self.0[5]]
    }

    /// Where a direct put puts the payload, from the counter's base; in a message the distance from its start is added.
    pub const fn put_offset(self) -> u32 {
        u32::from_be_bytes([self.0[8], self.0[9], self.0[10], self.0[11]])
    }

    /// Replaces the offset.
    pub fn set_put_offset(&mut self, offset: u32) {
        self.0[8..12].copy_from_slice(&offset.to_be_bytes());
    }

    /// The reception counter of a direct put, 0 to 255: group times 64 plus counter.
    pub const fn counter(self) -> usize {
        self.0[12] as usize
    }

    /// How many bytes of a DMA packet's payload count.
    pub const fn valid(self) -> usize {
        self.0[13] as usize
    }

    /// Sets how many bytes of a DMA packet's payload count.
    pub const fn set_valid(&mut self, bytes: u8) {
        self.0[13] = bytes;
    }

    /// The payload is descriptors.
    pub const fn is_remote_get(self) -> bool {
        self.is_for_dma() && self.0[14] & REMOTE_GET != 0
    }

    /// The injection FIFO of a remote get: group times 32 plus FIFO.
    pub const fn injection_fifo(self) -> usize {
        self.0[15] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_where_the_reference_has_them() {
        let bytes = [0x10, 0x82 | 1, 0xF8 | 4 | 1, 7, 8, 9, 0, 0, 0, 0, 0, 0xF0, 0xC3, 0xEF, 1, 0x7F];
        let header = Header(bytes);
        assert_eq!((header.bytes(), header.room(), header.hints()), (256, 240, 0x20));
        assert!(header.deposits() && header.is_for_dma() && header.is_dynamic() && header.is_remote_get());
        assert_eq!((header.group(), header.channel(), header.destination()), (3, 1, [7, 8, 9]));
        assert_eq!((header.put_offset(), header.counter(), header.valid()), (240, 0xC3, 0xEF));
        assert_eq!(header.injection_fifo(), 127);
        assert!(!Header([0; 16]).is_remote_get() && Header([0xFF; 16]).is_dynamic());
    }

    /// The table of section 6.4: the chunks that a message's length needs.
    #[test]
    fn a_packet_has_room_for_what_the_table_says() {
        for (bytes, chunks) in [
            (0, 1),
            (16, 1),
            (17, 2),
            (48, 2),
            (49, 3),
            (81, 4),
            (113, 5),
            (145, 6),
            (177, 7),
            (208, 7),
            (209, 8),
            (240, 8),
        ] {
            let room =
                |chunks: u8| Header([0, 0, (chunks - 1) << 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).room();
            assert!(room(chunks) >= bytes && (chunks == 1 || room(chunks - 1) < bytes), "{bytes}");
        }
    }

    #[test]
    fn a_packet_that_is_not_as_long_as_it_says_is_none() {
        let mut packet = vec![0; 64];
        assert_eq!(Header::of(&packet), None);
        packet[2] = 1 << 5;
        assert!(Header::of(&packet).is_some());
        assert_eq!(Header::of(&packet[..12]), None);
    }
}
