//! What a virtual machine monitor asks of a virtual device, and nothing of how either works.
//!
//! The monitor decodes the guest's loads and stores, splits what is wider than a word or crosses a device's end, and
//! hands each piece to the device whose registers lie there. Devices are models: they hold no thread, never wait, and
//! drive one interrupt line by level. Whatever the guest writes is legal to write; no input makes a device panic.

#![no_std]
#![forbid(unsafe_code)]

/// The width of one access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 8 bits.
    Byte,
    /// 16 bits.
    Half,
    /// 32 bits.
    Word,
}

impl Width {
    /// The width of so many bytes: 1, 2 or 4.
    pub const fn of_bytes(bytes: u32) -> Option<Self> {
        match bytes {
            1 => Some(Self::Byte),
            2 => Some(Self::Half),
            4 => Some(Self::Word),
            _ => None,
        }
    }

    /// Its bytes.
    pub const fn bytes(self) -> u32 {
        match self {
            Self::Byte => 1,
            Self::Half => 2,
            Self::Word => 4,
        }
    }
}

/// A device model with memory-mapped registers and one interrupt line.
///
/// `M` is the guest's memory as the monitor holds it. Devices without DMA take any `M`; others say what they need
/// of it (`impl<M: GuestMemory> VirtualDevice<M> for …`).
///
/// Values are those of big-endian loads and stores: a register of four little-endian bytes is the device's to
/// swap. An access lies wholly within the device's registers but need not be aligned.
pub trait VirtualDevice<M> {
    /// Loads from the registers at a byte offset. Bits above the width are ignored.
    fn read(&mut self, offset: u32, width: Width, memory: &mut M) -> u32;

    /// Stores to the registers at a byte offset. Bits above the width are zero.
    fn write(&mut self, offset: u32, width: Width, value: u32, memory: &mut M);

    /// The level of its interrupt line. The monitor looks after each access and after each [`notified`](Self::notified).
    fn interrupt(&self) -> bool;

    /// Something may have come from outside: the monitor was woken by an event of a wire or by a timer. The device
    /// moves what it can, into the guest's memory as well, and returns at once.
    fn notified(&mut self, memory: &mut M) {
        let _ = memory;
    }

    /// The machine is reset: all state as after power-on. What has come from outside and was not read is kept.
    fn reset(&mut self);
}

#[cfg(test)]
mod tests {
    use super::Width;

    #[test]
    fn a_width_and_its_bytes_agree() {
        for bytes in 0..10 {
            assert_eq!(Width::of_bytes(bytes).map(Width::bytes), [1, 2, 4].contains(&bytes).then_some(bytes));
        }
    }
}
