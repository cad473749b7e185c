//! The system calls: from registers to an operation, or to the fault that a misuse is.

use crate::checked::at;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use abi::{Call, Cap, Cause, Kind, Rights, Status};

/// Whose object a call is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The thread's own, or that of its domain.
    Own,
    /// Any that the capability names.
    Any,
}
use Whose::{Any, Own};

/// What each call needs, in the order of their numbers.
const NEEDS: [(Kind, Rights, Whose); Call::ALL.len()] = [
    (Kind::Domain, Rights::empty(), Own),      // Null
    (Kind::Endpoint, Rights::CALL, Any),       // Call
    (Kind::Endpoint, Rights::SERVE, Own),      // Recv
    (Kind::Endpoint, Rights::SERVE, Own),      // ReplyRecv
    (Kind::Notification, Rights::SIGNAL, Any), // Signal
    (Kind::Notification, Rights::WAIT, Own),   // Wait
    (Kind::Notification, Rights::WAIT, Own),   // Poll
    (Kind::Irq, Rights::USE, Any),             // IrqAck
    (Kind::Timer, Rights::USE, Any),           // TimerArm
    (Kind::Timer, Rights::USE, Any),           // TimerCancel
    (Kind::Domain, Rights::CONTROL, Any),      // Stop
    (Kind::Node, Rights::HALT, Any),           // HaltNode
    (Kind::Domain, Rights::empty(), Own),      // Exit
    (Kind::Domain, Rights::empty(), Own),      // Fail
    (Kind::Domain, Rights::CONTROL, Any),      // Restart
    (Kind::Domain, Rights::OBSERVE, Any),      // Inspect
    (Kind::Domain, Rights::OBSERVE, Any),      // Counters
    (Kind::Thread, Rights::OBSERVE, Any),      // ReadRegisters
    (Kind::Thread, Rights::CONTROL, Any),      // WriteRegister
    (Kind::Region, Rights::OBSERVE, Any),      // Locate
    (Kind::Dcr, Rights::OBSERVE, Any),         // DcrRead
    (Kind::Dcr, Rights::USE, Any),             // DcrWrite
    (Kind::Domain, Rights::empty(), Own),      // Yield
    (Kind::Vcpu, Rights::USE, Any),            // VcpuRun
    (Kind::Vcpu, Rights::OBSERVE, Any),        // VcpuTranslate
];

impl<N: Node> Kernel<N> {
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
        let cap = self.domain_of(id).caps.get(slot as usize).ok_or(Cause::BadSlot)?;
        let index = self.allowed(id, call, cap)?;
        match call {
            Call::Call if self.mend(id, slot) => self.thread(id).context.answer(Status::PeerGone),
            Call::Call => self.call(id, ThreadId::new(index), cap.badge),
            Call::Recv => self.receive(id),
            Call::ReplyRecv => self.reply_receive(id),
            Call::Wait | Call::Poll => self.take_bits(id, call == Call::Wait),
            Call::HaltNode => self.halt(first),
            Call::Fail => self.fault(id, Cause::Failed, None),
            Call::Exit => {
                self.report_exit(index, first);
                self.stop_domain(index);
            }
            Call::Inspect
            | Call::Counters
            | Call::ReadRegisters
            | Call::WriteRegister
            | Call::Locate
            | Call::DcrRead
            | Call::DcrWrite => return self.observe(id, call, index, [first, second]),
            // The others have nothing to say, and say so first: they may end the thread's life.
            _ => {
                self.thread(id).context.answer(Status::Ok);
                match call {
                    Call::Signal => self.signal(ThreadId::new(index), cap.badge.0),
                    Call::IrqAck => self.machine.unmask_irq(at(self.tables().irqs, index).line),
                    Call::TimerArm => self.set_timer(index, Some(pair(first, second)), pair(third, fourth)),
                    Call::TimerCancel => self.set_timer(index, None, 0),
                    Call::Restart => self.restart_domain(index),
                    Call::Yield => self.make_ready(id),
                    Call::Stop if self.domain(index).running => {
                        self.report_stop(index, id);
                        self.stop_domain(index);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The index that a capability names, if it is what the call needs.
    fn allowed(&mut self, id: ThreadId, call: Call, cap: &Cap) -> Result<u16, Cause> {
        if cap.is_empty() {
            return Err(Cause::BadSlot);
        }
        let (kind, right, whose) = *at(&NEEDS, call as usize);
        let index = cap.want(kind, right)?;
        let own = if kind == Kind::Domain { self.thread(id).domain } else { id.number() };
        if whose == Any || index == own { Ok(index) } else { Err(Cause::WrongObject) }
    }
}

/// A number of 64 bits from its halves.
fn pair(upper: u32, lower: u32) -> u64 {
    u64::from(upper) << 32 | u64::from(lower)
}
