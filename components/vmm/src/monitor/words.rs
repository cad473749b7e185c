//! What a monitor says about its machine on the console.

use core::fmt::Write;

use interfaces::console::Text;
use interfaces::{Console, Ethernet};
use runtime::vm::VirtualMachine;
use runtime::{Choice, Timer, WireError};

use super::{End, Monitor};
use crate::policy::Next;
use crate::{costs, report};

impl<V: VirtualMachine, C: Console, T: Timer, N: Ethernet, M: Choice> Monitor<V, C, T, N, M> {
    /// Says a sentence about the machine on the console, on a line of its own.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn say(&mut self, what: impl core::fmt::Display) -> Result<(), WireError> {
        self.write_out()?;
        let vm = self.vm.spec().number;
        let mut text = Text::new(&mut self.console);
        let _ = writeln!(text, "[vm{vm}] {what}");
        text.flush()
    }

    /// Says how the guest has ended and what follows, with the number of restarts for this reason.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn report_end(&mut self, end: End, next: Next, restarts: u32) -> Result<(), WireError> {
        let what = match end {
            End::Reset => "the guest has reset its machine",
            End::Watchdog => "the guest's watchdog has reset its machine",
            End::Panic => "the guest has panicked and reset its machine",
            End::Died(_) => "the guest is dead",
            End::Ordered => return Ok(()),
        };
        self.write_out()?;
        let vm = self.vm.spec().number;
        let mut text = Text::new(&mut self.console);
        // `flush` says what went wrong.
        let _ = match (next, restarts) {
            (Next::Restart, _) => writeln!(text, "[vm{vm}] {what}: restart {restarts}"),
            (Next::Stop, 0) => writeln!(text, "[vm{vm}] {what}: the machine stops"),
            (Next::Stop, _) => writeln!(text, "[vm{vm}] {what}: the machine stops, restarts: {restarts}"),
            (Next::Fail, _) => writeln!(text, "[vm{vm}] {what}: the monitor fails"),
        };
        text.flush()
    }

    /// Reports the guest's death on the console.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn report_death(&mut self, why: &str) -> Result<(), WireError> {
        self.write_out()?;
        let vm = self.vm.spec().number;
        let mut text = Text::new(&mut self.console);
        // `flush` says what went wrong.
        let _ = report::death(&mut text, vm, why, self.vm.state(), &self.exits);
        text.flush()
    }

    /// Writes the line of statistics on the console.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn report_statistics(&mut self) -> Result<(), WireError> {
        self.write_out()?;
        let own = [
            ("unknown_registers", self.devices.unknown_registers),
            ("unknown_addresses", self.devices.unknown_addresses),
        ];
        let vm = self.vm.spec().number;
        let mut text = Text::new(&mut self.console);
        let _ = report::statistics(&mut text, vm, self.vm.state(), &own);
        text.flush()
    }

    /// Writes on the console what exits have cost, if that was measured.
    ///
    /// # Errors
    ///
    /// What the console answers.
    pub fn report_costs(&mut self) -> Result<(), WireError> {
        if M::get(&mut self.meter).is_none() {
            return Ok(());
        }
        self.write_out()?;
        let vm = self.vm.spec().number;
        let mut text = Text::new(&mut self.console);
        let _ = costs::report_costs(&mut text, vm, &self.vm.state().costs);
        text.flush()
    }
}
