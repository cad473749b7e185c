//! Lowering: from the system and its numbers to what generation prints.

use std::collections::{BTreeMap, BTreeSet};

use composer_model::{
    Authority, ConfigValue, Domain, DomainId, Instance, InstanceId, RegionId, System, VirtioVersion, WireId,
    WireKind,
};

use super::bits::DomainBits;
use super::numbers::Numbers;
use super::slices::slice;
use super::slots::DomainSlots;
use super::spaces::{Spaces, wire_bytes};
use crate::lowered::{
    self, Called, Calls, Client, Extent, GuestDisk, GuestImage, Interrupt, Optional, Program, Provided,
    Reach, Reaction, Required, Ringed, Slice, Value, VirtualMachine, WireBuffer, WireRing,
};
use crate::window;

/// Lowers all domains.
pub(crate) fn program(
    system: &System,
    numbers: &Numbers,
    bits: &[DomainBits],
    slots: &[DomainSlots],
    spaces: &Spaces,
) -> Program {
    let mut folders: BTreeSet<String> = RESERVED_FOLDERS.map(str::to_owned).into();
    let domains = system.domains.iter().enumerate().map(|(index, domain)| {
        let (bits, slots) = (&bits[index], &slots[index]);
        let folder = new_folder(&mut folders, &domain.name);
        Lowering { system, numbers, bits, slots, spaces, domain: DomainId(index) }.domain(domain, folder)
    });
    Program { system: system.name.clone(), spec: system.spec_name.clone(), domains: domains.collect() }
}

/// Folders of a generated workspace that are no domain's.
const RESERVED_FOLDERS: [&str; 4] = ["kernel", "checkout", "programs", "target"];

/// A folder that no other crate has: the domain's name, with a number if need be.
fn new_folder(taken: &mut BTreeSet<String>, name: &str) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let folder = names.find(|name| !taken.contains(name)).expect("numbers do not end");
    taken.insert(folder.clone());
    folder
}

struct Lowering<'a> {
    system: &'a System,
    numbers: &'a Numbers,
    bits: &'a DomainBits,
    slots: &'a DomainSlots,
    spaces: &'a Spaces,
    domain: DomainId,
}

