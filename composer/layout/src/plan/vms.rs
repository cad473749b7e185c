//! Virtual machines: the guest's RAM and the page of its virtual CPU's state.
//!
//! A guest's RAM lies at a multiple of its size, in physical memory as in its monitor's space, so that the largest
//! pages translate it everywhere. That leaves few places, so it gets its own first.

use composer_model::{Instance, System, Vm};

use super::physical::ram;
use super::spaces::{GuestSpace, Spaces};
use super::{Declared, Findings, Mapping};
use crate::place::pages::PAGE;
use crate::{Access, Claim, IntervalMap, Owner, Range, Role, Space, User, diagnose, window};

/// Places the RAM of all guests, and the pages of their virtual CPUs' states.
pub(crate) fn claim(system: &System, findings: &mut Findings, map: &mut IntervalMap, spaces: &mut Spaces) {
    for (index, instance) in system.instances.iter().enumerate() {
        let Some(vm) = &instance.vm else { continue };
        let id = composer_model::InstanceId(index);
        let mut claiming = Claiming { system, findings, map, spaces, instance, vm };
        let memory = claiming.memory();
        let state = claiming.state();
        if let (Some(memory), Some(state)) = (memory, state) {
            spaces.guests.insert(id, GuestSpace { memory, state });
        }
    }
}

struct Claiming<'a> {
    system: &'a System,
    findings: &'a mut Findings,
    map: &'a mut IntervalMap,
    spaces: &'a mut Spaces,
    instance: &'a Instance,
    vm: &'a Vm,
}

impl Claiming<'_> {
    /// The guest's RAM; its address in the monitor's space.
    fn memory(&mut self) -> Option<u64> {
        let size = self.vm.memory;
        let owner = Owner::GuestRam(self.instance.name.clone());
        let virt = self.view(&owner, window::guest_ram(), size)?;
        let ram = ram(&self.system.board);
        let fit = ram.iter().find_map(|ram| self.map.first_fit(&Space::Physical, *ram, size, size, 0));
        let Some(physical) = fit else {
            let origin = Some(self.vm.memory_origin);
            self.findings.add(diagnose::no_room(self.system, self.map, &owner, size, origin));
            return None;
        };
        let monitor = &self.system[self.instance.domain].name;
        let role = Role::Borrower("loads it, and serves the guest's devices".to_owned());
        let user = User { name: monitor.clone(), access: Access::WRITE, role };
        let claim = Claim::new(Space::Physical, physical, owner.clone(), Access::WRITE);
        self.findings
            .claim(self.map, claim.stated(self.system, self.vm.memory_origin).shared([user.clone()]));
        self.declare(owner, size, Some(physical.start()), virt, vec![user]);
        Some(virt)
    }

    /// The page that the kernel and the monitor share.
    fn state(&mut self) -> Option<u64> {
        let owner = Owner::VcpuState(self.instance.name.clone());
        let virt = self.view(&owner, window::declared(), PAGE)?;
        let role = Role::Borrower("keeps the guest's registers in it".to_owned());
        let user = User { name: "kernel".to_owned(), access: Access::WRITE, role };
        self.declare(owner, PAGE, None, virt, vec![user]);
        Some(virt)
    }

    /// A place in the monitor's space.
    fn view(&mut self, owner: &Owner, window: Range, size: u64) -> Option<u64> {
        let (domain, origin) = (self.instance.domain, self.vm.origin);
        let space = Space::Domain(self.system[domain].name.clone());
        let Some(range) = self.map.first_fit(&space, window, size, size, 0) else {
            self.findings.add(diagnose::no_room_in_space(self.system, domain, owner, size, origin));
            return None;
        };
        let claim = Claim::new(space, range, owner.clone(), Access::WRITE);
        self.findings.claim(self.map, claim.stated(self.system, origin));
        Some(range.start())
    }

    fn declare(&mut self, owner: Owner, size: u64, pin: Option<u64>, virt: u64, users: Vec<User>) {
        let mappings = vec![Mapping { domain: self.instance.domain, virt }];
        self.spaces.declared.push(Declared { owner, size, pin, mappings, origin: self.vm.origin, users });
    }
}
