//! The loop of a domain that serves calls.

use abi::{Badge, Slot, Status, Tag, Words};

use crate::system::{self, Received};
use crate::{Bits, Message, Signals, WireError};

/// Serves an endpoint: answers each call, and hands on each notification.
///
/// `answer` gets the client's badge, the operation and the words, and never waits. `notified` gets the bits
/// of the thread's notification, which `signals` keeps for the wires of the instances.
///
/// # Errors
///
/// Returns only when the kernel refuses the endpoint: [`WireError::Hardware`].
pub fn serve(
    endpoint: Slot,
    signals: &Signals,
    mut answer: impl FnMut(Badge, u16, &Words) -> Result<Message, WireError>,
    mut notified: impl FnMut(Bits),
) -> Result<(), WireError> {
    let mut answered = signals.receive(endpoint);
    loop {
        // Calls follow each other without a detour through the other cases.
        while answered.status == Status::Ok as u32 {
            let operation = Tag::from_bits(answered.tag).operation();
            let reply = answer(Badge(answered.badge), operation, &answered.words);
            answered = system::reply_receive(endpoint, &reply.unwrap_or_else(Message::refusal));
        }
        match Received::from(answered) {
            Received::Notified(bits) => {
                signals.keep(bits);
                notified(bits);
            }
            Received::ClientGone | Received::Message { .. } => {}
            Received::Refused => return Err(WireError::Hardware),
        }
        answered = system::receive(endpoint);
    }
}
