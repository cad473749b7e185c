//! Ethernet addresses (IEEE 802.3, 3.2.3).

/// Bytes of an address.
const BYTES: usize = 6;

/// An address, its first byte uppermost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address(u64);

impl Address {
    /// The address of six bytes.
    const fn new([a, b, c, d, e, f]: [u8; BYTES]) -> Self {
        Self(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
    }

    /// The address that a network gives to a port: one that is administered here, and so nobody else's.
    pub(crate) const fn of_port(network: u32, port: usize) -> Self {
        let [_, _, high, low] = network.to_be_bytes();
        Self::new([0x02, b'F', b'G', high, low, port as u8])
    }

    /// A frame's destination and source; none if it is too short for both.
    pub(crate) fn of_frame(frame: &[u8]) -> Option<(Self, Self)> {
        let (destination, rest) = frame.split_first_chunk::<BYTES>()?;
        let (source, _) = rest.split_first_chunk::<BYTES>()?;
        Some((Self::new(*destination), Self::new(*source)))
    }

    /// Its bytes.
    pub(crate) const fn bytes(self) -> [u8; BYTES] {
        let [_, _, a, b, c, d, e, f] = self.0.to_be_bytes();
        [a, b, c, d, e, f]
    }

    /// Whether it stands for several stations: a multicast address, or broadcast.
    pub(crate) const fn is_group(self) -> bool {
        self.bytes()[0] & 1 != 0
    }

    /// Whether it stands for whoever is at the other end of this one link, as the bridges of IEEE 802.1D (7.12.6) take
    /// it: no bridge passes it on.
    pub(crate) const fn is_link_local(self) -> bool {
        self.0 & !0xF == 0x0180_C200_0000
    }
}
