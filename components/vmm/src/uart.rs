//! A 16550 UART whose line is a console.
//!
//! Texas Instruments, *PC16550D Universal Asynchronous Receiver/Transmitter with FIFOs* (SNLS378), section 8. The
//! line is infinitely fast: a byte that is written has been sent, so the transmitter is always empty, and a byte that is
//! too few for the receiver's trigger level has waited for long enough already.

use heapless::{Deque, Vec};
use virtual_device::{VirtualDevice, Width};

/// Its registers.
pub const BYTES: u32 = 8;

/// Bytes in the receiver's FIFO.
const FIFO: usize = 16;
/// Bytes of output that wait for the console: what one write takes.
const OUTPUT: usize = 256;

mod enable {
    pub(super) const ARRIVED: u8 = 0x01;
    pub(super) const EMPTY: u8 = 0x02;
    pub(super) const LINE_STATUS: u8 = 0x04;
    pub(super) const ALL: u8 = 0x0F;
}

mod identification {
    pub(super) const NONE: u8 = 0x01;
    pub(super) const EMPTY: u8 = 0x02;
    pub(super) const ARRIVED: u8 = 0x04;
    pub(super) const LINE_STATUS: u8 = 0x06;
    pub(super) const TIMEOUT: u8 = 0x0C;
    pub(super) const FIFOS: u8 = 0xC0;
}

mod fifo {
    pub(super) const ON: u8 = 0x01;
    pub(super) const CLEAR_RECEIVER: u8 = 0x02;
    pub(super) const TRIGGER: [usize; 4] = [1, 4, 8, 14];
}

mod status {
    pub(super) const ARRIVED: u8 = 0x01;
    pub(super) const OVERRUN: u8 = 0x02;
    pub(super) const EMPTY: u8 = 0x60;
}

/// Line control: the divisor stands in the first two registers.
const DIVISOR_ACCESS: u8 = 0x80;
/// Modem control: what is sent arrives.
const LOOPBACK: u8 = 0x10;
/// Modem control has five bits.
const MODEM_CONTROL: u8 = 0x1F;
/// Modem status of a line that is ready: DCD, DSR, CTS.
const READY: u8 = 0xB0;

/// The UART.
#[derive(Debug)]
pub struct Uart {
    enable: u8,
    fifo_control: u8,
    line_control: u8,
    modem_control: u8,
    scratch: u8,
    divisor: [u8; 2],
    /// The transmitter has become empty and nobody has looked.
    has_emptied: bool,
    has_overrun: bool,
    received: Deque<u8, FIFO>,
    output: Vec<u8, OUTPUT>,
}

impl Default for Uart {
    fn default() -> Self {
        Self::new()
    }
}

impl Uart {
    /// As after power-on.
    pub const fn new() -> Self {
        Self {
            enable: 0,
            fifo_control: 0,
            line_control: 0,
            modem_control: 0,
            scratch: 0,
            // 9600 baud from 11.0592 MHz.
            divisor: [72, 0],
            has_emptied: false,
            has_overrun: false,
            received: Deque::new(),
            output: Vec::new(),
        }
    }

    /// Output that the console has not been given.
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// Whether the console should be given it now: a line is whole, or there is no more room.
    pub fn is_line_whole(&self) -> bool {
        self.output.is_full() || self.output.last() == Some(&b'\n')
    }

    /// Forgets the output: the console has it.
    pub fn clear_output(&mut self) {
        self.output.clear();
    }

    /// How many bytes of input it takes now.
    pub fn room(&self) -> usize {
        if self.modem_control & LOOPBACK != 0 {
            0
        } else {
            self.depth() - self.received.len().min(self.depth())
        }
    }

    /// A byte arrives from the console, which has looked for [room](Self::room).
    pub fn receive(&mut self, byte: u8) {
        if self.received.len() < self.depth() {
            // There is room: the FIFO is as long as the depth at most.
            let _ = self.received.push_back(byte);
        } else {
            self.has_overrun = true;
        }
    }

    fn depth(&self) -> usize {
        if self.fifo_control & fifo::ON != 0 { FIFO } else { 1 }
    }

    fn send(&mut self, byte: u8) {
        if self.modem_control & LOOPBACK != 0 {
            self.receive(byte);
        } else {
            // The console returns the carriage itself.
            if byte == b'\n' && self.output.last() == Some(&b'\r') {
                self.output.pop();
            }
            // The monitor empties a full buffer before the guest runs on.
            let _ = self.output.push(byte);
        }
        self.has_emptied = true;
    }

