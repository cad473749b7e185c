//! A virtqueue: what the driver says of it in registers, and how far the device has come in it.

use core::sync::atomic::{Ordering, fence};

use runtime::vm::GuestMemory;

use crate::chain::{Chain, LONGEST, Start};
use crate::ring::{Ring, is_due};
use crate::{Broken, Endian};

/// Flag of the available ring: the driver wants no interrupt (2.7.6).
const NO_INTERRUPT: u16 = 1;

/// What driver and device have agreed upon for all queues.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agreed {
    /// Byte order of all that lies in memory.
    pub(crate) order: Endian,
    /// Descriptors may stand for tables.
    pub(crate) indirect: bool,
    /// Event indices say who wants to hear of what.
    pub(crate) event_index: bool,
}

/// Where the driver says that the queue lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registers {
    /// Descriptors.
    pub(crate) size: u32,
    /// Modern: guest-physical addresses of the three parts.
    pub(crate) parts: [u64; 3],
    /// Legacy: the page on which it begins.
    pub(crate) page_frame: u32,
    /// Legacy: alignment of the used ring.
    pub(crate) align: u32,
}

/// A queue.
#[derive(Debug)]
pub(crate) struct Queue {
    most: u16,
    /// As the driver wrote them, not checked before the queue starts.
    pub(crate) registers: Registers,
    ring: Option<Ring>,
    /// How many chains were ever taken.
    taken: u16,
    /// How many were ever used.
    used: u16,
    /// How many were used when the driver's wish for an interrupt was last looked at.
    judged: u16,
}

impl Queue {
    /// A queue of at most so many descriptors; 0: there is no such queue.
    pub(crate) const fn new(most: u16) -> Self {
        assert!(most as usize <= LONGEST && (most == 0 || most.is_power_of_two()));
        let registers = Registers { size: 0, parts: [0; 3], page_frame: 0, align: 0 };
        Self { most, registers, ring: None, taken: 0, used: 0, judged: 0 }
    }

    /// The most descriptors that it can have.
    pub(crate) fn most(&self) -> u16 {
        self.most
    }

    /// How many chains it can hold now; 0 if it is stopped.
    pub(crate) fn size(&self) -> u16 {
        self.ring.map_or(0, |ring| ring.size())
    }

    /// Whether it has started.
    pub(crate) fn is_ready(&self) -> bool {
        self.ring.is_some()
    }

    /// Starts a modern queue.
    pub(crate) fn start(&mut self, memory: &impl GuestMemory) -> Result<(), Broken> {
        let size = self.checked_size()?;
        self.begin(Ring::new(memory, size, self.registers.parts)?);
        Ok(())
    }

    /// Starts a legacy queue, whose page frame counts pages of so many bytes.
    pub(crate) fn start_legacy(&mut self, memory: &impl GuestMemory, page_bytes: u32) -> Result<(), Broken> {
        let size = self.checked_size()?;
        let start = u64::from(self.registers.page_frame) * u64::from(page_bytes);
        let parts = Ring::legacy_parts(size, start, self.registers.align)?;
        self.begin(Ring::new(memory, size, parts)?);
        Ok(())
    }

    /// Stops it, and forgets where it lies.
    pub(crate) fn stop(&mut self) {
        *self = Self::new(self.most);
    }

    fn checked_size(&self) -> Result<u16, Broken> {
        let size = u16::try_from(self.registers.size).map_err(|_| Broken::QueueSize)?;
        if size <= self.most { Ok(size) } else { Err(Broken::QueueSize) }
    }

    fn begin(&mut self, ring: Ring) {
        (self.ring, self.taken, self.used, self.judged) = (Some(ring), 0, 0, 0);
    }

    /// Whether chains wait. Where event indices are in use, the driver is asked to tell of the next one if not.
    pub(crate) fn waits(&self, memory: &mut impl GuestMemory, agreed: Agreed) -> Result<bool, Broken> {
        let Some(ring) = self.ring else { return Ok(false) };
        if self.is_ahead(memory, agreed.order, &ring)? {
            return Ok(true);
        }
        if agreed.event_index {
            ring.set_available_event(memory, agreed.order, self.taken)?;
            // A chain may have come before the driver saw this: another core may be the guest.
            fence(Ordering::SeqCst);
            return self.is_ahead(memory, agreed.order, &ring);
        }
        Ok(false)
    }

    fn is_ahead(&self, memory: &impl GuestMemory, order: Endian, ring: &Ring) -> Result<bool, Broken> {
        let ahead = ring.available_index(memory, order)?.wrapping_sub(self.taken);
        if ahead > ring.size() { Err(Broken::AvailableIndex) } else { Ok(ahead != 0) }
    }

    /// Takes the next chain, after [`waits`](Self::waits) has said that there is one.
    pub(crate) fn take(
        &mut self,
        memory: &impl GuestMemory,
        agreed: Agreed,
        chain: &mut Chain,
    ) -> Result<(), Broken> {
        let Some(ring) = self.ring else { return Err(Broken::AvailableIndex) };
        // The entry and its descriptors were written before the index.
        fence(Ordering::Acquire);
        let head = ring.head(memory, agreed.order, self.taken)?;
        let start = Start {
            table: ring.descriptors(),
            entries: ring.size(),
            head,
            // A driver that has less memory may choose a short queue, and still cut requests as finely as it
            // learnt from the device.
            longest: self.most,
            indirect: agreed.indirect,
        };
        chain.gather(memory, agreed.order, start)?;
        self.taken = self.taken.wrapping_add(1);
        Ok(())
    }

    /// Puts the chain back that was taken last, to take it again later.
    pub(crate) fn put_back(&mut self) {
        self.taken = self.taken.wrapping_sub(1);
    }

    /// Gives a chain back to the driver.
    pub(crate) fn give(
        &mut self,
        memory: &mut impl GuestMemory,
        agreed: Agreed,
        chain: &Chain,
    ) -> Result<(), Broken> {
        let Some(ring) = self.ring else { return Ok(()) };
        ring.set_used(memory, agreed.order, self.used, (chain.head(), chain.written()))?;
        self.used = self.used.wrapping_add(1);
        // Whoever sees the index sees the entry, and all that was written into the chain.
        fence(Ordering::Release);
        ring.set_used_index(memory, agreed.order, self.used)
    }

    /// Whether the driver wants an interrupt for what was given back since this was asked last (2.7.7).
    pub(crate) fn wants_interrupt(
        &mut self,
        memory: &impl GuestMemory,
        agreed: Agreed,
    ) -> Result<bool, Broken> {
        let Some(ring) = self.ring else { return Ok(false) };
        if self.used == self.judged {
            return Ok(false);
        }
        // The driver may have changed its mind right before it saw the used index.
        fence(Ordering::SeqCst);
        let wants = if agreed.event_index {
            is_due(ring.used_event(memory, agreed.order)?, self.used, self.judged)
        } else {
            ring.available_flags(memory, agreed.order)? & NO_INTERRUPT == 0
        };
        self.judged = self.used;
        Ok(wants)
    }
}
