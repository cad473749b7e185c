//! The 16550's registers.
//!
//! Texas Instruments, *PC16550D Universal Asynchronous Receiver/Transmitter with FIFOs* (SNLS378), section
//! 8. Firmware has set the baud rate; it stays.
//!
//! | offset | read               | written            |
//! |--------|--------------------|--------------------|
//! | 0      | receiver buffer    | transmitter holding|
//! | 1      | interrupt enable   | interrupt enable   |
//! | 2      | interrupt identification | FIFO control |
//! | 3      | line control       | line control       |
//! | 4      | modem control      | modem control      |
//! | 5      | line status        | –                  |

use runtime::{Bits, Device, WireError};

use crate::lines::Output;

const DATA: u32 = 0;
const INTERRUPT_ENABLE: u32 = 1;
const FIFO_CONTROL: u32 = 2;
const LINE_CONTROL: u32 = 3;
const MODEM_CONTROL: u32 = 4;
const LINE_STATUS: u32 = 5;

/// Interrupt when input has arrived.
const INPUT_INTERRUPT: u8 = 0x01;
/// Both FIFOs on and cleared.
const FIFOS_ON: u8 = 0x07;
/// Eight bits, no parity, one stop bit.
const EIGHT_BITS: u8 = 0x03;
/// Ready, and interrupts let through (DTR, RTS, OUT2).
const READY: u8 = 0x0B;
/// Line status: a byte has arrived.
const ARRIVED: u8 = 0x01;
/// Line status: the transmitter takes a byte.
const TAKES: u8 = 0x20;

/// Looks at the line status before a transmitter that takes nothing counts as broken: at least a second at
/// 300 baud on a processor of 1 GHz.
const PATIENCE: u32 = 10_000_000;

/// A 16550.
#[derive(Debug)]
pub(crate) struct Uart<D> {
    device: D,
    listens: bool,
}

impl<D: Device> Uart<D> {
    /// Takes the device over and turns its input interrupt on.
    pub(crate) fn new(mut device: D) -> Self {
        device.write8(INTERRUPT_ENABLE, 0);
        device.write8(LINE_CONTROL, EIGHT_BITS);
        device.write8(FIFO_CONTROL, FIFOS_ON);
        device.write8(MODEM_CONTROL, READY);
        let mut uart = Self { device, listens: false };
        uart.listen(true);
        uart
    }

    /// Turns the input interrupt on or off. Off, input stays in the device.
    pub(crate) fn listen(&mut self, on: bool) {
        if self.listens != on {
            self.listens = on;
            self.device.write8(INTERRUPT_ENABLE, if on { INPUT_INTERRUPT } else { 0 });
        }
    }

    /// A byte that has arrived, if there is one.
    pub(crate) fn receive(&mut self) -> Option<u8> {
        let arrived = self.device.read8(LINE_STATUS) & ARRIVED != 0;
        arrived.then(|| self.device.read8(DATA))
    }

    /// The notification bits of its interrupt.
    pub(crate) fn interrupt(&self) -> Bits {
        self.device.interrupt()
    }

    /// Lets it interrupt again.
    pub(crate) fn acknowledge(&mut self) {
        self.device.acknowledge();
    }

    fn put(&mut self, byte: u8) -> Result<(), WireError> {
        let mut patience = PATIENCE;
        while self.device.read8(LINE_STATUS) & TAKES == 0 {
            patience = patience.checked_sub(1).ok_or(WireError::Hardware)?;
        }
        self.device.write8(DATA, byte);
        Ok(())
    }
}

impl<D: Device> Output for Uart<D> {
    /// A newline also returns the carriage.
    fn send(&mut self, byte: u8) -> Result<(), WireError> {
        if byte == b'\n' {
            self.put(b'\r')?;
        }
        self.put(byte)
    }
}
