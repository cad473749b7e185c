//! The calls that look into other domains and into the hardware, and the few that change something there.

use crate::checked::at;
use crate::context::PROGRAM_COUNTER;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use abi::{Badge, COUNTERS, Call, Cause, MESSAGE_WORDS, Status, Tag};

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
        let mut words = [0; MESSAGE_WORDS];
        let mut status = Status::Ok;
        match call {
            Call::Inspect => {
                let domain = self.domain(index);
                [words[0], words[1], words[2]] = [domain.running.into(), domain.generation, domain.faults];
            }
            Call::Counters => {
                for (other, _) in self.threads_of(index) {
                    for (sum, count) in words.iter_mut().zip(&self.thread(other).counters) {
                        *sum = sum.wrapping_add(*count);
                    }
                }
            }
            Call::ReadRegisters => {
                let context = &mut self.thread(ThreadId::new(index)).context;
                for (number, word) in (0..).zip(&mut words) {
                    *word = context.register(first.saturating_add(number)).copied().unwrap_or(0);
                }
            }
            Call::WriteRegister => {
                let thread = self.thread(ThreadId::new(index));
                let aligned = first != PROGRAM_COUNTER || second.is_multiple_of(4);
                let waits = thread.faulted;
                let register =
                    thread.context.register(first).filter(|_| aligned).ok_or(Cause::BadArgument)?;
                if waits {
                    *register = second;
                } else {
                    // Its life may have ended while the handler was at it: no fault of the handler's.
                    status = Status::PeerGone;
                }
            }
            Call::Locate => {
                let region = at(self.tables().regions, index);
                [words[0], words[1], words[2]] =
                    [(region.physical >> 32) as u32, region.physical as u32, region.bytes];
            }
            _ => {
                let range = at(self.tables().dcrs, index);
                if first >= range.count.into() {
                    return Err(Cause::BadArgument);
                }
                let number = u32::from(range.first) + first;
                match self.machine.access_dcr(number, (call == Call::DcrWrite).then_some(second)) {
                    Some(value) => words[0] = value,
                    None => status = Status::Hardware,
                }
            }
        }
        self.thread(id).context.deliver(status, Badge(0), Tag::default(), words);
        Ok(())
    }
}
