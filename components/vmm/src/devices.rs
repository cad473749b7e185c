//! What the guest finds at its physical addresses and device control registers, and which interrupt is whose.
//!
//! | guest-physical | bytes      | what           | input of UIC0 |
//! |----------------|------------|----------------|---------------|
//! | 0              | the spec's | RAM            |               |
//! | 0xEF60_0300    | 8          | UART 0         | 0             |
//! | 0xEF70_0000    | 0x200      | virtio console | 16            |
//! | 0xEF70_0200    | 0x200      | virtio entropy | 17            |
//! | 0xEF70_0400    | 0x200      | virtio network | 18            |
//! | 0xEF70_0600    | 4 × 0x200  | virtio disks   | 19 to 22      |
//!
//! | device control register | what  |
//! |-------------------------|-------|
//! | 0x0C0 to 0x0C8          | UIC 0 |
//!
//! The [device tree](crate::device_tree) tells the guest the same from the same constants.

mod lines;
mod moments;
mod port;
mod slots;

use interfaces::Ethernet;
use runtime::vm::GuestMemory;
use virtual_device::{VirtualDevice, Width};

use crate::uart::{self, Uart};
use crate::uic::Uic;

pub use lines::Lines;
pub use slots::{Slots, WINDOWS};

/// Guest-physical address of the UART: what `bamboo` and the 440EP have there.
pub const UART_BASE: u64 = 0xEF60_0300;
/// The UART's input of the interrupt controller.
pub const UART_INPUT: u32 = 0;
/// The interrupt controller's first device control register.
pub const UIC_BASE: u32 = 0x0C0;
/// Guest-physical address of the first virtio device; each has a window of 0x200 bytes, one behind the other.
pub const VIRTIO_BASE: u64 = 0xEF70_0000;
/// The first virtio device's input of the interrupt controller; the others' follow.
pub const VIRTIO_INPUT: u32 = 16;

/// Devices by guest-physical address. `None` means that no device lies there.
pub trait Bus<M> {
    /// Loads an aligned piece.
    fn read(&mut self, physical: u64, width: Width, memory: &mut M) -> Option<u32>;

    /// Stores an aligned piece.
    fn write(&mut self, physical: u64, width: Width, value: u32, memory: &mut M) -> Option<()>;

    /// Counts an access to where neither RAM nor a device lies.
    fn count_unknown(&mut self);
}

/// All devices of a machine.
#[derive(Debug)]
pub struct Devices<N> {
    /// The interrupt controller.
    pub uic: Uic,
    /// The UART.
    pub uart: Uart,
    /// The virtio devices.
    pub virtio: Slots<N>,
    /// Moves from and to device control registers that the machine does not have: they read 0.
    pub unknown_registers: u32,
    /// Loads from and stores to guest-physical addresses at which nothing lies.
    pub unknown_addresses: u32,
}

impl<N: Ethernet> Devices<N> {
    /// As after power-on.
    pub const fn new(virtio: Slots<N>) -> Self {
        Self { uic: Uic::new(), uart: Uart::new(), virtio, unknown_registers: 0, unknown_addresses: 0 }
    }

    /// The machine is reset. What is counted goes on.
    pub fn reset<M: GuestMemory>(&mut self) {
        VirtualDevice::<M>::reset(&mut self.uart);
        self.virtio.reset::<M>();
        self.uic.reset();
        self.update::<M>();
    }

    /// Brings the interrupt controller's inputs up to date with the devices.
    #[inline]
    pub fn update<M: GuestMemory>(&mut self) {
        self.uic.set_input(UART_INPUT, VirtualDevice::<M>::interrupt(&self.uart));
        self.virtio.update(&mut self.uic);
    }

    /// `mfdcr`. The 440 leaves it open what a register reads that is not there: 0.
    #[inline]
    pub fn read_register(&mut self, register: u32) -> u32 {
        self.uic.read(register.wrapping_sub(UIC_BASE)).unwrap_or_else(|| {
            self.unknown_registers = self.unknown_registers.wrapping_add(1);
            0
        })
    }

