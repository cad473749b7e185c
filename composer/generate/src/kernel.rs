//! The kernel's crate.

use std::collections::{BTreeMap, BTreeSet};

use composer_layout::lowered::{Badge, Boot, Kernel, KernelDomain, Object, PageRow, Right, Slot, Vcpu};
use composer_model::{Checkout, System};

use serde::Serialize;

use crate::domain::{Dependency, Package};
use crate::templates::Templates;
use crate::{Files, literals, paths};

/// The folder of the crate.
pub(crate) const FOLDER: &str = "kernel";

/// What `kernel_main.rs.hbs` prints.
#[derive(Debug, Serialize)]
struct Main<'a> {
    kernel: &'a Kernel,
    attributes: BTreeMap<String, String>,
    boot: BootView,
    domains: Vec<DomainView<'a>>,
    /// Entries of every padded map.
    map_length: usize,
    threads: Vec<ThreadView<'a>>,
    irqs: Vec<WakeView<'a>>,
    timers: Vec<WakeView<'a>>,
    regions: Vec<RangeView<'a>>,
    dcrs: Vec<RangeView<'a>>,
    vcpus: Vec<VcpuView<'a>>,
    trace: Option<String>,
}

/// A virtual CPU.
#[derive(Debug, Serialize)]
struct VcpuView<'a> {
    thread: u16,
    calls: String,
    state: String,
    ram: Vec<RamView>,
    name: &'a str,
    place: &'a str,
}

/// A piece of a guest's RAM.
#[derive(Debug, Serialize)]
struct RamView {
    guest: String,
    physical: String,
    bytes: String,
    size: String,
}

/// A region, or a range of registers.
#[derive(Debug, Serialize)]
struct RangeView<'a> {
    first: String,
    count: u32,
    name: &'a str,
    place: &'a str,
}

#[derive(Debug, Serialize)]
struct BootView {
    text: PageView,
    data: PageView,
    core: PageView,
    devices: Vec<PageView>,
    console: String,
    console_name: String,
    interrupts: String,
}

#[derive(Debug, Serialize)]
struct PageView {
    virt: String,
    physical: String,
    size: String,
    attributes: String,
    owner: String,
}

#[derive(Debug, Serialize)]
struct DomainView<'a> {
    name: &'a str,
    text: String,
    place: &'a str,
    stem: String,
    pid: u8,
    caps: Vec<CapView<'a>>,
    pages: Vec<PageView>,
    handler: Option<HandlerView<'a>>,
    on_fault: &'a str,
    pinned: bool,
    float: bool,
    mourners: Vec<MournerView<'a>>,
}

#[derive(Debug, Serialize)]
struct CapView<'a> {
    slot: usize,
    object: String,
    rights: String,
    badge: String,
    purpose: &'a str,
    place: &'a str,
}

#[derive(Debug, Serialize)]
struct HandlerView<'a> {
    endpoint: u16,
    badge: String,
    name: &'a str,
    place: &'a str,
}

#[derive(Debug, Serialize)]
struct MournerView<'a> {
    notification: u16,
    bits: String,
    place: &'a str,
}

#[derive(Debug, Serialize)]
struct ThreadView<'a> {
    name: &'a str,
    domain: u16,
    priority: u8,
    entry: String,
    stack_pointer: String,
    serves: String,
    budget: Option<BudgetView<'a>>,
    place: &'a str,
}

#[derive(Debug, Serialize)]
struct BudgetView<'a> {
    ticks: String,
    period: String,
    time: &'a str,
    place: &'a str,
}

/// An interrupt or a timer.
#[derive(Debug, Serialize)]
struct WakeView<'a> {
    line: u16,
    notification: u16,
    bits: String,
    domain: u16,
    name: &'a str,
    place: &'a str,
}

/// What `kernel.ld.hbs` prints.
#[derive(Debug, Serialize)]
struct Script<'a> {
    system: &'a str,
    spec: &'a str,
    board: &'a str,
    text: String,
    text_physical: String,
    text_size: String,
    data: String,
    data_physical: String,
    data_size: String,
    core_physical: String,
    stack_top: String,
    entry_first: bool,
    entry_offset: String,
    /// Whether guests have vectors of their own.
    vm: bool,
}

