//! The counters of virtual machines: how often a guest trapped, was interrupted or left its CPU, by cause.
//!
//! The kernel counts always, in the page that it shares with the monitor. So nothing on the node is asked: QEMU reads the
//! page, while the node runs, hangs or has halted.

mod control;
mod costs;
mod names;

use std::fmt;

use composer_build::Finished;
use serde_json::{Map, Value, json};

pub(crate) use control::Control;

use costs::Costs;
use names::COUNTERS;

/// A virtual machine whose counters are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its instance.
    pub name: String,
    /// Physical address of its CPU's state page.
    pub state: u64,
    /// Ticks of its time base in a second.
    pub frequency: u64,
}

/// The virtual machines of a finished build.
pub fn counted(finished: &Finished) -> Vec<Counted> {
    let frequency = finished.system.board.time_base;
    let vcpus = finished.placed.kernel.vcpus.iter();
    vcpus.map(|vcpu| Counted { name: vcpu.name.clone(), state: vcpu.state, frequency }).collect()
}

/// What the counters of all machines were at one moment. Each counts to 2³² and begins again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// By instance, in the order of [`VcpuCounter`](abi::vcpu::VcpuCounter).
    machines: Vec<(String, Vec<u32>)>,
    /// Of the machines that measure it.
    costs: Vec<Costs>,
}

impl Counts {
    /// One machine's counter, by both names; None if there is no such machine or counter.
    pub fn of(&self, machine: &str, counter: &str) -> Option<u32> {
        let (_, counts) = self.machines.iter().find(|(name, _)| name == machine)?;
        let index = COUNTERS.iter().position(|(name, _)| *name == counter)?;
        counts.get(index).copied()
    }

    /// Whether a machine has measured what its exits cost.
    pub fn has_costs(&self) -> bool {
        !self.costs.is_empty()
    }

    /// For programs: an object for each machine, a number for each cause. `costs` is there if a machine measures them.
    pub fn json(&self, system: &str) -> Value {
        let machine = |(name, counts): &(String, Vec<u32>)| {
            let counts = COUNTERS.iter().zip(counts);
            let counts: Map<_, _> =
                counts.map(|((name, _), count)| ((*name).to_owned(), (*count).into())).collect();
            (name.clone(), Value::Object(counts))
        };
        let machines: Map<_, _> = self.machines.iter().map(machine).collect();
        let mut all = json!({ "schema": 1, "system": system, "machines": machines });
        if self.has_costs() {
            all["costs"] = Value::Object(self.costs.iter().map(Costs::json).collect());
        }
        all
    }
}

/// A table: a column for each machine, a line for each cause that one of them has had.
impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:15}", "")?;
        for (name, _) in &self.machines {
            write!(out, " {name:>12}")?;
        }
        for (index, (name, about)) in COUNTERS.iter().enumerate() {
            let counts = self.machines.iter().map(|(_, counts)| counts.get(index).copied().unwrap_or(0));
            if counts.clone().all(|count| count == 0) {
                continue;
            }
            write!(out, "\n{name:15}")?;
            for count in counts {
                write!(out, " {count:>12}")?;
            }
            write!(out, "  {about}")?;
        }
        self.costs.iter().try_for_each(|costs| write!(out, "\n\n{costs}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> Counts {
        let machine = |name: &str, first: u32| {
            let mut counts = vec![0; COUNTERS.len()];
            (counts[0], counts[20]) = (first, 7);
            (name.to_owned(), counts)
        };
        Counts { machines: vec![machine("vm0", 12), machine("vm1", 0)], costs: vec![] }
    }

    #[test]
    fn the_table_has_a_line_for_each_cause_that_was_met() {
        let lines: Vec<String> = counts().to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], "                         vm0          vm1");
        assert!(lines[1].starts_with("msr                       12            0  moves from and to MSR"));
        assert!(lines[2].starts_with("idle                       7            7  "));
    }

    #[test]
    fn a_counter_is_found_by_its_names() {
        let found = [("vm0", "idle"), ("vm1", "msr"), ("vm2", "msr"), ("vm0", "bogus")];
        assert_eq!(found.map(|(vm, name)| counts().of(vm, name)), [Some(7), Some(0), None, None]);
    }

    #[test]
    fn programs_get_every_counter() {
        let json = counts().json("two-vms");
        assert_eq!((&json["schema"], &json["system"]), (&1.into(), &"two-vms".into()));
        assert_eq!(
            (&json["machines"]["vm0"]["msr"], &json["machines"]["vm1"]["exit_dcr"]),
            (&12.into(), &0.into())
        );
        assert_eq!(json["machines"]["vm1"].as_object().map(Map::len), Some(COUNTERS.len()));
        assert_eq!(json.get("costs"), None);
    }

    #[test]
    fn costs_follow_where_they_are_measured() {
        let costs = Costs::of("vm1", 1_000_000_000, &[1; costs::WORDS]).into_iter().collect();
        let counts = Counts { costs, ..counts() };
        assert!(counts.to_string().contains("\n\nwhat exits of vm1 cost"), "{counts}");
        assert_eq!(counts.json("two-vms")["costs"]["vm1"]["reasons"]["mtdcr"]["guest"][0], 1);
    }
}
