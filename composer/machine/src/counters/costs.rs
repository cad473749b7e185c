//! What exits of virtual machines have cost, where a monitor measures it: how often something took how long.

use std::fmt;

use abi::vcpu::{COST_BUCKETS, COST_REASONS, ExitReason, Histogram};
use serde_json::{Map, Value, json};

/// Words of all histograms in the shared page.
pub(super) const WORDS: usize = COST_REASONS * 2 * COST_BUCKETS;

/// The costs of one machine's exits, by their reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Costs {
    machine: String,
    /// Ticks of its time base in a second.
    frequency: u64,
    reasons: Vec<Reason>,
}

/// Those of one reason that has had exits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reason {
    name: &'static str,
    monitor: Histogram,
    guest: Histogram,
}

impl Costs {
    /// Those of the words that stand in the shared page; none if nothing was measured.
    pub(super) fn of(machine: &str, frequency: u64, words: &[u32]) -> Option<Self> {
        let (histograms, _) = words.as_chunks::<COST_BUCKETS>();
        let (pairs, _) = histograms.as_chunks::<2>();
        let reason = |(number, [monitor, guest]): (u32, &[Histogram; 2])| {
            let name = ExitReason::from_number(number).map_or("other", ExitReason::name);
            Reason { name, monitor: *monitor, guest: *guest }
        };
        let reasons: Vec<_> = (0..).zip(pairs).map(reason).filter(|reason| reason.is_met()).collect();
        (!reasons.is_empty()).then(|| Self { machine: machine.to_owned(), frequency, reasons })
    }

    /// For programs: an object for each reason.
    pub(super) fn json(&self) -> (String, Value) {
        let reason = |reason: &Reason| {
            let value = json!({ "monitor": reason.monitor, "guest": reason.guest });
            (reason.name.to_owned(), value)
        };
        let reasons: Map<_, _> = self.reasons.iter().map(reason).collect();
        (self.machine.clone(), json!({ "ticks_per_second": self.frequency, "reasons": reasons }))
    }
}

impl Reason {
    fn is_met(&self) -> bool {
        self.monitor.iter().chain(&self.guest).any(|count| *count > 0)
    }

    /// Both counts of a bucket.
    fn bucket(&self, bucket: usize) -> [u32; 2] {
        [self.monitor[bucket], self.guest[bucket]]
    }
}

/// A table: a line for each bucket that holds something, two columns for each reason.
impl fmt::Display for Costs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "what exits of {} cost: how often the monitor, and the guest's run before, took so long",
            self.machine
        )?;
        write!(out, "{:15}", "")?;
        for reason in &self.reasons {
            write!(out, " {:>19}", reason.name)?;
        }
        write!(out, "\n{:15}", "from")?;
        for _ in &self.reasons {
            write!(out, " {:>9} {:>9}", "monitor", "guest")?;
        }
        for bucket in 0..COST_BUCKETS {
            let counts: Vec<u32> = self.reasons.iter().flat_map(|reason| reason.bucket(bucket)).collect();
            if counts.iter().all(|count| *count == 0) {
                continue;
            }
            write!(out, "\n{:15}", self.start(bucket))?;
            for count in counts {
                write!(out, " {count:>9}")?;
            }
        }
        Ok(())
    }
}

impl Costs {
    /// The shortest time of a bucket.
    fn start(&self, bucket: usize) -> String {
        if bucket == 0 {
            return "0".to_owned();
        }
        let nanoseconds = (1_000_000_000_u64 << bucket) / self.frequency.max(1);
        match nanoseconds {
            0..10_000 => format!("{nanoseconds} ns"),
            10_000..10_000_000 => format!("{} us", nanoseconds / 1000),
            _ => format!("{} ms", nanoseconds / 1_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<u32> {
        let mut words = vec![0; WORDS];
        // The monitor's of `mfdcr`, the guest's of what has no name.
        words[2 * COST_BUCKETS + 5] = 7;
        words[WORDS - 1] = 9;
        words
    }

    #[test]
    fn a_machine_that_measures_nothing_has_none() {
        assert_eq!(Costs::of("vm0", 1, &vec![0; WORDS]), None);
    }

    #[test]
    fn the_table_has_a_line_for_each_bucket_that_was_met() {
        let costs = Costs::of("vm0", 400_000_000, &words()).expect("some");
        let lines: Vec<String> = costs.to_string().lines().map(str::to_owned).collect();
        assert_eq!(
            lines[1..],
            [
                "                              mfdcr               other",
                "from              monitor     guest   monitor     guest",
                "80 ns                   7         0         0         0",
                "20 ms                   0         0         0         9",
            ]
        );
    }

    #[test]
    fn programs_get_every_bucket() {
        let (machine, json) = Costs::of("vm0", 400, &words()).expect("some").json();
        assert_eq!((machine.as_str(), &json["ticks_per_second"]), ("vm0", &400.into()));
        assert_eq!(json["reasons"]["mfdcr"]["monitor"][5], 7);
        assert_eq!(json["reasons"]["other"]["guest"].as_array().map(Vec::len), Some(COST_BUCKETS));
    }
}
