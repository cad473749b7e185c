//! Where a debugger wants the cores to stop.
//!
//! Software cannot tell: no register and no byte of memory changes. Only pages with breakpoints go instruction by
//! instruction; loops that wait are not skipped while a debugger is there.

use crate::node::{Event, Node};
use std::collections::BTreeSet;

/// How often a waiting core is woken in vain before a step ends without an instruction.
const VAIN: u32 = 1000;

/// Breakpoints, by effective address and for every core; and a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops {
    /// The addresses.
    pub breakpoints: BTreeSet<u32>,
    /// A core that steps, and how many instructions it had completed before.
    step: Option<(usize, u64)>,
}

/// What a core that goes on is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Stop, before the next instruction.
    Here,
    /// Go one instruction and ask again.
    Near,
    /// Go on within the page.
    Elsewhere,
}

impl Stops {
    /// What a core is to do at an address, after so many instructions.
    pub(crate) fn at(&self, core: usize, pc: u32, completed: u64) -> Stop {
        match self.step {
            Some((number, before)) if number == core => {
                return if completed > before { Stop::Here } else { Stop::Near };
            }
            _ => {}
        }
        if self.breakpoints.contains(&pc) {
            return Stop::Here;
        }
        match self.breakpoints.range(pc & !0xFFF..=pc | 0xFFF).next() {
            Some(_) => Stop::Near,
            None => Stop::Elsewhere,
        }
    }
}

impl Node {
    /// Has one core execute one instruction, interrupts taken before it; the others stand still. A core that is
    /// parked, or that nothing will wake, does nothing.
    pub fn step(&mut self, number: usize) -> Vec<Event> {
        let before = self.cores[number].clock.instructions();
        self.bus.debugger.get_or_insert_default().step = Some((number, before));
        let mut events = Vec::new();
        for _ in 0..VAIN {
            match self.run_alone(number) {
                None => break,
                Some(found) => {
                    let is_over = found.iter().any(Event::stops);
                    events.extend(found);
                    if is_over || self.cores[number].clock.instructions() > before {
                        break;
                    }
                }
            }
        }
        if let Some(stops) = &mut self.bus.debugger {
            stops.step = None;
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_with_breakpoints_are_slow() {
        let stops = Stops { breakpoints: [0x1010].into(), step: None };
        assert_eq!(stops.at(2, 0x1010, 5), Stop::Here);
        assert_eq!(stops.at(0, 0x1FFC, 5), Stop::Near);
        assert_eq!(stops.at(0, 0x2010, 5), Stop::Elsewhere);
    }

    #[test]
    fn a_step_ends_after_an_instruction_whatever_is_there() {
        let stops = Stops { breakpoints: [0x1010].into(), step: Some((1, 7)) };
        assert_eq!(stops.at(1, 0x1010, 7), Stop::Near);
        assert_eq!(stops.at(1, 0x2000, 8), Stop::Here);
    }
}
