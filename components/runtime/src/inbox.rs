//! The thread's notification, and the bits that arrived while another was waited for.
//!
//! A thread has one bound notification. Everything that can wake it (events of its wires, the end of a
//! peer, interrupts, timers) has bits of its own there, so one wait can bring bits that nobody asked for
//! yet. [`Signals`] keeps them; none is lost.
//!
//! ```text
//!   kernel ──bits──▶ Signals ◀──take── Inbox (one for each wire, device, timer; a copy of a reference)
//!                       │
//!                       └──▶ passives' `notified`, while the active instance of a fused domain waits
//! ```

use core::cell::Cell;
use core::fmt;

use abi::{Badge, Words};

use crate::system::{self, Received};
use crate::{Answer, Bits, Message, Slot, WireError};

/// The thread's notification and its kept bits. A generated main has one.
#[derive(Debug)]
pub struct Signals {
    slot: Slot,
    kept: Cell<u32>,
    /// Bits among the kept ones that nobody was handed yet: they came while an answer was waited for.
    aside: Cell<u32>,
    /// The reply to the last call, if the thread answered it and has not waited since.
    owed: Cell<Option<Message>>,
}

impl Signals {
    /// The notification that the slot names: the calling thread's own, with the right to wait.
    pub const fn new(slot: Slot) -> Self {
        Self { slot, kept: Cell::new(0), aside: Cell::new(0), owed: Cell::new(None) }
    }

    /// Keeps bits until somebody takes them.
    pub(crate) fn keep(&self, bits: Bits) {
        self.kept.set(self.kept.get() | bits.0);
    }

    /// Keeps bits that the passive instances have not been handed yet.
    pub(crate) fn put_aside(&self, bits: Bits) {
        self.keep(bits);
        self.aside.set(self.aside.get() | bits.0);
    }

    /// Takes the bits that were put aside. They stay kept.
    pub(crate) fn take_aside(&self) -> Bits {
        Bits(self.aside.take())
    }

    /// Forgets kept bits that nobody will take.
    pub(crate) fn drop_kept(&self, bits: Bits) {
        self.take_kept(bits);
    }

    /// Keeps and returns what the kernel holds.
    pub(crate) fn poll(&self) -> Bits {
        let bits = system::poll(self.slot);
        self.keep(bits);
        bits
    }

    /// Sends the reply that is owed, if any, and waits for a message or for bits.
    pub(crate) fn receive(&self, endpoint: Slot) -> Answer {
        match self.owed.take() {
            Some(reply) => system::reply_receive(endpoint, &reply),
            None => system::receive(endpoint),
        }
    }

    fn take_kept(&self, wanted: Bits) -> Bits {
        let kept = self.kept.get();
        self.kept.set(kept & !wanted.0);
        Bits(kept & wanted.0)
    }
}

/// One user's view of the thread's [`Signals`]. It also says who may wait.
#[derive(Clone, Copy)]
pub struct Inbox<'a> {
    signals: &'a Signals,
    waits: Waits<'a>,
}

/// What answers calls, as [`serve`](crate::serve()) has it.
type Answers<'a> = &'a dyn Fn(Badge, u16, &Words) -> Result<Message, WireError>;

/// What happens on a wait.
#[derive(Clone, Copy)]
enum Waits<'a> {
    /// The instance is alone in its domain.
    Alone,
    /// The instance drives passive ones: they see each bit that arrives while it waits.
    Driving(&'a dyn Fn(Bits)),
    /// The same, in a domain that others call: their calls are answered while the instance waits.
    Serving { endpoint: Slot, answer: Answers<'a>, passives: &'a dyn Fn(Bits) },
    /// The instance is passive and never waits: its thread hands it each bit.
    Never,
}

impl<'a> Inbox<'a> {
    /// For the active instance of a domain without passive ones.
    pub const fn of(signals: &'a Signals) -> Self {
        Self { signals, waits: Waits::Alone }
    }

    /// For the active instance of a fused domain; `passives` hands bits to the passive instances.
    pub const fn driving(signals: &'a Signals, passives: &'a dyn Fn(Bits)) -> Self {
        Self { signals, waits: Waits::Driving(passives) }
    }

    /// For the active instance of a fused domain that also serves an endpoint. Calls are answered while the
    /// instance waits; once its `run` has returned, [`serve`](crate::serve()) goes on with the same two.
    pub const fn serving(
        signals: &'a Signals,
        endpoint: Slot,
        answer: &'a dyn Fn(Badge, u16, &Words) -> Result<Message, WireError>,
        passives: &'a dyn Fn(Bits),
    ) -> Self {
        Self { signals, waits: Waits::Serving { endpoint, answer, passives } }
    }

    /// For passive instances: a wait is refused, because a server method answers at once.
    pub const fn passive(signals: &'a Signals) -> Self {
        Self { signals, waits: Waits::Never }
    }

