//! Indices into the kernel's tables, port numbers and client numbers.
//!
//! All follow the order of the spec. A domain has one thread, which has the domain's index; its notification
//! and its endpoint are named by it.

use std::collections::BTreeMap;

use composer_model::{Authority, DomainId, InstanceId, RegionId, System};

use super::slices::slice;

/// The most domains: a hardware PID has 8 bits, and PID 0 is the kernel's.
pub(crate) const MAXIMUM_DOMAINS: usize = 255;
/// The most of anything else that has a number.
pub(crate) const MAXIMUM_NUMBERS: usize = 1 << 16;

/// The position of the timer that ends a machine's slices among its instance's: no port has it.
const SLICE_TIMER: usize = usize::MAX;

/// Every number of a system. Holding one proves that all of them fit.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// Whether each domain serves.
    serve: Vec<bool>,
    irqs: BTreeMap<(InstanceId, usize), u16>,
    timers: BTreeMap<(InstanceId, usize), u16>,
    ports: BTreeMap<(InstanceId, usize), u16>,
    /// Instances that run guests, in the order of their numbers.
    pub(crate) vcpus: Vec<InstanceId>,
    /// Regions that a domain may locate, in the order of their numbers.
    pub(crate) regions: Vec<RegionId>,
    /// Ranges of device control registers that are granted, in the order of their numbers.
    pub(crate) dcrs: Vec<usize>,
}

/// There is more of something than has numbers.
#[derive(Debug)]
pub(crate) struct TooMany {
    /// Of what.
    pub(crate) what: &'static str,
    /// How many there are.
    pub(crate) count: usize,
    /// How many there can be.
    pub(crate) maximum: usize,
}

impl Numbers {
    /// Numbers everything.
    pub(crate) fn of(system: &System) -> Result<Self, TooMany> {
        limit("domains", system.domains.len(), MAXIMUM_DOMAINS)?;
        limit("wires", system.wires.len(), MAXIMUM_NUMBERS)?;
        let each = |count: fn(&composer_model::Instance) -> usize| system.instances.iter().map(count).sum();
        limit("devices", each(|instance| instance.devices.len()), MAXIMUM_NUMBERS)?;
        limit("memory ports", each(|instance| instance.memory.len()), MAXIMUM_NUMBERS)?;
        limit("grants", each(|instance| instance.grants.len()), MAXIMUM_NUMBERS)?;
        limit("timers", each(|instance| instance.timers.len()), MAXIMUM_NUMBERS)?;
        limit("provided ports", each(|instance| instance.provides.len()), MAXIMUM_NUMBERS)?;

        let mut numbers = Self {
            serve: Vec::new(),
            irqs: BTreeMap::new(),
            timers: BTreeMap::new(),
            ports: BTreeMap::new(),
            vcpus: Vec::new(),
            regions: Vec::new(),
            dcrs: Vec::new(),
        };
        for domain in &system.domains {
            let ports = numbers.instances_of(system, &domain.instances);
            // A thread without an active instance waits at an endpoint, even if nobody calls it.
            numbers.serve.push(ports > 0 || domain.active.is_none());
        }
        Ok(numbers)
    }

    /// Numbers what the instances of one domain have; how many of their ports other domains call.
    fn instances_of(&mut self, system: &System, instances: &[InstanceId]) -> u16 {
        let mut ports = 0;
        for &id in instances {
            let instance = &system[id];
            for (position, port) in instance.provides.iter().enumerate() {
                let used = port.clients.iter().any(|&wire| system[wire].kind.is_remote());
                if used || !port.handles.is_empty() {
                    self.ports.insert((id, position), ports);
                    ports += 1;
                }
            }
            for (position, device) in instance.devices.iter().enumerate() {
                if system[device.device].irq.is_some() {
                    self.irqs.insert((id, position), self.irqs.len() as u16);
                }
            }
            for memory in instance.memory.iter().filter(|memory| memory.dma) {
                if !self.regions.contains(&memory.region) {
                    self.regions.push(memory.region);
                }
            }
            for grant in &instance.grants {
                if let Authority::Dcr(range) = grant.authority
                    && !self.dcrs.contains(&range)
                {
                    self.dcrs.push(range);
                }
            }
            for position in 0..instance.timers.len() {
                self.timers.insert((id, position), self.timers.len() as u16);
            }
            if instance.vm.is_some() {
                self.vcpus.push(id);
            }
            if slice(system, id).is_some() {
                self.timers.insert((id, SLICE_TIMER), self.timers.len() as u16);
            }
        }
        ports
    }

    /// Index of a domain, of its thread and of its notification.
    pub(crate) fn domain(&self, domain: DomainId) -> u16 {
        domain.0 as u16
    }

    /// Hardware PID of a domain.
    pub(crate) fn pid(&self, domain: DomainId) -> u8 {
        domain.0 as u8 + 1
    }

    /// The endpoint that a domain serves, if it does.
    pub(crate) fn endpoint(&self, domain: DomainId) -> Option<u16> {
        self.serve[domain.0].then(|| self.domain(domain))
    }

    /// Index of a device's interrupt.
    pub(crate) fn irq(&self, instance: InstanceId, position: usize) -> Option<u16> {
        self.irqs.get(&(instance, position)).copied()
    }

    /// Index of a timer.
    pub(crate) fn timer(&self, instance: InstanceId, position: usize) -> u16 {
        self.timers[&(instance, position)]
    }

    /// Index of a virtual CPU.
    pub(crate) fn vcpu(&self, instance: InstanceId) -> Option<u16> {
        self.vcpus.iter().position(|one| *one == instance).map(|index| index as u16)
    }

    /// Index of the timer that ends a machine's slices, if it has any.
    pub(crate) fn slice_timer(&self, instance: InstanceId) -> Option<u16> {
        self.timers.get(&(instance, SLICE_TIMER)).copied()
    }

    /// Index of a region that a domain may locate.
    pub(crate) fn region(&self, region: RegionId) -> Option<u16> {
        self.regions.iter().position(|one| *one == region).map(|index| index as u16)
    }

    /// Index of a granted range of device control registers, by its position in the board.
    pub(crate) fn dcr(&self, range: usize) -> Option<u16> {
        self.dcrs.iter().position(|one| *one == range).map(|index| index as u16)
    }

    /// Number of a provided port that other domains call, over its domain.
    pub(crate) fn called_port(&self, instance: InstanceId, position: usize) -> Option<u16> {
        self.ports.get(&(instance, position)).copied()
    }

    /// The same, of a port that a wire from another domain ends at.
    pub(crate) fn port(&self, instance: InstanceId, position: usize) -> u16 {
        self.ports[&(instance, position)]
    }

    /// A client's number, as badges hold it.
    pub(crate) fn client(&self, number: u32) -> u16 {
        number as u16
    }
}

fn limit(what: &'static str, count: usize, maximum: usize) -> Result<(), TooMany> {
    if count > maximum { Err(TooMany { what, count, maximum }) } else { Ok(()) }
}
