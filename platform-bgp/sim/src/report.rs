//! What the simulator does not model, as software comes across it: never a silent guess.
//!
//! Everything goes through [`Reports::meet`]: it stops the node before the access, or, where that is allowed, keeps
//! and tells each site once.

use crate::services::{BASE, BYTES, MISSING, NAMES};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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

impl Unmodelled {
    /// The site: where and what, whatever value is written.
    fn site(mut self) -> Self {
        match &mut self.access {
            Access::Write(_, _, value) => *value = 0,
            Access::WriteDcr(_, value) | Access::WriteSpecial(_, value) => *value = 0,
            _ => {}
        }
        self
    }
}

/// What was met, and whether the run goes on after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reports {
    /// The run goes on: reads give 0, writes are dropped, other instructions have no effect.
    pub allowed: bool,
    /// Where it went on: each site once.
    pub sites: BTreeSet<Unmodelled>,
    /// Those of them that nobody has been told of.
    #[serde(skip)]
    fresh: Vec<Unmodelled>,
}

impl Reports {
    /// Something is met.
    ///
    /// # Errors
    /// The node must stop before it.
    pub fn meet(&mut self, what: Unmodelled) -> Result<(), Box<Unmodelled>> {
        if !self.allowed {
            return Err(Box::new(what));
        }
        if self.sites.insert(what.clone().site()) {
            self.fresh.push(what);
        }
        Ok(())
    }

    /// What has been met since the last time, at new sites.
    pub fn take_fresh(&mut self) -> Vec<Unmodelled> {
        std::mem::take(&mut self.fresh)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn write(pc: u32, value: u32) -> Unmodelled {
        Unmodelled { core: 1, pc, access: Access::WriteDcr(0x6A0, value) }
    }

    #[test]
    fn the_first_stops_the_node() {
        let mut reports = Reports::default();
        assert_eq!(reports.meet(write(4, 1)), Err(Box::new(write(4, 1))));
        assert_eq!((reports.sites.len(), reports.take_fresh()), (0, vec![]));
    }

    #[test]
    fn a_site_is_told_once_whatever_is_written() {
        let mut reports = Reports { allowed: true, ..Reports::default() };
        for what in [write(4, 1), write(4, 2), write(8, 3)] {
            assert_eq!(reports.meet(what), Ok(()));
        }
        assert_eq!(reports.take_fresh(), [write(4, 1), write(8, 3)]);
        assert_eq!(reports.meet(write(8, 4)), Ok(()));
        assert_eq!(reports.take_fresh(), []);
        assert_eq!(write(4, 1).to_string(), "core 1 at 0x00000004: write to DCR 0x6a0: 0x1");
    }
}
