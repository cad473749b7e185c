//! The kernel's tables, complete.

use composer_model::{Authority, DeviceId, OnFault, RegionId, System};
use ppc440::tlb::{Attributes, Page, PageSize};

use super::pages::cover;
use super::programs::Program;
use super::ram::PlacedPart;
use crate::lowered::{
    Board, Boot, Budget, Extent, GuestRam, Kernel, KernelDomain, KernelRegion, Link, PageRow, Thread, Trace,
    Vcpu,
};
use crate::plan::physical::{device_pages, kernel as kernel_ranges, kernel_views};
use crate::plan::{Declared, DeviceMapping, Plan, VcpuObject};
use crate::{Access, KernelNeeds, Owner, Range, Space, window};

/// The pages of each domain, as they are found.
pub(crate) struct Mappings<'a> {
    system: &'a System,
    pages: Vec<Vec<PageRow>>,
}

impl<'a> Mappings<'a> {
    /// No pages yet.
    pub(crate) fn new(system: &'a System) -> Self {
        Self { system, pages: vec![Vec::new(); system.domains.len()] }
    }

    /// Maps programs.
    pub(crate) fn programs(&mut self, parts: &[PlacedPart]) {
        for placed in parts {
            let attributes = user_rights(placed.part.segment.rights()) | self.system.board.ram_attributes;
            let owner = placed.part.segment.name();
            self.pages[placed.domain].extend(rows(
                placed.part.range,
                placed.physical.start(),
                attributes,
                owner,
            ));
        }
    }

    /// Maps stacks, buffers and regions.
    pub(crate) fn declared(&mut self, declared: &[Declared], places: &[Range]) {
        for (one, physical) in declared.iter().zip(places) {
            let attributes = user_rights(one.access) | self.system.board.ram_attributes;
            let owner = match &one.owner {
                Owner::Stack { .. } => "stack".to_owned(),
                other => other.to_string(),
            };
            for mapping in &one.mappings {
                let range = Range::new(mapping.virt, one.size).expect("the plan has it");
                let rows = rows(range, physical.start(), attributes, &owner);
                self.pages[mapping.domain.0].extend(rows);
            }
        }
    }

    /// Maps devices.
    pub(crate) fn devices(&mut self, devices: &[DeviceMapping]) {
        for mapping in devices {
            let range = Range::new(mapping.virt, mapping.size).expect("the plan has it");
            let rows = rows(range, mapping.physical, mapping.attributes, &mapping.owner);
            self.pages[mapping.domain.0].extend(rows);
        }
    }

    /// The pages of each domain, by address.
    fn sorted(mut self) -> Vec<Vec<PageRow>> {
        self.pages.iter_mut().for_each(|pages| pages.sort_by_key(|page| page.virt));
        self.pages
    }
}

/// The tables of a system.
pub(crate) fn kernel(
    system: &System,
    plan: &Plan,
    programs: &[Program],
    declared: &[Range],
    mappings: Mappings<'_>,
) -> Kernel {
    let board = &system.board;
    let objects = plan.objects.clone();
    let tables = objects.pids.into_iter().zip(objects.slots).zip(objects.mourners);
    let tables = tables.zip(objects.handlers);
    let regions = objects.regions.iter().map(|&id| region(system, plan, declared, id)).collect();
    let domains = system.domains.iter().zip(tables).zip(mappings.sorted());
    Kernel {
        system: system.name.clone(),
        spec: system.spec_name.clone(),
        package: format!("{}-kernel", system.name),
        board: Board {
            name: board.name.clone(),
            package: board.package.clone(),
            module: board.module.clone(),
            type_name: board.type_name.clone(),
        },
        features: features(system),
        link: link(system, plan),
        boot: boot(system, plan),
        // The path in assembly records nothing.
        fast_path: system.kernel.fast_path && !traced(system),
        domains: domains
            .map(|((domain, (((pid, slots), mourners), handler)), pages)| KernelDomain {
                name: domain.name.clone(),
                place: system.place(domain.origin),
                pid,
                slots,
                pages,
                handler,
                on_fault: match domain.on_fault {
                    OnFault::Halt => "Halt".to_owned(),
                    OnFault::HaltNode => "HaltNode".to_owned(),
                    OnFault::Restart { max } => format!("Restart {{ max: {max} }}"),
                },
                pinned: domain.pinned.is_some(),
                float: domain.fpu,
                mourners,
            })
            .collect(),
        threads: threads(system, plan, programs),
        irqs: objects.irqs,
        timers: objects.timers,
        regions,
        dcrs: objects.dcrs,
        vcpus: objects.vcpus.iter().map(|one| vcpu(system, plan, declared, one)).collect(),
        trace: trace(plan),
    }
}

