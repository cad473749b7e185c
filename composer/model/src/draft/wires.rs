//! Wires: which required port is joined to which provided one.

use composer_syntax::{Code, Diagnostic, Diagnostics, Spanned, nearest, quoted, unknown_name};
use manifest::{InterfaceReference, Manifest};

use super::{Instance, Wire, at};
use crate::draft::uses::unknown_port;
use crate::spec::{SpecText, WireText};

/// All wires whose both ends are known, by instance, then in the order of the client's manifest.
pub(super) fn resolve<'a>(
    instances: &[Instance<'a>],
    spec: &SpecText,
    found: &mut Diagnostics,
) -> Vec<Wire<'a>> {
    let mut wires = vec![];
    for (client, instance) in instances.iter().enumerate() {
        let Some(manifest) = instance.manifest else { continue };
        let mut of_client = vec![];
        for entry in instance.text.wires.entries() {
            let Some(port) = manifest.requires.iter().position(|port| port.key.value == entry.key.value)
            else {
                found.push(unknown_port("wires", &entry.key, manifest));
                continue;
            };
            of_client.extend(join(instances, spec, client, port, &entry.value, found));
        }
        of_client.sort_by_key(|wire| wire.port);
        wires.extend(of_client);
    }
    wires
}

fn join<'a>(
    instances: &[Instance<'a>],
    spec: &SpecText,
    client: usize,
    port: usize,
    text: &'a WireText,
    found: &mut Diagnostics,
) -> Option<Wire<'a>> {
    let (name, explicit) = match text.target.value.split_once('.') {
        Some((name, port)) => (name, Some(port)),
        None => (text.target.value.as_str(), None),
    };
    let Some(provider) = instances.iter().position(|one| one.key.value == name) else {
        // A name that stands for something unreadable is not unknown.
        if spec.instances.lacks(name) {
            found.push(unknown_instance(instances, client, text, name, explicit));
        }
        return None;
    };
    if provider == client {
        found.push(self_wire(&instances[client], text));
        return None;
    }
    let required = &at(&instances[client].manifest?.requires, port).value;
    let manifest = instances[provider].manifest?;
    let provided = match explicit {
        Some(explicit) => named_port(manifest, &text.target, name, explicit, found),
        None => only_port(manifest, required, &text.target, name, found),
    }?;
    Some(Wire { text, client, port, provider, provided })
}

fn unknown_instance(
    instances: &[Instance<'_>],
    client: usize,
    text: &WireText,
    name: &str,
    port: Option<&str>,
) -> Diagnostic {
    let others = || instances.iter().enumerate().filter(|(index, _)| *index != client).map(|(_, one)| one);
    let suffix = port.map(|port| format!(".{port}")).unwrap_or_default();
    let known: Vec<&str> = others().map(|one| one.key.value.as_str()).collect();
    let mut diagnostic = unknown_name(
        Code::UnknownName,
        "instance",
        Spanned::new(name, text.target.span),
        true,
        known.iter().copied(),
    );
    diagnostic.fix = None;
    let meant = nearest(name, known.iter().copied());
    let of_component = others().find(|one| one.manifest.is_some_and(|manifest| manifest.name.value == name));
    if let Some(meant) = meant.or(of_component.map(|one| one.key.value.as_str())) {
        let right = format!("{meant}{suffix}");
        diagnostic = diagnostic.fix(format!("write `{right}`"), text.target.span, quoted(&right));
    }
    match of_component {
        Some(one) => diagnostic
            .note(format!("`{name}` is a component; wires name instances, such as `{}`", one.key.value)),
        None => diagnostic,
    }
}

fn self_wire(instance: &Instance<'_>, text: &WireText) -> Diagnostic {
    Diagnostic::error(Code::SelfWire, format!("`{}` is wired to itself", instance.key.value))
        .primary(text.target.span, "the wire ends where it begins")
        .secondary(instance.key.span, "it belongs to this instance")
        .help("a component uses its own state directly; name another instance that provides the interface")
}

/// The provided port that the spec names.
pub(super) fn named_port(
    manifest: &Manifest,
    target: &Spanned<String>,
    instance: &str,
    port: &str,
    found: &mut Diagnostics,
) -> Option<usize> {
    let position = manifest.provides.iter().position(|provided| provided.key.value == port);
    if position.is_none() {
        let known: Vec<String> =
            manifest.provides.iter().map(|one| format!("{instance}.{}", one.key.value)).collect();
        let name = Spanned::new(target.value.as_str(), target.span);
        let what = format!("provided port of `{}`:", manifest.name.value);
        let mut diagnostic =
            unknown_name(Code::UnknownPort, &what, name, true, known.iter().map(String::as_str));
        diagnostic.message = format!("`{instance}`, a `{}`, provides no port `{port}`", manifest.name.value);
        found.push(diagnostic.secondary(manifest.name.span, "its ports are declared in this manifest"));
    }
    position
}

/// The provided port that a wire without a port's name means: the one of the same interface (a manifest
/// has no two), or the first there is, so that a mismatch is told as one.
fn only_port(
    manifest: &Manifest,
    required: &InterfaceReference,
    target: &Spanned<String>,
    instance: &str,
    found: &mut Diagnostics,
) -> Option<usize> {
    if manifest.provides.is_empty() {
        found.push(no_provider(manifest, target, instance));
        return None;
    }
    Some(manifest.provides.iter().position(|port| port.value.name == required.name).unwrap_or(0))
}

fn no_provider(manifest: &Manifest, target: &Spanned<String>, instance: &str) -> Diagnostic {
    let component = &manifest.name.value;
    Diagnostic::error(Code::NotAProvider, format!("`{instance}`, a `{component}`, provides nothing"))
        .primary(target.span, "a wire ends at a provided port")
        .secondary(manifest.name.span, format!("`{component}` has no `provides` in this manifest"))
}
