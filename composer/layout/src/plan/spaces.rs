//! Effective addresses of everything whose size is declared: stacks, buffers, memory, devices.

use std::collections::BTreeMap;

use composer_model::{DeviceId, DomainId, InstanceId, Origin, RegionId, System, Wire, WireId, WireKind};
use ppc440::tlb::{Attributes, PageSize};

use super::physical::{device_pages, granted, grants, region_domains, region_users};
use super::{Declared, DeviceMapping, Findings, Mapping};
use crate::place::pages::{PAGE, agreement, mapped_size};
use crate::range::align_up;
use crate::{Access, Claim, IntervalMap, Owner, Range, Space, User, diagnose, window};

/// Where everything declared lies.
#[derive(Debug, Default)]
pub(crate) struct Spaces {
    /// Stacks, by domain.
    pub(crate) stacks: Vec<Range>,
    /// Buffers and rings, by wire and the domain that looks.
    pub(crate) buffers: BTreeMap<(WireId, DomainId), u64>,
    /// Regions, by the domain that looks.
    pub(crate) regions: BTreeMap<(RegionId, DomainId), u64>,
    /// First registers of devices.
    pub(crate) devices: BTreeMap<DeviceId, u64>,
    /// The trace's ring, by the domain that reads it.
    pub(crate) traces: BTreeMap<DomainId, u64>,
    /// What monitors see of their guests.
    pub(crate) guests: BTreeMap<InstanceId, GuestSpace>,
    /// RAM behind stacks, buffers and regions.
    pub(crate) declared: Vec<Declared>,
    /// Pages of devices.
    pub(crate) device_mappings: Vec<DeviceMapping>,
}

/// What a monitor sees of its guest.
#[derive(Clone, Debug)]
pub(crate) struct GuestSpace {
    /// Its RAM.
    pub(crate) memory: u64,
    /// The page of its virtual CPU's state.
    pub(crate) state: u64,
    /// Its disks.
    pub(crate) disks: Vec<u64>,
}

/// Gives everything declared its places.
pub(crate) fn assign(system: &System, findings: &mut Findings, map: &mut IntervalMap, spaces: &mut Spaces) {
    let mut assigning = Assigning { system, findings, map, spaces };
    (0..system.domains.len()).for_each(|domain| assigning.stack(DomainId(domain)));
    (0..system.wires.len()).for_each(|wire| assigning.buffer(WireId(wire)));
    (0..system.regions.len()).for_each(|region| assigning.region(RegionId(region)));
    (0..system.domains.len()).for_each(|domain| assigning.devices(DomainId(domain)));
}

struct Assigning<'a> {
    system: &'a System,
    findings: &'a mut Findings,
    map: &'a mut IntervalMap,
    spaces: &'a mut Spaces,
}

