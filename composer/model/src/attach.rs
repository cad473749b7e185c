//! The wire of a guest's debugger, for a spec that has none.

use std::path::Path;

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, SourceMap, nearest, parse, quoted};

use crate::spec::{self, InstanceText};
use crate::system::{Device, Instance, System};
use crate::{Checkout, load};

/// The optional port of a monitor at which gdb speaks with it.
const PORT: &str = "debugger";
/// What drives the UART for it.
const COMPONENT: &str = "console";
/// The programming model of that UART.
const COMPATIBLE: &str = "ns16550";
/// What one TLB entry covers at least.
const PAGE: u64 = 4096;

/// The text of a spec in which the monitor `vm` has a wire for gdb over a UART that nobody uses. None if it has one
/// already, or if the spec has errors, which building it will show.
///
/// # Errors
///
/// [`Code::UnknownName`] if the spec has no such machine, [`Code::CannotRun`] if the board has no free UART.
pub fn with_debugger(
    checkout: &Checkout,
    path: &Path,
    platform: Option<&str>,
    vm: &str,
) -> Result<Option<String>, Diagnostic> {
    let loaded = load(checkout, path, platform);
    let Some(system) = loaded.system else { return Ok(None) };
    let monitor = monitor(&system, vm)?;
    if monitor.requires.iter().any(|&wire| system[wire].port == PORT) {
        return Ok(None);
    }
    let uart = free_uart(&system)?;
    let text = loaded.sources.file(system.spec).text();
    Ok(edited(text, &system, vm, uart))
}

fn monitor<'a>(system: &'a System, vm: &str) -> Result<&'a Instance, Diagnostic> {
    let machines = || system.instances.iter().filter(|instance| instance.vm.is_some());
    machines().find(|instance| instance.name == vm).ok_or_else(|| {
        let names: Vec<&str> = machines().map(|instance| instance.name.as_str()).collect();
        let message = format!("`{}` has no virtual machine `{vm}`", system.name);
        let diagnostic = Diagnostic::error(Code::UnknownName, message);
        match nearest(vm, names.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None if names.is_empty() => diagnostic.help("without `--vm`, the node itself is debugged"),
            None => diagnostic.help(format!("it has {}", names.join(", "))),
        }
    })
}

fn free_uart(system: &System) -> Result<&Device, Diagnostic> {
    let used = |device: &Device| {
        let mut uses = system.instances.iter().flat_map(|instance| &instance.devices);
        uses.any(|one| system[one.device].name == device.name)
    };
    let mut devices = system.board.devices.iter();
    devices.find(|device| device.grantable && device.compatible == COMPATIBLE && !used(device)).ok_or_else(
        || {
            Diagnostic::error(Code::CannotRun, format!("`{}` leaves no UART for a debugger", system.name))
                .note(format!(
                    "every `{COMPATIBLE}` of board `{}` is given to an instance",
                    system.board.name
                ))
                .help(format!("give one up, or wire the monitor's port `{PORT}` to a console in the spec"))
        },
    )
}

/// The owner of a device in the same page: the debugger's driver shares its domain, for either could reach the other's
/// registers anyway.
fn neighbour<'a>(system: &'a System, uart: &Device) -> Option<&'a Instance> {
    let shares = |instance: &&Instance| {
        let mut devices = instance.devices.iter().map(|one| &system[one.device]);
        devices.any(|device| device.at / PAGE == uart.at / PAGE)
    };
    let owner = system.instances.iter().find(shares)?;
    // A domain with a thread of its own serves nobody.
    let active = system[owner.domain].active.is_some();
    (!active).then_some(owner)
}

/// The text with what is added. Nothing is added between lines, so that messages name the lines of the file.
fn edited(text: &str, system: &System, vm: &str, uart: &Device) -> Option<String> {
    let mut sources = SourceMap::new();
    let file = sources.add("spec", text);
    let mut found = Diagnostics::new();
    let spec = spec::read(&parse(&sources, file).value?, &mut found)?;
    let instance = |name: &str| -> Option<&Entry<InstanceText>> {
        spec.instances.entries().find(|entry| entry.key.value == name)
    };
    let name = (1..)
        .map(|number| if number == 1 { "gdb".to_owned() } else { format!("gdb-{number}") })
        .find(|name| instance(name).is_none())?;
    let mut edits: Vec<(usize, String)> = Vec::new();
    let monitor = instance(vm)?;
    let wire = format!("{}: Call({})", quoted(PORT), quoted(&name));
    match monitor.value.wires.given().and_then(|wires| wires.value.iter().last()) {
        Some(last) => edits.push((last.value_span.end, format!(", {wire}"))),
        None => edits.push((monitor.value.component.given()?.span.end, format!(", wires: {{{wire}}}"))),
    }
    let place = match neighbour(system, uart) {
        Some(owner) => {
            let domain = &system[owner.domain].name;
            let owner = instance(&owner.name)?;
            if owner.value.domain.given().is_none() {
                let end = owner.value.component.given()?.span.end;
                edits.push((end, format!(", domain: {}", quoted(domain))));
            }
            format!("domain: {}", quoted(domain))
        }
        None => format!(
            "priority: {}",
            system[system.instances.iter().find(|one| one.name == vm)?.domain]
                .priority
                .saturating_add(1)
                .min(31)
        ),
    };
    let driver = format!(
        "{}: (component: {}, devices: {{\"uart\": {}}}, {place}, config: {{\"prefix\": false}}), ",
        quoted(&name),
        quoted(COMPONENT),
        quoted(&uart.name)
    );
    edits.push((monitor.key.span.start, driver));
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut text = text.to_owned();
    for (at, added) in edits {
        text.insert_str(at, &added);
    }
    Some(text)
}
