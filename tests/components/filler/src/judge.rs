//! What a system call may leave, given what went in.

use abi::{Call, Status, Tag};
use mirror::request::{Request, mirrored};
use raw::{Entry, Marker, Outcome, Registers, Spoilt};

/// Where in the reply of a mirror something is wrong: above all registers' numbers.
const REPLY: usize = 1000;

/// Makes a system call with all registers full, and holds all but the message to what a call may change.
pub(crate) fn call(
    marker: Marker,
    round: u32,
    entry: Entry,
    call: Call,
    slot: u32,
    tag: Tag,
) -> Result<(Registers, Outcome), Spoilt> {
    raw::leave_mark(marker.special());
    let mut registers = marker.fill(round);
    registers.gpr[0] = call as u32;
    registers.gpr[11] = slot;
    registers.gpr[12] = tag.bits();
    let before = registers;
    raw::enter(entry, &mut registers);
    marker.kept(call, &before, &registers)?;
    marker.special_registers(raw::user_registers())?;
    Ok((before, registers.outcome()))
}

/// Holds what a call without a message leaves: a status, and bits at most.
pub(crate) fn bare(marker: Marker, outcome: &Outcome) -> Result<u32, Spoilt> {
    marker.own(&outcome.words)?;
    let clear = outcome.words[1..].iter().chain([&outcome.badge, &outcome.status]).all(|word| *word == 0);
    if clear && outcome.tag == Tag::default() {
        Ok(outcome.words[0])
    } else {
        Err(Spoilt { register: REPLY, value: outcome.status })
    }
}

/// Holds a mirror's reply to what was asked. A caller that was forgotten learns only that.
pub(crate) fn reply(sent: &Registers, request: Request, outcome: &Outcome) -> Result<(), Spoilt> {
    let wrong = |register, value| Err(Spoilt { register, value });
    if outcome.tag.operation() != 0 {
        // The mirror's complaint: which of its registers, and what is in it.
        return wrong(outcome.words[0] as usize + 2 * REPLY, outcome.words[1]);
    }
    if outcome.badge != 0 {
        return wrong(11, outcome.badge);
    }
    let (status, expected) = match request.action {
        mirror::request::Action::Forget => (Status::PeerGone, [0; 8]),
        _ => {
            let count = Tag::from_bits(sent.gpr[12]).words();
            let arrived = core::array::from_fn(|index| if index < count { sent.gpr[3 + index] } else { 0 });
            let all = mirrored(&arrived);
            (Status::Ok, core::array::from_fn(|index| if index < request.words { all[index] } else { 0 }))
        }
    };
    if outcome.status != status as u32 {
        return wrong(0, outcome.status);
    }
    match outcome.words.iter().zip(&expected).position(|(found, expected)| found != expected) {
        Some(index) => wrong(REPLY + index, outcome.words[index]),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mirror::request::Action;

    #[test]
    fn a_reply_is_what_was_asked_for() {
        let sent = {
            let mut sent = Marker(1).fill(0);
            sent.gpr[12] = Tag::new(0, 1).bits();
            sent
        };
        let request = Request { action: Action::Reply, words: 2 };
        let right = Outcome {
            status: 0,
            words: [!sent.gpr[3] & 0x0FFF_FFFF, 0x0FFF_FFFF, 0, 0, 0, 0, 0, 0],
            badge: 0,
            tag: Tag::new(0, 2),
        };
        assert_eq!(reply(&sent, request, &right), Ok(()));
        let mut unsent = right;
        unsent.words[2] = 1;
        for wrong in [
            unsent,
            Outcome { status: 32, ..right },
            Outcome { badge: 1, ..right },
            Outcome { tag: Tag::new(7, 2), ..right },
        ] {
            assert!(reply(&sent, request, &wrong).is_err());
        }
        let forget = Request { action: Action::Forget, words: 0 };
        let gone = Outcome { status: Status::PeerGone as u32, words: [0; 8], tag: Tag::default(), ..right };
        assert_eq!(reply(&sent, forget, &gone), Ok(()));
        assert_eq!(bare(Marker(1), &Outcome { status: 0, ..gone }), Ok(0));
        assert!(bare(Marker(1), &gone).is_err());
    }
}
