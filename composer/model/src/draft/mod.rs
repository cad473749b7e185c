//! The draft: names turned into indexes, as far as they can be.
//!
//! A draft may have holes: what is unknown or unusable is reported where it is found and left out here,
//! so that no check speaks of it again. Only a draft without errors is lowered to a
//! [`System`](crate::System).

mod domains;
mod handlers;
mod instances;
mod uses;
mod wires;

use std::path::Path;

use composer_syntax::{Entry, Keyed, SourceMap, Spanned};
use manifest::{InterfaceReference, Manifest};

use crate::spec::{InstanceText, RegionText, SpecText, WireText};
use crate::system::{Board, DeviceId, Interface, StandIn, WireKind};

pub(crate) use instances::resolve;
pub(crate) use uses::{unknown_port, unmentioned};

/// A system under construction.
pub(crate) struct Draft<'a> {
    /// All texts, for fixes that follow the layout of the lines around them.
    pub(crate) sources: &'a SourceMap,
    /// The checkout's root, where recipes of guests are.
    pub(crate) checkout: &'a Path,
    /// The spec's folder, where its files' names start.
    pub(crate) folder: &'a Path,
    /// The spec.
    pub(crate) spec: &'a SpecText,
    /// The board, if it is known.
    pub(crate) board: Option<&'a Board>,
    /// Interfaces that manifests name and that exist.
    pub(crate) interfaces: &'a [Interface],
    /// All instances, in the order of the spec.
    pub(crate) instances: Vec<Instance<'a>>,
    /// Wires whose both ends are known.
    pub(crate) wires: Vec<Wire<'a>>,
    /// Regions of the spec.
    pub(crate) regions: Vec<Region<'a>>,
    /// Device ports whose device is known.
    pub(crate) devices: Vec<DeviceUse<'a>>,
    /// Memory ports whose region is known.
    pub(crate) memory: Vec<MemoryUse<'a>>,
    /// Domains, in the order of their first instance.
    pub(crate) domains: Vec<Domain<'a>>,
    /// Ports that handle faults, by domain, for those whose port is known.
    pub(crate) handlers: Vec<HandlerUse<'a>>,
}

/// An instance.
pub(crate) struct Instance<'a> {
    /// Its name.
    pub(crate) key: &'a Spanned<String>,
    /// What the spec says.
    pub(crate) text: &'a InstanceText,
    /// Its component's manifest, or that of the component which stands in for it; if it is known.
    pub(crate) manifest: Option<&'a Manifest>,
    /// The component's folder, if it is known.
    pub(crate) directory: Option<&'a Path>,
    /// What stands in for its component on the board.
    pub(crate) stand_in: Option<&'a StandIn>,
    /// Its domain.
    pub(crate) domain: usize,
}

impl<'a> Instance<'a> {
    /// The devices that it is given, by port: what the spec says, or the board if something stands in.
    /// None if there is nothing usable.
    pub(crate) fn devices(&self) -> Vec<(&'a Spanned<String>, &'a Spanned<String>)> {
        match self.stand_in {
            Some(stand_in) => stand_in.devices.iter().map(|(port, device)| (port, device)).collect(),
            None => self.text.devices.entries().map(|entry| (&entry.key, &entry.value)).collect(),
        }
    }

    /// Whether it is known to have a thread.
    pub(crate) fn is_active(&self) -> bool {
        self.manifest.is_some_and(|manifest| manifest.is_active())
    }
}

/// A wire.
#[derive(Clone, Copy)]
pub(crate) struct Wire<'a> {
    /// The wire as written.
    pub(crate) text: &'a WireText,
    /// The instance that requires.
    pub(crate) client: usize,
    /// Position of the port in its manifest's `requires`.
    pub(crate) port: usize,
    /// The instance that provides.
    pub(crate) provider: usize,
    /// Position of the port in the provider's `provides`.
    pub(crate) provided: usize,
}

impl Wire<'_> {
    /// Whether it is of this kind.
    pub(crate) fn is(&self, kind: WireKind) -> bool {
        self.text.kind.value == kind
    }

    /// Whether it joins two domains.
    pub(crate) fn is_remote(&self) -> bool {
        self.text.kind.value.is_remote()
    }
}

/// A region.
pub(crate) struct Region<'a> {
    /// Its name.
    pub(crate) key: &'a Spanned<String>,
    /// What the spec says.
    pub(crate) text: &'a RegionText,
}

/// A device port and its device.
pub(crate) struct DeviceUse<'a> {
    /// The instance.
    pub(crate) instance: usize,
    /// Position of the port in the manifest's `devices`.
    pub(crate) port: usize,
    /// The device.
    pub(crate) device: DeviceId,
    /// Where the spec names it.
    pub(crate) name: &'a Spanned<String>,
}

/// A memory port and its region.
pub(crate) struct MemoryUse<'a> {
    /// The instance.
    pub(crate) instance: usize,
    /// Position of the port in the manifest's `memory`.
    pub(crate) port: usize,
    /// The region.
    pub(crate) region: usize,
    /// Where the spec names it.
    pub(crate) name: &'a Spanned<String>,
}

/// The port that handles a domain's faults.
#[derive(Clone, Copy)]
pub(crate) struct HandlerUse<'a> {
    /// The domain.
    pub(crate) domain: usize,
    /// The instance that provides.
    pub(crate) provider: usize,
    /// Position of the port in the provider's `provides`.
    pub(crate) provided: usize,
    /// Where the spec names it.
    pub(crate) name: &'a Spanned<String>,
}

/// A domain.
pub(crate) struct Domain<'a> {
    /// Its name and the place that gives it.
    pub(crate) name: &'a Spanned<String>,
    /// Its instances, in the order of the spec.
    pub(crate) instances: Vec<usize>,
}

impl<'a> Draft<'a> {
    /// The wire's required port.
    pub(crate) fn required(&self, wire: &Wire<'a>) -> &'a Entry<InterfaceReference> {
        let manifest = self.instances[wire.client].manifest.expect("a wire's ends are known");
        at(&manifest.requires, wire.port)
    }

    /// The wire's provided port.
    pub(crate) fn provided(&self, wire: &Wire<'a>) -> &'a Entry<InterfaceReference> {
        let manifest = self.instances[wire.provider].manifest.expect("a wire's ends are known");
        at(&manifest.provides, wire.provided)
    }

    /// The name of an instance.
    pub(crate) fn name(&self, instance: usize) -> &'a str {
        &self.instances[instance].key.value
    }

    /// The active instance of a domain: its first, if it has several by mistake.
    pub(crate) fn active(&self, domain: usize) -> Option<usize> {
        self.domains[domain].instances.iter().copied().find(|&one| self.instances[one].is_active())
    }

    /// The domain that a name means: a domain's own, or that of an instance.
    pub(crate) fn domain_named(&self, name: &str) -> Option<usize> {
        let domain = self.domains.iter().position(|domain| domain.name.value == name);
        let instance = || self.instances.iter().find(|instance| instance.key.value == name);
        domain.or_else(|| instance().map(|instance| instance.domain))
    }
}

/// The entry at a position that the draft holds.
pub(crate) fn at<T>(map: &Keyed<T>, position: usize) -> &Entry<T> {
    map.iter().nth(position).expect("the draft holds positions of entries")
}

/// Whether two references mean the same interface in the same version.
pub(crate) fn same_interface(one: &InterfaceReference, other: &InterfaceReference) -> bool {
    one.name == other.name && one.version == other.version
}
