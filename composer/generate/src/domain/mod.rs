//! A domain's crate.

mod instance;
mod ring;
mod serve;
mod wiring;

use std::collections::{BTreeMap, BTreeSet};

use composer_layout::lowered::{Domain, Program, Required};
use composer_layout::window;
use composer_model::{Checkout, System};
use serde::Serialize;

use crate::imports::Imports;
use crate::names::{Names, upper_camel};
use crate::templates::Templates;
use crate::{Files, literals, paths};
use instance::InstanceView;
use serve::ServeView;
use wiring::{Scope, Wiring};

/// What `domain_main.rs.hbs` prints.
#[derive(Debug, Serialize)]
struct Main<'a> {
    system: &'a str,
    spec: &'a str,
    name: &'a str,
    place: &'a str,
    components: BTreeSet<String>,
    imports: String,
    has_cells: bool,
    wirings: Vec<Wiring>,
    notification_slot: u32,
    /// Whether anything uses the thread's notification.
    signals: bool,
    /// Whether a passive instance, or the active one, waits through an inbox.
    passives_wait: bool,
    active_waits: bool,
    /// Whether a guest is told what arrived while it did not run.
    arrived: bool,
    passives: Vec<InstanceView>,
    active: Option<InstanceView>,
    notified: serve::Notified,
    serve: Option<ServeView>,
}

/// The files of one domain's crate.
pub(crate) fn files(
    system: &System,
    program: &Program,
    domain: &Domain,
    checkout: &Checkout,
    templates: &Templates,
) -> Files {
    let at = |name: &str| [domain.folder.as_str(), name].iter().collect();
    BTreeMap::from([
        (at("Cargo.toml"), templates.print("package.toml", &manifest(system, program, domain, checkout))),
        (at("build.rs"), templates.print("build.rs", &())),
        (at("link.ld"), templates.print("domain.ld", &script(program, domain))),
        (at("src/main.rs"), templates.print("domain_main.rs", &main(program, domain))),
    ])
}

/// What `package.toml.hbs` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Package<'a> {
    pub(crate) about: String,
    pub(crate) spec: &'a str,
    pub(crate) name: &'a str,
    pub(crate) dependencies: BTreeMap<String, Dependency>,
}

/// A crate that a package builds on.
#[derive(Debug, Serialize)]
pub(crate) struct Dependency {
    path: String,
    features: Vec<String>,
}

impl Dependency {
    /// The crate at a path, as it is by default.
    pub(crate) fn at(path: String) -> Self {
        Self { path, features: Vec::new() }
    }

    /// The same with features.
    pub(crate) fn with(self, features: &[String]) -> Self {
        Self { features: features.to_vec(), ..self }
    }
}

fn manifest<'a>(
    system: &System,
    program: &'a Program,
    domain: &'a Domain,
    checkout: &Checkout,
) -> Package<'a> {
    let directory = |package: &str| {
        let component = system.components.iter().find(|component| component.name == package);
        component.map(|component| paths::from_package(checkout.root(), &component.directory))
    };
    let components = domain.instances.iter().map(|instance| instance.package.as_str());
    let components =
        components.filter_map(|package| Some((package.to_owned(), Dependency::at(directory(package)?))));
    let ours = ["interfaces", "runtime"].map(|name| {
        let path = paths::from_package(checkout.root(), &checkout.root().join("components").join(name));
        (name.to_owned(), Dependency::at(path))
    });
    Package {
        about: format!("Domain `{}` of the system `{}`", domain.name, program.system),
        spec: &program.spec,
        name: &domain.package,
        dependencies: components.chain(ours).collect(),
    }
}

/// What `domain.ld.hbs` prints.
#[derive(Debug, Serialize)]
struct Script<'a> {
    system: &'a str,
    spec: &'a str,
    name: &'a str,
    text: String,
    data: String,
    alignment: String,
}

fn script<'a>(program: &'a Program, domain: &'a Domain) -> Script<'a> {
    Script {
        system: &program.system,
        spec: &program.spec,
        name: &domain.name,
        text: literals::linker(window::TEXT),
        data: literals::linker(window::DATA),
        alignment: format!("0x{:X}", window::SEGMENT_ALIGNMENT),
    }
}

fn main<'a>(program: &'a Program, domain: &'a Domain) -> Main<'a> {
    let mut imports = Imports::default();
    let mut types = Names::without(&Imports::TYPES);
    let mut locals = Names::without(&LOCALS);
    let names: Vec<_> = domain
        .instances
        .iter()
        .map(|instance| {
            let local = locals.declare(&crate::names::snake(&instance.name));
            (instance.name.as_str(), local, types.declare_type(&upper_camel(&instance.name)))
        })
        .collect();
    let names = names.into_iter().map(|(name, local, wiring)| (name, (local, wiring))).collect();
    let flags = flags(domain, &mut locals);
    let mut scope = Scope { domain, names, flags, locals, imports: &mut imports };

    let wirings = domain.instances.iter().map(|instance| scope.wiring(instance)).collect();
    let (active, passives): (Vec<_>, Vec<_>) = domain.instances.iter().partition(|instance| instance.active);
    let mut passives: Vec<_> = passives.into_iter().map(|instance| scope.instance(instance)).collect();
    let active = active.first().map(|instance| scope.instance(instance));
    let serve = if active.is_none() { serve::serve(&mut scope, &mut passives) } else { None };
    let notified = serve::notified(&passives);

    let passives_wait = passives.iter().any(|instance| instance.waits);
    let active_waits = active.as_ref().is_some_and(|instance| instance.waits);
    let signals = passives_wait || active_waits || serve.is_some();
    imports.add_if(passives_wait || active_waits, "Inbox");
    imports.add_if(signals, "Signals");
    imports.add_if(signals, "Slot");
    imports.add_if(active.is_some(), "Active as _");
    imports.add_if(!passives.is_empty() && (serve.is_some() || active_waits), "Passive as _");
    Main {
        system: &program.system,
        spec: &program.spec,
        name: &domain.name,
        place: &domain.place,
        components: domain.instances.iter().map(|instance| instance.module.clone()).collect(),
        imports: imports.print("runtime"),
        has_cells: !passives.is_empty(),
        wirings,
        notification_slot: domain.notification_slot,
        signals,
        passives_wait,
        active_waits,
        arrived: active.as_ref().is_some_and(InstanceView::runs_guest),
        passives,
        active,
        notified,
        serve,
    }
}

/// A local for the event flags of each direct wire.
fn flags<'a>(domain: &'a Domain, locals: &mut Names) -> BTreeMap<(&'a str, &'a str), String> {
    let wires = domain.instances.iter().flat_map(|instance| {
        instance.requires.iter().filter_map(|required| match required {
            Required::Direct { port, .. } => Some((instance.name.as_str(), port.as_str())),
            Required::Call(_) | Required::Ring(_) => None,
        })
    });
    wires
        .map(|(client, port)| {
            let wanted = format!("{}_{}_events", crate::names::snake(client), crate::names::snake(port));
            ((client, port), locals.declare(&wanted))
        })
        .collect()
}

/// Names that the template uses for itself.
const LOCALS: [&str; 11] = [
    "arrived",
    "signals",
    "inbox",
    "passives",
    "rings",
    "badge",
    "operation",
    "words",
    "slices",
    "bits",
    "main",
];
