//! What the cores of a node share: memory, devices, device control registers.

use crate::core::{Core, Exception, Fault};
use crate::debugger::Stops;
use crate::devices::Devices;
use crate::memory::{Decoded, Memory};
use crate::node::CORES;
use crate::observe::Observer;
use crate::report::{Access, Reports, Unmodelled};
use serde::{Deserialize, Serialize};

/// The interrupt controller's three lines to a core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Non-critical: external interrupts.
    pub external: bool,
    /// Critical input.
    pub critical: bool,
    /// Machine check.
    pub machine_check: bool,
}

/// What a device says to an access that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown;

/// Memory and devices.
#[derive(Serialize, Deserialize)]
pub struct Bus {
    /// DRAM and SRAM.
    pub memory: Memory,
    /// Everything else.
    pub devices: Devices,
    /// What was met that is not modelled.
    pub reports: Reports,
    #[serde(skip)]
    observer: Option<Box<dyn Observer>>,
    /// The instruction of each core that the observer was told of last.
    #[serde(skip)]
    told: [Option<(u64, u32)>; CORES],
    /// Where a debugger wants the cores to stop.
    #[serde(skip)]
    pub debugger: Option<Box<Stops>>,
}

impl Bus {
    /// A bus with memory and devices.
    pub fn new(memory: Memory, devices: Devices) -> Self {
        Self {
            memory,
            devices,
            reports: Reports::default(),
            observer: None,
            told: [None; CORES],
            debugger: None,
        }
    }

    /// Has every instruction, exception and access told to an observer from now on. Answers the one before.
    pub fn observe_with(&mut self, observer: Option<Box<dyn Observer>>) -> Option<Box<dyn Observer>> {
        std::mem::replace(&mut self.observer, observer)
    }

    /// Whether somebody observes each instruction.
    #[inline(always)]
    pub(crate) fn observes(&self) -> bool {
        self.observer.as_ref().is_some_and(|observer| observer.wants_instructions())
    }

    pub(crate) fn observe_instruction(&mut self, core: &Core, decoded: Decoded) {
        // One that had to wait for its turn comes here again.
        let now = (core.clock.instructions(), core.registers.pc);
        let told = self.told[core.number].replace(now);
        if let Some(observer) = self.observer.as_mut().filter(|_| told != Some(now)) {
            observer.instruction(core, decoded.word());
        }
    }

    pub(crate) fn observe_exception(&mut self, core: &Core, exception: Exception) {
        if let Some(observer) = &mut self.observer {
            observer.exception(core, exception);
            if exception == Exception::External
                && let Some(number) = self.devices.bic.first_external(core.number)
            {
                observer.interrupt(core, number);
            }
        }
    }

    /// Accesses from here on happen at a time, by a core.
    pub(crate) fn at(&mut self, now: u64, core: usize) {
        self.devices.at(now, core);
    }

    /// The interrupt controller's lines to a core.
    pub(crate) fn lines(&self, core: usize) -> Lines {
        self.devices.bic.lines(core)
    }

    /// Whether users may access a device control register, by `mfdcrux` and `mtdcrux`.
    pub(crate) fn users_may_use(&self, number: u32) -> bool {
        self.devices.barrier.users_may_use(number)
    }

    /// Reads a device.
    pub(crate) fn device_read(&mut self, core: &Core, physical: u64, into: &mut [u8]) -> Result<(), Fault> {
        if self.devices.read(&mut self.memory, physical, into).is_err() {
            self.unknown(core, Access::Read(physical, into.len()))?;
            into.fill(0);
        }
        if let Some(observer) = &mut self.observer {
            observer.device_read(core, physical, into);
        }
        Ok(())
    }

    /// Writes a device.
    pub(crate) fn device_write(&mut self, core: &Core, physical: u64, bytes: &[u8]) -> Result<(), Fault> {
        if let Some(observer) = &mut self.observer {
            observer.device_write(core, physical, bytes);
        }
        if self.devices.write(&mut self.memory, physical, bytes).is_err() {
            let value = bytes.iter().fold(0, |value, byte| value << 8 | u128::from(*byte));
            self.unknown(core, Access::Write(physical, bytes.len(), value))?;
        }
        Ok(())
    }

    /// Reads a device control register.
    pub(crate) fn read_dcr(&mut self, core: &Core, number: u32) -> Result<u32, Fault> {
        let value = match self.devices.read_dcr(number) {
            Ok(value) => value,
            Err(Unknown) => {
                self.unknown(core, Access::ReadDcr(number))?;
                0
            }
        };
        if let Some(observer) = &mut self.observer {
            observer.dcr_read(core, number, value);
        }
        Ok(value)
    }

    /// Writes a device control register.
    pub(crate) fn write_dcr(&mut self, core: &Core, number: u32, value: u32) -> Result<(), Fault> {
        if let Some(observer) = &mut self.observer {
            observer.dcr_write(core, number, value);
        }
        if self.devices.write_dcr(&mut self.memory, number, value).is_err() {
            self.unknown(core, Access::WriteDcr(number, value))?;
        }
        Ok(())
    }

    /// An access that nothing models.
    fn unknown(&mut self, core: &Core, access: Access) -> Result<(), Fault> {
        let what = Unmodelled { core: core.number, pc: core.registers.pc, access };
        self.reports.meet(what).map_err(Fault::Unmodelled)
    }
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Bus").field("devices", &self.devices).finish_non_exhaustive()
    }
}