impl Lowering<'_> {
    fn domain(&self, domain: &Domain, folder: String) -> lowered::Domain {
        let stack = self.spaces.stacks[self.domain.0];
        let order = construction_order(self.system, domain);
        lowered::Domain {
            name: domain.name.clone(),
            package: format!("{}-{folder}", self.system.name),
            fpu: self.system[self.domain].fpu,
            folder,
            place: self.system.place(domain.origin),
            stack: Extent { start: stack.start(), size: stack.size() },
            notification_slot: self.slots.notification,
            endpoint_slot: self.slots.endpoint,
            instances: order.into_iter().map(|id| self.instance(id, domain.active == Some(id))).collect(),
        }
    }

    fn instance(&self, id: InstanceId, active: bool) -> lowered::Instance {
        let instance = &self.system[id];
        let component = &self.system[instance.component];
        lowered::Instance {
            name: instance.name.clone(),
            package: component.name.clone(),
            module: component.module.clone(),
            type_name: component.type_name.clone(),
            active,
            place: self.system.place(instance.origin),
            requires: instance.requires.iter().map(|&wire| self.required(wire)).collect(),
            optional: instance
                .optional
                .iter()
                .map(|optional| Optional {
                    port: optional.port.clone(),
                    interface: self.system[optional.interface].name.clone(),
                    module: self.system[optional.interface].module.clone(),
                })
                .collect(),
            provides: self.provided(id, instance),
            devices: self.devices(id, instance),
            memory: self.memory(id, instance),
            timers: self.timers(id, instance),
            grants: self.grants(id, instance),
            vm: self.vm(id, instance),
            config: self.config(instance),
        }
    }

    fn required(&self, id: WireId) -> Required {
        let wire = &self.system[id];
        let (port, place) = (wire.port.clone(), self.system.place(wire.origin));
        let provider = &self.system[wire.provider];
        match wire.kind {
            WireKind::Direct => {
                Required::Direct { port, provider: provider.name.clone(), client: wire.number, place }
            }
            WireKind::Call => {
                let bits = self.bits.wires.get(&id).copied().unwrap_or_default();
                Required::Call(Called {
                    port,
                    interface: self.system[wire.interface].name.clone(),
                    module: self.system[wire.interface].module.clone(),
                    slot: self.slots.wires[&id],
                    buffer: self.buffer(id),
                    events: bits.events,
                    gone: bits.gone,
                    place,
                })
            }
            WireKind::Ring => {
                let bits = self.bits.wires.get(&id).copied().unwrap_or_default();
                Required::Ring(Ringed {
                    port,
                    interface: self.system[wire.interface].name.clone(),
                    module: self.system[wire.interface].module.clone(),
                    slot: self.slots.wires[&id],
                    ring: self.ring(id),
                    events: bits.events,
                    gone: bits.gone,
                    wake: bits.wake,
                    place,
                })
            }
        }
    }

    /// The rings of a wire, as this domain sees them.
    fn ring(&self, id: WireId) -> WireRing {
        let wire = &self.system[id];
        WireRing {
            address: self.spaces.buffers[&(id, self.domain)] as u32,
            size: wire_bytes(self.system, wire) as u32,
            slots: wire.slots,
        }
    }

    /// The buffer of a wire, as this domain sees it.
    fn buffer(&self, wire: WireId) -> Option<WireBuffer> {
        let address = *self.spaces.buffers.get(&(wire, self.domain))? as u32;
        Some(WireBuffer { address, size: self.system[self.system[wire].interface].buffer })
    }

    fn provided(&self, id: InstanceId, instance: &Instance) -> Vec<Provided> {
        let ports = instance.provides.iter().enumerate();
        ports
            .map(|(position, port)| Provided {
                port: port.port.clone(),
                number: self.numbers.called_port(id, position),
                module: port.interface.map(|interface| self.system[interface].module.clone()),
                clients: self.clients(port),
            })
            .collect()
    }

    /// The clients of a port, then the domains whose faults arrive there.
    fn clients(&self, port: &composer_model::Provided) -> Vec<Client> {
        let wires = port.clients.iter().map(|&wire| self.client(wire));
        let faults = port.handles.iter().filter_map(|&domain| {
            let about = &self.system[domain];
            let reach = Reach::Call { first_slot: 0, events: 0, buffer: None };
            Some(Client {
                name: about.name.clone(),
                reach,
                place: self.system.place(about.fault_handler?.origin),
            })
        });
        wires.chain(faults).collect()
    }

    fn client(&self, id: WireId) -> Client {
        let wire = &self.system[id];
        let first_slot = self.slots.events.get(&id).copied();
        let events = first_slot.map_or(0, |_| self.system[wire.interface].events.len() as u32);
        let first_slot = first_slot.unwrap_or(0);
        let reach = match wire.kind {
            WireKind::Direct => Reach::Direct { port: wire.port.clone() },
            WireKind::Call => Reach::Call { first_slot, events, buffer: self.buffer(id) },
            WireKind::Ring => Reach::Ring {
                first_slot,
                events,
                slot: self.slots.rings[&id],
                bits: self.bits.rings[&id],
                client: self.numbers.client(wire.number),
                ring: self.ring(id),
            },
        };
        Client { name: self.system[wire.client].name.clone(), reach, place: self.system.place(wire.origin) }
    }

    fn devices(&self, id: InstanceId, instance: &Instance) -> Vec<lowered::Device> {
        let devices = instance.devices.iter().enumerate();
        devices
            .map(|(position, device)| {
                let about = &self.system[device.device];
                let slot = self.slots.irqs.get(&(id, position));
                let bits = self.bits.devices.get(&(id, position));
                lowered::Device {
                    port: device.port.clone(),
                    device: about.name.clone(),
                    base: self.spaces.devices[&device.device] as u32,
                    size: about.size as u32,
                    interrupt: slot.zip(bits).map(|(&slot, &bits)| Interrupt { slot, bits }),
                    place: self.system.place(device.origin),
                }
            })
            .collect()
    }

    fn memory(&self, id: InstanceId, instance: &Instance) -> Vec<lowered::Memory> {
        let base = |region: RegionId| self.spaces.regions[&(region, self.domain)] as u32;
        let memory = instance.memory.iter().enumerate();
        memory
            .map(|(position, memory)| lowered::Memory {
                port: memory.port.clone(),
                region: self.system[memory.region].name.clone(),
                base: base(memory.region),
                size: self.system[memory.region].size as u32,
                region_slot: self.slots.memory.get(&(id, position)).copied(),
                place: self.system.place(memory.origin),
            })
            .collect()
    }

    fn timers(&self, id: InstanceId, instance: &Instance) -> Vec<lowered::Timer> {
        let timers = instance.timers.iter().enumerate();
        timers
            .map(|(position, timer)| lowered::Timer {
                port: timer.port.clone(),
                slot: self.slots.timers[&(id, position)],
                bits: self.bits.timers[&(id, position)],
                frequency: self.system.board.time_base,
                place: self.system.place(timer.origin),
            })
            .collect()
    }

    fn grants(&self, id: InstanceId, instance: &Instance) -> Vec<lowered::Grant> {
        let grants = instance.grants.iter().enumerate();
        grants
            .map(|(position, grant)| lowered::Grant {
                port: grant.port.clone(),
                authority: self.authority(grant.authority, (id, position)),
                slot: self.slots.grants.get(&(id, position)).copied().unwrap_or(0),
                place: self.system.place(grant.origin),
            })
            .collect()
    }

    fn authority(&self, authority: Authority, place: (InstanceId, usize)) -> lowered::Authority {
        let name = |domain: DomainId| self.system[domain].name.clone();
        match authority {
            Authority::Halt => lowered::Authority::Halt,
            Authority::Control(target) => {
                lowered::Authority::Control { domain: name(target), bits: self.bits.ends[&place] }
            }
            Authority::Observe(target) => lowered::Authority::Observe(name(target)),
            Authority::Debug(target) => lowered::Authority::Debug(name(target)),
            Authority::Dcr(range) => lowered::Authority::Dcr(self.system.board.dcrs[range].name.clone()),
            Authority::Trace => {
                let start = self.spaces.traces[&self.domain];
                lowered::Authority::Trace(Extent { start, size: window::TRACE })
            }
        }
    }

    /// The guest's kernel and file system have no sizes yet.
    fn vm(&self, id: InstanceId, instance: &Instance) -> Option<VirtualMachine> {
        let vm = instance.vm.as_ref()?;
        let guest = &self.spaces.guests[&id];
        let disks = vm.disks.iter().zip(&guest.disks);
        Some(VirtualMachine {
            slot: self.slots.vcpus[&id],
            number: self.numbers.vcpu(id)?.into(),
            state: guest.state as u32,
            memory: Extent { start: guest.memory, size: vm.memory },
            kernel: GuestImage { address: window::GUEST_KERNEL as u32, size: 0 },
            load: 0,
            entry: 0,
            initrd: None,
            disks: disks
                .map(|(disk, &address)| GuestDisk {
                    name: disk.name.clone(),
                    image: GuestImage { address: address as u32, size: disk.bytes as u32 },
                    read_only: disk.read_only,
                    place: self.system.place(disk.origin),
                })
                .collect(),
            console: vm.console,
            entropy: vm.entropy,
            modern: vm.virtio == VirtioVersion::Modern,
            mac: vm.mac,
            command_line: vm.command_line.clone(),
            calls: self.calls(id),
            slice: self.slice(id),
            on_reset: reaction(vm.on_reset),
            on_panic: vm.on_panic.map(reaction),
            on_death: reaction(vm.on_death),
            frequency: self.system.board.time_base,
            place: self.system.place(vm.origin),
        })
    }

    /// How it learns of calls.
    fn calls(&self, id: InstanceId) -> Option<Calls> {
        Some(Calls { endpoint: self.slots.endpoint?, bits: *self.bits.calls.get(&id)? })
    }

    /// Its turns with its equals.
    fn slice(&self, id: InstanceId) -> Option<Slice> {
        let ticks = slice(self.system, id)?;
        Some(Slice { timer: *self.slots.slices.get(&id)?, bits: *self.bits.slices.get(&id)?, ticks })
    }

    fn config(&self, instance: &Instance) -> Vec<lowered::Config> {
        let config = instance.config.iter();
        config
            .map(|field| lowered::Config {
                name: field.name.clone(),
                value: match &field.value {
                    ConfigValue::U32(value) => Value::U32(*value),
                    ConfigValue::Bool(value) => Value::Bool(*value),
                    ConfigValue::Str(value) => Value::Str(value.clone()),
                    ConfigValue::Choice(is_on) => Value::Choice(*is_on),
                },
                place: self.system.place(field.origin),
            })
            .collect()
    }
}

