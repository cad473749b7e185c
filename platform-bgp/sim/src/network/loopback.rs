//! The network of a node that is alone.

use super::{Arrival, Arrivals, Network, Parcel, Sent, TorusPacket};
use crate::devices::dma::PRIORITY_RECEIVER;
use crate::devices::dma::header::Header;

/// Cycles that a packet of the torus takes to the next node: about 100 ns (section 10).
pub(super) const TORUS: u64 = 85;
/// Cycles that a packet of the collective network takes to and from its router.
pub(super) const COLLECTIVE: u64 = 85;

/// Every network leads back: each of the torus's links goes round to the node itself, each class of the collective
/// has it as its only member, and the global interrupts are what it drives.
///
/// Packets of the torus to another node are nobody's; own ones arrive at the receiver whose hint they carry, X+ without
/// a hint, and without hints as any packet at its destination. Whether a packet of the collective is for the node is decided
/// by its device, as on arrival from elsewhere; a combination of one operand is that operand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loopback {
    /// The node's coordinates in the torus.
    pub coordinates: [u8; 3],
}

impl Network for Loopback {
    fn lookahead(&self) -> u64 {
        u64::MAX
    }

    fn send(&mut self, sent: Sent, arrivals: &mut Arrivals) -> Result<(), Sent> {
        let Sent { time, node, sequence, parcel } = sent;
        let (delay, parcel) = match parcel {
            Parcel::Torus(packet) => match self.around(&packet) {
                Some(packet) => (TORUS, Parcel::Torus(packet)),
                None => return Err(Sent { time, node, sequence, parcel: Parcel::Torus(packet) }),
            },
            Parcel::Collective(_) => (COLLECTIVE, parcel),
            Parcel::Interrupts(_) => (0, parcel),
        };
        arrivals.add(Arrival { time: time + delay, node, sequence, parcel });
        Ok(())
    }
}

impl Loopback {
    /// A packet as it comes around a link. `None`: it is another node's.
    fn around(&self, packet: &TorusPacket) -> Option<TorusPacket> {
        let mut header = Header::of(&packet.bytes)?;
        if header.destination() != self.coordinates {
            return None;
        }
        let hinted = (header.hints() << 2).leading_zeros() as u8 % 8;
        let receiver = if header.channel() == 3 { PRIORITY_RECEIVER as u8 } else { hinted };
        header.set_hints(0);
        let mut bytes = packet.bytes.clone();
        bytes[..16].copy_from_slice(&header.0);
        Some(TorusPacket { receiver, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(hints: u8, channel: u8, destination: [u8; 3]) -> TorusPacket {
        let mut header = Header([0; 16]);
        header.set_hints(hints);
        header.0[2] = channel;
        header.0[3..6].copy_from_slice(&destination);
        TorusPacket { receiver: 0, bytes: [header.0, [0; 16]].concat() }
    }

    #[test]
    fn what_is_sent_comes_back_in_order_and_other_nodes_packets_do_not() {
        let mut network = Loopback { coordinates: [1, 2, 3] };
        let mut arrivals = Arrivals::default();
        let send = |time, sequence, parcel| Sent { time, node: 0, sequence, parcel };
        let own = Parcel::Torus(packet(0, 2, [1, 2, 3]));
        assert_eq!(network.send(send(100, 0, own.clone()), &mut arrivals), Ok(()));
        assert_eq!(network.send(send(150, 1, Parcel::Interrupts(8)), &mut arrivals), Ok(()));
        let lost = send(160, 2, Parcel::Torus(packet(0, 2, [1, 2, 4])));
        assert_eq!(network.send(lost.clone(), &mut arrivals), Err(lost));
        assert_eq!(arrivals.next(), Some(150));
        assert_eq!(arrivals.take(149), None);
        assert_eq!(arrivals.take(150).map(|arrival| arrival.parcel), Some(Parcel::Interrupts(8)));
        assert_eq!(arrivals.take(1000).map(|arrival| (arrival.time, arrival.parcel)), Some((185, own)));
        assert_eq!(arrivals.next(), None);
    }

    #[test]
    fn a_packet_comes_around_the_link_of_its_hint() {
        let network = Loopback::default();
        for (hints, channel, receiver) in [(0, 2, 0), (0x20, 2, 0), (0x10, 2, 1), (0x01, 0, 5), (0x01, 3, 6)]
        {
            let around = network.around(&packet(hints, channel, [0; 3])).expect("its own");
            assert_eq!((around.receiver, around.bytes[1]), (receiver, 0), "hints {hints:#x}");
        }
    }
}
