//! Breakpoints: `trap` in place of an instruction of the guest's.

use heapless::Vec;
use runtime::vm::GuestMemory;

/// `tw 31, 0, 0`, which ends a run with [`ExitReason::Breakpoint`](abi::vcpu::ExitReason::Breakpoint).
const TRAP: u32 = 0x7FE0_0008;

/// How many there can be.
const MOST: usize = 64;

#[derive(Clone, Copy, Debug)]
struct Breakpoint {
    effective: u32,
    physical: u64,
    instruction: u32,
}

/// The breakpoints that stand in the guest's memory.
#[derive(Debug)]
pub(super) struct Breakpoints(Vec<Breakpoint, MOST>);

impl Breakpoints {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Puts one at an effective address, whose instruction lies at a physical one. None if there is no room or no
    /// memory.
    pub(super) fn set(&mut self, effective: u32, physical: u64, memory: &mut impl GuestMemory) -> Option<()> {
        let instruction = memory.read_u32(physical).ok()?;
        // Two addresses of one place share what stood there, and a second request for one is none.
        if let Some(known) = self.0.iter().copied().find(|one| one.physical == physical) {
            if known.effective != effective {
                self.0.push(Breakpoint { effective, ..known }).ok()?;
            }
            if instruction == TRAP {
                return Some(());
            }
            // The guest has been loaded afresh since.
            self.0
                .iter_mut()
                .filter(|one| one.physical == physical)
                .for_each(|one| one.instruction = instruction);
        } else {
            self.0.push(Breakpoint { effective, physical, instruction }).ok()?;
        }
        memory.load(physical, &TRAP.to_be_bytes()).ok()
    }

    /// Takes one away.
    pub(super) fn clear(&mut self, effective: u32, memory: &mut impl GuestMemory) {
        let Some(at) = self.0.iter().position(|one| one.effective == effective) else { return };
        let gone = self.0.swap_remove(at);
        if self.0.iter().all(|one| one.physical != gone.physical) {
            restore(gone, memory);
        }
    }

    /// Takes all away.
    pub(super) fn clear_all(&mut self, memory: &mut impl GuestMemory) {
        while let Some(one) = self.0.pop() {
            restore(one, memory);
        }
    }
}

/// Puts the instruction back, unless the guest has something else there by now.
fn restore(one: Breakpoint, memory: &mut impl GuestMemory) {
    if memory.read_u32(one.physical) == Ok(TRAP) {
        // It could be read, so it is there.
        let _ = memory.load(one.physical, &one.instruction.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use runtime::host::HostMemory;

    use super::*;

    #[test]
    fn what_stood_there_comes_back() {
        let (mut memory, mut breakpoints) = (HostMemory::new(0, 64), Breakpoints::new());
        memory.write_u32(8, 0x1234_5678).unwrap();
        let now = |memory: &HostMemory| memory.read_u32(8).unwrap();
        for _ in 0..2 {
            assert_eq!(breakpoints.set(0xC000_0008, 8, &mut memory), Some(()));
            assert_eq!(now(&memory), TRAP);
        }
        // The same place by another address.
        assert_eq!(breakpoints.set(8, 8, &mut memory), Some(()));
        breakpoints.clear(0xC000_0008, &mut memory);
        assert_eq!(now(&memory), TRAP);
        breakpoints.clear(8, &mut memory);
        assert_eq!(now(&memory), 0x1234_5678);
        breakpoints.clear(8, &mut memory);
        assert_eq!(breakpoints.set(0, 64, &mut memory), None);
    }

    #[test]
    fn a_guest_that_was_loaded_afresh_keeps_its_instructions() {
        let (mut memory, mut breakpoints) = (HostMemory::new(0, 64), Breakpoints::new());
        breakpoints.set(0, 0, &mut memory);
        memory.write_u32(0, 7).unwrap();
        breakpoints.clear_all(&mut memory);
        assert_eq!(memory.read_u32(0), Ok(7));
        breakpoints.set(0, 0, &mut memory);
        memory.write_u32(0, 9).unwrap();
        breakpoints.set(0, 0, &mut memory);
        breakpoints.clear_all(&mut memory);
        assert_eq!(memory.read_u32(0), Ok(9));
    }

    #[test]
    fn there_is_an_end_to_them() {
        let (mut memory, mut breakpoints) = (HostMemory::new(0, 4096), Breakpoints::new());
        for number in 0..MOST as u32 {
            assert_eq!(breakpoints.set(4 * number, u64::from(4 * number), &mut memory), Some(()));
        }
        assert_eq!(breakpoints.set(2048, 2048, &mut memory), None);
        assert_eq!(memory.read_u32(2048), Ok(0));
    }
}
