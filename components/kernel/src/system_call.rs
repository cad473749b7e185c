//! The system calls: from registers to an operation, or to the fault that a misuse is.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use abi::{Call, Cap, Cause, Kind, Object, Rights, Status};

impl<M: Machine> Kernel<'_, M> {
    /// Does what the thread's registers ask for.
    pub(crate) fn system_call(&mut self, id: ThreadId) {
        if let Err(cause) = self.dispatch(id) {
            self.fault(id, cause, None);
        }
    }

    fn dispatch(&mut self, id: ThreadId) -> Result<(), Cause> {
        let gpr = &self.thread(id).context.gpr;
        let (number, slot) = (gpr[0], gpr[11]);
        let [first, second, third, fourth] = [gpr[3], gpr[4], gpr[5], gpr[6]];
        let call = Call::from_number(number).ok_or(Cause::UnknownCall)?;
        let cap = self.cap(id, slot)?;
        match call {
            Call::Null => {
                self.own_domain(id, cap)?;
                self.thread(id).context.answer(Status::Ok);
            }
            Call::Call => {
                let server = cap.want(Kind::Endpoint, Rights::CALL)?;
                if self.mend(id, slot) {
                    self.thread(id).context.answer(Status::PeerGone);
                } else {
                    self.call(id, ThreadId::new(server), cap.badge);
                }
            }
            Call::Recv => {
                self.own_endpoint(id, cap)?;
                self.receive(id);
            }
            Call::ReplyRecv => {
                self.own_endpoint(id, cap)?;
                self.reply_receive(id);
            }
            Call::Signal => {
                let notification = cap.want(Kind::Notification, Rights::SIGNAL)?;
                self.thread(id).context.answer(Status::Ok);
                self.signal(ThreadId::new(notification), cap.badge.0);
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
                let irq = cap.want(Kind::Irq, Rights::USE)?;
                self.machine.unmask_irq(self.tables.irqs[irq as usize].line);
                self.thread(id).context.answer(Status::Ok);
            }
            Call::TimerArm => {
                let timer = cap.want(Kind::Timer, Rights::USE)?;
                self.thread(id).context.answer(Status::Ok);
                let period = pair(third, fourth);
                self.set_timer(timer, Some(pair(first, second)), period);
            }
            Call::TimerCancel => {
                let timer = cap.want(Kind::Timer, Rights::USE)?;
                self.thread(id).context.answer(Status::Ok);
                self.set_timer(timer, None, 0);
            }
            Call::Stop => {
                let victim = cap.want(Kind::Domain, Rights::CONTROL)?;
                self.thread(id).context.answer(Status::Ok);
                if self.objects.domains[victim as usize].running {
                    self.report_stop(victim, id);
                    self.stop_domain(victim);
                }
            }
            Call::HaltNode => {
                cap.want(Kind::Node, Rights::HALT)?;
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
            Call::Restart => {
                let domain = cap.want(Kind::Domain, Rights::CONTROL)?;
                self.thread(id).context.answer(Status::Ok);
                self.restart_domain(domain);
            }
            Call::Yield => {
                self.own_domain(id, cap)?;
                self.thread(id).context.answer(Status::Ok);
                self.make_ready(id);
            }
            Call::Inspect
            | Call::Counters
            | Call::ReadRegisters
            | Call::WriteRegister
            | Call::Locate
            | Call::DcrRead
            | Call::DcrWrite => return self.observe(id, call, cap, first, second),
        }
        Ok(())
    }

    /// The capability in a slot of the thread's domain.
    fn cap(&self, id: ThreadId, slot: u32) -> Result<Cap, Cause> {
        let cap = self.domain_of(id).caps.get(slot as usize).ok_or(Cause::BadSlot)?;
        if cap.is_empty() { Err(Cause::BadSlot) } else { Ok(*cap) }
    }

    fn own_domain(&self, id: ThreadId, cap: Cap) -> Result<(), Cause> {
        let own = self.tables.threads[id.index()].domain;
        if cap.object() == Object::Domain(own) { Ok(()) } else { Err(Cause::WrongObject) }
    }

    /// A thread serves its own endpoint only.
    fn own_endpoint(&self, id: ThreadId, cap: Cap) -> Result<(), Cause> {
        let endpoint = cap.want(Kind::Endpoint, Rights::SERVE)?;
        if ThreadId::new(endpoint) == id { Ok(()) } else { Err(Cause::WrongObject) }
    }

    /// A thread waits for its own notification only.
    fn own_notification(&self, id: ThreadId, cap: Cap) -> Result<(), Cause> {
        let notification = cap.want(Kind::Notification, Rights::WAIT)?;
        if ThreadId::new(notification) == id { Ok(()) } else { Err(Cause::WrongObject) }
    }
}

/// A number of 64 bits from its halves.
fn pair(upper: u32, lower: u32) -> u64 {
    u64::from(upper) << 32 | u64::from(lower)
}
