//! Capability tables: which slot of a domain holds what.

use std::collections::BTreeMap;

use composer_model::{Authority, DomainId, InstanceId, Origin, System, WireId, WireKind};

use super::bits::DomainBits;
use super::numbers::Numbers;
use crate::lowered::{Badge, Object, Right, Slot};

/// One domain's capability table, and where in it each thing is.
#[derive(Debug, Default)]
pub(crate) struct DomainSlots {
    /// The table.
    pub(crate) table: Vec<Slot>,
    /// Its own notification.
    pub(crate) notification: u32,
    /// The endpoint that it serves.
    pub(crate) endpoint: Option<u32>,
    /// Endpoints that its wires call, and notifications of the servers of its rings.
    pub(crate) wires: BTreeMap<WireId, u32>,
    /// The first of the slots that signal a client's events, by the client's wire.
    pub(crate) events: BTreeMap<WireId, u32>,
    /// Notifications of clients over rings, by the client's wire.
    pub(crate) rings: BTreeMap<WireId, u32>,
    /// Interrupts, by instance and position.
    pub(crate) irqs: BTreeMap<(InstanceId, usize), u32>,
    /// Timers, by instance and position.
    pub(crate) timers: BTreeMap<(InstanceId, usize), u32>,
    /// Regions to locate, by instance and position of the memory port.
    pub(crate) memory: BTreeMap<(InstanceId, usize), u32>,
    /// Grants, by instance and position.
    pub(crate) grants: BTreeMap<(InstanceId, usize), u32>,
    /// Virtual CPUs, by instance.
    pub(crate) vcpus: BTreeMap<InstanceId, u32>,
    /// Timers of their slices, by instance.
    pub(crate) slices: BTreeMap<InstanceId, u32>,
}

/// Fills the tables of all domains: the domain itself, its notification, its endpoint, then what each of
/// its instances is given.
pub(crate) fn assign(system: &System, numbers: &Numbers, bits: &[DomainBits]) -> Vec<DomainSlots> {
    (0..system.domains.len())
        .map(|index| Filling::new(system, numbers, bits, DomainId(index)).fill())
        .collect()
}

struct Filling<'a> {
    system: &'a System,
    numbers: &'a Numbers,
    bits: &'a [DomainBits],
    domain: DomainId,
    slots: DomainSlots,
}

impl<'a> Filling<'a> {
    fn new(system: &'a System, numbers: &'a Numbers, bits: &'a [DomainBits], domain: DomainId) -> Self {
        Self { system, numbers, bits, domain, slots: DomainSlots::default() }
    }

    fn fill(mut self) -> DomainSlots {
        let origin = self.system[self.domain].origin;
        let index = self.numbers.domain(self.domain);
        self.push(Object::Domain(index), None, Badge::None, "itself", origin);
        let notification = Object::Notification(index);
        self.slots.notification =
            self.push(notification, Some(Right::Wait), Badge::None, "what it waits for", origin);
        if let Some(endpoint) = self.numbers.endpoint(self.domain) {
            let endpoint = Object::Endpoint(endpoint);
            let slot = self.push(endpoint, Some(Right::Serve), Badge::None, "what it serves", origin);
            self.slots.endpoint = Some(slot);
        }
        for position in 0..self.system[self.domain].instances.len() {
            self.instance(self.system[self.domain].instances[position]);
        }
        self.slots
    }

    fn instance(&mut self, id: InstanceId) {
        let (system, numbers) = (self.system, self.numbers);
        let instance = &system[id];
        for &wire in &instance.requires {
            match system[wire].kind {
                WireKind::Call => self.call(wire),
                WireKind::Ring => self.ring(wire),
                WireKind::Direct => {}
            }
        }
        for &wire in instance.provides.iter().flat_map(|port| &port.clients) {
            self.client(wire);
        }
        for (position, device) in instance.devices.iter().enumerate() {
            let Some(irq) = numbers.irq(id, position) else { continue };
            let purpose = format!("interrupt of {}", system[device.device].name);
            let slot = self.push(Object::Irq(irq), Some(Right::Use), Badge::None, &purpose, device.origin);
            self.slots.irqs.insert((id, position), slot);
        }
        for (position, timer) in instance.timers.iter().enumerate() {
            let object = Object::Timer(numbers.timer(id, position));
            let purpose = format!("timer {}.{}", instance.name, timer.port);
            let slot = self.push(object, Some(Right::Use), Badge::None, &purpose, timer.origin);
            self.slots.timers.insert((id, position), slot);
        }
        for (position, memory) in instance.memory.iter().enumerate().filter(|(_, memory)| memory.dma) {
            let Some(region) = numbers.region(memory.region) else { continue };
            let purpose = format!("locates {}", system[memory.region].name);
            let object = Object::Region(region);
            let slot = self.push(object, Some(Right::Observe), Badge::None, &purpose, memory.origin);
            self.slots.memory.insert((id, position), slot);
        }
        for (position, grant) in instance.grants.iter().enumerate() {
            let Some((object, rights, purpose)) = self.authority(grant.authority) else { continue };
            let slot = self.push(object, rights, Badge::None, &purpose, grant.origin);
            self.slots.grants.insert((id, position), slot);
        }
        if let (Some(vm), Some(vcpu)) = (&instance.vm, numbers.vcpu(id)) {
            let rights = [Right::Use, Right::Observe];
            let slot = self.push(Object::Vcpu(vcpu), rights, Badge::None, "runs its guest", vm.origin);
            self.slots.vcpus.insert(id, slot);
            if let Some(timer) = numbers.slice_timer(id) {
                let object = Object::Timer(timer);
                let slot = self.push(object, Some(Right::Use), Badge::None, "ends its slices", vm.origin);
                self.slots.slices.insert(id, slot);
            }
        }
    }

