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

/// "required port `a` of `b` is not wired", for as many ports as there are.
fn lacking<T>(kind: &str, missing: &[&Entry<T>], instance: &Instance<'_>, what: &str) -> String {
    let (ports, verb) = if missing.len() == 1 { ("port", "is") } else { ("ports", "are") };
    format!("{kind} {ports} {} of `{}` {verb} {what}", listed(missing), instance.key.value)
}

fn wires(draft: &Draft<'_>, instance: &Instance<'_>, manifest: &Manifest) -> Option<Diagnostic> {
    let mut missing = unmentioned(&instance.text.wires, &manifest.requires);
    missing.retain(|port| !port.value.is_optional);
    missing.first()?;
    let message = lacking("required", &missing, instance, "not wired");
    let mut diagnostic = Diagnostic::error(Code::UnsatisfiedPort, message)
        .primary(instance.key.span, format!("needs a wire for {}", listed(&missing)));
    let mut entries = vec![];
    for port in &missing {
        let (name, interface) = (&port.key.value, &port.value);
        diagnostic = diagnostic.secondary(interface.span, format!("`{name}` speaks `{interface}`"));
        match providers(draft, instance, port).as_slice() {
            [only] => entries.push(format!("{}: Call({})", quoted(name), quoted(only))),
            [] => {
                let help = format!("add an instance that provides `{interface}`: none does");
                diagnostic = diagnostic.help(help);
            }
            several => {
                diagnostic = diagnostic.help(format!("wire `{name}` to `{}`", several.join("` or `")));
            }
        }
    }
    Some(add_entries(diagnostic, draft.sources, instance.text, ("wires", &instance.text.wires), &entries))
}

/// Instances that would satisfy a port.
fn providers(draft: &Draft<'_>, client: &Instance<'_>, port: &Entry<InterfaceReference>) -> Vec<String> {
    let fits = |one: &Entry<InterfaceReference>| same_interface(&one.value, &port.value);
    let provides = |other: &&Instance<'_>| other.manifest.is_some_and(|it| it.provides.iter().any(fits));
    let others = draft.instances.iter().filter(|other| other.key.span != client.key.span);
    others.filter(provides).map(|other| other.key.value.clone()).collect()
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
    let message = lacking("device", &missing, instance, "given no device");
    let mut diagnostic = Diagnostic::error(Code::MissingDevice, message)
        .primary(instance.key.span, format!("needs a device for {}", listed(&missing)));
    let mut entries = vec![];
    for port in &missing {
        let label = format!("`{}` drives a `{}`", port.key.value, port.value.compatible.value);
        diagnostic = diagnostic.secondary(port.value.compatible.span, label);
        let Some(board) = draft.board else { continue };
        let taken = |name: &str| draft.devices.iter().any(|device| device.name.value == name);
        let compatible = &port.value.compatible.value;
        let mut fits =
            board.devices.iter().filter(|device| device.grantable && device.compatible == *compatible);
        if let Some(free) = fits.clone().find(|device| !taken(&device.name)).filter(|_| missing.len() == 1) {
            entries.push(format!("{}: {}", quoted(&port.key.value), quoted(&free.name)));
        } else if fits.next().is_none() {
            diagnostic = diagnostic.note(format!("board `{}` has no `{compatible}`", board.name));
        }
    }
    Some(add_entries(diagnostic, draft.sources, instance.text, ("devices", &instance.text.devices), &entries))
}

fn grants(draft: &Draft<'_>, instance: &Instance<'_>, manifest: &Manifest) -> Option<Diagnostic> {
    let missing = unmentioned(&instance.text.grants, &manifest.grants);
    missing.first()?;
    let message = lacking("grant", &missing, instance, "given no authority");
    let label = format!("authority is never implied: state that of {}", listed(&missing));
    let mut diagnostic = Diagnostic::error(Code::MissingGrant, message).primary(instance.key.span, label);
    let mut entries = vec![];
    for port in &missing {
        let may = port.value.purpose().strip_prefix("to ").unwrap_or_default();
        diagnostic = diagnostic.secondary(port.key.span, format!("may {may}"));
        let (key, word) = (quoted(&port.key.value), port.value.word());
        diagnostic = match port.value {
            GrantKind::Halt | GrantKind::Trace => {
                entries.push(format!("{key}: {word}"));
                diagnostic
            }
            GrantKind::Dcr => {
                diagnostic.help(format!("say which registers: `grants: {{{key}: {word}(\"…\")}}`"))
            }
            GrantKind::Control | GrantKind::Observe | GrantKind::Debug => {
                diagnostic.help(format!("say which domain: `grants: {{{key}: {word}(\"…\")}}`"))
            }
        };
    }
    Some(add_entries(diagnostic, draft.sources, instance.text, ("grants", &instance.text.grants), &entries))
}
