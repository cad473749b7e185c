//! The three parts of a split virtqueue in the guest's RAM (2.7), as addresses that have been checked once.

use runtime::vm::GuestMemory;

use crate::{Broken, Endian};

/// Bytes of a descriptor (2.7.5).
pub(crate) const DESCRIPTOR_BYTES: u32 = 16;

/// Bytes of the flags and the index before the entries of either ring (2.7.6, 2.7.8).
const RING_HEAD: u64 = 4;

/// Bytes of a used ring's entry (2.7.8).
const USED_BYTES: u64 = 8;

/// A queue in RAM.
///
/// Holding one proves that its size is a power of two and that its three parts lay in the guest's RAM.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ring {
    size: u16,
    descriptors: u64,
    available: u64,
    used: u64,
}

/// A descriptor as it stands in a table (2.7.5).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Descriptor {
    /// Guest-physical address of its bytes.
    pub(crate) address: u64,
    /// How many they are.
    pub(crate) bytes: u32,
    /// [`Descriptor::NEXT`] and its like.
    pub(crate) flags: u16,
    /// The number of the next one.
    pub(crate) next: u16,
}

impl Descriptor {
    /// Another one follows.
    pub(crate) const NEXT: u16 = 1;
    /// The device writes, and does not read.
    pub(crate) const WRITE: u16 = 2;
    /// It stands for a table of descriptors.
    pub(crate) const INDIRECT: u16 = 4;

    /// Reads one. `address` must not be near the end of all addresses.
    pub(crate) fn read(memory: &impl GuestMemory, order: Endian, address: u64) -> Result<Self, Broken> {
        let mut bytes = [0; DESCRIPTOR_BYTES as usize];
        memory.read(address, &mut bytes).map_err(|_| Broken::OutsideRam)?;
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
        Ok(Self {
            address: order.double([a, b, c, d, e, f, g, h]),
            bytes: order.word([i, j, k, l]),
            flags: order.half([m, n]),
            next: order.half([o, p]),
        })
    }
}

/// Where bytes from a guest-physical address begin, counted from the start of its RAM.
pub(crate) fn inside(memory: &impl GuestMemory, address: u64, bytes: u64) -> Result<u32, Broken> {
    let offset = address.checked_sub(memory.base()).ok_or(Broken::OutsideRam)?;
    let end = offset.checked_add(bytes).ok_or(Broken::OutsideRam)?;
    if end > u64::from(memory.bytes()) {
        return Err(Broken::OutsideRam);
    }
    u32::try_from(offset).map_err(|_| Broken::OutsideRam)
}

/// Whether the other side, which wants to hear of index `event`, hears of a step from `old` to `new` (2.7.7.2,
/// 2.7.10.2).
pub(crate) const fn is_due(event: u16, new: u16, old: u16) -> bool {
    new.wrapping_sub(event).wrapping_sub(1) < new.wrapping_sub(old)
}

impl Ring {
    /// The queue of these three parts.
    pub(crate) fn new(
        memory: &impl GuestMemory,
        size: u16,
        [descriptors, available, used]: [u64; 3],
    ) -> Result<Self, Broken> {
        if !size.is_power_of_two() {
            return Err(Broken::QueueSize);
        }
        // 2.7: the alignments of the three parts.
        if !(descriptors.is_multiple_of(16) && available.is_multiple_of(2) && used.is_multiple_of(4)) {
            return Err(Broken::QueueAlignment);
        }
        let entries = u64::from(size);
        // Each ring ends in the index at which the other side wants to hear of it.
        inside(memory, descriptors, entries * u64::from(DESCRIPTOR_BYTES))?;
        inside(memory, available, RING_HEAD + entries * 2 + 2)?;
        inside(memory, used, RING_HEAD + entries * USED_BYTES + 2)?;
        Ok(Self { size, descriptors, available, used })
    }

    /// The three parts of a legacy queue, one behind the other, the used ring at the next multiple of `align` (2.7.2).
    pub(crate) fn legacy_parts(size: u16, start: u64, align: u32) -> Result<[u64; 3], Broken> {
        if !align.is_power_of_two() {
            return Err(Broken::QueueAlignment);
        }
        let entries = u64::from(size);
        let available = start.checked_add(entries * u64::from(DESCRIPTOR_BYTES)).ok_or(Broken::OutsideRam)?;
        let end = available.checked_add(RING_HEAD + entries * 2 + 2).ok_or(Broken::OutsideRam)?;
        let used = end.checked_next_multiple_of(u64::from(align)).ok_or(Broken::OutsideRam)?;
        Ok([start, available, used])
    }

    /// How many descriptors it has.
    pub(crate) fn size(&self) -> u16 {
        self.size
    }

    /// Guest-physical address of the descriptor table.
    pub(crate) fn descriptors(&self) -> u64 {
        self.descriptors
    }

    /// The place of an index that counts on for ever.
    fn slot(&self, index: u16) -> u64 {
        u64::from(index & (self.size - 1))
    }

    /// Flags of the available ring.
    pub(crate) fn available_flags(&self, memory: &impl GuestMemory, order: Endian) -> Result<u16, Broken> {
        half(memory, order, self.available)
    }

    /// How many chains the driver has ever made available.
    pub(crate) fn available_index(&self, memory: &impl GuestMemory, order: Endian) -> Result<u16, Broken> {
        half(memory, order, self.available + 2)
    }

    /// The first descriptor of a chain that the driver made available.
    pub(crate) fn head(&self, memory: &impl GuestMemory, order: Endian, index: u16) -> Result<u16, Broken> {
        half(memory, order, self.available + RING_HEAD + self.slot(index) * 2)
    }

    /// The used index of which the driver wants to hear.
    pub(crate) fn used_event(&self, memory: &impl GuestMemory, order: Endian) -> Result<u16, Broken> {
        half(memory, order, self.available + RING_HEAD + u64::from(self.size) * 2)
    }

    /// Says of which available index the device wants to hear.
    pub(crate) fn set_available_event(
        &self,
        memory: &mut impl GuestMemory,
        order: Endian,
        index: u16,
    ) -> Result<(), Broken> {
        put(memory, self.used + RING_HEAD + u64::from(self.size) * USED_BYTES, &order.half_bytes(index))
    }

    /// Writes an entry of the used ring.
    pub(crate) fn set_used(
        &self,
        memory: &mut impl GuestMemory,
        order: Endian,
        index: u16,
        (head, written): (u16, u32),
    ) -> Result<(), Broken> {
        let mut entry = [0; USED_BYTES as usize];
        entry[..4].copy_from_slice(&order.word_bytes(u32::from(head)));
        entry[4..].copy_from_slice(&order.word_bytes(written));
        put(memory, self.used + RING_HEAD + self.slot(index) * USED_BYTES, &entry)
    }

    /// Says how many chains the device has ever used.
    pub(crate) fn set_used_index(
        &self,
        memory: &mut impl GuestMemory,
        order: Endian,
        index: u16,
    ) -> Result<(), Broken> {
        put(memory, self.used + 2, &order.half_bytes(index))
    }
}

/// Reads a half-word.
fn half(memory: &impl GuestMemory, order: Endian, address: u64) -> Result<u16, Broken> {
    let mut bytes = [0; 2];
    memory.read(address, &mut bytes).map_err(|_| Broken::OutsideRam)?;
    Ok(order.half(bytes))
}

/// Writes bytes.
fn put(memory: &mut impl GuestMemory, address: u64, bytes: &[u8]) -> Result<(), Broken> {
    memory.write(address, bytes).map_err(|_| Broken::OutsideRam)
}
