//! From a draft without errors to the system: holes are gone, defaults are filled in.

mod disks;

use std::path::Path;

use composer_syntax::{FileId, Span, Spanned};
use manifest::{ConfigKind, InterfaceReference, Manifest};

use crate::check;
use crate::draft::{self, Draft, unmentioned};
use crate::spec::{AuthorityText, GuestText, Priority, Weight};
use crate::system::{
    Authority, Budget, Component, ComponentId, ConfigField, ConfigValue, DeviceUse, Domain, DomainId,
    FaultHandler, Grant, Guest, Instance, InstanceId, Interface, InterfaceId, KernelOptions, MemoryUse,
    OnFault, OptionalPort, Origin, Pin, Provided, Region, RegionId, System, TimerUse, Vm, Wire, WireId,
};

/// The system that `draft` describes. `None` only if the draft has a hole, which a report explains.
pub(crate) fn system(draft: &Draft<'_>, spec: FileId, spec_name: String) -> Option<System> {
    let name = draft.spec.name.given()?;
    let regions: Option<Vec<Region>> = draft.regions.iter().map(|one| region(draft, one)).collect();
    let mut lowering = Lowering { draft, components: vec![], interfaces: vec![], regions: regions? };
    let wires = lowering.wires()?;
    let instances: Option<Vec<Instance>> =
        (0..draft.instances.len()).map(|index| lowering.instance(index, &wires)).collect();
    let domains: Option<Vec<Domain>> =
        (0..draft.domains.len()).map(|index| domain(draft, index, &wires)).collect();
    Some(System {
        name: name.value.clone(),
        origin: Origin::new(draft.sources, name.span),
        spec,
        spec_name,
        board: draft.board?.clone(),
        components: lowering.components,
        interfaces: lowering.interfaces,
        domains: domains?,
        instances: instances?,
        wires,
        regions: lowering.regions,
        kernel: kernel(draft),
    })
}

/// The board and the regions of `draft`, as far as they can be read, and nothing in them.
pub(crate) fn outline(draft: &Draft<'_>, spec: FileId, spec_name: String) -> Option<System> {
    let name = draft.spec.name.given()?;
    Some(System {
        name: name.value.clone(),
        origin: Origin::new(draft.sources, name.span),
        spec,
        spec_name,
        board: draft.board?.clone(),
        components: vec![],
        interfaces: vec![],
        domains: vec![],
        instances: vec![],
        wires: vec![],
        regions: draft
            .regions
            .iter()
            .filter_map(|one| region(draft, one))
            .filter(|one| check::is_placeable(one.size, one.pin.as_ref().map(|pin| pin.at)))
            .collect(),
        kernel: kernel(draft),
    })
}

fn kernel(draft: &Draft<'_>) -> KernelOptions {
    let text = draft.spec.kernel.given();
    let fast_path = text.and_then(|kernel| kernel.fast_path.given());
    KernelOptions { fast_path: fast_path.copied().unwrap_or(true) }
}

/// The lists that grow while instances are lowered.
struct Lowering<'d, 'a> {
    draft: &'d Draft<'a>,
    components: Vec<Component>,
    interfaces: Vec<Interface>,
    regions: Vec<Region>,
}

impl Lowering<'_, '_> {
    fn origin(&self, span: Span) -> Origin {
        Origin::new(self.draft.sources, span)
    }

    fn wires(&mut self) -> Option<Vec<Wire>> {
        let draft = self.draft;
        let mut wires: Vec<Wire> = vec![];
        for wire in &draft.wires {
            let interface = self.interface(&draft.required(wire).value)?;
            let before = |one: &&Wire| one.provider.0 == wire.provider && one.provided == wire.provided;
            wires.push(Wire {
                client: InstanceId(wire.client),
                port: draft.required(wire).key.value.clone(),
                provider: InstanceId(wire.provider),
                provided: wire.provided,
                number: u32::try_from(wires.iter().filter(before).count()).ok()?,
                interface,
                kind: wire.text.kind.value,
                slots: wire.text.slots.map_or(0, |slots| slots.0),
                origin: self.origin(wire.text.span),
            });
        }
        Some(wires)
    }

