//! What each system call needs, and does.

use super::{Model, State};
use crate::context::Context;
use abi::{Call, Cap, Cause, Kind, Object, Rights, Status};

impl Model {
    /// Does what the thread's registers ask for, or says why not.
    pub(super) fn system_call(&mut self, id: usize) -> Result<(), Cause> {
        let gpr = self.threads[id].context.gpr;
        let domain = self.tables.threads[id].domain;
        let call = Call::from_number(gpr[0]).ok_or(Cause::UnknownCall)?;
        let cap = self.tables.domains[domain as usize].caps.get(gpr[11] as usize).copied();
        let cap = cap.filter(|cap| cap.object() != Object(Kind::None, 0)).ok_or(Cause::BadSlot)?;
        let own_domain =
            if cap.object() == Object(Kind::Domain, domain) { Ok(()) } else { Err(Cause::WrongObject) };
        let own = |index: u16| if index as usize == id { Ok(()) } else { Err(Cause::WrongObject) };
        match call {
            Call::Null => own_domain.map(|()| self.answer(id, Status::Ok)),
            Call::Call => want(cap, Kind::Endpoint, Rights::CALL).map(|server| {
                if self.broken.remove(&(domain, gpr[11])) {
                    self.answer(id, Status::PeerGone);
                } else {
                    self.call(id, server.into(), cap.badge);
                }
            }),
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
                }
                self.take_bits(id, Status::Ok);
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
                self.periods[timer as usize] = u64::from(gpr[5]) << 32 | u64::from(gpr[6]);
            }),
            Call::TimerCancel => want(cap, Kind::Timer, Rights::USE).map(|timer| {
                self.answer(id, Status::Ok);
                self.deadlines[timer as usize] = None;
                self.periods[timer as usize] = 0;
            }),
            Call::Stop => want(cap, Kind::Domain, Rights::CONTROL).map(|victim| {
                self.answer(id, Status::Ok);
                self.stop(victim);
            }),
            Call::HaltNode => want(cap, Kind::Node, Rights::HALT).map(|_| self.halted = Some(gpr[3])),
            Call::Exit => own_domain.map(|()| self.stop(domain)),
            Call::Fail => own_domain.and(Err(Cause::Failed)),
            Call::Restart => want(cap, Kind::Domain, Rights::CONTROL).map(|domain| {
                self.answer(id, Status::Ok);
                self.restart(domain);
            }),
            Call::Yield => own_domain.map(|()| {
                self.answer(id, Status::Ok);
                self.give_way(id);
            }),
            // No system of the tests has a virtual machine.
            Call::VcpuRun => want(cap, Kind::Vcpu, Rights::USE).map(|_| ()),
            Call::VcpuTranslate => want(cap, Kind::Vcpu, Rights::OBSERVE).map(|_| ()),
            Call::Inspect => want(cap, Kind::Domain, Rights::OBSERVE).map(|domain| {
                let domain = domain as usize;
                let running = u32::from(self.running[domain]);
                self.words(id, &[running, self.generations[domain], self.faults[domain]]);
            }),
            Call::Counters => want(cap, Kind::Domain, Rights::OBSERVE).map(|domain| {
                let threads = self.threads_of(domain);
                let sum = |counter: usize| threads.iter().map(|id| self.threads[*id].counters[counter]).sum();
                let sums: [u32; 8] = std::array::from_fn(sum);
                self.words(id, &sums);
            }),
            Call::ReadRegisters => want(cap, Kind::Thread, Rights::OBSERVE).map(|thread| {
                let all = registers(&self.threads[thread as usize].context);
                let shown: Vec<u32> =
                    (0..8).map(|number| all.get(gpr[3] as usize + number).copied().unwrap_or(0)).collect();
                self.words(id, &shown);
            }),
            Call::WriteRegister => want(cap, Kind::Thread, Rights::CONTROL).and_then(|thread| {
                let (number, value) = (gpr[3] as usize, gpr[4]);
                let thread = &mut self.threads[thread as usize];
                let context = &mut thread.context;
                if number > 36 || number == 36 && value % 4 != 0 {
                    return Err(Cause::BadArgument);
                }
                if thread.fault.is_none() {
                    self.answer(id, Status::PeerGone);
                    return Ok(());
                }
                match number {
                    0..=31 => context.gpr[number] = value,
                    32 => context.cr = value,
                    33 => context.lr = value,
                    34 => context.ctr = value,
                    35 => context.xer = value,
                    _ => context.pc = value,
                }
                self.words(id, &[]);
                Ok(())
            }),
            Call::Locate => want(cap, Kind::Region, Rights::OBSERVE).map(|region| {
                let region = self.tables.regions[region as usize];
                self.words(id, &[(region.physical >> 32) as u32, region.physical as u32, region.bytes]);
            }),
            Call::DcrRead => want(cap, Kind::Dcr, Rights::OBSERVE).and_then(|range| {
                let number = self.dcr(range, gpr[3])?;
                match self.dcrs.get(&number).copied() {
                    Some(value) => self.words(id, &[value]),
                    None => self.answer(id, Status::Hardware),
                }
                Ok(())
            }),
            Call::DcrWrite => want(cap, Kind::Dcr, Rights::USE).and_then(|range| {
                let number = self.dcr(range, gpr[3])?;
                let there = self.dcrs.get_mut(&number).map(|register| *register = gpr[4]);
                self.answer(id, if there.is_some() { Status::Ok } else { Status::Hardware });
                Ok(())
            }),
        }
    }

    fn words(&mut self, id: usize, given: &[u32]) {
        let mut words = [0; 8];
        words[..given.len()].copy_from_slice(given);
        self.registers(id, Status::Ok, words, 0, 0);
    }

    fn dcr(&self, range: u16, number: u32) -> Result<u32, Cause> {
        let range = self.tables.dcrs[range as usize];
        let numbers: Vec<u16> = (range.first..range.first + range.count).collect();
        numbers.get(number as usize).map(|number| u32::from(*number)).ok_or(Cause::BadArgument)
    }
}

/// All registers, in the order in which calls number them.
fn registers(context: &Context) -> Vec<u32> {
    let special = [context.cr, context.lr, context.ctr, context.xer, context.pc];
    context.gpr.into_iter().chain(special).collect()
}

/// The index that a capability names, if it is of the kind and has the right.
fn want(cap: Cap, kind: Kind, right: Rights) -> Result<u16, Cause> {
    let Object(found, index) = cap.object();
    if found != kind {
        Err(Cause::WrongObject)
    } else if cap.rights.contains(right) {
        Ok(index)
    } else {
        Err(Cause::MissingRight)
    }
}
