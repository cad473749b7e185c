//! The system calls: from registers to an operation, or to the fault that a misuse is.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use abi::{Call, Cap, Cause, Object, Rights, Status};

impl<M: Machine> Kernel<'_, M> {
    /// Does what the thread's registers ask for.
    pub(crate) fn system_call(&mut self, id: ThreadId) {
        if let Err(cause) = self.dispatch(id) {
            self.fault(id, cause, None);
        }
    }

    fn dispatch(&mut self, id: ThreadId) -> Result<(), Cause> {
        let gpr = &self.thread(id).context.gpr;
        let (number, slot, first, second) = (gpr[0], gpr[11], gpr[3], gpr[4]);
        let call = Call::from_number(number).ok_or(Cause::UnknownCall)?;
        let cap = self.cap(id, slot)?;
        match call {
            Call::Null => {
                self.own_domain(id, cap)?;
                self.thread(id).context.answer(Status::Ok);
            }
            Call::Call => self.call(id, endpoint(cap, Rights::CALL)?, cap.badge),
            Call::Recv => self.receive(id, endpoint(cap, Rights::SERVE)?),
            Call::ReplyRecv => self.reply_receive(id, endpoint(cap, Rights::SERVE)?),
            Call::Signal => {
                let notification = notification(cap, Rights::SIGNAL)?;
                self.thread(id).context.answer(Status::Ok);
                self.signal(notification, cap.badge.0);
            }
            Call::Wait => {
                self.own_notification(id, cap)?;
                self.wait(id);
            }
            Call::Poll => {
                self.own_notification(id, cap)?;
                self.poll(id);
            }
            Call::IrqAck => {
                let Object::Irq(irq) = cap.object else { return Err(Cause::WrongObject) };
                allow(cap, Rights::USE)?;
                self.machine.unmask_irq(self.tables.irqs[irq as usize].line);
                self.thread(id).context.answer(Status::Ok);
            }
            Call::TimerArm => {
                let timer = timer(cap)?;
                self.thread(id).context.answer(Status::Ok);
                self.set_timer(timer, Some(u64::from(first) << 32 | u64::from(second)));
            }
            Call::TimerCancel => {
                let timer = timer(cap)?;
                self.thread(id).context.answer(Status::Ok);
                self.set_timer(timer, None);
            }
            Call::Stop => {
                let Object::Domain(victim) = cap.object else { return Err(Cause::WrongObject) };
                allow(cap, Rights::CONTROL)?;
                self.thread(id).context.answer(Status::Ok);
                if self.objects.running[victim as usize] {
                    self.report_stop(victim, id);
                    self.stop_domain(victim);
                }
            }
            Call::HaltNode => {
                let Object::Node = cap.object else { return Err(Cause::WrongObject) };
                allow(cap, Rights::HALT)?;
                self.halt(first);
            }
            Call::Exit => {
                self.own_domain(id, cap)?;
                self.report_exit(id, first);
                self.stop_domain(self.tables.threads[id.index()].domain);
            }
            Call::Fail => {
                self.own_domain(id, cap)?;
                self.fault(id, Cause::Failed, None);
            }
        }
        Ok(())
    }

    /// The capability in a slot of the thread's domain.
    fn cap(&self, id: ThreadId, slot: u32) -> Result<Cap, Cause> {
        let cap = self.domain_of(id).caps.get(slot as usize).ok_or(Cause::BadSlot)?;
        if cap.object == Object::None { Err(Cause::BadSlot) } else { Ok(*cap) }
    }

    fn own_domain(&self, id: ThreadId, cap: Cap) -> Result<(), Cause> {
        let own = self.tables.threads[id.index()].domain;
        if cap.object == Object::Domain(own) { Ok(()) } else { Err(Cause::WrongObject) }
    }

    /// A thread waits for its own notification only.
    fn own_notification(&self, id: ThreadId, cap: Cap) -> Result<(), Cause> {
        let own = self.tables.threads[id.index()].notification;
        if notification(cap, Rights::WAIT)? == own { Ok(()) } else { Err(Cause::WrongObject) }
    }
}

fn allow(cap: Cap, right: Rights) -> Result<(), Cause> {
    if cap.rights.contains(right) { Ok(()) } else { Err(Cause::MissingRight) }
}

fn endpoint(cap: Cap, right: Rights) -> Result<u16, Cause> {
    let Object::Endpoint(endpoint) = cap.object else { return Err(Cause::WrongObject) };
    allow(cap, right).map(|()| endpoint)
}

fn notification(cap: Cap, right: Rights) -> Result<u16, Cause> {
    let Object::Notification(notification) = cap.object else { return Err(Cause::WrongObject) };
    allow(cap, right).map(|()| notification)
}

fn timer(cap: Cap) -> Result<u16, Cause> {
    let Object::Timer(timer) = cap.object else { return Err(Cause::WrongObject) };
    allow(cap, Rights::USE).map(|()| timer)
}
