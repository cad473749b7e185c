//! What the clients of a domain learn of its end.
//!
//! A call in flight ends at once. Besides, every slot by which another domain may call the one that ended is
//! *broken*: the next call through it answers that the peer is gone, and mends it. So a client cannot go on with a
//! server that has forgotten it, however fast that was restarted, and it is told exactly once. A call in flight
//! counts as told if only one slot leads to that server.
//!
//! The assembly fast path knows nothing of this: while a slot of a domain is broken, its threads seem to have no
//! slots at all there, and all their calls take the general path.

use crate::checked::{at, object};
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Node;
use abi::{Cap, Kind, Rights};

impl<N: Node> Kernel<N> {
    /// Breaks every slot by which a running domain may call the one that has ended.
    pub(crate) fn break_slots(&mut self, gone: u16) {
        let tables = self.tables();
        for (number, domain) in (0_u16..).zip(tables.domains) {
            if !self.domain(number).running {
                continue;
            }
            for (slot, cap) in (0_u32..).zip(domain.caps) {
                if called(cap).is_some_and(|server| at(tables.threads, server.index()).domain == gone) {
                    self.set_broken(number, slot, true);
                }
            }
        }
    }

    /// Mends a slot that the thread calls through; whether it was broken.
    #[inline]
    pub(crate) fn mend(&mut self, id: ThreadId, slot: u32) -> bool {
        let number = self.thread(id).domain;
        self.domain(number).broken != 0 && self.set_broken(number, slot, false)
    }

    /// The call of `caller` has ended because `server` has: if only one slot leads there, that was the one.
    pub(crate) fn tell(&mut self, caller: ThreadId, server: ThreadId) {
        let slots = (0_u32..).zip(self.domain_of(caller).caps);
        let mut slots = slots.filter(|(_, cap)| called(cap) == Some(server));
        if let (Some((slot, _)), None) = (slots.next(), slots.next()) {
            self.mend(caller, slot);
        }
    }

    /// Breaks or mends a slot, and hides the domain's slots from the assembly while one is broken; whether that
    /// changed anything.
    pub(crate) fn set_broken(&mut self, number: u16, slot: u32, broken: bool) -> bool {
        let place = self.domain(number).first_slot + slot;
        if core::mem::replace(object(self.state().broken, place as usize), broken) == broken {
            return false;
        }
        let slots = at(self.tables().domains, number).caps.len() as u32;
        let domain = self.domain(number);
        domain.broken = if broken { domain.broken + 1 } else { domain.broken - 1 };
        let visible = if domain.broken == 0 { slots } else { 0 };
        for (id, _) in self.threads_of(number) {
            self.thread(id).fixed.cap_count = visible;
        }
        true
    }
}

/// The server that a capability allows to call.
fn called(cap: &Cap) -> Option<ThreadId> {
    cap.want(Kind::Endpoint, Rights::CALL).ok().map(ThreadId::new)
}