    /// The interface that a port speaks; new ones join the list.
    fn interface(&mut self, speaks: &InterfaceReference) -> Option<InterfaceId> {
        let same = |one: &Interface| one.name == speaks.name && one.version == speaks.version;
        let known = self.interfaces.iter().position(same);
        let index = match known {
            Some(known) => known,
            None => {
                self.interfaces.push(self.draft.interfaces.iter().find(|one| same(one))?.clone());
                self.interfaces.len() - 1
            }
        };
        Some(InterfaceId(index))
    }

    fn instance(&mut self, index: usize, wires: &[Wire]) -> Option<Instance> {
        let one = &self.draft.instances[index];
        let manifest = one.manifest?;
        let origin = self.origin(one.key.span);
        let own = InstanceId(index);
        let ids = || wires.iter().enumerate().map(|(id, wire)| (WireId(id), wire));
        let provides = manifest.provides.iter().enumerate().map(|(port, provided)| {
            let clients: Vec<WireId> = ids()
                .filter(|(_, wire)| wire.provider == own && wire.provided == port)
                .map(|(id, _)| id)
                .collect();
            let handles = self.draft.handlers.iter();
            let handles = handles.filter(|one| one.provider == index && one.provided == port);
            let handles: Vec<DomainId> = handles.map(|one| DomainId(one.domain)).collect();
            let interface = match clients.first() {
                Some(id) => Some(wires[id.0].interface),
                None if handles.is_empty() => None,
                None => self.interface(&provided.value),
            };
            Provided { port: provided.key.value.clone(), interface, clients, handles }
        });
        let provides: Vec<Provided> = provides.collect();
        let optional = manifest.requires.iter().filter(|port| port.value.is_optional);
        let optional: Option<Vec<OptionalPort>> = optional
            .map(|port| {
                Some(OptionalPort { port: port.key.value.clone(), interface: self.interface(&port.value)? })
            })
            .collect();
        Some(Instance {
            name: one.key.value.clone(),
            origin,
            component: self.component(manifest, one.directory?),
            domain: DomainId(one.domain),
            requires: ids().filter(|(_, wire)| wire.client == own).map(|(id, _)| id).collect(),
            optional: optional?,
            provides,
            devices: self.devices(index, manifest)?,
            memory: self.memory(index, manifest, origin)?,
            timers: manifest
                .timers
                .iter()
                .map(|port| TimerUse { port: port.key.value.clone(), origin })
                .collect(),
            grants: self.grants(index, manifest)?,
            vm: self.vm(index),
            config: self.config(index, manifest, origin)?,
            stack: one.text.stack.given().map_or(manifest.activity.stack().value.0, |stack| stack.value.0),
        })
    }

    fn component(&mut self, manifest: &Manifest, directory: &Path) -> ComponentId {
        let known = self.components.iter().position(|one| one.name == manifest.name.value);
        ComponentId(known.unwrap_or_else(|| {
            self.components.push(Component {
                name: manifest.name.value.clone(),
                module: manifest.module(),
                type_name: manifest.type_name.value.clone(),
                directory: directory.to_path_buf(),
                active: manifest.is_active(),
                fpu: manifest.fpu,
                pointers: manifest
                    .pointers
                    .iter()
                    .map(|entry| (entry.key.value.clone(), entry.value.clone()))
                    .collect(),
            });
            self.components.len() - 1
        }))
    }

    fn devices(&self, instance: usize, manifest: &Manifest) -> Option<Vec<DeviceUse>> {
        let claim = |port| self.draft.devices.iter().find(|one| one.instance == instance && one.port == port);
        let uses = manifest.devices.iter().enumerate().map(|(port, described)| {
            let claim = claim(port)?;
            Some(DeviceUse {
                port: described.key.value.clone(),
                device: claim.device,
                origin: self.origin(claim.name.span),
            })
        });
        uses.collect()
    }

