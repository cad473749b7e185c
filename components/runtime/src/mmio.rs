//! Registers in a domain's address space.

#![expect(unsafe_code, reason = "device registers are reached by volatile accesses to granted addresses")]

use abi::Slot;

use crate::arch::order_device_access;
use crate::{Bits, Device, Inbox, WireError, system};

/// Where composer has put a device.
#[derive(Clone, Copy, Debug)]
pub struct DeviceAt {
    /// Virtual address of the first register.
    pub base: usize,
    /// Bytes of registers.
    pub bytes: u32,
    /// The interrupt's capability; not looked at if `bits` is empty.
    pub irq: Slot,
    /// The interrupt's notification bits; none if the device has no interrupt.
    pub bits: Bits,
}

/// A device whose registers are mapped.
///
/// Holding one proves that its addresses are granted to this domain, uncached and guarded.
#[derive(Debug)]
pub struct MmioDevice<'a> {
    inbox: Inbox<'a>,
    at: DeviceAt,
}

impl<'a> MmioDevice<'a> {
    /// The device at its place.
    ///
    /// # Safety
    ///
    /// 1. The `at.bytes` bytes from `at.base` are a device's registers, mapped readable and writable for as
    ///    long as the program runs, and `at.base` is a multiple of four.
    /// 2. No other instance uses them.
    pub const unsafe fn at(inbox: Inbox<'a>, at: DeviceAt) -> Self {
        Self { inbox, at }
    }

    /// The address of a register of `T`.
    ///
    /// # Panics
    ///
    /// When the register does not lie in the device: a mistake of the driver.
    fn register<T>(&self, offset: u32) -> *mut T {
        let size = size_of::<T>() as u32;
        let fits =
            offset.is_multiple_of(size) && self.at.bytes.checked_sub(size).is_some_and(|last| offset <= last);
        assert!(fits, "no register of {size} bytes at offset {offset:#x}");
        core::ptr::with_exposed_provenance_mut(self.at.base + offset as usize)
    }

    fn read<T>(&self, offset: u32) -> T {
        let register = self.register(offset);
        order_device_access();
        // SAFETY: `register` proved that it lies in the device, which `at`'s caller promised is mapped.
        unsafe { core::ptr::read_volatile(register) }
    }

    fn write<T>(&self, offset: u32, value: T) {
        let register = self.register(offset);
        order_device_access();
        // SAFETY: `register` proved that it lies in the device, which `at`'s caller promised is mapped.
        unsafe { core::ptr::write_volatile(register, value) }
    }
}

impl Device for MmioDevice<'_> {
    fn read8(&mut self, offset: u32) -> u8 {
        self.read(offset)
    }

    fn write8(&mut self, offset: u32, value: u8) {
        self.write(offset, value);
    }

    fn read32(&mut self, offset: u32) -> u32 {
        u32::from_be(self.read(offset))
    }

    fn write32(&mut self, offset: u32, value: u32) {
        self.write(offset, value.to_be());
    }

    fn interrupt(&self) -> Bits {
        self.at.bits
    }

    fn acknowledge(&mut self) {
        if !self.at.bits.is_empty() {
            system::acknowledge(self.at.irq);
        }
    }

    fn wait(&mut self) -> Result<(), WireError> {
        self.inbox.wait(self.at.bits).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Signals;

    fn with_device(test: impl FnOnce(&mut MmioDevice<'_>)) {
        let mut registers = [0_u32; 2];
        let signals = Signals::new(Slot(1));
        let base = registers.as_mut_ptr().expose_provenance();
        let at = DeviceAt { base, bytes: 8, irq: Slot(2), bits: Bits::NONE };
        // SAFETY: `registers` outlives the device, and nothing else touches it meanwhile.
        let mut device = unsafe { MmioDevice::at(Inbox::passive(&signals), at) };
        test(&mut device);
    }

    #[test]
    fn words_are_big_endian_on_every_machine() {
        with_device(|device| {
            device.write32(4, 0x0102_0304);
            assert_eq!((device.read8(4), device.read8(7)), (1, 4));
            device.write8(7, 9);
            assert_eq!(device.read32(4), 0x0102_0309);
        });
    }

    #[test]
    #[should_panic(expected = "no register of 4 bytes at offset 0x8")]
    fn a_register_beyond_the_device_is_a_driver_s_mistake() {
        with_device(|device| device.write32(8, 0));
    }
}
