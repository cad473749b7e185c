//! Physical places that are fixed before anything is linked: the board's, the kernel's, the spec's pins.

use composer_model::{Board, DeviceId, DomainId, Origin, System};

use super::Findings;
use crate::input::KernelNeeds;
use crate::place::pages::{PAGE, agreement, page_size};
use crate::range::align_up;
use crate::{Access, Claim, IntervalMap, Owner, Range, Role, Space, User, diagnose, window};

/// RAM of the board, by address.
pub(crate) fn ram(board: &Board) -> Vec<Range> {
    board.memory.iter().filter_map(|memory| Range::new(memory.at, memory.size)).collect()
}

/// The physical ranges of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KernelRanges {
    /// Text and constants.
    pub(crate) text: Range,
    /// Data and stack.
    pub(crate) data: Range,
}

/// Where the kernel lies: its text page where the board says, its data page right after.
pub(crate) fn kernel(board: &Board, needs: KernelNeeds) -> Option<KernelRanges> {
    let text = Range::new(board.kernel.at, needs.text)?;
    let data = Range::new(
        align_up(text.last().checked_add(1)?, needs.data.checked_next_power_of_two()?)?,
        needs.data,
    )?;
    Some(KernelRanges { text, data })
}

/// Enters what the board keeps, its devices, and the kernel.
pub(crate) fn claim_board(system: &System, findings: &mut Findings, map: &mut IntervalMap) {
    let board = &system.board;
    for reserved in &board.reserved {
        let Some(range) = Range::new(reserved.at, reserved.size) else { continue };
        let owner = Owner::Reserved(reserved.name.clone());
        let claim = Claim::new(Space::Physical, range, owner, Access::NONE);
        let claim = claim.stated(system, reserved.origin).pinned(reserved.why.clone());
        findings.claim(map, claim);
    }
    if let Some(kernel) = kernel(board, KernelNeeds::of(system)) {
        let origin = board.kernel.origin;
        let text = Claim::new(Space::Physical, kernel.text, Owner::KernelText, Access::EXECUTE);
        let data = Claim::new(Space::Physical, kernel.data, Owner::KernelData, Access::WRITE);
        for claim in [text, data] {
            findings.claim(map, claim.stated(system, origin).pinned("the board's loader puts it there"));
        }
    }
    for (index, device) in board.devices.iter().enumerate() {
        let Some(range) = Range::new(device.at, device.size) else { continue };
        let users = device_users(system, DeviceId(index));
        let access = if users.is_empty() { Access::NONE } else { Access::WRITE };
        let claim = Claim::new(Space::Physical, range, Owner::Device(device.name.clone()), access);
        findings.claim(map, claim.stated(system, device.origin).pinned("hardware").shared(users));
    }
}

/// Who reaches a device: the domain that it is granted to, and the kernel.
fn device_users(system: &System, id: DeviceId) -> Vec<User> {
    let mut users: Vec<_> = grants(system)
        .filter(|grant| grant.device == id)
        .map(|grant| User {
            name: system[grant.domain].name.clone(),
            access: Access::WRITE,
            role: Role::Granted,
        })
        .collect();
    let role = if id == system.board.kernel.console {
        let until = if users.is_empty() { "" } else { " until its driver starts, and in a fatal report" };
        Role::Borrower(format!("writes to it{until}"))
    } else if Some(id) == interrupt_controller(&system.board) {
        Role::Borrower("drives it".to_owned())
    } else {
        return users;
    };
    users.push(User { name: "kernel".to_owned(), access: Access::WRITE, role });
    users
}

/// The device through which the kernel reaches the interrupt controller; none where DCRs do.
pub(crate) fn interrupt_controller(board: &Board) -> Option<DeviceId> {
    let controller = &board.interrupts.compatible;
    board.devices.iter().position(|device| device.name == *controller && !device.grantable).map(DeviceId)
}

/// A device in the hands of an instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceGrant {
    pub(crate) domain: DomainId,
    pub(crate) device: DeviceId,
    pub(crate) origin: Origin,
}

/// All devices in the hands of instances, in the order of the spec.
pub(crate) fn grants(system: &System) -> impl Iterator<Item = DeviceGrant> {
    system.instances.iter().flat_map(|instance| {
        instance.devices.iter().map(move |device| DeviceGrant {
            domain: instance.domain,
            device: device.device,
            origin: device.origin,
        })
    })
}

/// The whole pages around a device's registers.
pub(crate) fn device_pages(system: &System, id: DeviceId) -> Option<Range> {
    let device = &system[id];
    let start = device.at & !(PAGE - 1);
    Range::new(start, align_up(device.at.checked_add(device.size)?, PAGE)?.checked_sub(start)?)
}

/// Enters the regions that the spec pins. A region without a pin is placed when the domains are measured.
pub(crate) fn claim_pins(system: &System, findings: &mut Findings, map: &mut IntervalMap) {
    let ram = ram(&system.board);
    for region in &system.regions {
        let Some(pin) = &region.pin else { continue };
        let range = align_up(region.size, PAGE).and_then(|size| Range::new(pin.at, size));
        let Some(range) = range.filter(|range| ram.iter().any(|ram| ram.covers(*range))) else {
            findings.add(diagnose::outside_ram(system, region, pin));
            continue;
        };
        let claim = Claim::new(Space::Physical, range, Owner::Region(region.name.clone()), Access::WRITE);
        let claim = claim.stated(system, pin.origin).pinned(pin.reason.clone());
        findings.claim(map, claim.shared(region_users(system, region)));
    }
}

