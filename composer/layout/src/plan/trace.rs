//! The kernel's trace: a ring that the kernel writes and tracers read, if the spec grants it to any.

use composer_model::{Authority, DomainId, Origin, System};
use ppc440::tlb::Attributes;

use super::spaces::Spaces;
use super::{DeviceMapping, Findings};
use crate::plan::physical::ram;
use crate::{Access, Claim, IntervalMap, Owner, Range, Role, Space, User, diagnose, window};

/// Places the ring in RAM and in every space that sees it.
pub(crate) fn claim(system: &System, findings: &mut Findings, map: &mut IntervalMap, spaces: &mut Spaces) {
    let readers = readers(system);
    let Some(&(_, origin)) = readers.first() else { return };
    let size = window::TRACE;
    let ram = ram(&system.board);
    let fit = ram.iter().find_map(|ram| map.first_fit(&Space::Physical, *ram, size, size, 0));
    let Some(physical) = fit else {
        return findings.add(diagnose::no_room(system, map, &Owner::Trace, size, Some(origin)));
    };
    let name = |domain: DomainId| system[domain].name.clone();
    let mut users: Vec<User> = readers
        .iter()
        .map(|&(domain, _)| User { name: name(domain), access: Access::READ, role: Role::Granted })
        .collect();
    let role = Role::Borrower("records what it does".to_owned());
    users.push(User { name: "kernel".to_owned(), access: Access::WRITE, role });
    let claim = Claim::new(Space::Physical, physical, Owner::Trace, Access::WRITE);
    findings.claim(map, claim.stated(system, origin).shared(users));
    view(system, findings, map, (Space::Kernel, window::kernel_devices()), (Access::WRITE, origin));
    for (domain, origin) in readers {
        let space = Space::Domain(name(domain));
        let virt = view(system, findings, map, (space, window::declared()), (Access::READ, origin));
        let Some(virt) = virt else { continue };
        spaces.traces.insert(domain, virt);
        spaces.device_mappings.push(DeviceMapping {
            domain,
            virt,
            physical: physical.start(),
            size,
            attributes: Attributes::UR | system.board.ram_attributes,
            owner: Owner::Trace.to_string(),
        });
    }
}

/// The domains that read the trace, each once, with the line that lets it.
fn readers(system: &System) -> Vec<(DomainId, Origin)> {
    let mut readers: Vec<(DomainId, Origin)> = vec![];
    for instance in &system.instances {
        let grant = instance.grants.iter().find(|grant| grant.authority == Authority::Trace);
        let Some(grant) = grant else { continue };
        if readers.iter().all(|(domain, _)| *domain != instance.domain) {
            readers.push((instance.domain, grant.origin));
        }
    }
    readers
}

/// A place for the ring in a space.
fn view(
    system: &System,
    findings: &mut Findings,
    map: &mut IntervalMap,
    (space, window): (Space, Range),
    (access, origin): (Access, Origin),
) -> Option<u64> {
    let size = window::TRACE;
    let Some(range) = map.first_fit(&space, window, size, size, 0) else {
        findings.add(diagnose::no_room(system, map, &Owner::Trace, size, Some(origin)));
        return None;
    };
    findings.claim(map, Claim::new(space, range, Owner::Trace, access).stated(system, origin));
    Some(range.start())
}
