//! The kernel's objects: what its tables say besides pages and entry points.

use composer_model::{Authority, DomainId, InstanceId, RegionId, System};

use super::bits::DomainBits;
use super::numbers::Numbers;
use super::slots::DomainSlots;
use crate::lowered::{Handler, Irq, KernelDcr, KernelTimer, Mourner, Slot};

/// Objects, in the order of their indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objects {
    /// Hardware PIDs, by domain.
    pub(crate) pids: Vec<u8>,
    /// Capability tables, by domain.
    pub(crate) slots: Vec<Vec<Slot>>,
    /// Who handles a domain's faults, by domain.
    pub(crate) handlers: Vec<Option<Handler>>,
    /// Who learns of a domain's end, by domain.
    pub(crate) mourners: Vec<Vec<Mourner>>,
    /// Device interrupts.
    pub(crate) irqs: Vec<Irq>,
    /// Timers.
    pub(crate) timers: Vec<KernelTimer>,
    /// Virtual CPUs.
    pub(crate) vcpus: Vec<VcpuObject>,
    /// Regions that a domain may locate.
    pub(crate) regions: Vec<RegionId>,
    /// Ranges of device control registers.
    pub(crate) dcrs: Vec<KernelDcr>,
}

/// A virtual CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VcpuObject {
    /// The instance that runs it.
    pub(crate) instance: InstanceId,
    /// Its thread.
    pub(crate) thread: u16,
    /// What it is signalled when somebody calls.
    pub(crate) calls: u32,
}

/// Collects the objects of a system.
pub(crate) fn of(
    system: &System,
    numbers: &Numbers,
    bits: &[DomainBits],
    slots: Vec<DomainSlots>,
) -> Objects {
    let mut objects = Objects {
        pids: Vec::new(),
        slots: slots.into_iter().map(|slots| slots.table).collect(),
        handlers: Vec::new(),
        mourners: Vec::new(),
        irqs: Vec::new(),
        timers: Vec::new(),
        vcpus: Vec::new(),
        regions: numbers.regions.clone(),
        dcrs: numbers.dcrs.iter().map(|&range| dcr(system, range)).collect(),
    };
    for (index, domain) in system.domains.iter().enumerate() {
        let id = DomainId(index);
        objects.pids.push(numbers.pid(id));
        objects.handlers.push(handler(system, numbers, id));
        objects.mourners.push(mourners(system, numbers, bits, id));
        for &instance in &domain.instances {
            objects.instance(system, numbers.domain(id), &bits[index], instance);
        }
    }
    objects.vcpus = numbers
        .vcpus
        .iter()
        .map(|&instance| VcpuObject {
            instance,
            thread: numbers.domain(system[instance].domain),
            calls: bits[system[instance].domain.0].calls.get(&instance).copied().unwrap_or(0),
        })
        .collect();
    objects
}

impl Objects {
    fn instance(&mut self, system: &System, domain: u16, bits: &DomainBits, id: InstanceId) {
        let instance = &system[id];
        for (position, device) in instance.devices.iter().enumerate() {
            let about = &system[device.device];
            let (Some(line), Some(&bits)) = (about.irq, bits.devices.get(&(id, position))) else { continue };
            self.irqs.push(Irq {
                line,
                notification: domain,
                bits,
                domain,
                device: about.name.clone(),
                place: system.place(device.origin),
            });
        }
        for (position, timer) in instance.timers.iter().enumerate() {
            self.timers.push(KernelTimer {
                notification: domain,
                bits: bits.timers[&(id, position)],
                domain,
                name: format!("{}.{}", instance.name, timer.port),
                place: system.place(timer.origin),
            });
        }
        if let Some(vm) = &instance.vm
            && let Some(&bits) = bits.slices.get(&id)
        {
            self.timers.push(KernelTimer {
                notification: domain,
                bits,
                domain,
                name: format!("the slices of {}", instance.name),
                place: system.place(vm.origin),
            });
        }
    }
}

fn dcr(system: &System, range: usize) -> KernelDcr {
    let about = &system.board.dcrs[range];
    KernelDcr {
        first: about.first,
        count: about.last - about.first + 1,
        name: about.name.clone(),
        place: system.place(about.origin),
    }
}

/// Who learns of a domain's end: its clients that wait for its events, or for its answers over a ring, since
/// none can come; then those who control it.
fn mourners(system: &System, numbers: &Numbers, bits: &[DomainBits], domain: DomainId) -> Vec<Mourner> {
    let clients = system[domain].instances.iter().flat_map(|&instance| system.clients_of(instance));
    let clients = clients.filter_map(|(id, wire)| {
        let client = system[wire.client].domain;
        let bits = bits[client.0].wires.get(&id)?;
        let place = system.place(wire.origin);
        Some(Mourner { notification: numbers.domain(client), bits: bits.gone, place })
    });
    let instances = system.instances.iter().enumerate();
    let grants = instances.flat_map(|(index, instance)| {
        let grants = instance.grants.iter().enumerate();
        let over = grants.filter(|(_, grant)| grant.authority == Authority::Control(domain));
        over.map(move |(position, grant)| Mourner {
            notification: numbers.domain(instance.domain),
            bits: bits[instance.domain.0].ends[&(InstanceId(index), position)],
            place: system.place(grant.origin),
        })
    });
    clients.chain(grants).collect()
}

/// Where a domain's faults arrive, and as whose.
fn handler(system: &System, numbers: &Numbers, domain: DomainId) -> Option<Handler> {
    let handler = system[domain].fault_handler?;
    let provider = &system[handler.provider];
    let port = &provider.provides[handler.provided].port;
    Some(Handler {
        endpoint: numbers.endpoint(provider.domain)?,
        port: numbers.port(handler.provider, handler.provided),
        client: numbers.client(handler.number),
        name: format!("{}.{port}", provider.name),
        place: system.place(handler.origin),
    })
}