/// The domains that map a region, each once.
pub(crate) fn region_users(system: &System, region: &composer_model::Region) -> Vec<User> {
    region_domains(system, region).map(|domain| granted(&system[domain].name)).collect()
}

/// The domains that map a region, each once, in their order.
pub(crate) fn region_domains(
    system: &System,
    region: &composer_model::Region,
) -> impl Iterator<Item = DomainId> {
    let domains: std::collections::BTreeSet<_> =
        region.users.iter().map(|&instance| system[instance].domain).collect();
    domains.into_iter()
}

/// A domain that reads and writes by a grant of the spec.
pub(crate) fn granted(domain: &str) -> User {
    User { name: domain.to_owned(), access: Access::WRITE, role: Role::Granted }
}

/// Enters each core's own data, in the first RAM that is free.
pub(crate) fn claim_cores(system: &System, findings: &mut Findings, map: &mut IntervalMap) -> Option<u64> {
    let ram = ram(&system.board);
    let mut first = None;
    for core in 0..system.board.cores {
        let size = window::CORE_SIZE;
        let fit = ram.iter().find_map(|ram| map.first_fit(&Space::Physical, *ram, size, size, 0));
        let Some(range) = fit else {
            findings.add(diagnose::no_room(system, map, &Owner::Core(core.into()), size, None));
            return None;
        };
        first.get_or_insert(range.start());
        findings.claim(map, Claim::new(Space::Physical, range, Owner::Core(core.into()), Access::WRITE));
    }
    first
}

/// Enters the kernel's own view: its program, per-core data, and the devices that it drives or borrows.
pub(crate) fn claim_kernel_views(system: &System, findings: &mut Findings, map: &mut IntervalMap) {
    let Some(views) = kernel_views(system) else {
        return findings.add(diagnose::kernel_misplaced(system));
    };
    if system.has_vm() {
        findings.claim(map, Claim::new(Space::Kernel, window::vcpu(), Owner::VcpuWindow, Access::WRITE));
    }
    for (range, owner, access) in [
        (views.text, Owner::KernelText, Access::EXECUTE),
        (views.data, Owner::KernelData, Access::WRITE),
        (views.core, Owner::Core(0), Access::WRITE),
        (window::report(), Owner::ReportWindow, Access::READ),
    ] {
        findings.claim(map, Claim::new(Space::Kernel, range, owner, access));
    }
    for (index, device) in system.board.devices.iter().enumerate() {
        let id = DeviceId(index);
        if ![Some(system.board.kernel.console), interrupt_controller(&system.board)].contains(&Some(id)) {
            continue;
        }
        let Some(pages) = device_pages(system, id) else { continue };
        let align = agreement(pages.start(), pages.size());
        let phase = pages.start() % align;
        let owner = Owner::KernelDevice(device.name.clone());
        match map.first_fit(&Space::Kernel, window::kernel_devices(), pages.size(), align, phase) {
            Some(range) => {
                let claim = Claim::new(Space::Kernel, range, owner, Access::WRITE);
                findings.claim(map, claim.stated(system, device.origin));
            }
            None => findings.add(diagnose::no_room(system, map, &owner, pages.size(), Some(device.origin))),
        }
    }
}

/// Effective ranges of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KernelViews {
    /// Text and constants.
    pub(crate) text: Range,
    /// Data and stack.
    pub(crate) data: Range,
    /// The data of the core that looks.
    pub(crate) core: Range,
}

/// Where the kernel sees itself; none if its places cannot be pages.
pub(crate) fn kernel_views(system: &System) -> Option<KernelViews> {
    let ranges = kernel(&system.board, KernelNeeds::of(system))?;
    let in_ram = |range: &Range| ram(&system.board).iter().any(|ram| ram.covers(*range));
    let pages =
        |range: &Range| page_size(range.size()).is_some() && range.start().is_multiple_of(range.size());
    if ![ranges.text, ranges.data].iter().all(|range| in_ram(range) && pages(range)) {
        return None;
    }
    let window = window::KERNEL;
    Some(KernelViews {
        text: Range::new(window, ranges.text.size())?,
        data: Range::new(window + (ranges.data.start() - ranges.text.start()), ranges.data.size())?,
        core: Range::new(window::CORE, window::CORE_SIZE)?,
    })
}

/// Warns when a domain reaches the kernel's console by accident: because it drives a device in that page.
/// (That two domains' devices share a page, the model finds: there both are the spec's.)
pub(crate) fn check_console_page(system: &System, findings: &mut Findings) {
    let console = system.board.kernel.console;
    let Some(page) = device_pages(system, console) else { return };
    for grant in grants(system) {
        let shares = device_pages(system, grant.device).is_some_and(|pages| pages.common(page).is_some());
        let owns = grants(system).any(|other| other.domain == grant.domain && other.device == console);
        if shares && !owns {
            findings.add(diagnose::console_in_page(system, grant));
        }
    }
}
