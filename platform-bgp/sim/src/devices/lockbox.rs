//! The lockbox: 1024 counters that change when they are read (section 8.2).
//!
//! Supervisors' and users' windows show the same counters (open question 18).

use crate::bus::Unknown;
use serde::{Deserialize, Serialize};

const COUNTERS: usize = 1024;

/// The counters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lockbox {
    counters: Vec<u32>,
}

impl Default for Lockbox {
    fn default() -> Self {
        Self { counters: vec![0; COUNTERS] }
    }
}

/// The counter and the operation of an offset into either window.
fn place(offset: u32) -> (usize, u32) {
    let offset = offset & 0x3FFF;
    ((offset >> 11) as usize * 128 + (offset & 0x1FF) as usize / 4, offset >> 9 & 3)
}

impl Lockbox {
    /// Reads a counter, and does what the address says: nothing, add 1, subtract 1, clear.
    pub fn read(&mut self, offset: u32, bytes: usize) -> Result<u32, Unknown> {
        if bytes != 4 || !offset.is_multiple_of(4) {
            return Err(Unknown);
        }
        let (counter, operation) = place(offset);
        let counter = &mut self.counters[counter];
        let value = *counter;
        *counter = match operation {
            0 => value,
            1 => value.wrapping_add(1),
            2 => value.wrapping_sub(1),
            _ => 0,
        };
        Ok(value)
    }

    /// Sets a counter. Only the window of queries takes stores.
    pub fn write(&mut self, offset: u32, value: u32) -> Result<(), Unknown> {
        let (counter, operation) = place(offset);
        if operation != 0 || !offset.is_multiple_of(4) {
            return Err(Unknown);
        }
        self.counters[counter] = value;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_changes_the_counter_by_its_address() {
        let mut lockbox = Lockbox::default();
        for expected in 0..4 {
            assert_eq!(lockbox.read(0x204, 4), Ok(expected));
        }
        assert_eq!(lockbox.read(0x4004, 4), Ok(4));
        assert_eq!(lockbox.read(0x404, 4), Ok(4));
        assert_eq!(lockbox.read(0x604, 4), Ok(3));
        assert_eq!(lockbox.read(0x004, 4), Ok(0));
        assert_eq!(lockbox.read(0x404, 4), Ok(0));
        assert_eq!(lockbox.read(0x004, 4), Ok(u32::MAX));
    }

    #[test]
    fn each_counter_has_an_address() {
        let mut lockbox = Lockbox::default();
        for counter in 0..1024 {
            assert_eq!(lockbox.write(counter / 128 * 0x800 + counter % 128 * 4, counter), Ok(()));
        }
        for counter in 0..1024 {
            assert_eq!(lockbox.read(0x4000 + counter / 128 * 0x800 + counter % 128 * 4, 4), Ok(counter));
        }
        assert_eq!(lockbox.write(0x200, 1), Err(Unknown));
        assert_eq!(lockbox.read(2, 4), Err(Unknown));
        assert_eq!(lockbox.read(0, 2), Err(Unknown));
    }
}
