//! What each system call needs, and does.

use super::{Model, State};
use abi::{Call, Cap, Cause, Kind, Object, Rights, Status};

impl Model {
    /// Does what the thread's registers ask for, or says why not.
    pub(super) fn system_call(&mut self, id: usize) -> Result<(), Cause> {
        let gpr = self.threads[id].context.gpr;
        let domain = self.tables.threads[id].domain;
        let call = Call::from_number(gpr[0]).ok_or(Cause::UnknownCall)?;
        let cap = self.tables.domains[domain as usize].caps.get(gpr[11] as usize).copied();
        let cap = cap.filter(|cap| cap.object() != Object::None).ok_or(Cause::BadSlot)?;
        let own_domain =
            if cap.object() == Object::Domain(domain) { Ok(()) } else { Err(Cause::WrongObject) };
        let own = |index: u16| if index as usize == id { Ok(()) } else { Err(Cause::WrongObject) };
        match call {
            Call::Null => own_domain.map(|()| self.answer(id, Status::Ok)),
            Call::Call => {
                want(cap, Kind::Endpoint, Rights::CALL).map(|server| self.call(id, server.into(), cap.badge))
            }
            Call::Recv => want(cap, Kind::Endpoint, Rights::SERVE).and_then(own).map(|()| self.receive(id)),
            Call::ReplyRecv => {
                want(cap, Kind::Endpoint, Rights::SERVE).and_then(own).map(|()| self.reply_receive(id))
            }
            Call::Signal => want(cap, Kind::Notification, Rights::SIGNAL).map(|target| {
                self.answer(id, Status::Ok);
                self.signal(target.into(), cap.badge.0);
            }),
            Call::Wait => want(cap, Kind::Notification, Rights::WAIT).and_then(own).map(|()| {
                if self.threads[id].signals == 0 {
                    self.threads[id].state = State::Waiting;
                } else {
                    self.take_bits(id, Status::Ok);
                }
            }),
            Call::Poll => want(cap, Kind::Notification, Rights::WAIT)
                .and_then(own)
                .map(|()| self.take_bits(id, Status::Ok)),
            Call::IrqAck => want(cap, Kind::Irq, Rights::USE).map(|irq| {
                self.open_lines.insert(self.tables.irqs[irq as usize].line);
                self.answer(id, Status::Ok);
            }),
            Call::TimerArm => want(cap, Kind::Timer, Rights::USE).map(|timer| {
                self.answer(id, Status::Ok);
                self.deadlines[timer as usize] = Some(u64::from(gpr[3]) << 32 | u64::from(gpr[4]));
                self.expire();
            }),
            Call::TimerCancel => want(cap, Kind::Timer, Rights::USE).map(|timer| {
                self.answer(id, Status::Ok);
                self.deadlines[timer as usize] = None;
                self.expire();
            }),
            Call::Stop => want(cap, Kind::Domain, Rights::CONTROL).map(|victim| {
                self.answer(id, Status::Ok);
                self.stop(victim);
            }),
            Call::HaltNode => want(cap, Kind::Node, Rights::HALT).map(|_| self.halted = Some(gpr[3])),
            Call::Exit => own_domain.map(|()| self.stop(domain)),
            Call::Fail => own_domain.and(Err(Cause::Failed)),
            _ => Err(Cause::UnknownCall),
        }
    }
}

/// The index that a capability names, if it is of the kind and has the right.
fn want(cap: Cap, kind: Kind, right: Rights) -> Result<u16, Cause> {
    let (found, index) = match cap.object() {
        Object::Domain(index) => (Kind::Domain, index),
        Object::Endpoint(index) => (Kind::Endpoint, index),
        Object::Notification(index) => (Kind::Notification, index),
        Object::Irq(index) => (Kind::Irq, index),
        Object::Timer(index) => (Kind::Timer, index),
        Object::Node => (Kind::Node, 0),
        Object::Thread(index) => (Kind::Thread, index),
        Object::Region(index) => (Kind::Region, index),
        Object::Dcr(index) => (Kind::Dcr, index),
        Object::None => return Err(Cause::BadSlot),
    };
    if found != kind {
        Err(Cause::WrongObject)
    } else if cap.rights.contains(right) {
        Ok(index)
    } else {
        Err(Cause::MissingRight)
    }
}
