//! Synchronous call and reply.
//!
//! A message is the registers of two contexts; nothing else is read. A server owes at most one reply,
//! and the debt is kept with both threads, so that either's end settles it.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::Run;
use abi::{Badge, Status};

impl<M: Machine> Kernel<'_, M> {
    /// `caller` calls `endpoint`: the message goes to the server at once if it waits, else the caller
    /// queues until the server takes it.
    pub(crate) fn call(&mut self, caller: ThreadId, endpoint: u16, badge: Badge) {
        let server = self.server_of(endpoint);
        match self.thread(server).run {
            Run::Stopped => self.thread(caller).context.answer(Status::PeerGone),
            Run::Receiving => {
                self.hand_over(caller, server, badge);
                self.make_ready(server);
            }
            _ => {
                let thread = self.thread(caller);
                thread.run = Run::Queued { endpoint };
                thread.badge = badge;
                self.objects.callers[endpoint as usize].push_back(self.objects.threads, caller);
            }
        }
    }

    /// `server` waits for a message or a notification. A reply that it still owes will never come: the
    /// caller learns it.
    pub(crate) fn receive(&mut self, server: ThreadId, endpoint: u16) {
        if let Some(caller) = self.thread(server).owes.take() {
            self.fail_caller(caller);
        }
        if let Some(bits) = self.take_signals(server) {
            self.thread(server).context.answer_bits(Status::Notified, bits);
        } else if let Some(caller) = self.objects.callers[endpoint as usize].pop_front(self.objects.threads) {
            let badge = self.thread(caller).badge;
            self.hand_over(caller, server, badge);
        } else {
            self.thread(server).run = Run::Receiving;
        }
    }

    /// `server` answers the caller that it owes a reply, if there still is one, and receives again.
    pub(crate) fn reply_receive(&mut self, server: ThreadId, endpoint: u16) {
        let context = &self.thread(server).context;
        let (tag, words) = (context.tag(), context.words());
        if let Some(caller) = self.thread(server).owes.take() {
            self.thread(caller).context.deliver(Status::Ok, Badge(0), tag, words);
            self.make_ready(caller);
        }
        self.receive(server, endpoint);
    }

    /// Gives the caller's message to the server, which owes the reply from now on.
    fn hand_over(&mut self, caller: ThreadId, server: ThreadId, badge: Badge) {
        let from = self.thread(caller);
        from.run = Run::AwaitingReply { server };
        let (tag, words) = (from.context.tag(), from.context.words());
        let to = self.thread(server);
        to.owes = Some(caller);
        to.context.deliver(Status::Ok, badge, tag, words);
    }

    /// Ends a thread's part in every call: the peers of its calls learn that it is gone.
    pub(crate) fn leave_calls(&mut self, id: ThreadId) {
        match self.thread(id).run {
            Run::Queued { endpoint } => {
                self.objects.callers[endpoint as usize].remove(self.objects.threads, id);
            }
            Run::AwaitingReply { server } => self.thread(server).owes = None,
            _ => {}
        }
        if let Some(caller) = self.thread(id).owes.take() {
            self.fail_caller(caller);
        }
        for endpoint in 0..self.tables.endpoints.len() {
            if self.tables.endpoints[endpoint].server != id.0 {
                continue;
            }
            while let Some(caller) = self.objects.callers[endpoint].pop_front(self.objects.threads) {
                self.fail_caller(caller);
            }
        }
    }

    fn fail_caller(&mut self, caller: ThreadId) {
        self.thread(caller).context.answer(Status::PeerGone);
        self.make_ready(caller);
    }

    fn server_of(&self, endpoint: u16) -> ThreadId {
        ThreadId(self.tables.endpoints[endpoint as usize].server)
    }
}
