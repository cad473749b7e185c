//! Traces: what the cores execute, the exceptions that they take, and the devices and device control registers that
//! they access.
//!
//! [`Text`] writes a line for each: the time in cycles, the core, the instruction's address, what happened. [`Chrome`]
//! writes the trace event format, which Perfetto and Chrome's `about:tracing` show.

mod chrome;
mod text;

pub use chrome::Chrome;
pub use text::Text;

use crate::core::Core;
use std::ops::RangeInclusive;

/// What a trace shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Instructions.
    pub instructions: bool,
    /// Exceptions.
    pub exceptions: bool,
    /// Accesses to devices.
    pub devices: bool,
    /// Accesses to device control registers.
    pub dcrs: bool,
    /// Of these cores only; of all, if there are none.
    pub cores: Vec<usize>,
    /// While the instruction's address is in one of these ranges only; everywhere, if there are none.
    pub addresses: Vec<RangeInclusive<u32>>,
}

impl Filter {
    /// Whether what a core does where it is, is shown.
    fn passes(&self, core: &Core) -> bool {
        let pc = core.registers.pc;
        (self.cores.is_empty() || self.cores.contains(&core.number))
            && (self.addresses.is_empty() || self.addresses.iter().any(|range| range.contains(&pc)))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
