//! The loop of a domain that serves calls.

use abi::{Badge, Slot, Words};

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
    let mut received = signals.receive(endpoint);
    loop {
        received = match received {
            Received::Message { badge, operation, words } => {
                let reply = answer(badge, operation, &words).unwrap_or_else(Message::refusal);
                system::reply_receive(endpoint, &reply)
            }
            Received::Notified(bits) => {
                signals.keep(bits);
                notified(bits);
                system::receive(endpoint)
            }
            Received::ClientGone => system::receive(endpoint),
            Received::Refused => return Err(WireError::Hardware),
        };
    }
}
