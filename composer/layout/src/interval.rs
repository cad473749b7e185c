//! The one map over every owner of every address.

use std::collections::BTreeMap;

use crate::range::align_up;
use crate::{Claim, Range, Space};

/// Every claim of every space. No two claims of a space overlap: [`IntervalMap::claim`] refuses the second.
#[derive(Clone, Debug, Default)]
pub struct IntervalMap {
    spaces: BTreeMap<Space, BTreeMap<u64, Claim>>,
}

/// Why a claim was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody owns a part of the range already.
    Taken {
        /// The claim that stands; the lowest one, if several do.
        standing: Box<Claim>,
        /// The claim that was refused.
        refused: Box<Claim>,
    },
    /// The space does not reach so far.
    Outside(Box<Claim>),
}

impl IntervalMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a claim.
    ///
    /// # Errors
    ///
    /// When a part of the range is owned already, or does not exist in the space. The map stays as it was.
    pub fn claim(&mut self, claim: Claim) -> Result<(), Refusal> {
        if !claim.space.bounds().covers(claim.range) {
            return Err(Refusal::Outside(Box::new(claim)));
        }
        let standing = self.within(&claim.space, claim.range).next().cloned();
        if let Some(standing) = standing {
            return Err(Refusal::Taken { standing: Box::new(standing), refused: Box::new(claim) });
        }
        self.spaces.entry(claim.space.clone()).or_default().insert(claim.range.start(), claim);
        Ok(())
    }

    /// The spaces in which something is claimed: physical first, then the kernel's, then domains by name.
    pub fn spaces(&self) -> impl Iterator<Item = &Space> {
        self.spaces.keys()
    }

    /// All claims of a space, by address.
    pub fn claims(&self, space: &Space) -> impl Iterator<Item = &Claim> {
        self.spaces.get(space).into_iter().flat_map(BTreeMap::values)
    }

    /// The claims of a space that have an address in `range`, by address.
    pub fn within(&self, space: &Space, range: Range) -> impl Iterator<Item = &Claim> {
        self.spaces.get(space).into_iter().flat_map(move |claims| {
            // Claims are disjoint, so of those that start below `range` only the last can reach into it.
            let before = claims.range(..range.start()).next_back().map(|(_, claim)| claim);
            let before = before.filter(|claim| claim.range.common(range).is_some());
            before.into_iter().chain(claims.range(range.start()..=range.last()).map(|(_, claim)| claim))
        })
    }

    /// The claim that holds an address.
    pub fn at(&self, space: &Space, address: u64) -> Option<&Claim> {
        self.within(space, Range::new(address, 1)?).next()
    }

    /// What nobody owns in `range`, by address.
    pub fn gaps(&self, space: &Space, range: Range) -> Vec<Range> {
        let mut gaps = Vec::new();
        let mut free_from = Some(range.start());
        for claim in self.within(space, range) {
            if let Some(from) = free_from
                && let Some(size) = claim.range.start().checked_sub(from)
            {
                gaps.extend(Range::new(from, size));
            }
            free_from = claim.range.last().checked_add(1);
        }
        if let Some(from) = free_from.filter(|from| *from <= range.last()) {
            gaps.extend(Range::new(from, range.last() - from + 1));
        }
        gaps
    }

    /// The lowest `size` free bytes in `range` whose address leaves `phase` when divided by `align`, a power
    /// of two above `phase`.
    pub fn first_fit(&self, space: &Space, range: Range, size: u64, align: u64, phase: u64) -> Option<Range> {
        debug_assert!(phase < align);
        self.gaps(space, range).into_iter().find_map(|gap| {
            let start = align_up(gap.start().saturating_sub(phase), align)?.checked_add(phase)?;
            let fit = Range::new(start, size)?;
            gap.covers(fit).then_some(fit)
        })
    }
}

#[cfg(test)]
#[path = "interval_test.rs"]
mod tests;
