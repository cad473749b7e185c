//! Has a device interrupt whoever runs, again and again, and leaves marks in every register.
//!
//! The UART hears itself (*loop*), with a FIFO that interrupts for one byte only after a silence of four bytes. So the
//! interrupt comes by itself while this domain waits, wherever the others are.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use abi::{Call, Tag};
use interfaces::console::Text;
use raw::{Entry, Marker, Spoilt};
use runtime::{Active, Device, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The slot of the thread's notification.
const NOTIFICATION: u32 = 1;

/// The 16550's registers: data (with DLAB the divisor), interrupt enable, FIFO control, line control, modem control.
const DATA: u32 = 0;
const INTERRUPT_ENABLE: u32 = 1;
const FIFO_CONTROL: u32 = 2;
const LINE_CONTROL: u32 = 3;
const MODEM_CONTROL: u32 = 4;

/// Has a device interrupt.
pub struct Ringer<P: Ports> {
    wires: Wires<P>,
    marker: Marker,
}

impl<P: Ports> Component<P> for Ringer<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, marker: Marker(config.id) }
    }
}

impl<P: Ports> Active for Ringer<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let uart = &mut self.wires.uart;
        for (register, value) in [
            // The shortest bytes at the highest rate.
            (LINE_CONTROL, 0x80),
            (DATA, 1),
            (INTERRUPT_ENABLE, 0),
            (LINE_CONTROL, 0),
            // FIFO on, empty, and full at 14 bytes; the line's end led back to its start; received bytes interrupt.
            (FIFO_CONTROL, 0xC7),
            (MODEM_CONTROL, 0x1B),
            (INTERRUPT_ENABLE, 1),
        ] {
            uart.write8(register, value);
        }
        for round in 0.. {
            self.wires.uart.write8(DATA, round as u8);
            let waited = self.wait(round);
            self.wires.uart.read8(DATA);
            self.wires.uart.acknowledge();
            if let Err(Spoilt { register, value }) = waited {
                let mut text = Text::new(&mut self.wires.console);
                // `flush` says what went wrong.
                let _ = writeln!(text, "check ring failed: register {register} holds {value:08x}");
                return text.flush();
            }
        }
        Ok(())
    }
}

impl<P: Ports> Ringer<P> {
    /// Waits with all registers full, and looks at them afterwards.
    fn wait(&self, round: u32) -> Result<(), Spoilt> {
        raw::leave_mark(self.marker.special());
        let mut registers = self.marker.fill(round);
        registers.set_call(Call::Wait as u32, NOTIFICATION, Tag::default(), &[]);
        let before = registers;
        raw::enter(Entry::Call, &mut registers);
        self.marker.kept(Call::Wait, &before, &registers)?;
        self.marker.special_registers(raw::user_registers())?;
        self.marker.own(&registers.outcome().words)
    }
}
