//! Devices and memory: which port is given which.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, Keyed, Spanned, nearest, unknown_name};
use manifest::Manifest;

use super::{DeviceUse, Instance, MemoryUse, Region};
use crate::spec::{Map, SpecText};
use crate::system::{Board, DeviceId};

/// All device ports whose device is known.
pub(super) fn devices<'a>(
    instances: &[Instance<'a>],
    board: Option<&Board>,
    found: &mut Diagnostics,
) -> Vec<DeviceUse<'a>> {
    let mut uses = vec![];
    for (instance, one) in instances.iter().enumerate() {
        let Some(manifest) = one.manifest else { continue };
        for (key, name) in one.devices() {
            let Some(port) = manifest.devices.iter().position(|port| port.key.value == key.value) else {
                found.push(unknown_port("devices", key, manifest));
                continue;
            };
            let Some(board) = board else { continue };
            match board.devices.iter().position(|device| device.name == name.value) {
                Some(device) => uses.push(DeviceUse { instance, port, device: DeviceId(device), name }),
                None => {
                    let known = board.devices.iter().filter(|device| device.grantable);
                    let what = format!("device of board `{}`:", board.name);
                    let name = Spanned::new(name.value.as_str(), name.span);
                    let known = known.map(|device| device.name.as_str());
                    found.push(unknown_name(Code::UnknownName, &what, name, true, known));
                }
            }
        }
    }
    uses
}

/// All memory ports whose region is known.
pub(super) fn memory<'a>(
    instances: &[Instance<'a>],
    spec: &SpecText,
    regions: &[Region<'a>],
    found: &mut Diagnostics,
) -> Vec<MemoryUse<'a>> {
    let mut uses = vec![];
    for (instance, one) in instances.iter().enumerate() {
        let Some(manifest) = one.manifest else { continue };
        for entry in one.text.memory.entries() {
            let Some(port) = manifest.memory.iter().position(|port| port.key.value == entry.key.value) else {
                found.push(unknown_port("memory", &entry.key, manifest));
                continue;
            };
            let name = &entry.value;
            match regions.iter().position(|region| region.key.value == name.value) {
                Some(region) => uses.push(MemoryUse { instance, port, region, name }),
                None if spec.regions.lacks(&name.value) => {
                    let known = regions.iter().map(|region| region.key.value.as_str());
                    let name = Spanned::new(name.value.as_str(), name.span);
                    found.push(unknown_name(Code::UnknownName, "region", name, true, known));
                }
                None => {}
            }
        }
    }
    uses
}

/// That a manifest has no such port in the section of the spec in which it is named.
pub(crate) fn unknown_port(section: &str, key: &Spanned<String>, manifest: &Manifest) -> Diagnostic {
    let component = &manifest.name.value;
    let sections = ports(manifest);
    let kind = sections.iter().find(|one| one.section == section).map_or("port", |one| one.kind);
    let message = format!("`{component}` has no {kind} `{}`", key.value);
    let elsewhere = sections.iter().find(|one| one.names.contains(&key.value.as_str()));
    let manifest = manifest.name.span;
    if let Some(elsewhere) = elsewhere {
        let diagnostic = Diagnostic::error(Code::UnknownPort, message);
        return match elsewhere.section {
            "" => diagnostic
                .primary(key.span, format!("this is a {}: the spec says nothing about it", elsewhere.kind)),
            right => diagnostic
                .primary(key.span, format!("this is a {}: it belongs under `{right}`", elsewhere.kind)),
        }
        .secondary(manifest, "declared in this manifest");
    }
    let known = sections.into_iter().filter(|one| one.section == section).flat_map(|one| one.names);
    let name = Spanned::new(key.value.as_str(), key.span);
    let mut diagnostic = unknown_name(Code::UnknownPort, kind, name, true, known);
    diagnostic.message = message;
    diagnostic.secondary(manifest, "its ports are declared in this manifest")
}

/// Entries of a manifest that the spec does not mention under a section. One that is near a name which is
/// unknown there was mistyped, and that is reported.
pub(crate) fn unmentioned<'m, T, P>(map: &Map<T>, known: &'m Keyed<P>) -> Vec<&'m Entry<P>> {
    let keys: Vec<&str> = map.given().map(|map| map.value.keys().collect()).unwrap_or_default();
    let mistyped = |port: &str| {
        let mut unknown = keys.iter().filter(|key| !known.mentions(key));
        unknown.any(|key| nearest(key, known.keys()) == Some(port))
    };
    known.iter().filter(|port| map.lacks(&port.key.value) && !mistyped(&port.key.value)).collect()
}

/// The ports of one kind.
struct Section<'f> {
    /// The field of an instance that speaks of them; empty if none does.
    section: &'static str,
    /// What messages call one.
    kind: &'static str,
    names: Vec<&'f str>,
}

fn ports(manifest: &Manifest) -> Vec<Section<'_>> {
    let names = |section, kind, names| Section { section, kind, names };
    vec![
        names(
            "wires",
            "required port",
            manifest.requires.iter().map(|port| port.key.value.as_str()).collect(),
        ),
        names(
            "devices",
            "device port",
            manifest.devices.iter().map(|port| port.key.value.as_str()).collect(),
        ),
        names("memory", "memory port", manifest.memory.iter().map(|port| port.key.value.as_str()).collect()),
        names("grants", "grant port", manifest.grants.iter().map(|port| port.key.value.as_str()).collect()),
        names(
            "config",
            "config field",
            manifest.config.iter().map(|field| field.key.value.as_str()).collect(),
        ),
        names("", "timer port", manifest.timers.iter().map(|port| port.key.value.as_str()).collect()),
        names("", "provided port", manifest.provides.iter().map(|port| port.key.value.as_str()).collect()),
    ]
}
