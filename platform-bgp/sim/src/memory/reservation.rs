//! Reservations: what `lwarx` puts on a line, and whoever stores into the line takes away.

use serde::{Deserialize, Serialize};

/// Cores of a node.
const CORES: usize = 4;

/// Bytes of a line, the granule of reservations: that of the L1 (hardware reference, section 1.4).
pub(super) const LINE: u64 = 32;

/// The cores' reservations, each the physical address of a line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reservations([Option<u64>; CORES]);

impl Reservations {
    /// Sets a core's reservation, in place of the one that it had.
    pub fn set(&mut self, core: usize, physical: u64) {
        self.0[core] = Some(physical & !(LINE - 1));
    }

    /// Takes a core's reservation; answers whether it had one on the address's line.
    pub fn take(&mut self, core: usize, physical: u64) -> bool {
        self.0[core].take() == Some(physical & !(LINE - 1))
    }

    /// The lines of all other cores' reservations.
    pub fn others(&self, core: usize) -> impl Iterator<Item = u64> {
        self.0.iter().enumerate().filter(move |(other, _)| *other != core).filter_map(|(_, line)| *line)
    }

    /// Whether a core has a reservation.
    pub fn has(&self, core: usize) -> bool {
        self.0[core].is_some()
    }

    /// A store of some bytes ends the reservations of their lines, except the storing core's own.
    pub fn stored(&mut self, physical: u64, bytes: usize, by: Option<usize>) {
        let first = physical & !(LINE - 1);
        let last = (physical + bytes as u64 - 1) & !(LINE - 1);
        for (core, reservation) in self.0.iter_mut().enumerate() {
            if Some(core) != by && reservation.is_some_and(|line| (first..=last).contains(&line)) {
                *reservation = None;
            }
        }
    }
}
