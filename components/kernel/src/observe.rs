//! The calls that look into other domains and into the hardware, and the few that change something there.

use crate::checked::at;
use crate::context::PROGRAM_COUNTER;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use abi::{COUNTERS, Call, Cause, MESSAGE_WORDS, Status, Words};

const _: () = assert!(COUNTERS == MESSAGE_WORDS);

impl<N: Node> Kernel<N> {
    /// Does one of these calls for the thread, on the object of an index.
    #[inline(never)]
    pub(crate) fn observe(
        &mut self,
        id: ThreadId,
        call: Call,
        index: u16,
        [first, second]: [u32; 2],
    ) -> Result<(), Cause> {
        match call {
            Call::Inspect => {
                let domain = *self.domain(index);
                self.say(id, Status::Ok, &[domain.running.into(), domain.generation, domain.faults]);
            }
            Call::Counters => {
                let counters = self.counters(index);
                self.say(id, Status::Ok, &counters);
            }
            Call::ReadRegisters => {
                let mut words = [0; MESSAGE_WORDS];
                let context = &mut self.thread(ThreadId::new(index)).context;
                for (number, word) in (0..).zip(&mut words) {
                    *word = context.register(first.saturating_add(number)).copied().unwrap_or(0);
                }
                self.say(id, Status::Ok, &words);
            }
            Call::WriteRegister => {
                let thread = self.thread(ThreadId::new(index));
                let aligned = first != PROGRAM_COUNTER || second.is_multiple_of(4);
                let waits = thread.faulted;
                let register =
                    thread.context.register(first).filter(|_| aligned).ok_or(Cause::BadArgument)?;
                // Its life may have ended while the handler was at it: no fault of the handler's.
                let status = if waits { Status::Ok } else { Status::PeerGone };
                *register = if waits { second } else { *register };
                self.say(id, status, &[]);
            }
            Call::Locate => {
                let region = at(self.tables().regions, index);
                self.say(
                    id,
                    Status::Ok,
                    &[(region.physical >> 32) as u32, region.physical as u32, region.bytes],
                );
            }
            _ => {
                let number = self.dcr(index, first)?;
                let value = if call == Call::DcrRead {
                    self.machine.read_dcr(number)
                } else {
                    self.machine.write_dcr(number, second).map(|()| 0)
                };
                let status = if value.is_some() { Status::Ok } else { Status::Hardware };
                self.say(id, status, &[value.unwrap_or(0)]);
            }
        }
        Ok(())
    }

    /// Answers with a status and words, the others zero.
    #[inline(never)]
    fn say(&mut self, id: ThreadId, status: Status, words: &[u32]) {
        let context = &mut self.thread(id).context;
        context.answer(status);
        for (register, word) in context.gpr[3..].iter_mut().zip(words) {
            *register = *word;
        }
    }

    /// The sums over a domain's threads.
    #[inline(never)]
    fn counters(&mut self, domain: u16) -> Words {
        let mut sums = [0_u32; COUNTERS];
        for (id, _) in self.threads_of(domain) {
            for (sum, count) in sums.iter_mut().zip(self.thread(id).counters) {
                *sum = sum.wrapping_add(count);
            }
        }
        sums
    }

    /// The number of a register within a range.
    fn dcr(&self, range: u16, number: u32) -> Result<u32, Cause> {
        let range = at(self.tables().dcrs, range);
        if number < u32::from(range.count) {
            Ok(u32::from(range.first) + number)
        } else {
            Err(Cause::BadArgument)
        }
    }
}
