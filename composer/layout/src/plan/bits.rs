//! Notification bits: which of a domain's 32 says what.

use std::collections::BTreeMap;

use composer_model::{Domain, InstanceId, Origin, System, WireId, WireKind};

/// How many bits a notification has.
pub(crate) const BITS: u32 = u32::BITS;

/// The bits of one domain's notification.
#[derive(Debug, Default)]
pub(crate) struct DomainBits {
    /// Of the wires on which its instances call other domains, if their interface has events.
    pub(crate) wires: BTreeMap<WireId, WireBits>,
    /// Of its devices' interrupts, by instance and position.
    pub(crate) devices: BTreeMap<(InstanceId, usize), u32>,
    /// Of its timers, by instance and position.
    pub(crate) timers: BTreeMap<(InstanceId, usize), u32>,
}

/// The bits of one wire, at its client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WireBits {
    /// One for each event, the first event's lowest.
    pub(crate) events: u32,
    /// Set when the provider's domain stops.
    pub(crate) gone: u32,
}

/// A domain asks for more bits than there are.
#[derive(Debug)]
pub(crate) struct Exhausted {
    /// How many it asks for.
    pub(crate) needed: u64,
    /// What asks, in order: how many bits, for what, stated where.
    pub(crate) users: Vec<(u64, String, Origin)>,
}

/// Hands out bits in the order of the domain's instances: wires, devices, timers.
pub(crate) fn assign(system: &System, domain: &Domain) -> Result<DomainBits, Exhausted> {
    let mut next = Next::default();
    let mut bits = DomainBits::default();
    for &id in &domain.instances {
        let instance = &system[id];
        for &wire in &instance.requires {
            let events = system[system[wire].interface].events.len() as u64;
            if system[wire].kind != WireKind::Call || events == 0 {
                continue;
            }
            let name = format!("wire `{}.{}`", instance.name, system[wire].port);
            // One more: without it, a client that waits for an event would not learn of its provider's end.
            let mask = next.take(events + 1, name, system[wire].origin);
            let gone = mask & !(mask >> 1);
            bits.wires.insert(wire, WireBits { events: mask & !gone, gone });
        }
        for (position, device) in instance.devices.iter().enumerate() {
            if system[device.device].irq.is_some() {
                let name = format!("interrupt of `{}`", system[device.device].name);
                bits.devices.insert((id, position), next.take(1, name, device.origin));
            }
        }
        for (position, timer) in instance.timers.iter().enumerate() {
            let name = format!("timer `{}.{}`", instance.name, timer.port);
            bits.timers.insert((id, position), next.take(1, name, timer.origin));
        }
    }
    if next.used > u64::from(BITS) {
        return Err(Exhausted { needed: next.used, users: next.users });
    }
    Ok(bits)
}

/// The next free bit, and who has those below.
#[derive(Default)]
struct Next {
    used: u64,
    users: Vec<(u64, String, Origin)>,
}

impl Next {
    /// A mask of the next `count` bits; anything once the bits are exhausted, which the caller reports.
    fn take(&mut self, count: u64, name: String, origin: Origin) -> u32 {
        let mask = (1u128 << count.min(64)).wrapping_sub(1) << self.used.min(63);
        self.used = self.used.saturating_add(count);
        self.users.push((count, name, origin));
        mask as u32
    }
}
