//! The network of a node that is alone.

use super::{Arrival, Arrivals, Network, Parcel, Sent};

/// Cycles that a packet of the torus takes to the next node: about 100 ns (section 10).
pub(super) const TORUS: u64 = 85;
/// Cycles that a packet of the collective network takes to and from its router.
pub(super) const COLLECTIVE: u64 = 85;

/// Every network leads back: each of the torus's links goes round to the node itself, each class of the collective
/// has it as its only member, and the global interrupts are what it drives.
///
/// Packets of the torus to another node are nobody's. Whether a packet of the collective is for the node is decided
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
        let delay = match &sent.parcel {
            // Destination X, Y, Z are bytes 3 to 5 of the header (section 6.2).
            Parcel::Torus(packet) if packet.get(3..6) != Some(&self.coordinates) => return Err(sent),
            Parcel::Torus(_) => TORUS,
            Parcel::Collective(_) => COLLECTIVE,
            Parcel::Interrupts(_) => 0,
        };
        let Sent { time, node, sequence, parcel } = sent;
        arrivals.add(Arrival { time: time + delay, node, sequence, parcel });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_comes_back_in_order_and_other_nodes_packets_do_not() {
        let mut network = Loopback { coordinates: [1, 2, 3] };
        let mut arrivals = Arrivals::default();
        let send = |time, sequence, parcel| Sent { time, node: 0, sequence, parcel };
        let own = Parcel::Torus(vec![0, 0, 0, 1, 2, 3, 0, 0]);
        let other = Parcel::Torus(vec![0, 0, 0, 1, 2, 4, 0, 0]);
        assert_eq!(network.send(send(100, 0, own.clone()), &mut arrivals), Ok(()));
        assert_eq!(network.send(send(150, 1, Parcel::Interrupts(8)), &mut arrivals), Ok(()));
        let lost = send(160, 2, other);
        assert_eq!(network.send(lost.clone(), &mut arrivals), Err(lost));
        assert_eq!(arrivals.next(), Some(150));
        assert_eq!(arrivals.take(149), None);
        assert_eq!(arrivals.take(150).map(|arrival| arrival.parcel), Some(Parcel::Interrupts(8)));
        assert_eq!(arrivals.take(1000).map(|arrival| (arrival.time, arrival.parcel)), Some((185, own)));
        assert_eq!(arrivals.next(), None);
    }
}
