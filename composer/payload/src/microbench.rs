//! The figures that `microbench` prints on a guest's console (`apps/linux-guest/microbench.c`).

use std::collections::BTreeMap;

/// One test's figures, in ticks of the time base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Operations of one round.
    pub batch: u64,
    /// Operations of all rounds.
    pub operations: u64,
    /// Ticks of all rounds, timer ticks of the guest included.
    pub total: u64,
    /// Ticks of the cheapest round: what a guest is compared by.
    pub least: u64,
}

/// What a run of the benchmark came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The time base when `main` began: as process 1, what the boot took.
    pub start: Option<u64>,
    /// The tests by name.
    pub tests: BTreeMap<String, Figure>,
    /// The time base at the end; None if the run did not get there.
    pub end: Option<u64>,
}

impl Figures {
    /// Reads a console. Lines that are none of the benchmark's are passed over.
    pub fn read(console: &str) -> Self {
        let mut figures = Self::default();
        for line in console.lines() {
            let mut words = line.split_whitespace();
            if words.next() != Some("MB") {
                continue;
            }
            let fields: BTreeMap<&str, &str> =
                line.split_whitespace().filter_map(|word| word.split_once('=')).collect();
            let number = |name: &str| fields.get(name)?.parse().ok();
            match words.next() {
                Some("start") => figures.start = number("tb"),
                Some("end") => figures.end = number("tb"),
                _ => {
                    let figure = || {
                        Some(Figure {
                            batch: number("b")?,
                            operations: number("n")?,
                            total: number("total")?,
                            least: number("min")?,
                        })
                    };
                    if let (Some(name), Some(figure)) = (fields.get("name"), figure()) {
                        figures.tests.insert((*name).to_owned(), figure);
                    }
                }
            }
        }
        figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_console_is_read() {
        let console = "booting\r\nMB start tb=15574494\r\n\
                       MB name=getpid n=20000 b=1000 total=1478200 per_milli=73910 min=73910\r\n\
                       MB name=broken n=1\r\nMBX start tb=1\r\nMB end tb=150888013 signals=2001\r\n";
        let figures = Figures::read(console);
        assert_eq!((figures.start, figures.end), (Some(15_574_494), Some(150_888_013)));
        let getpid = Figure { batch: 1000, operations: 20_000, total: 1_478_200, least: 73_910 };
        assert_eq!(figures.tests, BTreeMap::from([("getpid".to_owned(), getpid)]));
        assert_eq!(Figures::read("nothing"), Figures::default());
    }
}