    /// What an authority becomes: object, rights, purpose. None for one that needs no capability.
    fn authority(&self, authority: Authority) -> Option<(Object, Vec<Right>, String)> {
        let name = |domain: DomainId| &self.system[domain].name;
        let object = |domain: DomainId| Object::Domain(self.numbers.domain(domain));
        Some(match authority {
            Authority::Halt => (Object::Node, vec![Right::Halt], "ends the node's run".to_owned()),
            Authority::Control(target) => {
                (object(target), vec![Right::Control, Right::Observe], format!("controls {}", name(target)))
            }
            Authority::Observe(target) => {
                (object(target), vec![Right::Observe], format!("observes {}", name(target)))
            }
            Authority::Debug(target) => {
                let thread = Object::Thread(self.numbers.domain(target));
                let purpose = format!("registers of {}", name(target));
                (thread, vec![Right::Control, Right::Observe], purpose)
            }
            Authority::Dcr(range) => {
                let purpose = format!("registers {}", self.system.board.dcrs[range].name);
                (Object::Dcr(self.numbers.dcr(range)?), vec![Right::Use, Right::Observe], purpose)
            }
            // A mapping is all that it takes.
            Authority::Trace => return None,
        })
    }

    /// The capability to call, at the client's end of a wire.
    fn call(&mut self, id: WireId) {
        let wire = &self.system[id];
        let provider = &self.system[wire.provider];
        let Some(endpoint) = self.numbers.endpoint(provider.domain) else { return };
        let port = self.numbers.port(wire.provider, wire.provided);
        let badge = Badge::Client { port, client: self.numbers.client(wire.number) };
        let purpose = format!("{} of {}", provider.provides[wire.provided].port, provider.name);
        let slot = self.push(Object::Endpoint(endpoint), Some(Right::Call), badge, &purpose, wire.origin);
        self.slots.wires.insert(id, slot);
    }

    /// The capability to wake the server, at the client's end of a ring.
    fn ring(&mut self, id: WireId) {
        let wire = &self.system[id];
        let provider = &self.system[wire.provider];
        let Some(&bits) = self.bits[provider.domain.0].rings.get(&id) else { return };
        let notification = Object::Notification(self.numbers.domain(provider.domain));
        let purpose = format!("wakes {}", provider.name);
        let slot = self.push(notification, Some(Right::Signal), Badge::Bits(bits), &purpose, wire.origin);
        self.slots.wires.insert(id, slot);
    }

    /// The capabilities to signal events, at the provider's end of a wire: one for each event, and over a
    /// ring one that wakes the client.
    fn client(&mut self, id: WireId) {
        let (system, wire) = (self.system, &self.system[id]);
        let client = &system[wire.client];
        let Some(bits) = self.bits[client.domain.0].wires.get(&id) else { return };
        let notification = Object::Notification(self.numbers.domain(client.domain));
        for (event, name) in system[wire.interface].events.iter().enumerate() {
            let lowest = bits.events & bits.events.wrapping_neg();
            let badge = Badge::Bits(lowest << event);
            let purpose = format!("tells {} {name}", client.name);
            let slot = self.push(notification, Some(Right::Signal), badge, &purpose, wire.origin);
            self.slots.events.entry(id).or_insert(slot);
        }
        if wire.kind == WireKind::Ring {
            let purpose = format!("wakes {}", client.name);
            let badge = Badge::Bits(bits.wake);
            let slot = self.push(notification, Some(Right::Signal), badge, &purpose, wire.origin);
            self.slots.rings.insert(id, slot);
        }
    }

    fn push(
        &mut self,
        object: Object,
        rights: impl IntoIterator<Item = Right>,
        badge: Badge,
        purpose: &str,
        origin: Origin,
    ) -> u32 {
        let slot = self.slots.table.len() as u32;
        let (purpose, place) = (purpose.to_owned(), self.system.place(origin));
        let rights = rights.into_iter().collect();
        self.slots.table.push(Slot { object, rights, badge, purpose, place });
        slot
    }
}