/// What the kernel has only for those who ask.
fn features(system: &System) -> Vec<String> {
    let budget = system.domains.iter().any(|domain| domain.budget.is_some());
    let named = [(budget, "budget"), (traced(system), "trace"), (system.has_vm(), "vm")].into_iter();
    named.filter(|(used, _)| *used).map(|(_, name)| name.to_owned()).collect()
}

/// Whether anybody may read the kernel's trace.
fn traced(system: &System) -> bool {
    let mut grants = system.instances.iter().flat_map(|instance| &instance.grants);
    grants.any(|grant| grant.authority == Authority::Trace)
}

/// A virtual CPU, where its guest was placed.
fn vcpu(system: &System, plan: &Plan, declared: &[Range], one: &VcpuObject) -> Vcpu {
    let instance = &system[one.instance];
    let vm = instance.vm.as_ref().expect("it runs a guest");
    let place = |owner: &Owner| {
        let index = plan.declared.iter().position(|one| one.owner == *owner);
        declared[index.expect("the plan declares it")].start()
    };
    let physical = place(&Owner::GuestRam(instance.name.clone()));
    Vcpu {
        thread: one.thread,
        calls: one.calls,
        state: place(&Owner::VcpuState(instance.name.clone())),
        ram: vec![GuestRam { guest: 0, physical, bytes: vm.memory as u32 }],
        name: instance.name.clone(),
        place: system.place(vm.origin),
    }
}

/// A region, where its memory was placed.
fn region(system: &System, plan: &Plan, declared: &[Range], id: RegionId) -> KernelRegion {
    let about = &system[id];
    let named = |owner: &Owner| match owner {
        Owner::Region(name) | Owner::Memory(name) => *name == about.name,
        _ => false,
    };
    let index = plan.declared.iter().position(|one| named(&one.owner)).expect("the plan declares regions");
    KernelRegion {
        physical: declared[index].start(),
        size: about.size as u32,
        name: about.name.clone(),
        place: system.place(about.origin),
    }
}

/// Where the kernel sees the trace's ring.
fn trace(plan: &Plan) -> Option<Trace> {
    let range = plan.trace_in(&Space::Kernel)?;
    Some(Trace { address: range.start() as u32, size: range.size() as u32 })
}

/// The room for a null back chain and a saved link register, which the first function of a thread finds
/// above its frame.
pub(super) const FIRST_FRAME: u64 = 16;

fn threads(system: &System, plan: &Plan, programs: &[Program]) -> Vec<Thread> {
    let domains = system.domains.iter().zip(&plan.program.domains).zip(programs).enumerate();
    domains
        .map(|(index, ((domain, lowered), program))| Thread {
            domain: index as u16,
            name: domain.name.clone(),
            priority: domain.priority,
            entry: program.entry,
            stack_pointer: (lowered.stack.start + lowered.stack.size - FIRST_FRAME) as u32,
            serves: lowered.endpoint_slot,
            budget: domain.budget.map(|budget| Budget {
                ticks: budget.time.ticks(system.board.time_base),
                period: budget.period.ticks(system.board.time_base),
                time: format!("{} in {}", budget.time, budget.period),
                place: system.place(budget.origin),
            }),
            place: system.place(domain.priority_origin.unwrap_or(domain.origin)),
        })
        .collect()
}