    /// The interrupt that comes first.
    fn identify(&self) -> u8 {
        let waiting = self.received.len();
        let trigger = match self.fifo_control & fifo::ON {
            0 => 1,
            _ => fifo::TRIGGER[(self.fifo_control >> 6) as usize],
        };
        if self.enable & enable::LINE_STATUS != 0 && self.has_overrun {
            identification::LINE_STATUS
        } else if self.enable & enable::ARRIVED != 0 && waiting >= trigger {
            identification::ARRIVED
        } else if self.enable & enable::ARRIVED != 0 && waiting > 0 {
            identification::TIMEOUT
        } else if self.enable & enable::EMPTY != 0 && self.has_emptied {
            identification::EMPTY
        } else {
            identification::NONE
        }
    }

    /// In loopback the modem's inputs are the outputs; else the line is ready.
    fn modem_status(&self) -> u8 {
        if self.modem_control & LOOPBACK == 0 {
            return READY;
        }
        let control = self.modem_control;
        // RTS to CTS, DTR to DSR, OUT1 to RI, OUT2 to DCD.
        (control & 0x02) << 3 | (control & 0x01) << 5 | (control & 0x04) << 4 | (control & 0x08) << 4
    }

    fn load(&mut self, offset: u32) -> u8 {
        let is_divisor = self.line_control & DIVISOR_ACCESS != 0;
        match offset {
            0 if is_divisor => self.divisor[0],
            1 if is_divisor => self.divisor[1],
            0 => self.received.pop_front().unwrap_or(0),
            1 => self.enable,
            2 => {
                let cause = self.identify();
                if cause == identification::EMPTY {
                    self.has_emptied = false;
                }
                cause | if self.fifo_control & fifo::ON != 0 { identification::FIFOS } else { 0 }
            }
            3 => self.line_control,
            4 => self.modem_control,
            5 => {
                let overrun = if core::mem::take(&mut self.has_overrun) { status::OVERRUN } else { 0 };
                let arrived = if self.received.is_empty() { 0 } else { status::ARRIVED };
                status::EMPTY | overrun | arrived
            }
            6 => self.modem_status(),
            7 => self.scratch,
            _ => 0,
        }
    }

    fn store(&mut self, offset: u32, value: u8) {
        let is_divisor = self.line_control & DIVISOR_ACCESS != 0;
        match offset {
            0 if is_divisor => self.divisor[0] = value,
            1 if is_divisor => self.divisor[1] = value,
            0 => self.send(value),
            1 => {
                // Enabled while the transmitter is empty, its interrupt comes at once.
                if value & enable::EMPTY & !self.enable != 0 {
                    self.has_emptied = true;
                }
                self.enable = value & enable::ALL;
            }
            2 => {
                // Switched on or off, the FIFOs are cleared.
                if (value ^ self.fifo_control) & fifo::ON != 0 || value & fifo::CLEAR_RECEIVER != 0 {
                    self.received.clear();
                }
                self.fifo_control = if value & fifo::ON != 0 { value } else { 0 };
            }
            3 => self.line_control = value,
            4 => self.modem_control = value & MODEM_CONTROL,
            7 => self.scratch = value,
            _ => {}
        }
    }
}

/// Wider accesses reach one register after the other, as on an eight-bit bus.
impl<M> VirtualDevice<M> for Uart {
    #[inline]
    fn read(&mut self, offset: u32, width: Width, _: &mut M) -> u32 {
        if width == Width::Byte {
            return self.load(offset).into();
        }
        (0..width.bytes()).fold(0, |value, byte| value << 8 | u32::from(self.load(offset + byte)))
    }

    #[inline]
    fn write(&mut self, offset: u32, width: Width, value: u32, _: &mut M) {
        if width == Width::Byte {
            return self.store(offset, value as u8);
        }
        let last = width.bytes() - 1;
        for byte in 0..=last {
            self.store(offset + byte, (value >> (8 * (last - byte))) as u8);
        }
    }

    #[inline]
    fn interrupt(&self) -> bool {
        self.identify() != identification::NONE
    }

    /// Output that was sent stays sent, and input that has arrived in the FIFO is gone.
    fn reset(&mut self) {
        let output = core::mem::take(&mut self.output);
        *self = Self { output, ..Self::new() };
    }
}
