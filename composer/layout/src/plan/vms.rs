//! Virtual machines: the guest's RAM, the page of its virtual CPU's state, and its disks.
//!
//! A guest's RAM lies at a multiple of its size, in physical memory as in its monitor's space, so that the largest
//! pages translate it everywhere. That leaves few places, so it gets its own first.

use composer_model::{Instance, InstanceId, System, Vm};

use super::physical::ram;
use super::spaces::{GuestSpace, Spaces, natural};
use super::{Declared, DiskContents, Findings, Mapping};
use crate::place::pages::{PAGE, mapped_size};
use crate::{Access, Claim, IntervalMap, Owner, Range, Role, Space, User, diagnose, window};

/// Places the RAM of all guests, and the pages of their virtual CPUs' states.
pub(crate) fn claim(system: &System, findings: &mut Findings, map: &mut IntervalMap, spaces: &mut Spaces) {
    for (index, instance) in system.instances.iter().enumerate() {
        let Some(vm) = &instance.vm else { continue };
        let id = InstanceId(index);
        let mut claiming = Claiming { system, findings, map, spaces, instance, vm };
        let memory = claiming.memory();
        let state = claiming.state();
        let disks = (0..vm.disks.len()).map(|number| claiming.disk(id, number)).collect();
        if let (Some(memory), Some(state), Some(disks)) = (memory, state, disks) {
            spaces.guests.insert(id, GuestSpace { memory, state, disks });
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
        let virt = self.view(&owner, window::guest_ram(), size, size, Access::WRITE)?;
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
        let virt = self.view(&owner, window::declared(), PAGE, PAGE, Access::WRITE)?;
        let role = Role::Borrower("keeps the guest's registers in it".to_owned());
        let user = User { name: "kernel".to_owned(), access: Access::WRITE, role };
        self.declare(owner, PAGE, None, virt, vec![user]);
        Some(virt)
    }

    /// A disk, which the monitor alone reaches. One with an image is that part of the image: nothing is copied.
    fn disk(&mut self, instance: InstanceId, number: usize) -> Option<u64> {
        let disk = &self.vm.disks[number];
        let owner = Owner::GuestDisk { guest: self.instance.name.clone(), disk: disk.name.clone() };
        let size = mapped_size(disk.bytes).unwrap_or(u64::MAX);
        let access = if disk.read_only { Access::READ } else { Access::WRITE };
        let virt = self.view(&owner, window::guest_disks(), size, natural(size), access)?;
        let contents = disk.image.is_some().then_some(DiskContents { instance, number, bytes: disk.bytes });
        self.spaces.declared.push(Declared {
            owner,
            size,
            pin: None,
            mappings: vec![Mapping { domain: self.instance.domain, virt }],
            origin: disk.origin,
            users: vec![],
            access,
            contents,
        });
        Some(virt)
    }

    /// A place in the monitor's space.
    fn view(&mut self, owner: &Owner, window: Range, size: u64, align: u64, access: Access) -> Option<u64> {
        let (domain, origin) = (self.instance.domain, self.vm.origin);
        let space = Space::Domain(self.system[domain].name.clone());
        let Some(range) = self.map.first_fit(&space, window, size, align, 0) else {
            self.findings.add(diagnose::no_room_in_space(self.system, domain, owner, size, origin));
            return None;
        };
        let claim = Claim::new(space, range, owner.clone(), access);
        self.findings.claim(self.map, claim.stated(self.system, origin));
        Some(range.start())
    }

    fn declare(&mut self, owner: Owner, size: u64, pin: Option<u64>, virt: u64, users: Vec<User>) {
        let mappings = vec![Mapping { domain: self.instance.domain, virt }];
        let origin = self.vm.origin;
        let (access, contents) = (Access::WRITE, None);
        self.spaces.declared.push(Declared { owner, size, pin, mappings, origin, users, access, contents });
    }
}
