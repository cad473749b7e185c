//! What loads from and stores to the registers mean (4.2.2, 4.2.4).

use runtime::vm::GuestMemory;
use virtual_device::Width;

use super::{Version, Virtio};
use crate::device::CONFIGURATION_BYTES;
use crate::queue::Queue;
use crate::{Device, feature, register};

/// "virt", as a little-endian word.
const MAGIC: u32 = 0x7472_6976;

/// "FUGU", likewise.
const VENDOR: u32 = 0x5547_5546;

/// One half of a 64-bit register.
fn set_half(register: &mut u64, is_high: bool, value: u32) {
    let shift = if is_high { 32 } else { 0 };
    *register = *register & !(0xFFFF_FFFF << shift) | u64::from(value) << shift;
}

/// One half of a 64-bit set; there are no more.
fn half(set: u64, select: u32) -> u32 {
    match select {
        0 => set as u32,
        1 => (set >> 32) as u32,
        _ => 0,
    }
}

impl<D: Device> Virtio<D> {
    fn is_legacy(&self) -> bool {
        self.version != Version::Modern
    }

    /// The queue that the driver has selected.
    fn selected(&mut self) -> Option<&mut Queue> {
        self.queues.get_mut(self.session.queue_select as usize)
    }

    /// The same, to be looked at.
    fn seen(&self) -> Option<&Queue> {
        self.queues.get(self.session.queue_select as usize)
    }

    /// Loads from the configuration. Behind its end there are zeros.
    pub(super) fn configuration(&self, offset: u32, width: Width) -> u32 {
        let bytes = self.device.configuration(self.version.order());
        (offset..offset + width.bytes()).fold(0, |value, at| {
            let byte = bytes[..CONFIGURATION_BYTES].get(at as usize).copied().unwrap_or(0);
            value << 8 | u32::from(byte)
        })
    }

    /// Loads a register.
    pub(super) fn register(&self, offset: u32) -> u32 {
        let session = &self.session;
        let legacy = self.is_legacy();
        match offset {
            register::MAGIC => MAGIC,
            register::VERSION => self.version.number(),
            register::DEVICE_ID => D::ID,
            register::VENDOR_ID => VENDOR,
            register::DEVICE_FEATURES => half(self.offered(), session.device_features_select),
            register::QUEUE_MOST => self.seen().map_or(0, |queue| u32::from(queue.most())),
            register::QUEUE_PAGE_FRAME if legacy => {
                self.seen().filter(|queue| queue.is_ready()).map_or(0, |queue| queue.registers.page_frame)
            }
            register::QUEUE_READY if !legacy => self.seen().map_or(0, |queue| u32::from(queue.is_ready())),
            register::INTERRUPT_STATUS => session.interrupts,
            register::STATUS => session.status,
            register::SHARED_MEMORY..=register::SHARED_MEMORY_LAST if !legacy => u32::MAX,
            // CONFIGURATION_GENERATION is among them: no configuration ever changes.
            _ => 0,
        }
    }

    /// Stores to a register. What the driver may not do now is ignored.
    pub(super) fn set_register<M: GuestMemory>(&mut self, offset: u32, value: u32, memory: &mut M) {
        match offset {
            register::DEVICE_FEATURES_SELECT => self.session.device_features_select = value,
            register::DRIVER_FEATURES_SELECT => self.session.driver_features_select = value,
            register::DRIVER_FEATURES => self.take_features(value),
            register::QUEUE_SELECT => self.session.queue_select = value,
            register::QUEUE_NOTIFY => self.notify(value, memory),
            register::INTERRUPT_ACKNOWLEDGE => self.session.interrupts &= !value,
            register::STATUS => self.set_status(value, memory),
            _ => self.set_queue(offset, value, memory),
        }
    }

    /// Takes 32 features, as long as they are not agreed upon.
    fn take_features(&mut self, value: u32) {
        let settled = if self.is_legacy() { register::DRIVER_OK } else { register::FEATURES_OK };
        let select = self.session.driver_features_select;
        if self.session.status & settled == 0 && select < 2 {
            set_half(&mut self.session.features, select == 1, value);
        }
    }

    /// Comes further, or starts anew. A driver sets bits, and clears them by a reset alone (2.1.1).
    fn set_status<M: GuestMemory>(&mut self, value: u32, memory: &mut M) {
        if value == 0 {
            self.forget();
            return;
        }
        let mut accepted = register::ACKNOWLEDGE | register::DRIVER | register::FAILED;
        if self.is_legacy() {
            // There is nothing to agree upon: what was not offered does not count.
            self.session.features &= self.offered();
            accepted |= register::DRIVER_OK;
        } else {
            // 2.2.2, 6.2: a subset of what was offered, and not as a legacy device.
            let features = self.session.features;
            if features & !self.offered() == 0 && features & feature::VERSION_1 != 0 {
                accepted |= register::FEATURES_OK;
            }
            if (self.session.status | value & accepted) & register::FEATURES_OK != 0 {
                accepted |= register::DRIVER_OK;
            }
        }
        let was_live = self.is_live();
        self.session.status |= value & accepted & 0xFF;
        if !was_live && self.is_live() {
            // Buffers may be there already; notifications before were not for this device to hear.
            for index in 0..self.queues.len() {
                self.turn(index, memory);
            }
        }
    }

    /// A notification: a turn at that queue.
    fn notify<M: GuestMemory>(&mut self, index: u32, memory: &mut M) {
        self.counters.notifications = self.counters.notifications.wrapping_add(1);
        self.turn(index as usize, memory);
    }

    /// Registers of the selected queue. While a queue runs, it can only be stopped.
    fn set_queue<M: GuestMemory>(&mut self, offset: u32, value: u32, memory: &mut M) {
        let legacy = self.is_legacy();
        if legacy && offset == register::GUEST_PAGE_SIZE {
            self.guest_page_bytes = value;
            return;
        }
        let page_bytes = self.guest_page_bytes;
        let is_stuck = self.session.broken.is_some();
        let Some(queue) = self.selected().filter(|queue| queue.most() != 0) else { return };
        let starts = match offset {
            register::QUEUE_PAGE_FRAME if legacy => value != 0,
            register::QUEUE_READY if !legacy => value & 1 != 0,
            _ => {
                if !queue.is_ready() {
                    set_place(queue, legacy, offset, value);
                }
                return;
            }
        };
        if !starts {
            queue.stop();
        } else if !queue.is_ready() && !is_stuck {
            let outcome = if legacy {
                queue.registers.page_frame = value;
                queue.start_legacy(memory, page_bytes)
            } else {
                queue.start(memory)
            };
            if let Err(why) = outcome {
                self.fail(why);
            }
        }
    }
}

/// Registers that say where a stopped queue will lie.
fn set_place(queue: &mut Queue, legacy: bool, offset: u32, value: u32) {
    const HIGH: u32 = 4;
    let place = &mut queue.registers;
    match offset {
        register::QUEUE_SIZE => place.size = value,
        register::QUEUE_ALIGN if legacy => place.align = value,
        _ if legacy => {}
        _ => {
            let starts = [register::QUEUE_DESCRIPTORS, register::QUEUE_DRIVER, register::QUEUE_DEVICE];
            for (part, start) in place.parts.iter_mut().zip(starts) {
                if offset == start || offset == start + HIGH {
                    set_half(part, offset != start, value);
                }
            }
        }
    }
}
