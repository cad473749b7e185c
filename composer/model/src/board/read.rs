//! From a board as written to the board of the model.

use std::path::PathBuf;

use composer_syntax::{Code, Diagnostics, FileId, SourceMap, Span, unknown_name};

use super::text::{BoardText, RunText};
use crate::names::identifier;
use crate::system::{Board, Dcrs, Device, DeviceId, KernelPlace, Memory, Origin, Reserved, Run, StandIn};

/// Where a board's description lies.
pub(super) struct Place {
    pub(super) file: FileId,
    pub(super) file_name: String,
    pub(super) directory: PathBuf,
}

/// The board that `text` describes. `None` if its kernel's console is none of its devices.
pub(super) fn board(
    sources: &SourceMap,
    place: Place,
    text: BoardText,
    found: &mut Diagnostics,
) -> Option<Board> {
    let origin = |span: Span| Origin::new(sources, span);
    let console = text.devices.iter().position(|device| device.key.value == text.kernel.console.value);
    if console.is_none() && !text.devices.mentions(&text.kernel.console.value) {
        let name = text.kernel.console.as_ref().map(String::as_str);
        found.push(unknown_name(Code::UnknownName, "device", name, true, text.devices.keys()));
    }
    let mut memory: Vec<Memory> = text
        .memory
        .iter()
        .map(|entry| Memory {
            name: entry.key.value.clone(),
            at: entry.value.at,
            size: entry.value.size,
            larger: entry.value.larger.clone(),
            origin: origin(entry.key.span),
        })
        .collect();
    memory.sort_by_key(|range| range.at);
    let mut reserved: Vec<Reserved> = text
        .reserved
        .iter()
        .map(|entry| Reserved {
            name: entry.key.value.clone(),
            at: entry.value.at,
            size: entry.value.size,
            why: entry.value.why.clone(),
            origin: origin(entry.key.span),
        })
        .collect();
    reserved.sort_by_key(|range| range.at);
    let end = memory.last().map_or(0, |range| range.at.saturating_add(range.size));
    Some(Board {
        name: text.name.value,
        name_origin: origin(text.name.span),
        about: text.about,
        file: place.file,
        file_name: place.file_name,
        module: identifier(&text.package.value),
        package: text.package.value,
        type_name: text.type_name.value,
        directory: place.directory,
        cpu: text.cpu,
        cores: text.cores.value,
        time_base: text.time_base.value,
        memory,
        reserved,
        devices: text
            .devices
            .iter()
            .map(|entry| Device {
                name: entry.key.value.clone(),
                compatible: entry.value.compatible.clone(),
                at: entry.value.at,
                size: entry.value.size,
                irq: entry.value.irq,
                attributes: entry.value.attributes,
                grantable: entry.value.grantable,
                origin: origin(entry.key.span),
            })
            .collect(),
        dcrs: text
            .dcrs
            .iter()
            .map(|entry| Dcrs {
                name: entry.key.value.clone(),
                first: entry.value.first,
                last: entry.value.last,
                grantable: entry.value.grantable,
                origin: origin(entry.key.span),
            })
            .collect(),
        interrupts: text.interrupts,
        stand_ins: text
            .stand_ins
            .iter()
            .map(|entry| StandIn {
                instead_of: entry.key.value.clone(),
                component: entry.value.component.clone(),
                devices: entry
                    .value
                    .devices
                    .iter()
                    .map(|device| (device.key.clone(), device.value.clone()))
                    .collect(),
            })
            .collect(),
        ram_attributes: text.ram_attributes,
        kernel: KernelPlace {
            at: text.kernel.at.value.0,
            origin: origin(text.kernel.at.span),
            text: text.kernel.text,
            data: text.kernel.data,
            entry: text.kernel.entry,
            console: DeviceId(console?),
        },
        run: match text.run {
            RunText::Qemu { program, machine, arguments } => {
                Run::Qemu { program, machine, memory: end, arguments }
            }
            RunText::Simulator { package, arguments } => Run::Simulator { package, memory: end, arguments },
            RunText::Nowhere { why } => Run::Nowhere { why },
        },
    })
}
