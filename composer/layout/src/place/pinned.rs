//! The TLB's entries that stay: the kernel's own, and those of domains that a spec pins.
//!
//! A pinned domain never misses, because all of its pages are loaded when it starts and nothing replaces them.
//! What that takes from the others is counted here.

use composer_model::{Domain, System};
use ppc440::tlb;

use crate::diagnose;
use crate::lowered::Kernel;
use crate::plan::Findings;

/// Entries that stay replaceable for domains that are not pinned: a loop that calls another domain works in
/// the text, constants, data, stack and buffer of one and the text, stack and buffer of the other.
pub(crate) const SHARED: usize = 8;
/// Without such domains, the one that the kernel always keeps.
const LEAST: usize = 1;

/// The entries of everything that stays, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entries {
    /// The kernel's: text, data, its core's own, what a report reads, the virtual CPU's state, devices.
    pub(crate) kernel: usize,
    /// All pinned domains'.
    pub(crate) pinned: usize,
    /// What must be left.
    pub(crate) least: usize,
}

impl Entries {
    /// The entries of a system.
    pub(crate) fn of(kernel: &Kernel) -> Self {
        let pinned = kernel.domains.iter().filter(|domain| domain.pinned);
        let all_pinned = kernel.domains.iter().all(|domain| domain.pinned);
        Self {
            kernel: 4 + usize::from(!kernel.vcpus.is_empty()) + kernel.boot.devices.len(),
            pinned: pinned.map(|domain| domain.pages.len()).sum(),
            least: if all_pinned { LEAST } else { SHARED },
        }
    }

    /// What is left for misses; none if that is too little.
    pub(crate) fn left(self) -> Option<usize> {
        tlb::ENTRIES.checked_sub(self.kernel + self.pinned).filter(|left| *left >= self.least)
    }
}

/// Holds the pinned domains to the TLB.
pub(super) fn check(system: &System, kernel: &Kernel, findings: &mut Findings) {
    let entries = Entries::of(kernel);
    if entries.pinned == 0 || entries.left().is_some() {
        return;
    }
    let pinned = system.domains.iter().zip(&kernel.domains);
    let pinned: Vec<(&Domain, usize)> = pinned
        .filter(|(domain, _)| domain.pinned.is_some())
        .map(|(domain, lowered)| (domain, lowered.pages.len()))
        .collect();
    findings.add(diagnose::tlb_full(entries, &pinned));
}
