//! Being told what happens: traces are made of this.

use crate::core::{Core, Exception};
use bgp_isa::Word;

/// Is told of everything that the cores do. Whoever needs less ignores the rest; every method does nothing by
/// default.
pub trait Observer: Send {
    /// The core is about to execute an instruction.
    fn instruction(&mut self, _core: &Core, _word: Word) {}
    /// The core takes an exception.
    fn exception(&mut self, _core: &Core, _exception: Exception) {}
    /// The core has read a device.
    fn device_read(&mut self, _core: &Core, _physical: u64, _bytes: &[u8]) {}
    /// The core writes a device.
    fn device_write(&mut self, _core: &Core, _physical: u64, _bytes: &[u8]) {}
    /// The core has read a device control register.
    fn dcr_read(&mut self, _core: &Core, _number: u32, _value: u32) {}
    /// The core writes a device control register.
    fn dcr_write(&mut self, _core: &Core, _number: u32, _value: u32) {}
}