fn extent(range: Range) -> Extent {
    Extent { start: range.start(), size: range.size() }
}

fn link(system: &System, plan: &Plan) -> Link {
    let views = kernel_views(system).expect("the plan placed the kernel");
    let ranges = kernel_ranges(&system.board, KernelNeeds::of(system)).expect("the plan placed the kernel");
    let at = system.board.kernel.at;
    Link {
        text: extent(views.text),
        text_physical: ranges.text.start(),
        data: extent(views.data),
        data_physical: ranges.data.start(),
        stack_top: views.data.start() + window::KERNEL_STACK,
        core: extent(views.core),
        core_physical: plan.core,
        entry_offset: system.board.kernel.entry.and_then(|entry| entry.checked_sub(at)),
    }
}

/// The pages that the kernel keeps in the TLB.
fn boot(system: &System, plan: &Plan) -> Boot {
    let link = link(system, plan);
    let own = |extent: Extent, physical, rights, owner| {
        let range = Range::new(extent.start, extent.size).expect("not empty");
        let attributes = Attributes::SR | rights | system.board.ram_attributes;
        rows(range, physical, attributes, owner).next().expect("not empty")
    };
    let mut boot = Boot {
        text: own(link.text, link.text_physical, Attributes::SX, "text"),
        data: own(link.data, link.data_physical, Attributes::SW, "data"),
        core: own(link.core, link.core_physical, Attributes::SW, "data of core 0"),
        devices: Vec::new(),
        console: 0,
        console_name: system[system.board.kernel.console].name.clone(),
        interrupts: 0,
    };
    for claim in plan.map.claims(&Space::Kernel) {
        if claim.owner == Owner::Trace {
            let physical = plan.trace_in(&Space::Physical).expect("the plan placed it").start();
            let attributes = Attributes::SR | Attributes::SW | system.board.ram_attributes;
            boot.devices.extend(rows(claim.range, physical, attributes, "trace"));
        }
        let Owner::KernelDevice(name) = &claim.owner else { continue };
        let index = system.board.devices.iter().position(|device| device.name == *name);
        let id = DeviceId(index.expect("the plan took it from the board"));
        let pages = device_pages(system, id).expect("the plan placed it");
        let attributes = Attributes::SR | Attributes::SW | system[id].attributes;
        boot.devices.extend(rows(claim.range, pages.start(), attributes, name));
        let registers = (claim.range.start() + (system[id].at - pages.start())) as u32;
        let ours = if id == system.board.kernel.console { &mut boot.console } else { &mut boot.interrupts };
        *ours = registers;
    }
    boot
}

/// What a domain may do, as the TLB says it.
fn user_rights(access: Access) -> Attributes {
    let mut rights = Attributes::empty();
    rights.set(Attributes::UR, access.reads());
    rights.set(Attributes::UW, access.writes());
    rights.set(Attributes::UX, access.executes());
    rights
}

fn rows(range: Range, physical: u64, attributes: Attributes, owner: &str) -> impl Iterator<Item = PageRow> {
    let pages = cover(range.start(), physical, range.size(), attributes);
    pages.into_iter().map(move |page| row(&page, owner))
}

fn row(page: &Page, owner: &str) -> PageRow {
    let size = PageSize::DESCENDING.into_iter().find(|size| size.bytes() == page.bytes());
    PageRow {
        virt: page.virt(),
        physical: page.physical(),
        size: format!("{:?}", size.expect("made from one")),
        attributes: names(page.attributes()),
        owner: owner.to_owned(),
    }
}

/// The names of attributes, rights first.
fn names(attributes: Attributes) -> Vec<String> {
    let rights =
        [Attributes::UR, Attributes::UW, Attributes::UX, Attributes::SR, Attributes::SW, Attributes::SX];
    let storage = attributes.difference(rights.into_iter().collect());
    let rights = rights.into_iter().filter(|right| attributes.contains(*right));
    rights
        .chain([storage])
        .flat_map(|set| set.iter_names().map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
        .collect()
}