    /// Memory ports; those that the spec does not mention get a region of their own.
    fn memory(&mut self, instance: usize, manifest: &Manifest, origin: Origin) -> Option<Vec<MemoryUse>> {
        let draft = self.draft;
        let private = unmentioned(&draft.instances[instance].text.memory, &manifest.memory);
        let mut uses = vec![];
        for (port, described) in manifest.memory.iter().enumerate() {
            let named = draft.memory.iter().find(|one| one.instance == instance && one.port == port);
            let (region, origin) = match named {
                Some(named) => (named.region, self.origin(named.name.span)),
                None => {
                    private.iter().find(|one| one.key == described.key)?;
                    self.regions.push(Region {
                        name: format!("{}.{}", draft.name(instance), described.key.value),
                        origin,
                        size: described.value.size.value.0,
                        pin: None,
                        users: vec![],
                    });
                    (self.regions.len() - 1, origin)
                }
            };
            let users = &mut self.regions[region].users;
            if !users.contains(&InstanceId(instance)) {
                users.push(InstanceId(instance));
            }
            uses.push(MemoryUse {
                port: described.key.value.clone(),
                region: RegionId(region),
                dma: described.value.dma,
                origin,
            });
        }
        Some(uses)
    }

    fn grants(&self, instance: usize, manifest: &Manifest) -> Option<Vec<Grant>> {
        let given = &self.draft.instances[instance].text.grants;
        let grants = manifest.grants.iter().map(|port| {
            let grant = given.entries().find(|entry| entry.key.value == port.key.value)?;
            let authority = match &grant.value.authority {
                AuthorityText::Halt => Authority::Halt,
                AuthorityText::Trace => Authority::Trace,
                AuthorityText::Control(name) => Authority::Control(self.domain_named(name)?),
                AuthorityText::Observe(name) => Authority::Observe(self.domain_named(name)?),
                AuthorityText::Debug(name) => Authority::Debug(self.domain_named(name)?),
                AuthorityText::Dcr(name) => {
                    let ranges = &self.draft.board?.dcrs;
                    Authority::Dcr(ranges.iter().position(|one| one.name == name.value)?)
                }
            };
            Some(Grant { port: port.key.value.clone(), authority, origin: self.origin(grant.value.span) })
        });
        grants.collect()
    }

    /// What runs in an instance; its paths start at the spec's folder.
    fn vm(&self, instance: usize) -> Option<Vm> {
        let stated = self.draft.instances[instance].text.vm.given()?;
        let (memory, guest) = (stated.value.memory.given()?, stated.value.guest.given()?);
        let path = |file: &Spanned<String>| self.draft.folder.join(&file.value);
        let (guest, place) = match guest {
            GuestText::Recipe { name, variant } => {
                let stated = variant.as_ref().map_or(Guest::VARIANT, |variant| &variant.value);
                (Guest::Recipe { name: name.value.clone(), variant: stated.to_owned() }, name.span)
            }
            GuestText::Files { kernel, initrd } => {
                (Guest::Files { kernel: path(kernel), initrd: initrd.as_ref().map(path) }, kernel.span)
            }
        };
        let command_line = stated.value.command_line.given();
        let weight = stated.value.weight.given().copied().unwrap_or(Weight::DEFAULT);
        Some(Vm {
            memory: memory.value.0,
            guest,
            command_line: command_line.map(|line| line.value.clone()).unwrap_or_default(),
            weight: weight.0,
            on_reset: stated.value.on_reset.given().copied().unwrap_or_default(),
            on_panic: stated.value.on_panic.given().copied(),
            on_death: stated.value.on_death.given().copied().unwrap_or_default(),
            disks: self.disks(&stated.value)?,
            console: stated.value.console.given().copied().unwrap_or_default(),
            entropy: stated.value.entropy.given().copied().unwrap_or_default(),
            virtio: stated.value.virtio.given().copied().unwrap_or_default(),
            mac: stated.value.mac.given().and_then(|mac| check::address(&mac.value).ok()),
            origin: self.origin(stated.span),
            memory_origin: self.origin(memory.span),
            guest_origin: self.origin(place),
        })
    }

    fn domain_named(&self, name: &Spanned<String>) -> Option<DomainId> {
        self.draft.domain_named(&name.value).map(DomainId)
    }

    fn config(&self, instance: usize, manifest: &Manifest, origin: Origin) -> Option<Vec<ConfigField>> {
        let given = &self.draft.instances[instance].text.config;
        let fields = manifest.config.iter().map(|field| {
            let stated = given.entries().find(|entry| entry.key.value == field.key.value);
            let value = match stated {
                Some(entry) => stated_value(&entry.value.kind)?,
                None => default_value(&field.value.kind)?,
            };
            let value = match (&field.value.kind, value) {
                (ConfigKind::Choice { .. }, ConfigValue::Bool(is_on)) => ConfigValue::Choice(is_on),
                (_, value) => value,
            };
            let origin = stated.map_or(origin, |entry| self.origin(entry.value.span));
            Some(ConfigField { name: field.key.value.clone(), value, origin })
        });
        fields.collect()
    }
}

