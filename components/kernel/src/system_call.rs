//! The system calls: from registers to an operation, or to the fault that a misuse is.

use crate::checked::at;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::report::Value::{Decimal, Text};
use abi::{Call, Cap, Cause, Kind, Rights, Status};

/// A call is for any object that the capability names.
const ANY: bool = false;
/// A call is for the thread's own object, or that of its domain.
const OWN: bool = true;

/// What each call needs, in the order of their numbers.
const NEEDS: [(Kind, Rights, bool); Call::ALL.len()] = [
    (Kind::Domain, Rights::empty(), OWN),      // Null
    (Kind::Endpoint, Rights::CALL, ANY),       // Call
    (Kind::Endpoint, Rights::SERVE, OWN),      // Recv
    (Kind::Endpoint, Rights::SERVE, OWN),      // ReplyRecv
    (Kind::Notification, Rights::SIGNAL, ANY), // Signal
    (Kind::Notification, Rights::WAIT, OWN),   // Wait
    (Kind::Notification, Rights::WAIT, OWN),   // Poll
    (Kind::Irq, Rights::USE, ANY),             // IrqAck
    (Kind::Timer, Rights::USE, ANY),           // TimerArm
    (Kind::Timer, Rights::USE, ANY),           // TimerCancel
    (Kind::Domain, Rights::CONTROL, ANY),      // Stop
    (Kind::Node, Rights::HALT, ANY),           // HaltNode
    (Kind::Domain, Rights::empty(), OWN),      // Exit
    (Kind::Domain, Rights::empty(), OWN),      // Fail
    (Kind::Domain, Rights::CONTROL, ANY),      // Restart
    (Kind::Domain, Rights::OBSERVE, ANY),      // Inspect
    (Kind::Domain, Rights::OBSERVE, ANY),      // Counters
    (Kind::Thread, Rights::OBSERVE, ANY),      // ReadRegisters
    (Kind::Thread, Rights::CONTROL, ANY),      // WriteRegister
    (Kind::Region, Rights::OBSERVE, ANY),      // Locate
    (Kind::Dcr, Rights::OBSERVE, ANY),         // DcrRead
    (Kind::Dcr, Rights::USE, ANY),             // DcrWrite
    (Kind::Domain, Rights::empty(), OWN),      // Yield
    (Kind::Vcpu, Rights::USE, ANY),            // VcpuRun
    (Kind::Vcpu, Rights::OBSERVE, ANY),        // VcpuTranslate
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
                self.announce("exited domain=% name=% code=%", index, Decimal(first));
                self.stop_domain(index);
            }
            #[cfg(feature = "vm")]
            Call::VcpuRun => return self.run_vcpu(id, index, slot),
            #[cfg(feature = "vm")]
            Call::VcpuTranslate => return self.translate_guest(id, index, first),
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
                        let by = Text(self.domain_of(id).name);
                        self.announce("stopped domain=% name=% by=%", index, by);
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
        let (kind, right, own) = *at(&NEEDS, call as usize);
        let index = cap.want(kind, right)?;
        let its = if kind == Kind::Domain { self.thread(id).domain } else { id.number() };
        if own && index != its { Err(Cause::WrongObject) } else { Ok(index) }
    }
}

/// A number of 64 bits from its halves.
fn pair(upper: u32, lower: u32) -> u64 {
    u64::from(upper) << 32 | u64::from(lower)
}
