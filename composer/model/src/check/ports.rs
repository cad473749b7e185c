//! Every port that needs something is given it.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, quoted};
use manifest::{GrantKind, InterfaceReference, Manifest};

use crate::draft::{Draft, Instance, same_interface, unmentioned};
use crate::edit::add_entries;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for instance in &draft.instances {
        let Some(manifest) = instance.manifest else { continue };
        found.extend(wires(draft, instance, manifest));
        found.extend(devices(draft, instance, manifest));
        found.extend(grants(draft, instance, manifest));
    }
}

/// "`a`, `b` and `c`".
fn listed<T>(ports: &[&Entry<T>]) -> String {
    let names: Vec<String> = ports.iter().map(|port| format!("`{}`", port.key.value)).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// "port", for as many as there are.
fn plural(count: usize) -> &'static str {
    if count == 1 { "port" } else { "ports" }
}

fn is_or_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn wires(draft: &Draft<'_>, instance: &Instance<'_>, manifest: &Manifest) -> Option<Diagnostic> {
    let missing = unmentioned(&instance.text.wires, &manifest.requires);
    let ports = listed(&missing);
    missing.first()?;
    let message = format!(
        "required {} {ports} of `{}` {} not wired",
        plural(missing.len()),
        instance.key.value,
        is_or_are(missing.len())
    );
    let mut diagnostic = Diagnostic::error(Code::UnsatisfiedPort, message)
        .primary(instance.key.span, format!("needs a wire for {ports}"));
    for port in &missing {
        let interface = &port.value;
        diagnostic = diagnostic.secondary(
            port.value.span,
            format!("`{}` speaks `{}@{}`", port.key.value, interface.name, interface.version),
        );
    }
    let mut entries = vec![];
    for port in &missing {
        let providers = providers(draft, instance, port);
        match providers.as_slice() {
            [only] => entries.push(format!("{}: Call({})", quoted(&port.key.value), quoted(only))),
            [] => {
                diagnostic = diagnostic.help(format!(
                    "add an instance that provides `{}@{}`: none does",
                    port.value.name, port.value.version
                ))
            }
            several => {
                diagnostic =
                    diagnostic.help(format!("wire `{}` to `{}`", port.key.value, several.join("` or `")))
            }
        }
    }
    Some(add_entries(diagnostic, draft.sources, instance.text, ("wires", &instance.text.wires), &entries))
}

/// Targets of wires that would satisfy a port.
fn providers(draft: &Draft<'_>, client: &Instance<'_>, port: &Entry<InterfaceReference>) -> Vec<String> {
    let mut targets = vec![];
    for other in draft.instances.iter().filter(|other| other.key.span != client.key.span) {
        let Some(manifest) = other.manifest else { continue };
        let fits = |one: &&Entry<InterfaceReference>| same_interface(&one.value, &port.value);
        let ports: Vec<_> = manifest.provides.iter().filter(fits).collect();
        match ports.as_slice() {
            [_] => targets.push(other.key.value.clone()),
            several => {
                targets.extend(several.iter().map(|port| format!("{}.{}", other.key.value, port.key.value)));
            }
        }
    }
    targets
}

fn devices(draft: &Draft<'_>, instance: &Instance<'_>, manifest: &Manifest) -> Option<Diagnostic> {
    let given = instance.devices();
    let missing: Vec<_> = match instance.stand_in {
        None => unmentioned(&instance.text.devices, &manifest.devices),
        Some(_) => manifest
            .devices
            .iter()
            .filter(|port| given.iter().all(|(key, _)| key.value != port.key.value))
            .collect(),
    };
    missing.first()?;
    let ports = listed(&missing);
    let message = format!(
        "device {} {ports} of `{}` {} given no device",
        plural(missing.len()),
        instance.key.value,
        is_or_are(missing.len())
    );
    let mut diagnostic = Diagnostic::error(Code::MissingDevice, message)
        .primary(instance.key.span, format!("needs a device for {ports}"));
    let mut entries = vec![];
    for port in &missing {
        let label = format!("`{}` drives a `{}`", port.key.value, port.value.compatible.value);
        diagnostic = diagnostic.secondary(port.value.compatible.span, label);
        let Some(board) = draft.board else { continue };
        let taken = |name: &str| draft.devices.iter().any(|device| device.name.value == name);
        let fits: Vec<_> = board
            .devices
            .iter()
            .filter(|device| device.grantable && device.compatible == port.value.compatible.value)
            .collect();
        let free: Vec<_> = fits.iter().filter(|device| !taken(&device.name)).collect();
        match (free.as_slice(), fits.len()) {
            ([first, ..], _) if missing.len() == 1 => {
                entries.push(format!("{}: {}", quoted(&port.key.value), quoted(&first.name)));
            }
            (_, 0) => {
                diagnostic = diagnostic
                    .note(format!("board `{}` has no `{}`", board.name, port.value.compatible.value));
            }
            _ => {}
        }
    }
    Some(add_entries(diagnostic, draft.sources, instance.text, ("devices", &instance.text.devices), &entries))
}

fn grants(draft: &Draft<'_>, instance: &Instance<'_>, manifest: &Manifest) -> Option<Diagnostic> {
    let missing = unmentioned(&instance.text.grants, &manifest.grants);
    missing.first()?;
    let ports = listed(&missing);
    let message = format!(
        "grant {} {ports} of `{}` {} given no authority",
        plural(missing.len()),
        instance.key.value,
        is_or_are(missing.len())
    );
    let mut diagnostic = Diagnostic::error(Code::MissingGrant, message)
        .primary(instance.key.span, format!("authority is never implied: state that of {ports}"));
    let mut entries = vec![];
    for port in &missing {
        match port.value {
            GrantKind::Halt => {
                diagnostic = diagnostic.secondary(port.key.span, "may end the node's run");
                entries.push(format!("{}: Halt", quoted(&port.key.value)));
            }
            GrantKind::Control => {
                diagnostic = diagnostic.secondary(port.key.span, "may stop another domain").help(format!(
                    "say which domain: `grants: {{{}: Control(\"…\")}}`",
                    quoted(&port.key.value)
                ));
            }
        }
    }
    Some(add_entries(diagnostic, draft.sources, instance.text, ("grants", &instance.text.grants), &entries))
}
