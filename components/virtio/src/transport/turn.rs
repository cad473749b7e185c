//! A turn at a queue: what waits there goes through the device, and back to the driver.

use runtime::vm::GuestMemory;

use super::Virtio;
use crate::{Broken, Device, Request, Served, Version, register};

impl<D: Device> Virtio<D> {
    /// Takes a turn at a queue, if the driver is ready and there is such a queue.
    pub(super) fn turn<M: GuestMemory>(&mut self, index: usize, memory: &mut M) {
        if !self.is_live() {
            return;
        }
        match self.serve(index, memory) {
            Ok(true) => self.raise(register::USED_BUFFER),
            Ok(false) => {}
            Err(why) => self.fail(why),
        }
    }

    /// Serves at most as many requests as the queue can hold. Says whether the driver wants an interrupt.
    fn serve<M: GuestMemory>(&mut self, index: usize, memory: &mut M) -> Result<bool, Broken> {
        let agreed = self.agreed();
        let is_modern = self.version == Version::Modern;
        let Some(queue) = self.queues.get_mut(index) else { return Ok(false) };
        let mut rounds = queue.size();
        // It is asked once more at the end: then the driver learns what the device wants to hear of next.
        while queue.waits(memory, agreed)? && rounds != 0 && self.device.is_ready(index) {
            rounds -= 1;
            queue.take(memory, agreed, &mut self.chain)?;
            let mut request = Request::new(&mut self.chain, memory, agreed.order, is_modern);
            if self.device.serve(index, &mut request)? == Served::Later {
                queue.put_back();
                break;
            }
            queue.give(memory, agreed, &self.chain)?;
            self.counters.requests = self.counters.requests.wrapping_add(1);
        }
        queue.wants_interrupt(memory, agreed)
    }
}
