//! Handles faults: skips the instruction, some times, and looks whether the registers agree with what it is told.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::ServeFaultHandler;
use interfaces::console::Text;
use interfaces::fault_handler::Verdict;
use runtime::{Cause, Client, Clients, Passive, Registers, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Bytes of an instruction.
const INSTRUCTION: u32 = 4;
/// The first register of the row that ends with the next instruction's address, and its place in the row.
const SPECIAL: (u32, usize) = (32, 4);
/// A register that code between two calls makes no use of, and what the medic leaves in it.
const DOSE: (u32, u32) = (2, 0xF00D);

/// The medic.
pub struct Medic<P: Ports> {
    wires: Wires<P>,
    doses: u32,
}

impl<P: Ports> Component<P> for Medic<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, doses: config.doses }
    }
}

impl<P: Ports> ServeFaultHandler for Medic<P> {
    fn fault(
        &mut self,
        from: Client,
        cause: u32,
        address: u32,
        instruction: u32,
        _: u32,
    ) -> Result<u64, WireError> {
        let name = self.wires.faults_clients.name(from);
        let cause = Cause::ALL.get(cause as usize).map_or("?", |cause| cause.name());
        let mut text = Text::new(&mut self.wires.console);
        let _ = write!(text, "{name}: {cause} at {address:08x}: ");
        if self.doses == 0 {
            let _ = writeln!(text, "beyond help");
            text.flush()?;
            return Ok(Verdict::Unhandled.into());
        }
        self.doses -= 1;
        let _ = write!(text, "skipped");
        if from == Client(0) {
            let next = self.wires.patient.read(SPECIAL.0)[SPECIAL.1];
            self.wires.patient.write(DOSE.0, DOSE.1)?;
            let written = self.wires.patient.read(DOSE.0)[0];
            let agree = if (next, written) == (instruction, DOSE.1) { "agree" } else { "differ" };
            let _ = write!(text, ", registers {agree}");
        }
        let _ = writeln!(text);
        text.flush()?;
        Ok(Verdict::Resume(instruction.wrapping_add(INSTRUCTION)).into())
    }
}

impl<P: Ports> Passive for Medic<P> {}
