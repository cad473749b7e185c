//! Moves bytes between the guest's devices and the console.

use interfaces::{Console, Ethernet, console};
use runtime::vm::VirtualMachine;
use runtime::{Choice, Timer, WireError};

use super::Monitor;

/// Output that does not end in a newline, such as a prompt, is shown this part of a second after it was begun.
const PATIENCE: u64 = 500;

impl<V: VirtualMachine, C: Console, T: Timer, N: Ethernet, M: Choice> Monitor<V, C, T, N, M> {
    /// Moves what devices hold.
    #[inline(never)]
    pub(super) fn move_bytes(&mut self) -> Result<(), WireError> {
        if self.devices.virtio.has_console() {
            self.serve_virtio_console()?;
        }
        self.serve_uart()
    }

    /// Moves the virtio console's output to the console, and the console's input to it: while it is there, the UART gets
    /// none.
    fn serve_virtio_console(&mut self) -> Result<(), WireError> {
        loop {
            let Some(lines) = self.devices.virtio.lines() else { return Ok(()) };
            let mut bytes = [0; 64];
            let room = bytes.len().min(lines.input.capacity() - lines.input.len());
            if self.has_input && room > 0 {
                let count = (self.console.read(&mut bytes[..room])? as usize).min(room);
                for byte in &bytes[..count] {
                    // There is room: it was measured.
                    let _ = lines.input.push_back(*byte);
                }
                self.has_input = count == room;
            }
            let has_input = !lines.input.is_empty();
            let has_output = !lines.output.is_empty();
            if has_output {
                if let Some(listener) = &mut self.listener {
                    listener.hear(&lines.output);
                }
                console::write_all(&mut self.console, &lines.output)?;
                let is_whole = lines.output.last() == Some(&b'\n');
                lines.output.clear();
                if !is_whole {
                    self.arm();
                }
            }
            if has_input || has_output {
                self.devices.virtio.text_moved(self.vm.memory());
            }
            // What had no room before may have followed.
            if !has_output {
                return Ok(());
            }
        }
    }

    /// Has unfinished lines shown after a while.
    fn arm(&mut self) {
        if !self.is_armed {
            self.timer.arm(self.timer.now() + self.timer.frequency() / PATIENCE);
            self.is_armed = true;
        }
    }

    /// Moves the UART's output to the console and the console's input to the UART.
    fn serve_uart(&mut self) -> Result<(), WireError> {
        let is_deaf = self.devices.virtio.has_console();
        let room = if is_deaf { 0 } else { self.devices.uart.room() };
        if self.has_input && room > 0 {
            let mut bytes = [0; 16];
            let wanted = room.min(bytes.len());
            let count = (self.console.read(&mut bytes[..wanted])? as usize).min(wanted);
            for byte in &bytes[..count] {
                self.devices.uart.receive(*byte);
            }
            self.has_input = count == wanted;
        }
        if self.devices.uart.is_line_whole() {
            self.write_out()?;
        } else if !self.devices.uart.output().is_empty() {
            self.arm();
        }
        Ok(())
    }

    /// Gives the console what the guest has written.
    pub(super) fn write_out(&mut self) -> Result<(), WireError> {
        if let Some(listener) = &mut self.listener {
            listener.hear(self.devices.uart.output());
        }
        console::write_all(&mut self.console, self.devices.uart.output())?;
        self.devices.uart.clear_output();
        Ok(())
    }

    /// The same, and has it shown although the line may not be whole.
    pub(super) fn show(&mut self) -> Result<(), WireError> {
        self.write_out()?;
        self.console.flush()
    }
}
