//! Physical places: the first RAM that fits, at the alignment that lets the largest pages apply.

use composer_model::{Origin, System};
use ppc440::tlb::PageSize;

use super::pages::agreement;
use super::programs::{Part, Program};
use crate::plan::{Declared, Findings, ram};
use crate::{Access, Claim, IntervalMap, Owner, Range, Segment, Space, User, diagnose};

/// A part of a program with its physical place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedPart {
    /// Index of the domain.
    pub(crate) domain: usize,
    /// The part.
    pub(crate) part: Part,
    /// Its physical addresses.
    pub(crate) physical: Range,
}

/// Places the parts of all programs, and enters their effective addresses too.
pub(crate) fn place_programs(
    system: &System,
    programs: &[Program],
    map: &mut IntervalMap,
    findings: &mut Findings,
) -> Vec<PlacedPart> {
    let mut placed = Vec::new();
    for (domain, program) in programs.iter().enumerate() {
        let about = &system.domains[domain];
        for part in &program.parts {
            let owner = Owner::Segment { domain: about.name.clone(), segment: part.segment };
            let access = part.segment.rights();
            let space = Space::Domain(about.name.clone());
            let claim = Claim::new(space, part.range, owner.clone(), access);
            findings.claim(map, claim.stated(system, about.origin));
            let wanted = Wanted { owner, access, origin: about.origin, users: &[] };
            let physical = place_one(system, map, findings, wanted, part.range.start(), part.range.size());
            placed.extend(physical.map(|physical| PlacedPart { domain, part: part.clone(), physical }));
        }
    }
    placed
}

/// Places what is declared; the result is in the same order, and complete if nothing was found.
pub(crate) fn place_declared(
    system: &System,
    declared: &[Declared],
    map: &mut IntervalMap,
    findings: &mut Findings,
) -> Vec<Range> {
    let place = |one: &Declared| match one.pin {
        Some(at) => Range::new(at, one.size),
        None => {
            let (owner, access) = (one.owner.clone(), one.access);
            let wanted = Wanted { owner, access, origin: one.origin, users: &one.users };
            let virt = one.mappings.first().map_or(0, |mapping| mapping.virt);
            place_one(system, map, findings, wanted, virt, one.size)
        }
    };
    declared.iter().filter_map(place).collect()
}

/// Finds out, before anything is compiled, whether what is declared fits at all.
pub(crate) fn declared_fits(
    system: &System,
    declared: &[Declared],
    map: &IntervalMap,
    findings: &mut Findings,
) {
    place_declared(system, declared, &mut map.clone(), findings);
}

/// What is said of a place besides where it is.
pub(super) struct Wanted<'a> {
    pub(super) owner: Owner,
    pub(super) access: Access,
    pub(super) origin: Origin,
    pub(super) users: &'a [User],
}

pub(super) fn place_one(
    system: &System,
    map: &mut IntervalMap,
    findings: &mut Findings,
    wanted: Wanted<'_>,
    virt: u64,
    size: u64,
) -> Option<Range> {
    let Some(range) = fit(system, map, virt, size) else {
        findings.add(diagnose::no_room(system, map, &wanted.owner, size, Some(wanted.origin)));
        return None;
    };
    let claim = Claim::new(Space::Physical, range, wanted.owner, wanted.access);
    findings.claim(map, claim.stated(system, wanted.origin).shared(wanted.users.iter().cloned()));
    Some(range)
}

/// The first RAM that fits; if none does at the best alignment, at the next smaller one.
fn fit(system: &System, map: &IntervalMap, virt: u64, size: u64) -> Option<Range> {
    let ram = ram(&system.board);
    let best = agreement(virt, size);
    let pages = PageSize::DESCENDING.map(|page| u64::from(page.bytes()));
    pages.into_iter().filter(|page| *page <= best).find_map(|align| {
        ram.iter().find_map(|ram| map.first_fit(&Space::Physical, *ram, size, align, virt % align))
    })
}

impl PlacedPart {
    /// The physical address of an effective one.
    pub(crate) fn physical_of(&self, virt: u64) -> u64 {
        self.physical.start() + (virt - self.part.range.start())
    }

    /// Whether the image holds its contents, so that they are there when the node starts.
    pub(crate) fn is_loaded(&self) -> bool {
        self.part.segment != Segment::Data
    }
}
