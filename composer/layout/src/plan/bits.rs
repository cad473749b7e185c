//! Notification bits: which of a domain's 32 says what.

use std::collections::BTreeMap;

use composer_model::{Authority, Domain, InstanceId, System, WireId, WireKind};

use super::slices::slice;

/// The bits of one domain's notification.
#[derive(Debug, Default)]
pub(crate) struct DomainBits {
    /// Of the wires on which its instances use other domains: a call wire has some if its interface has
    /// events, a ring always.
    pub(crate) wires: BTreeMap<WireId, WireBits>,
    /// Of the rings that it serves.
    pub(crate) rings: BTreeMap<WireId, u32>,
    /// Of its devices' interrupts, by instance and position.
    pub(crate) devices: BTreeMap<(InstanceId, usize), u32>,
    /// Of its timers, by instance and position.
    pub(crate) timers: BTreeMap<(InstanceId, usize), u32>,
    /// Of calls that arrive while its guests run.
    pub(crate) calls: BTreeMap<InstanceId, u32>,
    /// Of the ends of its machines' slices.
    pub(crate) slices: BTreeMap<InstanceId, u32>,
    /// Of the ends of domains that it controls, by instance and position of the grant.
    pub(crate) ends: BTreeMap<(InstanceId, usize), u32>,
}

/// The bits of one wire, at its client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WireBits {
    /// One for each event, the first event's lowest.
    pub(crate) events: u32,
    /// Set when the provider's domain stops.
    pub(crate) gone: u32,
    /// Set by the other end of a ring; 0 on a call wire.
    pub(crate) wake: u32,
}

/// Hands out bits in the order of the domain's instances: wires, rings that it serves, devices, timers,
/// grants.
pub(crate) fn assign(system: &System, domain: &Domain) -> DomainBits {
    let mut next = Next::default();
    let mut bits = DomainBits::default();
    for &id in &domain.instances {
        let instance = &system[id];
        for &wire in &instance.requires {
            let events = system[system[wire].interface].events.len() as u32;
            let is_ring = system[wire].kind == WireKind::Ring;
            if !system[wire].kind.is_remote() || events == 0 && !is_ring {
                continue;
            }
            let events = next.take(events);
            // Without it, a client that waits would not learn of its provider's end.
            let gone = next.take(1);
            let wake = if is_ring { next.take(1) } else { 0 };
            bits.wires.insert(wire, WireBits { events, gone, wake });
        }
        for &wire in instance.provides.iter().flat_map(|port| &port.clients) {
            if system[wire].kind == WireKind::Ring {
                bits.rings.insert(wire, next.take(1));
            }
        }
        for (position, device) in instance.devices.iter().enumerate() {
            if system[device.device].irq.is_some() {
                bits.devices.insert((id, position), next.take(1));
            }
        }
        for position in 0..instance.timers.len() {
            bits.timers.insert((id, position), next.take(1));
        }
        if instance.vm.is_some() && instance.provides.iter().any(|port| !port.clients.is_empty()) {
            bits.calls.insert(id, next.take(1));
        }
        if slice(system, id).is_some() {
            bits.slices.insert(id, next.take(1));
        }
        for (position, grant) in instance.grants.iter().enumerate() {
            if matches!(grant.authority, Authority::Control(_)) {
                bits.ends.insert((id, position), next.take(1));
            }
        }
    }
    assert!(next.used <= u32::BITS, "the model refuses a domain that needs more bits than there are");
    bits
}

/// The next free bit.
#[derive(Default)]
struct Next {
    used: u32,
}

impl Next {
    /// A mask of the next `count` bits.
    fn take(&mut self, count: u32) -> u32 {
        let mask = ((1u128 << count.min(64)) - 1) << self.used.min(63);
        self.used = self.used.saturating_add(count);
        mask as u32
    }
}