    /// `mtdcr`. A write to a register that is not there does nothing.
    #[inline]
    pub fn write_register(&mut self, register: u32, value: u32) {
        if self.uic.write(register.wrapping_sub(UIC_BASE), value).is_none() {
            self.unknown_registers = self.unknown_registers.wrapping_add(1);
        }
    }
}

/// The offset of a piece that lies wholly within a device.
#[inline]
fn offset(physical: u64, width: Width, base: u64, bytes: u32) -> Option<u32> {
    let offset = physical.checked_sub(base)?;
    (offset + u64::from(width.bytes()) <= u64::from(bytes)).then_some(offset as u32)
}

impl<M: GuestMemory, N: Ethernet> Bus<M> for Devices<N> {
    #[inline]
    fn read(&mut self, physical: u64, width: Width, memory: &mut M) -> Option<u32> {
        if let Some(offset) = offset(physical, width, UART_BASE, uart::BYTES) {
            return Some(self.uart.read(offset, width, memory));
        }
        self.virtio.read(offset(physical, width, VIRTIO_BASE, slots::BYTES)?, width, memory)
    }

    #[inline]
    fn write(&mut self, physical: u64, width: Width, value: u32, memory: &mut M) -> Option<()> {
        if let Some(offset) = offset(physical, width, UART_BASE, uart::BYTES) {
            self.uart.write(offset, width, value, memory);
            return Some(());
        }
        self.virtio.write(offset(physical, width, VIRTIO_BASE, slots::BYTES)?, width, value, memory)
    }

    fn count_unknown(&mut self) {
        self.unknown_addresses = self.unknown_addresses.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use interfaces::ethernet::EthernetClient;
    use runtime::host::{HostMachine, HostMemory};
    use runtime::{Bits, Unwired};

    use super::*;

    fn devices() -> (Devices<EthernetClient<Unwired>>, HostMemory) {
        let vm = HostMachine::new(0, |_, _| Bits::NONE);
        (Devices::new(Slots::new(&vm, None)), HostMemory::new(0, 0))
    }

    #[test]
    fn a_device_ends_where_its_registers_end() {
        let (mut devices, mut memory) = devices();
        assert_eq!(devices.write(UART_BASE + 7, Width::Byte, 0x5A, &mut memory), Some(()));
        assert_eq!(devices.read(UART_BASE + 7, Width::Byte, &mut memory), Some(0x5A));
        assert_eq!(devices.read(UART_BASE + 4, Width::Word, &mut memory), Some(0x0060_B05A));
        for (physical, width) in
            [(UART_BASE + 8, Width::Byte), (UART_BASE - 2, Width::Half), (UART_BASE | 1 << 32, Width::Byte)]
        {
            assert_eq!(devices.read(physical, width, &mut memory), None);
            assert_eq!(devices.write(physical, width, 0, &mut memory), None);
        }
    }

    #[test]
    fn a_register_that_is_not_there_reads_zero_and_is_counted() {
        let (mut devices, _) = devices();
        devices.write_register(UIC_BASE + 2, 0xFF);
        assert_eq!(devices.read_register(UIC_BASE + 2), 0xFF);
        assert_eq!(devices.unknown_registers, 0);
        devices.write_register(UIC_BASE + 9, 0xFF);
        assert_eq!(devices.read_register(UIC_BASE - 1), 0);
        assert_eq!(devices.unknown_registers, 2);
    }

    #[test]
    fn the_uart_interrupts_through_its_input() {
        let (mut devices, mut memory) = devices();
        devices.write(UART_BASE + 1, Width::Byte, 0x02, &mut memory);
        devices.update::<HostMemory>();
        assert_eq!(devices.read_register(UIC_BASE), 1 << 31);
        devices.reset::<HostMemory>();
        assert_eq!(devices.read_register(UIC_BASE), 0);
    }
}
