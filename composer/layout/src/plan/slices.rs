//! How long a machine runs before it gives way to its equals.
//!
//! The kernel has no time slices: equals take turns when one waits or yields, and a guest that computes does neither.
//! So a machine that shares its priority gets a timer, and its monitor yields whenever that fires. The slices of
//! machines of one priority add up to a turn, in proportion to their weights.

use composer_model::{InstanceId, System};

/// The slice of the lightest machine, in parts of a second, unless the turn would be too long.
const LIGHTEST: u64 = 100;
/// The longest turn of all machines of one priority, in parts of a second.
const TURN: u64 = 10;

/// Ticks of the time base that a machine runs at a time; none if it shares its priority with nobody.
pub(crate) fn slice(system: &System, id: InstanceId) -> Option<u64> {
    let instance = &system[id];
    let vm = instance.vm.as_ref()?;
    let priority = system[instance.domain].priority;
    if system.domains.iter().filter(|domain| domain.priority == priority).count() < 2 {
        return None;
    }
    let equals = system.instances.iter().filter(|one| system[one.domain].priority == priority);
    let weights = || equals.clone().filter_map(|one| one.vm.as_ref()).map(|vm| u64::from(vm.weight));
    let (all, lightest) = (weights().sum::<u64>().max(1), weights().min().unwrap_or(1).max(1));
    let second = system.board.time_base;
    let turn = (second / LIGHTEST * all / lightest).min(second / TURN);
    Some((turn * u64::from(vm.weight) / all).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Wiring, hello, vm};

    /// Slices in microseconds of two machines, with a console of so high a priority.
    fn slices(weights: [u32; 2], priorities: [u8; 2]) -> [Option<u64>; 2] {
        let mut system = hello(Wiring::Call);
        system.domains[0].priority = 20;
        for (index, (weight, priority)) in weights.into_iter().zip(priorities).enumerate() {
            let machine = composer_model::Vm { weight, ..vm(&system, 16 << 20) };
            system.instances[index + 1].vm = Some(machine);
            system.domains[index + 1].priority = priority;
        }
        let microsecond = system.board.time_base / 1_000_000;
        [1, 2].map(|index| slice(&system, InstanceId(index)).map(|ticks| ticks / microsecond))
    }

    #[test]
    fn who_is_alone_at_its_priority_is_never_asked_to_give_way() {
        assert_eq!(slices([1, 1], [10, 11]), [None, None]);
        assert_eq!(slices([1, 1], [20, 11]), [Some(10_000), None]);
    }

    #[test]
    fn slices_stand_to_each_other_as_weights() {
        assert_eq!(slices([1, 1], [10, 10]), [Some(10_000), Some(10_000)]);
        assert_eq!(slices([3, 1], [10, 10]), [Some(30_000), Some(10_000)]);
        assert_eq!(slices([50, 25], [10, 10]), [Some(20_000), Some(10_000)]);
    }

    #[test]
    fn a_turn_is_never_long() {
        assert_eq!(slices([99, 1], [10, 10]), [Some(99_000), Some(1_000)]);
    }
}
