//! A meddler over a device that stands in memory.

use std::cell::Cell;

use meddler::{Component, Config, Meddler, Ports, Wires};
use runtime::{Active, Bits, Device, WireError};

struct Registers<'t>(&'t Cell<Option<(u32, u8)>>);

impl Device for Registers<'_> {
    fn read8(&mut self, _: u32) -> u8 {
        0
    }

    fn write8(&mut self, offset: u32, value: u8) {
        self.0.set(Some((offset, value)));
    }

    fn read32(&mut self, _: u32) -> u32 {
        0
    }

    fn write32(&mut self, _: u32, _: u32) {}

    fn interrupt(&self) -> Bits {
        Bits::NONE
    }

    fn acknowledge(&mut self) {}

    fn wait(&mut self) -> Result<(), WireError> {
        Err(WireError::Malformed)
    }
}

struct Mocked<'t>(std::marker::PhantomData<&'t ()>);

impl<'t> Ports for Mocked<'t> {
    type Uart = Registers<'t>;
}

#[test]
fn the_register_gets_the_value() {
    let written = Cell::new(None);
    let mut meddler =
        Meddler::<Mocked<'_>>::new(Wires { uart: Registers(&written) }, Config { register: 3, value: 0x83 });
    assert_eq!(meddler.run(), Ok(()));
    assert_eq!(written.get(), Some((3, 0x83)));
}