fn stated_value(value: &composer_syntax::ValueKind) -> Option<ConfigValue> {
    match value {
        composer_syntax::ValueKind::Integer(integer) => {
            integer.signed().and_then(|number| u32::try_from(number).ok()).map(ConfigValue::U32)
        }
        composer_syntax::ValueKind::Bool(flag) => Some(ConfigValue::Bool(*flag)),
        composer_syntax::ValueKind::Text(text) => Some(ConfigValue::Str(text.clone())),
        _ => None,
    }
}

fn default_value(kind: &ConfigKind) -> Option<ConfigValue> {
    match kind {
        ConfigKind::U32 { default, .. } => default.map(ConfigValue::U32),
        ConfigKind::Bool { default } | ConfigKind::Choice { default } => default.map(ConfigValue::Bool),
        ConfigKind::Str { default } => default.clone().map(ConfigValue::Str),
    }
}

fn region(draft: &Draft<'_>, region: &draft::Region<'_>) -> Option<Region> {
    let origin = |span| Origin::new(draft.sources, span);
    let pin = region.text.at.given().map(|at| Pin {
        at: at.value.0,
        reason: region.text.reason.given().map(|reason| reason.value.clone()).unwrap_or_default(),
        origin: origin(at.span),
    });
    Some(Region {
        name: region.key.value.clone(),
        origin: origin(region.key.span),
        size: region.text.size.given()?.value.0,
        pin,
        users: vec![],
    })
}

fn domain(draft: &Draft<'_>, index: usize, wires: &[Wire]) -> Option<Domain> {
    let domain = &draft.domains[index];
    let members = || domain.instances.iter().map(|&one| &draft.instances[one]);
    let priority = members().find_map(|one| one.text.priority.given());
    let stacks: Option<Vec<u64>> = members()
        .map(|one| {
            Some(one.text.stack.given().map_or(one.manifest?.activity.stack().value.0, |stack| stack.value.0))
        })
        .collect();
    Some(Domain {
        name: domain.name.value.clone(),
        origin: Origin::new(draft.sources, domain.name.span),
        instances: domain.instances.iter().copied().map(InstanceId).collect(),
        active: draft.active(index).map(InstanceId),
        priority: priority.map_or(Priority::DEFAULT, |stated| stated.value).0,
        priority_origin: priority.map(|stated| Origin::new(draft.sources, stated.span)),
        fault_handler: fault_handler(draft, index, wires),
        on_fault: members()
            .find_map(|one| one.text.on_fault.given())
            .map_or(OnFault::Halt, |stated| stated.value),
        budget: members().find_map(|one| one.text.budget.given()).map(|stated| Budget {
            time: stated.value.time.value,
            period: stated.value.period.value,
            origin: Origin::new(draft.sources, stated.span),
        }),
        stack: stacks?.into_iter().fold(0, u64::saturating_add),
        fpu: members().any(|one| one.manifest.is_some_and(|manifest| manifest.fpu)),
        pinned: members()
            .find_map(|one| one.text.tlb.given())
            .map(|tlb| Origin::new(draft.sources, tlb.span)),
        stack_origin: members()
            .find_map(|one| one.text.stack.given())
            .map(|stated| Origin::new(draft.sources, stated.span)),
    })
}

fn fault_handler(draft: &Draft<'_>, domain: usize, wires: &[Wire]) -> Option<FaultHandler> {
    let own = draft.handlers.iter().find(|one| one.domain == domain)?;
    let provider = InstanceId(own.provider);
    let clients =
        wires.iter().filter(|wire| wire.provider == provider && wire.provided == own.provided).count();
    let same = |one: &&draft::HandlerUse<'_>| one.provider == own.provider && one.provided == own.provided;
    let before = draft.handlers.iter().filter(same).take_while(|one| one.domain != domain).count();
    Some(FaultHandler {
        provider,
        provided: own.provided,
        number: u32::try_from(clients + before).ok()?,
        origin: Origin::new(draft.sources, own.name.span),
    })
}
