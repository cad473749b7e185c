//! A frame becomes its own answer, in place.

/// Bytes of an Ethernet header, and of the shortest packet of the Internet protocol behind it.
const ETHERNET: usize = 14;
const INTERNET: usize = 20;
/// Bytes of an ARP packet for Ethernet and the Internet protocol (RFC 826).
const ARP: usize = 28;

/// Types of frames (IEEE 802.3).
const TYPE_INTERNET: [u8; 2] = [0x08, 0x00];
const TYPE_ARP: [u8; 2] = [0x08, 0x06];

/// What every such ARP packet begins with: Ethernet, Internet protocol, lengths 6 and 4; a request, and a reply.
const ARP_REQUEST: [u8; 8] = [0, 1, 0x08, 0x00, 6, 4, 0, 1];
const ARP_REPLY: [u8; 8] = [0, 1, 0x08, 0x00, 6, 4, 0, 2];

/// The protocol that carries pings, and its types (RFC 792).
const ICMP: u8 = 1;
const ECHO: u8 = 8;
const ECHO_REPLY: u8 = 0;

/// Makes the frame the answer of a machine with these addresses. False: it is nothing that the machine answers.
pub(crate) fn answer(frame: &mut [u8], own: [u8; 6], address: [u8; 4]) -> bool {
    if frame.len() < ETHERNET {
        return false;
    }
    let (header, packet) = frame.split_at_mut(ETHERNET);
    let is_answered = match [header[12], header[13]] {
        TYPE_ARP => answer_arp(packet, own, address),
        TYPE_INTERNET => answer_ping(packet, address),
        _ => false,
    };
    if is_answered {
        header.copy_within(6..12, 0);
        header[6..12].copy_from_slice(&own);
    }
    is_answered
}

/// 'Who has this address?' becomes 'I have'.
fn answer_arp(packet: &mut [u8], own: [u8; 6], address: [u8; 4]) -> bool {
    if packet.len() < ARP || packet[..8] != ARP_REQUEST || packet[24..28] != address {
        return false;
    }
    packet[..8].copy_from_slice(&ARP_REPLY);
    packet.copy_within(8..18, 18);
    packet[8..14].copy_from_slice(&own);
    packet[14..18].copy_from_slice(&address);
    true
}

/// An echo request becomes the reply. Addresses change places, so the header's checksum stays right.
fn answer_ping(packet: &mut [u8], address: [u8; 4]) -> bool {
    if packet.len() < INTERNET {
        return false;
    }
    let header_bytes = usize::from(packet[0] & 0xF) * 4;
    let is_whole = packet[6] & 0x3F == 0 && packet[7] == 0;
    if packet[0] >> 4 != 4
        || header_bytes < INTERNET
        || packet.len() < header_bytes + 8
        || packet[9] != ICMP
        || packet[16..20] != address
        || packet[header_bytes] != ECHO
        || !is_whole
    {
        return false;
    }
    packet.copy_within(12..16, 16);
    packet[12..16].copy_from_slice(&address);
    packet[header_bytes] = ECHO_REPLY;
    // The sum is of one's complements (RFC 1071): what the type has lost, the checksum gains, and a carry comes around.
    let sum = u16::from_be_bytes([packet[header_bytes + 2], packet[header_bytes + 3]]);
    let (sum, carry) = sum.overflowing_add(u16::from_be_bytes([ECHO, 0]));
    packet[header_bytes + 2..header_bytes + 4].copy_from_slice(&(sum + u16::from(carry)).to_be_bytes());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [u8; 6] = [2, 0, 0, 0, 0, 9];
    const OTHER: [u8; 6] = [2, 0, 0, 0, 0, 1];
    const ADDRESS: [u8; 4] = [10, 0, 0, 9];

    /// The one's complement sum of half-words; 0xFFFF over what has a right checksum.
    fn sum(bytes: &[u8]) -> u16 {
        bytes.chunks(2).fold(0u16, |sum, pair| {
            let (sum, carry) = sum.overflowing_add(u16::from_be_bytes([pair[0], pair[1]]));
            sum + u16::from(carry)
        })
    }

    fn frame(kind: [u8; 2], packet: &[u8]) -> [u8; 64] {
        let mut frame = [0; 64];
        frame[..6].copy_from_slice(&[0xFF; 6]);
        frame[6..12].copy_from_slice(&OTHER);
        frame[12..14].copy_from_slice(&kind);
        frame[14..14 + packet.len()].copy_from_slice(packet);
        frame
    }

    fn ping() -> [u8; 64] {
        let mut packet = [0; 50];
        packet[..12].copy_from_slice(&[0x45, 0, 0, 50, 0, 1, 0x40, 0, 64, ICMP, 0, 0]);
        packet[12..20].copy_from_slice(&[10, 0, 0, 1, 10, 0, 0, 9]);
        packet[20..24].copy_from_slice(&[ECHO, 0, 0, 0]);
        packet[24..].fill(0xA5);
        for (range, at) in [(0..20, 10), (20..50, 22)] {
            let checksum = !sum(&packet[range]);
            packet[at..at + 2].copy_from_slice(&checksum.to_be_bytes());
        }
        frame(TYPE_INTERNET, &packet)
    }

    #[test]
    fn it_says_that_it_has_its_address() {
        let mut packet = [0; ARP];
        packet[..8].copy_from_slice(&ARP_REQUEST);
        packet[8..14].copy_from_slice(&OTHER);
        packet[14..18].copy_from_slice(&[10, 0, 0, 1]);
        packet[24..28].copy_from_slice(&ADDRESS);
        let mut asked = frame(TYPE_ARP, &packet);
        assert!(answer(&mut asked, OWN, ADDRESS));
        assert_eq!((&asked[..6], &asked[6..12], asked[21]), (&OTHER[..], &OWN[..], 2));
        assert_eq!((&asked[22..28], &asked[28..32]), (&OWN[..], &ADDRESS[..]));
        assert_eq!((&asked[32..38], &asked[38..42]), (&OTHER[..], &[10, 0, 0, 1][..]));
        assert!(!answer(&mut asked, OWN, ADDRESS), "a reply");
        assert!(!answer(&mut frame(TYPE_ARP, &packet), OWN, [10, 0, 0, 8]), "somebody else's address");
    }

    #[test]
    fn a_ping_comes_back_with_right_checksums() {
        let mut asked = ping();
        assert!(answer(&mut asked, OWN, ADDRESS));
        assert_eq!((&asked[..6], &asked[6..12]), (&OTHER[..], &OWN[..]));
        assert_eq!((asked[34], &asked[26..30], &asked[30..34]), (0, &ADDRESS[..], &[10, 0, 0, 1][..]));
        assert_eq!((sum(&asked[14..34]), sum(&asked[34..])), (0xFFFF, 0xFFFF));
    }

    #[test]
    fn what_is_cut_short_or_odd_is_left_alone() {
        for bytes in 0..42 {
            assert!(!answer(&mut ping()[..bytes], OWN, ADDRESS), "{bytes} bytes");
        }
        for (place, value) in
            [(12, 9), (14, 0x65), (14, 0x44), (14, 0x4F), (20, 0x20), (23, 6), (33, 8), (34, 0)]
        {
            let mut odd = ping();
            odd[place] = value;
            assert!(!answer(&mut odd, OWN, ADDRESS), "{value:#x} at {place}");
        }
    }
}
