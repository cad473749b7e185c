//! What the subject may do, slot by slot, and what each call needs: the tables of `docs/kernel-abi.md`, written down
//! once more and by hand.

use abi::{Call, Cause, Kind, Rights};

/// The slots.
pub(crate) const SELF: u32 = 0;
pub(crate) const NOTIFICATION: u32 = 1;
pub(crate) const PROBE: u32 = 2;
pub(crate) const VICTIM: u32 = 3;
pub(crate) const IRQ: u32 = 5;
pub(crate) const ALARM: u32 = 6;
pub(crate) const PLACE: u32 = 7;
pub(crate) const CONTROL: u32 = 8;
pub(crate) const OBSERVE: u32 = 9;
pub(crate) const THREAD: u32 = 10;
pub(crate) const DCRS: u32 = 12;
/// Registers that the board's description has, and the machine has not.
pub(crate) const MISSING: u32 = 13;
/// A domain below.
pub(crate) const IDLE: u32 = 14;
pub(crate) const IDLE_THREAD: u32 = 15;

/// What each slot holds.
pub(crate) const SLOTS: [(Kind, Rights); 16] = [
    (Kind::Domain, Rights::empty()),
    (Kind::Notification, Rights::WAIT),
    (Kind::Endpoint, Rights::CALL),
    (Kind::Endpoint, Rights::CALL),
    (Kind::Endpoint, Rights::CALL),
    (Kind::Irq, Rights::USE),
    (Kind::Timer, Rights::USE),
    (Kind::Region, Rights::OBSERVE),
    (Kind::Domain, Rights::CONTROL.union(Rights::OBSERVE)),
    (Kind::Domain, Rights::OBSERVE),
    (Kind::Thread, Rights::CONTROL.union(Rights::OBSERVE)),
    (Kind::Node, Rights::HALT),
    (Kind::Dcr, Rights::USE.union(Rights::OBSERVE)),
    (Kind::Dcr, Rights::USE.union(Rights::OBSERVE)),
    (Kind::Domain, Rights::CONTROL.union(Rights::OBSERVE)),
    (Kind::Thread, Rights::CONTROL.union(Rights::OBSERVE)),
];

/// What a call needs: an object and a right to it, or the domain itself.
enum Need {
    Own,
    Right(Kind, Rights),
}

/// Every call, and what it needs.
const NEEDS: [(Call, Need); 25] = [
    (Call::Null, Need::Own),
    (Call::Call, Need::Right(Kind::Endpoint, Rights::CALL)),
    (Call::Recv, Need::Right(Kind::Endpoint, Rights::SERVE)),
    (Call::ReplyRecv, Need::Right(Kind::Endpoint, Rights::SERVE)),
    (Call::Signal, Need::Right(Kind::Notification, Rights::SIGNAL)),
    (Call::Wait, Need::Right(Kind::Notification, Rights::WAIT)),
    (Call::Poll, Need::Right(Kind::Notification, Rights::WAIT)),
    (Call::IrqAck, Need::Right(Kind::Irq, Rights::USE)),
    (Call::TimerArm, Need::Right(Kind::Timer, Rights::USE)),
    (Call::TimerCancel, Need::Right(Kind::Timer, Rights::USE)),
    (Call::Stop, Need::Right(Kind::Domain, Rights::CONTROL)),
    (Call::HaltNode, Need::Right(Kind::Node, Rights::HALT)),
    (Call::Exit, Need::Own),
    (Call::Fail, Need::Own),
    (Call::Restart, Need::Right(Kind::Domain, Rights::CONTROL)),
    (Call::Inspect, Need::Right(Kind::Domain, Rights::OBSERVE)),
    (Call::Counters, Need::Right(Kind::Domain, Rights::OBSERVE)),
    (Call::ReadRegisters, Need::Right(Kind::Thread, Rights::OBSERVE)),
    (Call::WriteRegister, Need::Right(Kind::Thread, Rights::CONTROL)),
    (Call::Locate, Need::Right(Kind::Region, Rights::OBSERVE)),
    (Call::DcrRead, Need::Right(Kind::Dcr, Rights::OBSERVE)),
    (Call::DcrWrite, Need::Right(Kind::Dcr, Rights::USE)),
    (Call::Yield, Need::Own),
    (Call::VcpuRun, Need::Right(Kind::Vcpu, Rights::USE)),
    (Call::VcpuTranslate, Need::Right(Kind::Vcpu, Rights::OBSERVE)),
];

/// Every call with every slot that is none for it, and the cause that this is.
pub(crate) fn misuses() -> impl Iterator<Item = (Call, u32, Cause)> {
    NEEDS.iter().flat_map(|(call, need)| {
        (0_u32..).zip(&SLOTS).filter_map(move |(slot, (kind, rights))| {
            let cause = match need {
                Need::Own if slot == SELF => None,
                Need::Own => Some(Cause::WrongObject),
                Need::Right(wanted, _) if *wanted as u8 != *kind as u8 => Some(Cause::WrongObject),
                Need::Right(_, right) if !rights.contains(*right) => Some(Cause::MissingRight),
                Need::Right(..) => None,
            };
            cause.map(|cause| (*call, slot, cause))
        })
    })
}

/// Every call.
pub(crate) fn calls() -> impl Iterator<Item = Call> {
    NEEDS.iter().map(|(call, _)| *call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_there_once() {
        for (number, call) in (0..).zip(calls()) {
            assert_eq!(call as u32, number);
        }
        assert!(Call::from_number(NEEDS.len() as u32).is_none());
    }

    #[test]
    fn misuses_are_of_both_kinds() {
        assert!(misuses().any(|misuse| misuse == (Call::Recv, PROBE, Cause::MissingRight)));
        assert!(misuses().any(|misuse| misuse == (Call::Stop, SELF, Cause::MissingRight)));
        assert!(misuses().any(|misuse| misuse == (Call::Stop, OBSERVE, Cause::MissingRight)));
        assert!(misuses().any(|misuse| misuse == (Call::Exit, CONTROL, Cause::WrongObject)));
        assert!(misuses().all(|(call, slot, _)| (call, slot) != (Call::Exit, SELF)));
    }
}
