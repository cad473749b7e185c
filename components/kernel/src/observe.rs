//! The calls that look into other domains and into the hardware, and the few that change something there.

use crate::context::PROGRAM_COUNTER;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use abi::{COUNTERS, Call, Cap, Cause, Kind, MESSAGE_WORDS, Rights, Status, Words};

const _: () = assert!(COUNTERS == MESSAGE_WORDS);

impl<M: Machine> Kernel<'_, M> {
    /// Does one of these calls for the thread, whose first words are given.
    pub(crate) fn observe(
        &mut self,
        id: ThreadId,
        call: Call,
        cap: Cap,
        first: u32,
        second: u32,
    ) -> Result<(), Cause> {
        let words = match call {
            Call::Inspect => {
                let domain = self.objects.domains[cap.want(Kind::Domain, Rights::OBSERVE)? as usize];
                Some(words([u32::from(domain.running), domain.generation, domain.faults]))
            }
            Call::Counters => Some(self.counters(cap.want(Kind::Domain, Rights::OBSERVE)?)),
            Call::ReadRegisters => {
                let context =
                    &mut self.thread(ThreadId::new(cap.want(Kind::Thread, Rights::OBSERVE)?)).context;
                Some(core::array::from_fn(|index| {
                    let number = first.saturating_add(index as u32);
                    context.register(number).copied().unwrap_or(0)
                }))
            }
            Call::WriteRegister => {
                let thread = self.thread(ThreadId::new(cap.want(Kind::Thread, Rights::CONTROL)?));
                let aligned = first != PROGRAM_COUNTER || second.is_multiple_of(4);
                let register = thread.context.register(first).filter(|_| thread.faulted && aligned);
                *register.ok_or(Cause::BadArgument)? = second;
                Some(words([]))
            }
            Call::Locate => {
                let region = &self.tables.regions[cap.want(Kind::Region, Rights::OBSERVE)? as usize];
                Some(words([(region.physical >> 32) as u32, region.physical as u32, region.bytes]))
            }
            Call::DcrRead => {
                let number = self.dcr(cap.want(Kind::Dcr, Rights::OBSERVE)?, first)?;
                self.machine.read_dcr(number).map(|value| words([value]))
            }
            _ => {
                let number = self.dcr(cap.want(Kind::Dcr, Rights::USE)?, first)?;
                self.machine.write_dcr(number, second).map(|()| words([]))
            }
        };
        let context = &mut self.thread(id).context;
        match words {
            Some(words) => context.answer_words(words),
            None => context.answer(Status::Hardware),
        }
        Ok(())
    }

    /// The sums over a domain's threads.
    fn counters(&self, domain: u16) -> Words {
        let mut sums = [0_u32; COUNTERS];
        for (thread, table) in self.objects.threads.iter().zip(self.tables.threads) {
            if table.domain == domain {
                for (sum, count) in sums.iter_mut().zip(thread.counters) {
                    *sum = sum.wrapping_add(count);
                }
            }
        }
        sums
    }

    /// The number of a register within a range.
    fn dcr(&self, range: u16, number: u32) -> Result<u32, Cause> {
        let range = &self.tables.dcrs[range as usize];
        if number < u32::from(range.count) {
            Ok(u32::from(range.first) + number)
        } else {
            Err(Cause::BadArgument)
        }
    }
}

/// A message of the given words, the others zero.
fn words<const N: usize>(given: [u32; N]) -> Words {
    core::array::from_fn(|index| given.get(index).copied().unwrap_or(0))
}
