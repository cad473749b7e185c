//! The resolved system: every name is an index, every default is filled in, every rule holds.
//!
//! Holding a [`System`] proves that [`load`](crate::load()) found no error. Passes after it look nothing up
//! by name and check nothing again; what they place or emit they trace back through an [`Origin`].

mod board;
mod budget;
mod component;
mod console;
mod domain;
mod handler;
mod instance;
mod interface;
mod origin;
mod region;
mod vm;
mod wire;
mod work;

use std::ops::Index;

use composer_syntax::FileId;

pub use board::{
    Board, Controller, Cpu, Dcrs, Device, DeviceId, KernelPlace, Memory, Reserved, Run, StandIn,
};
pub use budget::Budget;
pub use component::{Component, ComponentId, PointerKind};
pub use domain::{Domain, DomainId, OnFault};
pub use handler::FaultHandler;
pub use instance::{
    Authority, ConfigField, ConfigValue, DeviceUse, Grant, Instance, InstanceId, MemoryUse, OptionalPort,
    Provided, TimerUse,
};
pub use interface::{Interface, InterfaceId};
pub use origin::Origin;
pub use region::{Pin, Region, RegionId};
pub use vm::{Disk, Guest, Reaction, VirtioVersion, Vm};
pub use wire::{Wire, WireId, WireKind};
pub use work::Worker;

/// One node, resolved and checked.
#[derive(Clone, Debug)]
pub struct System {
    /// The spec's `name`: a lower-case identifier, the stem of every generated crate.
    pub name: String,
    /// Where the name stands.
    pub origin: Origin,
    /// The spec's file.
    pub spec: FileId,
    /// File name of the spec without its folders, as comments in generated code show it (`hello.ron`).
    pub spec_name: String,
    /// The board, after `--platform`.
    pub board: Board,
    /// The components that instances name, each once, in order of first use.
    pub components: Vec<Component>,
    /// The interfaces that wires speak, each once, in order of first use.
    pub interfaces: Vec<Interface>,
    /// Protection domains, in the order in which the spec first names an instance of each.
    pub domains: Vec<Domain>,
    /// Instances, in the order of the spec.
    pub instances: Vec<Instance>,
    /// Wires, ordered by client instance, then by the order of the client's manifest.
    pub wires: Vec<Wire>,
    /// Memory regions: the spec's, then one for each memory port that names none.
    pub regions: Vec<Region>,
    /// What the spec says of the kernel itself.
    pub kernel: KernelOptions,
}

/// What a spec says of the kernel itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelOptions {
    /// Calls take the path in assembly where they can. Without it they do the same, slower: for tests, and to
    /// see what it is worth.
    pub fast_path: bool,
}

impl System {
    /// The place as people write it: `hello.ron:9`.
    pub fn place(&self, origin: Origin) -> String {
        let file = if origin.span.file == self.spec { &self.spec_name } else { &self.board.file_name };
        format!("{file}:{}", origin.line)
    }

    /// Whether a virtual machine runs in it.
    pub fn has_vm(&self) -> bool {
        self.instances.iter().any(|instance| instance.vm.is_some())
    }

    /// The same system on the same board with the next larger RAM, if the machine can have that.
    #[must_use]
    pub fn with_more_memory(&self) -> Option<Self> {
        let index = self.board.memory.iter().position(|memory| !memory.larger.is_empty())?;
        let mut grown = self.clone();
        let memory = &mut grown.board.memory[index];
        memory.size = memory.larger.remove(0);
        let end = grown.board.memory.last().map_or(0, |memory| memory.at.saturating_add(memory.size));
        if let Run::Qemu { memory, .. } = &mut grown.board.run {
            *memory = end;
        }
        Some(grown)
    }

    /// Wires whose provider is `instance`, in the order of their client numbers, port by port.
    pub fn clients_of(&self, instance: InstanceId) -> impl Iterator<Item = (WireId, &Wire)> {
        self.instances[instance.0]
            .provides
            .iter()
            .flat_map(|port| port.clients.iter())
            .map(|&wire| (wire, &self.wires[wire.0]))
    }
}

/// Makes an index type and lets it index the system.
macro_rules! indexes {
    ($($id:ty => $field:ident: $item:ty),* $(,)?) => {$(
        impl Index<$id> for System {
            type Output = $item;

            fn index(&self, id: $id) -> &$item {
                &self.$field[id.0]
            }
        }
    )*};
}

indexes! {
    ComponentId => components: Component,
    InterfaceId => interfaces: Interface,
    DomainId => domains: Domain,
    InstanceId => instances: Instance,
    WireId => wires: Wire,
    RegionId => regions: Region,
}

impl Index<DeviceId> for System {
    type Output = Device;

    fn index(&self, id: DeviceId) -> &Device {
        &self.board.devices[id.0]
    }
}