    /// Takes those of the wanted bits that have arrived, without waiting.
    pub fn take(&self, wanted: Bits) -> Bits {
        match self.waits {
            // What the kernel still holds reaches a passive instance through `notified` first.
            Waits::Never => {}
            _ => self.arrived(self.signals.take_aside() | system::poll(self.signals.slot)),
        }
        self.signals.take_kept(wanted)
    }

    /// Waits until any of the wanted bits has arrived, and takes those that have.
    ///
    /// # Errors
    ///
    /// [`WireError::Busy`] in a passive instance, [`WireError::Malformed`] if no bit is wanted: such a
    /// wait would never end.
    pub fn wait(&self, wanted: Bits) -> Result<Bits, WireError> {
        if wanted.is_empty() {
            return Err(WireError::Malformed);
        }
        loop {
            let taken = self.signals.take_kept(wanted);
            if !taken.is_empty() {
                return Ok(taken);
            }
            self.wait_for_more()?;
        }
    }

    /// Waits until something happens: bits arrive, which are kept and handed to the passive instances, or a
    /// call, which is answered. Either can have raised an event of a direct wire.
    ///
    /// # Errors
    ///
    /// [`WireError::Busy`] in a passive instance.
    #[inline(always)]
    pub(crate) fn wait_for_more(&self) -> Result<(), WireError> {
        if !matches!(self.waits, Waits::Alone) {
            return self.wait_with_others();
        }
        // Nobody else hears of it, so what was put aside comes with what is waited for.
        let aside = self.signals.take_aside();
        let arrived = if aside.is_empty() { system::wait(self.signals.slot) } else { aside };
        self.signals.keep(arrived);
        Ok(())
    }

    /// The same, where others hear of what arrives.
    #[inline(never)]
    fn wait_with_others(&self) -> Result<(), WireError> {
        if !matches!(self.waits, Waits::Never) {
            let aside = self.signals.take_aside();
            if !aside.is_empty() {
                self.arrived(aside);
                return Ok(());
            }
        }
        match self.waits {
            Waits::Never => Err(WireError::Busy),
            Waits::Alone | Waits::Driving(_) => {
                self.arrived(system::wait(self.signals.slot));
                Ok(())
            }
            Waits::Serving { endpoint, answer, .. } => self.serve_once(endpoint, answer),
        }
    }

    /// Waits for a call, which is answered, or for bits. Apart from the wait for bits alone, which is to stay
    /// short.
    #[inline(never)]
    fn serve_once(&self, endpoint: Slot, answer: Answers<'a>) -> Result<(), WireError> {
        match self.signals.receive(endpoint).into() {
            Received::Message { badge, operation, words } => {
                // The next wait sends it: what the call changed may be what this wait is for.
                let reply = answer(badge, operation, &words).unwrap_or_else(Message::refusal);
                self.signals.owed.set(Some(reply));
            }
            Received::Notified(bits) => self.arrived(bits),
            Received::ClientGone => {}
            Received::Refused => return Err(WireError::Hardware),
        }
        Ok(())
    }

    /// Waits until any of the wanted bits has arrived, and takes those that have. As during a call, nobody
    /// is handed what arrives meanwhile: it is put aside until the thread waits for itself. So a passive
    /// instance may wait in this way too.
    pub(crate) fn wait_aside(&self, wanted: Bits) -> Bits {
        loop {
            let taken = self.signals.take_kept(wanted);
            if !taken.is_empty() {
                return taken;
            }
            let arrived = system::wait(self.signals.slot);
            self.signals.put_aside(arrived.without(wanted));
            self.signals.keep(arrived);
        }
    }

    /// Takes those of the wanted bits that have arrived, without waiting and without handing on others.
    pub(crate) fn take_aside(&self, wanted: Bits) -> Bits {
        let arrived = system::poll(self.signals.slot);
        self.signals.put_aside(arrived.without(wanted));
        self.signals.keep(arrived);
        self.signals.take_kept(wanted)
    }

    /// Hands the passive instances what has arrived, without waiting.
    pub(crate) fn look(&self) {
        self.take(Bits::NONE);
    }

    /// Whether nothing was put aside.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.signals.aside.get() == 0
    }

    /// Hands the passive instances what was put aside, without asking the kernel.
    pub(crate) fn look_aside(&self) {
        self.arrived(self.signals.take_aside());
    }

    /// Waits until bits arrive, keeps them and hands them on.
    pub(crate) fn hear(&self) {
        self.arrived(system::wait(self.signals.slot));
    }

    /// Keeps bits and hands them to the passive instances.
    pub(crate) fn arrived(&self, bits: Bits) {
        if bits.is_empty() {
            return;
        }
        self.signals.keep(bits);
        if let Waits::Driving(passives) | Waits::Serving { passives, .. } = self.waits {
            passives(bits);
        }
    }
}

impl fmt::Debug for Inbox<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = match self.waits {
            Waits::Alone => "alone",
            Waits::Driving(_) => "driving",
            Waits::Serving { .. } => "serving",
            Waits::Never => "never",
        };
        formatter.debug_struct("Inbox").field("signals", self.signals).field("waits", &waits).finish()
    }
}
