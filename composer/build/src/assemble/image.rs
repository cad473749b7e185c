//! Joins the linked programs into the image, as layout has decided.

use composer_layout::{Contents, Placed};
use composer_model::System;
use composer_syntax::Code;

use super::guest::{self, Guest};
use crate::failure::Failure;
use crate::link::{Image, Program, Segment};

/// The image of a system: the kernel's segments and the layout's, by ascending address.
pub(super) fn join(
    system: &System,
    placed: &Placed,
    domains: &[&Program],
    kernel: &Program,
    guests: &[Guest],
    compiler: &str,
) -> Result<Image, Failure> {
    let mut segments: Vec<Segment> = kernel
        .segments
        .iter()
        .map(|segment| Segment {
            physical: segment.load,
            bytes: segment.bytes.clone(),
            memory: segment.memory,
        })
        .collect();
    for planned in &placed.image.segments {
        let bytes = match planned.contents {
            Contents::Domain { domain, segment } => domains[domain.0].segments[segment].bytes.clone(),
            Contents::Guest { instance, part } => guest::bytes(guests, instance, part).to_vec(),
            Contents::Zero => Vec::new(),
        };
        let narrow = |what: &str, value: u64| {
            u32::try_from(value).map_err(|_| {
                bug(format!("the {what} {value:#x} of a segment does not fit the image's 32-bit file"))
            })
        };
        let physical = narrow("address", planned.physical)?;
        segments.push(Segment { physical, bytes, memory: narrow("size", planned.memory_bytes)? });
    }
    segments.sort_by_key(|segment| segment.physical);
    let entry = entry(system, kernel)?;
    let note = format!("system={} board={} compiler={compiler}", system.name, system.board.name);
    let image = Image { entry, segments, note };
    match image.overlap() {
        None => Ok(image),
        Some((low, high)) => Err(bug(format!(
            "two parts of the image overlap: one from {:#x} on, the other from {:#x} on",
            low.physical, high.physical
        ))),
    }
}

/// Where the image starts: where its loader insists on, else where the kernel's program says.
fn entry(system: &System, kernel: &Program) -> Result<u32, Failure> {
    let found = kernel
        .physical_entry()
        .ok_or_else(|| bug(format!("the kernel starts at {:#x}, where it has no code", kernel.entry)))?;
    match system.board.kernel.entry {
        Some(fixed) if fixed != u64::from(found) => Err(bug(format!(
            "the loader of {} starts at {fixed:#x}, but the kernel was linked to start at {found:#x}",
            system.board.name
        ))),
        _ => Ok(found),
    }
}

fn bug(message: String) -> Failure {
    Failure::bug(Code::BadOutput, message)
}
