//! Instances and regions, and the order in which the rest of the draft is made.

use std::path::Path;

use composer_syntax::{Code, Diagnostics, SourceMap, Spanned, unknown_name};
use manifest::Manifest;

use super::{Draft, Instance, Region, domains, handlers, uses, wires};
use crate::find::Library;
use crate::spec::SpecText;
use crate::system::{Board, Interface, StandIn};

/// Turns the names of a spec into indexes, and reports those that refer to nothing.
pub(crate) fn resolve<'a>(
    sources: &'a SourceMap,
    (checkout, folder): (&'a Path, &'a Path),
    spec: &'a SpecText,
    board: Option<&'a Board>,
    library: &'a Library,
    interfaces: &'a [Interface],
    found: &mut Diagnostics,
) -> Draft<'a> {
    let mut instances = instances(spec, board, library, found);
    let wires = wires::resolve(&instances, spec, found);
    let regions = regions(spec);
    let devices = uses::devices(&instances, board, found);
    let memory = uses::memory(&instances, spec, &regions, found);
    let domains = domains::fuse(&mut instances, &wires);
    let handlers = handlers::resolve(&instances, &domains, spec, found);
    Draft {
        sources,
        checkout,
        folder,
        spec,
        board,
        interfaces,
        instances,
        wires,
        regions,
        devices,
        memory,
        domains,
        handlers,
    }
}

fn instances<'a>(
    spec: &'a SpecText,
    board: Option<&'a Board>,
    library: &'a Library,
    found: &mut Diagnostics,
) -> Vec<Instance<'a>> {
    let entries = spec.instances.entries();
    let instances = entries.map(|entry| {
        let name = entry.value.component.given();
        let stands_in = |one: &&StandIn| name.is_some_and(|name| name.value == one.instead_of);
        let stand_in = board.and_then(|board| board.stand_ins.iter().find(stands_in));
        let name = stand_in.map(|one| &one.component).or(name);
        let component = name.and_then(|name| component(name, library, found));
        let (manifest, directory) = component.unzip();
        Instance { key: &entry.key, text: &entry.value, manifest, directory, stand_in, domain: 0 }
    });
    instances.collect()
}

fn component<'a>(
    name: &Spanned<String>,
    library: &'a Library,
    found: &mut Diagnostics,
) -> Option<(&'a Manifest, &'a Path)> {
    if library.is_unknown(&name.value) {
        let name = Spanned::new(name.value.as_str(), name.span);
        found.push(unknown_name(Code::UnknownName, "component", name, true, library.names()));
    }
    library.get(&name.value)
}

fn regions(spec: &SpecText) -> Vec<Region<'_>> {
    spec.regions.entries().map(|entry| Region { key: &entry.key, text: &entry.value }).collect()
}
