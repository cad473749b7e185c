//! What the simulator does not model, as software comes across it: never a silent guess.

use crate::services::{BASE, BYTES, MISSING, NAMES};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What was accessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Access {
    /// A physical address, and how many bytes.
    Read(u64, usize),
    /// A physical address, how many bytes, and what was written.
    Write(u64, usize, u128),
    /// A fetch from a physical address.
    Fetch(u64),
    /// A device control register.
    ReadDcr(u32),
    /// A device control register, and what was written.
    WriteDcr(u32, u32),
    /// A special register of the core.
    ReadSpecial(u32),
    /// A special register of the core, and what was written.
    WriteSpecial(u32, u32),
    /// Something else, in words.
    Other(String),
}

/// Something that is not modelled, and where it happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unmodelled {
    /// The core's number.
    pub core: usize,
    /// The instruction's effective address.
    pub pc: u32,
    /// What it did.
    pub access: Access,
}

impl fmt::Display for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(address, bytes) => write!(formatter, "read of {bytes} bytes at {address:#011x}"),
            Self::Write(address, bytes, value) => {
                write!(formatter, "write of {bytes} bytes at {address:#011x}: {value:#x}")
            }
            Self::Fetch(address) => write!(formatter, "fetch at {address:#011x}"),
            Self::ReadDcr(number) => write!(formatter, "read of DCR {number:#x}"),
            Self::WriteDcr(number, value) => write!(formatter, "write to DCR {number:#x}: {value:#x}"),
            Self::ReadSpecial(number) => write!(formatter, "read of SPR {number:#x}"),
            Self::WriteSpecial(number, value) => write!(formatter, "write to SPR {number:#x}: {value:#x}"),
            Self::Other(what) => formatter.write_str(what),
        }
    }
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "core {} at {:#010x}: {}", self.core, self.pc, self.access)?;
        // Our own firmware reports what it lacks by reading what does not exist.
        match self.access {
            Access::ReadDcr(number) if (BASE..BASE + BYTES).contains(&self.pc) && number >= MISSING => {
                let service = number - MISSING;
                let name = NAMES.get(service as usize).filter(|name| !name.is_empty()).unwrap_or(&"obsolete");
                write!(
                    formatter,
                    ", by which the firmware tells that service {service} ({name}) is not there"
                )
            }
            _ => Ok(()),
        }
    }
}
