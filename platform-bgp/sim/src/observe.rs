//! Being told what happens: traces are made of this.

use crate::core::{Core, Exception};
use bgp_isa::Word;

/// Is told of everything that the cores do. Whoever needs less ignores the rest; every method does nothing by
/// default.
pub trait Observer: Send {
    /// Whether it needs each instruction: the cores then go one by one, which is slow. Asked often.
    fn wants_instructions(&self) -> bool {
        true
    }
    /// It is told no more.
    fn finish(&mut self) {}
    /// The core is about to execute an instruction.
    fn instruction(&mut self, _core: &Core, _word: Word) {}
    /// The core takes an exception.
    fn exception(&mut self, _core: &Core, _exception: Exception) {}
    /// The core takes an external interrupt, and this is the first that the controller has for it: group times 32
    /// plus bit.
    fn interrupt(&mut self, _core: &Core, _number: usize) {}
    /// The core has read a device.
    fn device_read(&mut self, _core: &Core, _physical: u64, _bytes: &[u8]) {}
    /// The core writes a device.
    fn device_write(&mut self, _core: &Core, _physical: u64, _bytes: &[u8]) {}
    /// The core has read a device control register.
    fn dcr_read(&mut self, _core: &Core, _number: u32, _value: u32) {}
    /// The core writes a device control register.
    fn dcr_write(&mut self, _core: &Core, _number: u32, _value: u32) {}
}

/// Two observers, both of which are told.
pub struct Both(pub Box<dyn Observer>, pub Box<dyn Observer>);

impl Observer for Both {
    fn wants_instructions(&self) -> bool {
        self.0.wants_instructions() || self.1.wants_instructions()
    }

    fn finish(&mut self) {
        self.0.finish();
        self.1.finish();
    }

    fn instruction(&mut self, core: &Core, word: Word) {
        self.0.instruction(core, word);
        self.1.instruction(core, word);
    }

    fn exception(&mut self, core: &Core, exception: Exception) {
        self.0.exception(core, exception);
        self.1.exception(core, exception);
    }

    fn interrupt(&mut self, core: &Core, number: usize) {
        self.0.interrupt(core, number);
        self.1.interrupt(core, number);
    }

    fn device_read(&mut self, core: &Core, physical: u64, bytes: &[u8]) {
        self.0.device_read(core, physical, bytes);
        self.1.device_read(core, physical, bytes);
    }

    fn device_write(&mut self, core: &Core, physical: u64, bytes: &[u8]) {
        self.0.device_write(core, physical, bytes);
        self.1.device_write(core, physical, bytes);
    }

    fn dcr_read(&mut self, core: &Core, number: u32, value: u32) {
        self.0.dcr_read(core, number, value);
        self.1.dcr_read(core, number, value);
    }

    fn dcr_write(&mut self, core: &Core, number: u32, value: u32) {
        self.0.dcr_write(core, number, value);
        self.1.dcr_write(core, number, value);
    }
}
