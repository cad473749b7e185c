//! What the image holds besides the kernel's own program.
//!
//! Of a domain, the image holds what nobody writes: text, constants, and behind them the first contents of
//! its data, from which its start code fills the rest at every start. All RAM that domains write is zero
//! at first, so that none sees what an earlier owner of the machine left there.

use composer_model::{DomainId, InstanceId, System};

use super::guests::PlacedGuest;
use super::ram::PlacedPart;
use crate::input::GuestPart;
use crate::plan::Plan;
use crate::{Range, Space, window};

/// What lies where, by physical address. The kernel's own segments come on top, as its file has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImagePlan {
    /// Loadable segments, ascending and disjoint.
    pub segments: Vec<ImageSegment>,
}

/// A loadable segment of the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSegment {
    /// Physical address, which is also the effective one of the image's file.
    pub physical: u64,
    /// What it holds.
    pub contents: Contents,
    /// Bytes of contents.
    pub file_bytes: u64,
    /// Bytes in memory; those behind the contents are zero.
    pub memory_bytes: u64,
}

/// What a segment of the image holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// The file contents of a segment of a linked domain.
    Domain {
        /// The domain.
        domain: DomainId,
        /// Position of the segment in the domain's [`DomainImage`](crate::DomainImage).
        segment: usize,
    },
    /// What a guest starts with, or a disk of its.
    Guest {
        /// The instance that runs the guest.
        instance: InstanceId,
        /// Which part of it.
        part: GuestPart,
    },
    /// Nothing: memory that is zero.
    Zero,
}

/// Lays out the image.
pub(crate) fn of(
    system: &System,
    plan: &Plan,
    parts: &[PlacedPart],
    guests: &[PlacedGuest],
    declared: &[Range],
) -> ImagePlan {
    let (loaded, written): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_loaded());
    let mut segments: Vec<_> = loaded.into_iter().flat_map(contents).collect();
    segments.extend(guests.iter().map(|guest| ImageSegment {
        physical: guest.physical.start(),
        contents: Contents::Guest { instance: guest.instance, part: guest.part },
        file_bytes: guest.bytes,
        memory_bytes: guest.physical.size(),
    }));

    let (filled, empty): (Vec<_>, Vec<_>) =
        plan.declared.iter().zip(declared).partition(|(one, _)| one.contents.is_some());
    segments.extend(filled.iter().filter_map(|(one, range)| {
        let disk = one.contents?;
        Some(ImageSegment {
            physical: range.start(),
            contents: Contents::Guest { instance: disk.instance, part: GuestPart::Disk(disk.number) },
            file_bytes: disk.bytes,
            memory_bytes: range.size(),
        })
    }));

    let declared = empty.into_iter().map(|(_, range)| *range);
    let cores = Range::new(plan.core, window::CORE_SIZE * u64::from(system.board.cores));
    let written = written.into_iter().map(|part| part.physical);
    let trace = plan.trace_in(&Space::Physical);
    let mut zeroed: Vec<_> = written.chain(declared).chain(cores).chain(trace).collect();
    zeroed.sort();
    segments.extend(joined(&zeroed).into_iter().map(|range| ImageSegment {
        physical: range.start(),
        contents: Contents::Zero,
        file_bytes: 0,
        memory_bytes: range.size(),
    }));
    segments.sort_by_key(|segment| segment.physical);
    ImagePlan { segments }
}

/// The contents of one part; each reaches to the next, the last to the end of the part.
fn contents(placed: &PlacedPart) -> impl Iterator<Item = ImageSegment> {
    let pieces = &placed.part.contents;
    pieces.iter().enumerate().map(|(index, piece)| {
        let start = piece.range.start();
        let end = pieces.get(index + 1).map_or(placed.part.range.last() + 1, |next| next.range.start());
        ImageSegment {
            physical: placed.physical_of(start),
            contents: Contents::Domain { domain: DomainId(placed.domain), segment: piece.segment },
            file_bytes: piece.range.size(),
            memory_bytes: end - start,
        }
    })
}

/// The same addresses, neighbours joined.
fn joined(ranges: &[Range]) -> Vec<Range> {
    let mut joined: Vec<Range> = Vec::new();
    for &range in ranges {
        match joined.last_mut() {
            Some(last) if last.last() + 1 == range.start() => {
                *last = Range::new(last.start(), last.size() + range.size()).expect("both exist");
            }
            _ => joined.push(range),
        }
    }
    joined
}
