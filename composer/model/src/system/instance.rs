//! Instances: components as the spec names them, with everything that they are given.

use super::{ComponentId, DeviceId, DomainId, InterfaceId, Origin, RegionId, Vm, WireId};

/// Index of an [`Instance`] in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub usize);

/// A component as the spec names it. Every list is in the order of the manifest and complete.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Name: a lower-case identifier, unique in the system.
    pub name: String,
    /// The instance's key in the spec.
    pub origin: Origin,
    /// What it is an instance of.
    pub component: ComponentId,
    /// Where it lives.
    pub domain: DomainId,
    /// Its required ports that are wired, each by one wire.
    pub requires: Vec<WireId>,
    /// Those required ports, wired or not, that the spec may leave unwired.
    pub optional: Vec<OptionalPort>,
    /// Its provided ports.
    pub provides: Vec<Provided>,
    /// Its devices.
    pub devices: Vec<DeviceUse>,
    /// Its memory.
    pub memory: Vec<MemoryUse>,
    /// Its timers.
    pub timers: Vec<TimerUse>,
    /// Its authority over the node and over other domains.
    pub grants: Vec<Grant>,
    /// What runs in it, if it is the monitor of a virtual machine.
    pub vm: Option<Vm>,
    /// Its configuration: one value for each field of the manifest.
    pub config: Vec<ConfigField>,
    /// Bytes of stack that it adds to its domain.
    pub stack: u64,
}

/// A required port that may stay unwired.
#[derive(Clone, Debug)]
pub struct OptionalPort {
    /// The port's name.
    pub port: String,
    /// What it speaks.
    pub interface: InterfaceId,
}

/// A provided port. Its position in [`Instance::provides`] is the port's number in badges.
#[derive(Clone, Debug)]
pub struct Provided {
    /// The port's name; the generated handle is `<name>_clients`.
    pub port: String,
    /// What it speaks. None when no wire and no fault uses the port: then nothing about it is generated
    /// but an empty list of clients.
    pub interface: Option<InterfaceId>,
    /// The wires that end here. A wire's position is its client's number at this port.
    pub clients: Vec<WireId>,
    /// The domains whose faults arrive here; they are numbered behind the clients.
    pub handles: Vec<DomainId>,
}

/// A device port with its device.
#[derive(Clone, Debug)]
pub struct DeviceUse {
    /// The port's name.
    pub port: String,
    /// The board's device. No two instances share one.
    pub device: DeviceId,
    /// Where the spec says so.
    pub origin: Origin,
}

/// A memory port with its region.
#[derive(Clone, Debug)]
pub struct MemoryUse {
    /// The port's name.
    pub port: String,
    /// The region, at least as large as the manifest asks.
    pub region: RegionId,
    /// Whether the instance may learn where it lies.
    pub dma: bool,
    /// Where the spec says so; of the instance's key if the region is its own.
    pub origin: Origin,
}

/// A timer port.
#[derive(Clone, Debug)]
pub struct TimerUse {
    /// The port's name.
    pub port: String,
    /// The instance's key: timers need no word in the spec.
    pub origin: Origin,
}

/// A grant port with its authority.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The port's name.
    pub port: String,
    /// What it allows.
    pub authority: Authority,
    /// Where the spec says so.
    pub origin: Origin,
}

/// What a grant allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// End the node's run.
    Halt,
    /// Stop, restart and inspect another domain.
    Control(DomainId),
    /// Inspect another domain.
    Observe(DomainId),
    /// Read and write the registers of another domain's thread.
    Debug(DomainId),
    /// Use a range of the board's device control registers, by its position in the board.
    Dcr(usize),
    /// Read the kernel's trace.
    Trace,
}

/// One configuration value.
#[derive(Clone, Debug)]
pub struct ConfigField {
    /// The field's name.
    pub name: String,
    /// Its value, in the manifest's range.
    pub value: ConfigValue,
    /// Where the spec says so; of the instance's key if the manifest's default stands.
    pub origin: Origin,
}

/// A configuration value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigValue {
    /// `u32`.
    U32(u32),
    /// `bool`.
    Bool(bool),
    /// `&'static str`.
    Str(String),
    /// `runtime::On` or `runtime::Off`: a type.
    Choice(bool),
}