/// The files of the kernel's crate.
pub(crate) fn files(system: &System, kernel: &Kernel, checkout: &Checkout, templates: &Templates) -> Files {
    let at = |name: &str| [FOLDER, name].iter().collect();
    BTreeMap::from([
        (at("Cargo.toml"), templates.print("package.toml", &manifest(system, kernel, checkout))),
        (at("build.rs"), templates.print("build.rs", &())),
        (at("link.ld"), templates.print("kernel.ld", &script(kernel))),
        (at("src/main.rs"), templates.print("kernel_main.rs", &main(kernel))),
    ])
}

fn manifest<'a>(system: &System, kernel: &'a Kernel, checkout: &Checkout) -> Package<'a> {
    let root = checkout.root();
    let path = |directory: &std::path::Path| Dependency::at(paths::from_package(root, directory));
    let ours = ["abi", "kernel", "ppc440"].map(|name| {
        let features = if name == "kernel" { kernel.features.as_slice() } else { &[] };
        (name.to_owned(), path(&root.join("components").join(name)).with(features))
    });
    let board = (kernel.board.package.clone(), path(&system.board.directory));
    Package {
        about: format!("The kernel of the system `{}` on the board `{}`", kernel.system, kernel.board.name),
        spec: &kernel.spec,
        name: &kernel.package,
        dependencies: ours.into_iter().chain([board]).collect(),
    }
}

fn script(kernel: &Kernel) -> Script<'_> {
    let link = &kernel.link;
    Script {
        system: &kernel.system,
        spec: &kernel.spec,
        board: &kernel.board.name,
        text: literals::linker(link.text.start),
        text_physical: literals::linker(link.text_physical),
        text_size: literals::linker(link.text.size),
        data: literals::linker(link.data.start),
        data_physical: literals::linker(link.data_physical),
        data_size: literals::linker(link.data.size),
        core_physical: literals::linker(link.core_physical),
        stack_top: literals::linker(link.stack_top),
        entry_first: link.entry_offset.is_some(),
        entry_offset: link.entry_offset.map(literals::linker).unwrap_or_default(),
        vm: !kernel.vcpus.is_empty(),
    }
}

fn main(kernel: &Kernel) -> Main<'_> {
    let rows = kernel.domains.iter().flat_map(|domain| &domain.pages);
    let boot = [&kernel.boot.text, &kernel.boot.data, &kernel.boot.core];
    let rows = rows.chain(boot).chain(&kernel.boot.devices);
    let attributes: BTreeSet<_> = rows.map(|row| row.attributes.clone()).collect();
    Main {
        kernel,
        attributes: attributes.iter().map(|names| (names.join("_"), union(names))).collect(),
        boot: boot_view(&kernel.boot),
        domains: kernel.domains.iter().map(domain).collect(),
        map_length: kernel
            .domains
            .iter()
            .map(|domain| domain.pages.len().next_power_of_two())
            .max()
            .unwrap_or(1),
        threads: threads(kernel),
        irqs: kernel
            .irqs
            .iter()
            .map(|irq| WakeView {
                line: irq.line,
                notification: irq.notification,
                bits: literals::bits(irq.bits),
                domain: irq.domain,
                name: &irq.device,
                place: &irq.place,
            })
            .collect(),
        timers: kernel
            .timers
            .iter()
            .map(|timer| WakeView {
                line: 0,
                notification: timer.notification,
                bits: literals::bits(timer.bits),
                domain: timer.domain,
                name: &timer.name,
                place: &timer.place,
            })
            .collect(),
        regions: kernel
            .regions
            .iter()
            .map(|region| RangeView {
                first: literals::physical(region.physical),
                count: region.size,
                name: &region.name,
                place: &region.place,
            })
            .collect(),
        dcrs: kernel
            .dcrs
            .iter()
            .map(|range| RangeView {
                first: format!("0x{:03X}", range.first),
                count: range.count.into(),
                name: &range.name,
                place: &range.place,
            })
            .collect(),
        vcpus: kernel.vcpus.iter().map(vcpu).collect(),
        trace: kernel.trace.map(|trace| {
            let address = literals::address(trace.address);
            format!("Some(tables::Trace {{ address: {address}, bytes: {} }})", trace.size)
        }),
    }
}

fn vcpu(vcpu: &Vcpu) -> VcpuView<'_> {
    let ram = vcpu.ram.iter().map(|ram| RamView {
        guest: literals::physical(ram.guest),
        physical: literals::physical(ram.physical),
        bytes: literals::count(ram.bytes.into()),
        size: format!("{} MiB", ram.bytes >> 20),
    });
    VcpuView {
        thread: vcpu.thread,
        calls: literals::bits(vcpu.calls),
        state: literals::physical(vcpu.state),
        ram: ram.collect(),
        name: &vcpu.name,
        place: &vcpu.place,
    }
}

