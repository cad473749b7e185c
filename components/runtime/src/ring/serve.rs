//! The loop of a domain that has ring wires.

use abi::{Badge, Slot, Words};

use super::memory::RingSlices;
use super::server::RingServer;
use crate::system::{self, Received};
use crate::{Bits, Message, Signals, WireError};

/// The most requests of one ring that are answered before the next ring has its turn.
const BATCH: u32 = 4;

/// Serves an endpoint as [`serve`](crate::serve()) does, and besides it any number of rings.
///
/// `answer_ring` gets the badge of the ring's client, the operation, the words and the place of the slices.
/// Rings that have something take turns, a bounded batch each, so that no client waits for another to
/// fall silent; notifications are looked at between two rounds. The thread waits only when all rings are
/// empty, and then each of their clients will signal.
///
/// # Errors
///
/// Returns only when the kernel refuses the endpoint: [`WireError::Hardware`].
pub fn serve_rings(
    endpoint: Slot,
    signals: &Signals,
    rings: &mut [RingServer<'_>],
    mut answer: impl FnMut(Badge, u16, &Words) -> Result<Message, WireError>,
    mut answer_ring: impl FnMut(Badge, u16, &Words, &RingSlices<'_>) -> Result<Message, WireError>,
    mut notified: impl FnMut(Bits),
) -> Result<(), WireError> {
    let all = rings.iter().fold(Bits::NONE, |all, ring| all | ring.bits());
    // What came before this thread started was signalled to a former life of it, or to nobody.
    let mut due = all;
    let mut owed = None;
    loop {
        let mut arrived = signals.take_aside();
        while !(due | arrived).is_empty() {
            due = due | arrived.common(all);
            signals.drop_kept(all);
            let others = arrived.without(all);
            if !others.is_empty() {
                notified(others);
            }
            for ring in rings.iter_mut() {
                if ring.bits().intersects(due) && !ring.turn(BATCH, &mut answer_ring) {
                    due = due.without(ring.bits());
                }
            }
            arrived = if due.is_empty() { Bits::NONE } else { signals.poll() };
            arrived = arrived | signals.take_aside();
        }
        let answered = match owed.take() {
            Some(reply) => system::reply_receive(endpoint, &reply),
            None => signals.receive(endpoint),
        };
        match answered.into() {
            Received::Message { badge, operation, words } => {
                // It goes out with the next wait; before that comes what arrived during the call.
                owed = Some(answer(badge, operation, &words).unwrap_or_else(Message::refusal));
            }
            Received::Notified(bits) => signals.put_aside(bits),
            Received::ClientGone => {}
            Received::Refused => return Err(WireError::Hardware),
        }
    }
}
