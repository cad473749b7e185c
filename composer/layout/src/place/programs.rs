//! Linked programs, measured and held to the rules.

use composer_model::{DomainId, System};

use super::pages::{PAGE, mapped_size};
use crate::input::{DomainImage, LinkedSegment};
use crate::plan::Findings;
use crate::{Range, Segment, diagnose, window};

/// A linked program: what is mapped, and what of it the image holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Where its thread starts.
    pub(crate) entry: u32,
    /// Its mapped parts, by address.
    pub(crate) parts: Vec<Part>,
}

/// A mapped part of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it is.
    pub(crate) segment: Segment,
    /// Its effective addresses, whole pages.
    pub(crate) range: Range,
    /// What the image puts into it, by address.
    pub(crate) contents: Vec<Piece>,
}

/// Contents of a linked segment, as the image holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Effective addresses.
    pub(crate) range: Range,
    /// Position of the segment in the [`DomainImage`].
    pub(crate) segment: usize,
}

/// Measures all programs, in the order of the domains.
pub(crate) fn measure(system: &System, images: &[DomainImage], findings: &mut Findings) -> Vec<Program> {
    let ids = (0..system.domains.len()).map(DomainId);
    ids.map(|id| {
        let mut own = images.iter().filter(|image| image.domain == id);
        let image = own.next().expect("each domain has an image");
        assert!(own.next().is_none(), "a domain has one image");
        program(system, image, findings)
    })
    .collect()
}

fn program(system: &System, image: &DomainImage, findings: &mut Findings) -> Program {
    let mut misplaced = |name: &str, room| {
        findings.add(diagnose::program_misplaced(system, image.domain, name, room));
    };
    let mut parts = Vec::new();
    for segment in Segment::ALL {
        let room = if segment == Segment::Data { window::data() } else { window::text() };
        let Some((extent, contents)) = extent(image, segment) else { continue };
        // Whole pages from the first; the linker script aligns segments so that rounding meets no other.
        let range = mapped_size(extent.size()).and_then(|size| Range::new(extent.start(), size));
        match range.filter(|range| room.covers(*range) && range.start().is_multiple_of(PAGE)) {
            Some(range) => parts.push(Part { segment, range, contents }),
            None => misplaced(segment.name(), room),
        }
    }
    let holds_entry = |linked: &LinkedSegment| {
        let range = Range::new(linked.virt, linked.memory_bytes);
        linked.rights.execute && range.is_some_and(|range| range.contains(image.entry.into()))
    };
    if !image.segments.iter().any(holds_entry) {
        misplaced("entry", window::text());
    }
    for linked in &image.segments {
        if linked.rights.write && linked.rights.execute {
            findings.add(diagnose::writable_and_executable(system, image.domain, &linked.name));
        }
    }
    Program { entry: image.entry, parts }
}

/// Which part a linked segment belongs to.
fn kind(linked: &LinkedSegment) -> Segment {
    match (linked.rights.write, linked.rights.execute) {
        (true, _) => Segment::Data,
        (false, true) => Segment::Text,
        (false, false) => Segment::Rodata,
    }
}

/// All of a part: its linked segments, and for constants the first contents of data.
fn extent(image: &DomainImage, part: Segment) -> Option<(Range, Vec<Piece>)> {
    let mut extent: Option<Range> = None;
    let mut contents = Vec::new();
    for (position, linked) in image.segments.iter().enumerate() {
        let kind = kind(linked);
        let loaded = if kind == Segment::Data { Segment::Rodata } else { kind };
        let memory = Range::new(linked.virt, linked.memory_bytes).filter(|_| kind == part);
        let file = Range::new(linked.load, linked.file_bytes).filter(|_| loaded == part);
        for range in memory.into_iter().chain(file) {
            extent = Some(extent.map_or(range, |extent| {
                let (start, last) = (extent.start().min(range.start()), extent.last().max(range.last()));
                Range::new(start, last - start + 1).expect("spans both")
            }));
        }
        contents.extend(file.map(|range| Piece { range, segment: position }));
    }
    contents.sort_by_key(|piece| piece.range);
    Some((extent?, contents))
}
