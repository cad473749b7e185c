//! The kernel's objects: what its tables say besides pages and entry points.

use composer_model::{DomainId, InstanceId, System};

use super::bits::DomainBits;
use super::numbers::Numbers;
use super::slots::DomainSlots;
use crate::lowered::{Irq, KernelTimer, Mourner, Slot};

/// Objects, in the order of their indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objects {
    /// Hardware PIDs, by domain.
    pub(crate) pids: Vec<u8>,
    /// Capability tables, by domain.
    pub(crate) slots: Vec<Vec<Slot>>,
    /// Who learns of a domain's end, by domain.
    pub(crate) mourners: Vec<Vec<Mourner>>,
    /// Device interrupts.
    pub(crate) irqs: Vec<Irq>,
    /// Timers.
    pub(crate) timers: Vec<KernelTimer>,
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
        mourners: Vec::new(),
        irqs: Vec::new(),
        timers: Vec::new(),
    };
    for (index, domain) in system.domains.iter().enumerate() {
        let id = DomainId(index);
        objects.pids.push(numbers.pid(id));
        objects.mourners.push(mourners(system, numbers, bits, id));
        for &instance in &domain.instances {
            objects.instance(system, numbers.domain(id), &bits[index], instance);
        }
    }
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
    }
}

/// The clients of a domain that wait for its events: they must learn when none can come.
fn mourners(system: &System, numbers: &Numbers, bits: &[DomainBits], domain: DomainId) -> Vec<Mourner> {
    let clients = system[domain].instances.iter().flat_map(|&instance| system.clients_of(instance));
    clients
        .filter_map(|(id, wire)| {
            let client = system[wire.client].domain;
            let bits = bits[client.0].wires.get(&id)?;
            let place = system.place(wire.origin);
            Some(Mourner { notification: numbers.domain(client), bits: bits.gone, place })
        })
        .collect()
}
