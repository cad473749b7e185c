//! What stands in for the hardware: a UART, and the memory of wire buffers.

use std::collections::VecDeque;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use interfaces::console::BUFFER_BYTES;
use runtime::{Bits, Device, Inbox, Slot, WireError, system};

/// A wire's buffer: words that two domains share.
type Shared = [AtomicU32; BUFFER_BYTES / 4];

/// The hardware of one test.
pub(crate) struct Machine {
    uart: Mutex<Registers>,
    buffers: [Shared; 2],
    /// Whether the greeters echo what is typed.
    pub(crate) echo: bool,
}

#[derive(Default)]
struct Registers {
    sent: Vec<u8>,
    typed: VecDeque<u8>,
    interrupt_enable: u8,
}

impl Machine {
    /// Nobody types.
    pub(crate) fn new() -> Self {
        let buffers = [const { [const { AtomicU32::new(0) }; BUFFER_BYTES / 4] }; 2];
        Self { uart: Mutex::default(), buffers, echo: false }
    }

    /// Somebody has typed this, and the greeters echo it.
    pub(crate) fn typed(text: &str) -> Self {
        let machine = Self { echo: true, ..Self::new() };
        machine.registers().typed = text.bytes().collect();
        machine
    }

    /// The notification bit of the UART's interrupt, if it interrupts at the start.
    pub(crate) fn interrupt(&self) -> u32 {
        u32::from(!self.registers().typed.is_empty())
    }

    /// Where the buffer of a wire starts.
    pub(crate) fn buffer(&self, wire: usize) -> usize {
        self.buffers[wire].as_ptr().expose_provenance()
    }

    /// What the UART has sent.
    pub(crate) fn output(&self) -> String {
        String::from_utf8(self.registers().sent.clone()).expect("greeters write UTF-8")
    }

    fn registers(&self) -> MutexGuard<'_, Registers> {
        self.uart.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The UART as its domain sees it: what `MmioDevice` is on the target.
pub(crate) struct Uart<'a> {
    machine: &'a Machine,
    inbox: Inbox<'a>,
    /// Slot of a capability that signals the interrupt's bit again.
    again: Slot,
}

impl<'a> Uart<'a> {
    pub(crate) fn at(inbox: Inbox<'a>, machine: &'a Machine, again: Slot) -> Self {
        Self { machine, inbox, again }
    }
}

impl Device for Uart<'_> {
    fn read8(&mut self, offset: u32) -> u8 {
        let mut registers = self.machine.registers();
        match offset {
            0 => registers.typed.pop_front().unwrap_or(0),
            5 => 0x20 | u8::from(!registers.typed.is_empty()),
            _ => 0,
        }
    }

    fn write8(&mut self, offset: u32, value: u8) {
        let mut registers = self.machine.registers();
        match offset {
            0 => registers.sent.push(value),
            1 => registers.interrupt_enable = value,
            _ => {}
        }
    }

    fn read32(&mut self, _: u32) -> u32 {
        unreachable!("a 16550 has registers of 8 bits")
    }

    fn write32(&mut self, _: u32, _: u32) {
        unreachable!("a 16550 has registers of 8 bits")
    }

    fn interrupt(&self) -> Bits {
        Bits(0b1)
    }

    fn acknowledge(&mut self) {
        let registers = self.machine.registers();
        let asserted = !registers.typed.is_empty() && registers.interrupt_enable & 1 == 1;
        drop(registers);
        if asserted {
            system::signal(self.again);
        }
    }

    fn wait(&mut self) -> Result<(), WireError> {
        self.inbox.wait(self.interrupt()).map(drop)
    }
}
