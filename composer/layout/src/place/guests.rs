//! What guests start with: kernels and first file systems, which their monitors read and nobody writes.

use composer_model::{InstanceId, System};
use ppc440::tlb::Attributes;

use super::pages::mapped_size;
use super::ram::{Wanted, place_one};
use crate::input::{Copied, GuestPart};
use crate::plan::{DeviceMapping, Findings, Plan};
use crate::{Access, Claim, IntervalMap, Range, Space, User, diagnose};

/// A part of a payload with its physical place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedGuest {
    /// The instance that reads it.
    pub(crate) instance: InstanceId,
    /// Which part.
    pub(crate) part: GuestPart,
    /// Bytes of contents.
    pub(crate) bytes: u64,
    /// Physical addresses, whole pages.
    pub(crate) physical: Range,
}

/// Places the parts of all payloads; how monitors see them goes to `mappings`.
pub(crate) fn place(
    system: &System,
    plan: &Plan,
    map: &mut IntervalMap,
    mappings: &mut Vec<DeviceMapping>,
    findings: &mut Findings,
) -> Vec<PlacedGuest> {
    let mut placed = Vec::new();
    for guest in &plan.guests {
        let instance = &system[guest.instance];
        let Some(vm) = &instance.vm else { continue };
        let domain = &system[instance.domain].name;
        for Copied { part, owner, name, bytes, window } in guest.copied() {
            let owner = owner(instance.name.clone());
            let range = mapped_size(bytes).and_then(|size| Range::new(window.start(), size));
            let Some(virt) = range.filter(|range| window.covers(*range)) else {
                let origin = vm.guest_origin;
                findings.add(diagnose::no_room_in_space(system, instance.domain, &owner, bytes, origin));
                continue;
            };
            let claim = Claim::new(Space::Domain(domain.clone()), virt, owner.clone(), Access::READ);
            findings.claim(map, claim.stated(system, vm.guest_origin));
            let users: [User; 0] = [];
            let wanted = Wanted { owner, access: Access::READ, origin: vm.guest_origin, users: &users };
            let Some(physical) = place_one(system, map, findings, wanted, virt.start(), virt.size()) else {
                continue;
            };
            mappings.push(DeviceMapping {
                domain: instance.domain,
                virt: virt.start(),
                physical: physical.start(),
                size: virt.size(),
                attributes: Attributes::UR | system.board.ram_attributes,
                owner: name.to_owned(),
            });
            placed.push(PlacedGuest { instance: guest.instance, part, bytes, physical });
        }
    }
    placed
}