fn reaction(reaction: composer_model::Reaction) -> Reaction {
    match reaction {
        composer_model::Reaction::Restart { max } => Reaction::Restart { max: max.unwrap_or(u32::MAX) },
        composer_model::Reaction::Stop => Reaction::Stop,
        composer_model::Reaction::Fail => Reaction::Fail,
    }
}

/// The order in which a domain builds its instances: each after those that it calls directly, the active
/// one last, else as in the spec.
fn construction_order(system: &System, domain: &Domain) -> Vec<InstanceId> {
    let mut waiting: BTreeMap<InstanceId, BTreeSet<InstanceId>> = BTreeMap::new();
    for &id in domain.instances.iter().filter(|&&id| domain.active != Some(id)) {
        let direct = system[id].requires.iter().map(|&wire| &system[wire]);
        let providers = direct.filter(|wire| wire.kind == WireKind::Direct).map(|wire| wire.provider);
        waiting.insert(id, providers.collect());
    }
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().find(|(_, providers)| providers.is_empty()).map(|(&id, _)| id);
        // The model refuses direct cycles; were there one, the order within it would not matter.
        let Some(next) = ready.or_else(|| waiting.keys().next().copied()) else { break };
        waiting.remove(&next);
        waiting.values_mut().for_each(|providers| {
            providers.remove(&next);
        });
        order.push(next);
    }
    order.extend(domain.active);
    order
}
