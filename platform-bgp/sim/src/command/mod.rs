//! The command line: what to load, what to watch, when to stop.

mod counters;
mod run;

use bgp_sim::trace::Filter;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Exit status: the command cannot be followed, or a file cannot be read or written.
pub(crate) const USAGE: u8 = 64;

/// A functional simulator of Blue Gene/P nodes.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit status: 0 the image ended, or the condition to stop for came; 1 it ended or stopped \
without the text of --expect; 2 a bound was reached first; 3 something is not modelled; 64 the command is wrong."
)]
pub(crate) struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run an image on one node.
    Run(Run),
}

/// What to run, and until when.
#[derive(Debug, clap::Args)]
pub(crate) struct Run {
    /// The image: ELF, legacy uImage, or raw bytes.
    image: PathBuf,
    /// Where raw bytes go, and are entered.
    #[arg(long, value_name = "ADDRESS", default_value = "0", value_parser = number)]
    raw_at: u64,
    /// Another file, put into memory as it is; may be given several times.
    #[arg(long, value_name = "FILE@ADDRESS", value_parser = placed)]
    load: Vec<(PathBuf, u64)>,
    /// What r3 holds at entry: the address of a device tree or of firmware's services.
    #[arg(long, value_name = "VALUE", default_value = "0", value_parser = number)]
    argument: u64,
    /// Start these cores at the reset vector instead of core 0 at the image's entry.
    #[arg(long, value_name = "CORES", value_delimiter = ',')]
    reset: Vec<usize>,
    /// Megabytes of DRAM.
    #[arg(long, value_name = "MEGABYTES", default_value = "2048")]
    memory: u32,
    /// Be an I/O node.
    #[arg(long)]
    io_node: bool,
    /// Instructions and cycles: `2:1` is two in a cycle.
    #[arg(long, value_name = "INSTRUCTIONS:CYCLES", default_value = "1:1", value_parser = pace)]
    pace: bgp_sim::time::Pace,
    /// Cycles that a core runs before the others catch up.
    #[arg(long, value_name = "CYCLES", default_value = "2000", value_parser = clap::value_parser!(u64).range(1..))]
    quantum: u64,
    /// Stop when the console has said this.
    #[arg(long, value_name = "TEXT")]
    expect: Option<String>,
    /// Stop after this many instructions of all cores.
    #[arg(long, value_name = "COUNT")]
    instructions: Option<u64>,
    /// Stop after this much virtual time, in milliseconds.
    #[arg(long, value_name = "MILLISECONDS")]
    time: Option<u64>,
    /// Report what is not modelled once a site, and go on.
    #[arg(long)]
    lenient: bool,
    /// Trace these.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    trace: Vec<Traced>,
    /// Trace one core only.
    #[arg(long, value_name = "CORE", requires = "trace")]
    trace_core: Option<usize>,
    /// Where the trace goes; standard error by default.
    #[arg(long, value_name = "FILE", requires = "trace")]
    trace_to: Option<PathBuf>,
    /// Write counters there as JSON at the end.
    #[arg(long, value_name = "FILE")]
    counters: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Traced {
    Instructions,
    Exceptions,
    Devices,
    Dcrs,
}

impl Run {
    fn filter(&self) -> Filter {
        let shows = |what| self.trace.contains(&what);
        Filter {
            instructions: shows(Traced::Instructions),
            exceptions: shows(Traced::Exceptions),
            devices: shows(Traced::Devices),
            dcrs: shows(Traced::Dcrs),
            core: self.trace_core,
        }
    }
}

impl Command {
    /// Does what is asked; answers the exit status.
    pub(crate) fn execute(self) -> Result<u8, String> {
        match self.verb {
            Verb::Run(run) => run.execute(),
        }
    }
}

/// A number, decimal or with `0x`.
fn number(text: &str) -> Result<u64, String> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    u64::from_str_radix(&digits.replace('_', ""), radix).map_err(|error| error.to_string())
}

fn placed(text: &str) -> Result<(PathBuf, u64), String> {
    let (file, address) = text.rsplit_once('@').ok_or("expected FILE@ADDRESS")?;
    Ok((file.into(), number(address)?))
}

fn pace(text: &str) -> Result<bgp_sim::time::Pace, String> {
    let (instructions, cycles) = text.split_once(':').ok_or("expected INSTRUCTIONS:CYCLES")?;
    let parse = |text: &str| text.parse().ok().filter(|value| (1..=1000).contains(value));
    match (parse(instructions), parse(cycles)) {
        (Some(instructions), Some(cycles)) => Ok(bgp_sim::time::Pace { instructions, cycles }),
        _ => Err("both must be from 1 to 1000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        assert_eq!(number("0x7_FFFF_8000"), Ok(0x7_FFFF_8000));
        assert_eq!(number("12"), Ok(12));
        assert!(number("0xZ").is_err());
        assert_eq!(placed("a@b@0x10"), Ok(("a@b".into(), 16)));
        assert!(placed("a").is_err());
        assert!(pace("0:1").is_err() && pace("1").is_err());
        assert_eq!(pace("2:1").map(|pace| pace.instructions), Ok(2));
    }
}
