//! A guest's port of a network: frames between its network device and the wire.

use interfaces::Ethernet;
use interfaces::ethernet::RECEIVED;
use runtime::WireError;
use virtio::{FRAME_BYTES, Link};

/// The monitor's end of the wire to a network.
///
/// Frames that the guest has no buffers for stay with the network, whose queue of this port then fills: it is the
/// network that loses what nobody takes. In the other direction a full ring makes the monitor, and so the guest, wait
/// for the network's next turn. That is soon: it runs above whom it serves, and answers at once.
#[derive(Debug)]
pub(super) struct Port<N> {
    network: N,
    /// Frames may wait there. The network says so once, when the first one comes.
    has_frames: bool,
}

impl<N: Ethernet> Port<N> {
    /// The port at that end of a wire.
    pub(super) const fn new(network: N) -> Self {
        Self { network, has_frames: true }
    }

    /// The address that the network gives to this port.
    ///
    /// # Errors
    ///
    /// What the network answers.
    pub(super) fn address(&mut self) -> Result<[u8; 6], WireError> {
        match self.network.address() {
            // One that has started afresh gives it again.
            Err(WireError::PeerGone) => self.network.address(),
            answer => answer,
        }
    }

    /// Whether frames may have come that were not there before.
    pub(super) fn listen(&mut self) -> bool {
        let happened = self.network.pending(RECEIVED.into());
        // Who asks a network that is gone learns that it is, and forgets what it held.
        let has_come = happened.is_err() || happened.is_ok_and(|events| !events.is_empty());
        self.has_frames |= has_come;
        has_come
    }
}

impl<N: Ethernet> Link for Port<N> {
    fn send(&mut self, frame: &[u8]) -> bool {
        if self.network.send(frame) == Err(WireError::Full) && self.network.settle().is_ok() {
            // There is room now. What a network will not have all the same is lost, as on any Ethernet.
            let _ = self.network.send(frame);
        }
        true
    }

    fn receive(&mut self, into: &mut [u8; FRAME_BYTES]) -> Option<usize> {
        if !self.has_frames {
            return None;
        }
        let bytes = self.network.receive(into).unwrap_or(0) as usize;
        self.has_frames = bytes != 0;
        self.has_frames.then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use runtime::{Events, Wire};

    use super::*;

    /// A network whose answers are given; what it is asked is noted.
    #[derive(Debug, Default)]
    struct Scripted {
        room: usize,
        sent: Vec<Vec<u8>>,
        waiting: Vec<Result<Vec<u8>, WireError>>,
        events: Vec<Result<Events, WireError>>,
        fetches: usize,
        gone: bool,
    }

    impl Wire for Scripted {
        fn wait(&mut self, _: Events) -> Result<Events, WireError> {
            panic!("a monitor waits in its guest")
        }

        fn pending(&mut self, _: Events) -> Result<Events, WireError> {
            self.events.pop().unwrap_or(Ok(Events::NONE))
        }
    }

    impl Ethernet for Scripted {
        fn send(&mut self, frame: &[u8]) -> Result<(), WireError> {
            self.room = self.room.checked_sub(1).ok_or(WireError::Full)?;
            self.sent.push(frame.to_vec());
            Ok(())
        }

        fn settle(&mut self) -> Result<(), WireError> {
            self.room = 1;
            Ok(())
        }

        fn receive(&mut self, into: &mut [u8]) -> Result<u32, WireError> {
            self.fetches += 1;
            let frame = self.waiting.pop().unwrap_or(Ok(vec![]))?;
            into[..frame.len()].copy_from_slice(&frame);
            Ok(frame.len() as u32)
        }

        fn address(&mut self) -> Result<[u8; 6], WireError> {
            if std::mem::take(&mut self.gone) { Err(WireError::PeerGone) } else { Ok([2; 6]) }
        }

        fn counters(&mut self) -> Result<[u8; 28], WireError> {
            panic!("nobody asks")
        }
    }

    #[test]
    fn a_full_ring_is_settled_and_the_frame_goes_once() {
        let mut port = Port::new(Scripted { room: 2, ..Scripted::default() });
        for number in 0..4 {
            assert!(port.send(&[number]));
        }
        assert_eq!(port.network.sent, [[0], [1], [2], [3]]);
    }

    #[test]
    fn an_empty_network_is_not_asked_again_before_it_says_that_a_frame_has_come() {
        let mut port =
            Port::new(Scripted { waiting: vec![Ok(vec![7]), Ok(vec![8, 9])], ..Scripted::default() });
        let mut frame = [0; FRAME_BYTES];
        assert_eq!([0; 4].map(|_| port.receive(&mut frame)), [Some(2), Some(1), None, None]);
        assert_eq!(port.network.fetches, 3);
        assert!(!port.listen());
        port.network.events = vec![Ok(RECEIVED.into())];
        port.network.waiting = vec![Ok(vec![1])];
        assert!(port.listen());
        assert_eq!([0; 3].map(|_| port.receive(&mut frame)), [Some(1), None, None]);
        assert_eq!(port.network.fetches, 5);
    }

    #[test]
    fn a_network_that_starts_afresh_is_heard_again() {
        let mut port = Port::new(Scripted { gone: true, ..Scripted::default() });
        assert_eq!(port.address(), Ok([2; 6]));
        let mut frame = [0; FRAME_BYTES];
        port.network.waiting = vec![Err(WireError::PeerGone)];
        assert_eq!(port.receive(&mut frame), None);
        port.network.events = vec![Err(WireError::PeerGone)];
        port.network.waiting = vec![Ok(vec![1])];
        assert!(port.listen());
        assert_eq!(port.receive(&mut frame), Some(1));
    }
}