impl Assigning<'_> {
    /// A stack, and the guard page right below it, which nothing maps.
    fn stack(&mut self, domain: DomainId) {
        let about = &self.system[domain];
        let owner = Owner::Stack { domain: about.name.clone() };
        let Some(size) = mapped_size(about.stack.max(1)) else {
            return self.no_room(domain, &owner, about.stack, about.origin);
        };
        let align = natural(size);
        // The guard lies in the alignment's worth of space below, so that the stack keeps large pages.
        let below = align.max(PAGE);
        let space = Space::Domain(about.name.clone());
        let fit = size
            .checked_add(below)
            .and_then(|whole| self.map.first_fit(&space, window::declared(), whole, align, 0));
        let Some(whole) = fit else { return self.no_room(domain, &owner, size, about.origin) };
        let stack = Range::new(whole.start() + below, size).expect("as large as it was");
        let guard = Range::new(stack.start() - PAGE, PAGE).expect("a page");
        let guard_owner = Owner::Guard { domain: about.name.clone() };
        let claim = Claim::new(space.clone(), guard, guard_owner, Access::NONE);
        self.findings.claim(self.map, claim);
        let claim = Claim::new(space, stack, owner.clone(), Access::WRITE);
        self.findings.claim(self.map, claim.stated(self.system, about.origin));
        self.spaces.stacks.push(stack);
        let mappings = vec![Mapping { domain, virt: stack.start() }];
        self.declare(owner, size, None, mappings, about.origin, vec![]);
    }

    /// The shared memory of a wire between domains, seen by both ends: a buffer, or rings.
    fn buffer(&mut self, id: WireId) {
        let wire = &self.system[id];
        let bytes = wire_bytes(self.system, wire);
        if bytes == 0 {
            return;
        }
        let (client, provider) = (&self.system[wire.client], &self.system[wire.provider]);
        let port = &provider.provides[wire.provided].port;
        let name = format!("{}.{} -> {}.{port}", client.name, wire.port, provider.name);
        let owner = if wire.kind == WireKind::Ring { Owner::Ring(name) } else { Owner::Buffer(name) };
        let domains = [client.domain, provider.domain];
        let users = domains.map(|domain| granted(&self.system[domain].name)).to_vec();
        let size = mapped_size(bytes).expect("32-bit sizes round up");
        let mut mappings = Vec::new();
        for domain in domains {
            let Some(virt) = self.declared(domain, &owner, size, None, wire.origin, &users) else { return };
            self.spaces.buffers.insert((id, domain), virt);
            mappings.push(Mapping { domain, virt });
        }
        self.declare(owner, size, None, mappings, wire.origin, users);
    }

    /// A region, in each domain that maps it.
    fn region(&mut self, id: RegionId) {
        let region = &self.system[id];
        let owner = match region.users[..] {
            // Named `instance.port` by the model: one port's own.
            [_] if region.name.contains('.') => Owner::Memory(region.name.clone()),
            _ => Owner::Region(region.name.clone()),
        };
        // A pinned region must not reach beyond what the spec says.
        let size = if region.pin.is_some() { align_up(region.size, PAGE) } else { mapped_size(region.size) };
        let users = region_users(self.system, region);
        let pin = region.pin.as_ref().map(|pin| pin.at);
        let mut mappings = Vec::new();
        for domain in region_domains(self.system, region) {
            let size = size.unwrap_or(u64::MAX);
            let Some(virt) = self.declared(domain, &owner, size, pin, region.origin, &users) else { return };
            self.spaces.regions.insert((id, domain), virt);
            mappings.push(Mapping { domain, virt });
        }
        self.declare(owner, size.unwrap_or(u64::MAX), pin, mappings, region.origin, users);
    }

    /// The devices of a domain: each run of pages once, however many devices lie in it.
    fn devices(&mut self, domain: DomainId) {
        let system = self.system;
        let mut pages: Vec<(Range, DeviceId, Origin)> = grants(system)
            .filter(|grant| grant.domain == domain)
            .filter_map(|grant| Some((device_pages(system, grant.device)?, grant.device, grant.origin)))
            .collect();
        pages.sort_by_key(|(range, ..)| *range);
        let mut runs: Vec<(Range, Vec<(DeviceId, Origin)>)> = Vec::new();
        for (range, device, origin) in pages {
            match runs.last_mut() {
                Some((run, devices)) if run.common(range).is_some() => {
                    let end = run.last().max(range.last());
                    *run = Range::new(run.start(), end - run.start() + 1).expect("not smaller than it was");
                    devices.push((device, origin));
                }
                _ => runs.push((range, vec![(device, origin)])),
            }
        }
        for (physical, devices) in runs {
            self.device_run(domain, physical, &devices);
        }
    }

    fn device_run(&mut self, domain: DomainId, physical: Range, devices: &[(DeviceId, Origin)]) {
        let names: Vec<_> = devices.iter().map(|(device, _)| self.system[*device].name.as_str()).collect();
        let owner = Owner::Device(names.join(", "));
        let origin = devices[0].1;
        let space = Space::Domain(self.system[domain].name.clone());
        let align = agreement(physical.start(), physical.size());
        let phase = physical.start() % align;
        let fit = self.map.first_fit(&space, window::devices(), physical.size(), align, phase);
        let Some(virt) = fit else { return self.no_room(domain, &owner, physical.size(), origin) };
        let claim = Claim::new(space, virt, owner, Access::WRITE).stated(self.system, origin);
        self.findings.claim(self.map, claim);
        let mut attributes = Attributes::UR | Attributes::UW;
        for (device, _) in devices {
            attributes |= self.system[*device].attributes;
            let offset = self.system[*device].at - physical.start();
            self.spaces.devices.insert(*device, virt.start() + offset);
        }
        let (virt, size) = (virt.start(), physical.size());
        let physical = physical.start();
        let owner = format!("device {}", names.join(", "));
        self.spaces.device_mappings.push(DeviceMapping { domain, virt, physical, size, attributes, owner });
    }

    /// A place for `size` bytes of RAM in a domain's space: as large pages need it, where their physical place
    /// is fixed.
    fn declared(
        &mut self,
        domain: DomainId,
        owner: &Owner,
        size: u64,
        pin: Option<u64>,
        origin: Origin,
        users: &[User],
    ) -> Option<u64> {
        let space = Space::Domain(self.system[domain].name.clone());
        let align = pin.map_or_else(|| natural(size), |at| agreement(at, size));
        let phase = pin.unwrap_or(0) % align;
        let Some(range) = self.map.first_fit(&space, window::declared(), size, align, phase) else {
            self.no_room(domain, owner, size, origin);
            return None;
        };
        let others = users.iter().filter(|user| user.name != self.system[domain].name).cloned();
        let claim = Claim::new(space, range, owner.clone(), Access::WRITE);
        self.findings.claim(self.map, claim.stated(self.system, origin).shared(others));
        Some(range.start())
    }

    fn declare(
        &mut self,
        owner: Owner,
        size: u64,
        pin: Option<u64>,
        mappings: Vec<Mapping>,
        origin: Origin,
        users: Vec<User>,
    ) {
        let (access, contents) = (Access::WRITE, None);
        self.spaces.declared.push(Declared { owner, size, pin, mappings, origin, users, access, contents });
    }

    fn no_room(&mut self, domain: DomainId, owner: &Owner, size: u64, origin: Origin) {
        self.findings.add(diagnose::no_room_in_space(self.system, domain, owner, size, origin));
    }
}

/// Bytes of the memory that the ends of a wire share.
pub(crate) fn wire_bytes(system: &System, wire: &Wire) -> u64 {
    let interface = &system[wire.interface];
    match wire.kind {
        WireKind::Direct => 0,
        WireKind::Call => interface.buffer.into(),
        WireKind::Ring => {
            let (request, answer) = (interface.request as usize, interface.answer as usize);
            abi::ring::region_bytes(wire.slots, request, answer) as u64
        }
    }
}

/// The alignment at which `size` bytes take the fewest pages: the largest page that fits in them.
pub(super) fn natural(size: u64) -> u64 {
    let sizes = PageSize::DESCENDING.map(|page| u64::from(page.bytes()));
    sizes.into_iter().find(|page| *page <= size).unwrap_or(PAGE)
}
