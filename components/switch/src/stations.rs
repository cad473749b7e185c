//! The addresses that a port has used, beside the one that it was given.
//!
//! Time is counted in frames of this port alone: no other port's traffic ages what it has learnt here.

use crate::address::Address;

/// The most addresses of a port. One more takes the place of the one that was used longest ago.
const MOST: usize = 8;

/// An address in use.
#[derive(Clone, Copy, Debug)]
struct Station {
    address: Address,
    /// When a frame last came under it.
    used: u32,
}

/// A port's addresses.
#[derive(Debug, Default)]
pub(crate) struct Stations {
    known: [Option<Station>; MOST],
    /// Frames that ever came. It wraps; nothing as old is kept.
    now: u32,
}

impl Stations {
    /// A frame has come.
    pub(crate) fn tick(&mut self) {
        self.now = self.now.wrapping_add(1);
    }

    /// How many frames ago the address was used.
    fn idle(&self, station: &Station) -> u32 {
        self.now.wrapping_sub(station.used)
    }

    /// Whether an address has been used within the last `age` frames.
    pub(crate) fn has(&self, address: Address, age: u32) -> bool {
        let mut known = self.known.iter().flatten();
        known.any(|station| station.address == address && self.idle(station) <= age)
    }

    /// A frame has come under this address. What is older than `age` is forgotten.
    pub(crate) fn learn(&mut self, address: Address, age: u32) {
        for nth in 0..MOST {
            if self.known[nth].is_some_and(|station| station.address == address || self.idle(&station) > age)
            {
                self.known[nth] = None;
            }
        }
        // A free place, or that of the one that was used longest ago.
        let longest_ago =
            (0..MOST).max_by_key(|&nth| self.known[nth].map_or(u64::MAX, |one| self.idle(&one).into()));
        if let Some(nth) = longest_ago {
            self.known[nth] = Some(Station { address, used: self.now });
        }
    }

    /// The address is used elsewhere.
    pub(crate) fn forget(&mut self, address: Address) {
        for station in &mut self.known {
            if station.is_some_and(|known| known.address == address) {
                *station = None;
            }
        }
    }
}