/// A set of attributes, as a constant expression.
fn union(names: &[String]) -> String {
    let mut names = names.iter();
    let first = names.next().map_or("Attributes::empty()".to_owned(), |name| format!("Attributes::{name}"));
    names.fold(first, |set, name| format!("{set}.union(Attributes::{name})"))
}

fn boot_view(boot: &Boot) -> BootView {
    BootView {
        text: page(&boot.text),
        data: page(&boot.data),
        core: page(&boot.core),
        devices: boot.devices.iter().map(page).collect(),
        console: literals::address(boot.console),
        console_name: boot.console_name.clone(),
        interrupts: if boot.interrupts == 0 { "0".to_owned() } else { literals::address(boot.interrupts) },
    }
}

fn threads(kernel: &Kernel) -> Vec<ThreadView<'_>> {
    let threads = kernel.threads.iter();
    threads
        .map(|thread| ThreadView {
            name: &thread.name,
            domain: thread.domain,
            priority: thread.priority,
            entry: literals::address(thread.entry),
            stack_pointer: literals::address(thread.stack_pointer),
            serves: match thread.serves {
                Some(slot) => format!("Some({slot})"),
                None => "None".to_owned(),
            },
            budget: thread.budget.as_ref().map(|budget| BudgetView {
                ticks: literals::count(budget.ticks),
                period: literals::count(budget.period),
                time: &budget.time,
                place: &budget.place,
            }),
            place: &thread.place,
        })
        .collect()
}

fn page(row: &PageRow) -> PageView {
    PageView {
        virt: literals::address(row.virt),
        physical: literals::physical(row.physical),
        size: row.size.clone(),
        attributes: row.attributes.join("_"),
        owner: row.owner.clone(),
    }
}

fn domain(domain: &KernelDomain) -> DomainView<'_> {
    let mourners = domain.mourners.iter();
    DomainView {
        name: &domain.name,
        text: literals::text(&domain.name),
        place: &domain.place,
        stem: crate::names::snake(&domain.name).to_uppercase(),
        pid: domain.pid,
        caps: domain.slots.iter().enumerate().map(cap).collect(),
        pages: domain.pages.iter().map(page).collect(),
        handler: domain.handler.as_ref().map(|handler| HandlerView {
            endpoint: handler.endpoint,
            badge: format!("Badge::of_client({}, {})", handler.port, handler.client),
            name: &handler.name,
            place: &handler.place,
        }),
        on_fault: &domain.on_fault,
        pinned: domain.pinned,
        float: domain.float,
        mourners: mourners
            .map(|mourner| MournerView {
                notification: mourner.notification,
                bits: literals::bits(mourner.bits),
                place: &mourner.place,
            })
            .collect(),
    }
}

/// A set of rights, as a constant expression.
fn rights(rights: &[Right]) -> String {
    let mut rights = rights.iter().map(|right| format!("Rights::{}", right.name()));
    let first = rights.next().unwrap_or_else(|| "Rights::empty()".to_owned());
    rights.fold(first, |set, right| format!("{set}.union({right})"))
}

fn cap((number, slot): (usize, &Slot)) -> CapView<'_> {
    CapView {
        slot: number,
        object: match slot.object {
            Object::Domain(index) => format!("Kind::Domain, {index}"),
            Object::Endpoint(index) => format!("Kind::Endpoint, {index}"),
            Object::Notification(index) => format!("Kind::Notification, {index}"),
            Object::Irq(index) => format!("Kind::Irq, {index}"),
            Object::Timer(index) => format!("Kind::Timer, {index}"),
            Object::Node => "Kind::Node, 0".to_owned(),
            Object::Thread(index) => format!("Kind::Thread, {index}"),
            Object::Region(index) => format!("Kind::Region, {index}"),
            Object::Dcr(index) => format!("Kind::Dcr, {index}"),
            Object::Vcpu(index) => format!("Kind::Vcpu, {index}"),
        },
        rights: rights(&slot.rights),
        badge: match slot.badge {
            Badge::None => "Badge(0)".to_owned(),
            Badge::Client { port, client } => format!("Badge::of_client({port}, {client})"),
            Badge::Bits(bits) => format!("Badge({})", literals::bits(bits)),
        },
        purpose: &slot.purpose,
        place: &slot.place,
    }
}
