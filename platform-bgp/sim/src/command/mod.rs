//! The command line: what to load, what to watch, when to stop.

mod above;
mod counters;
mod gdb;
mod load;
mod output;
mod run;
mod signals;
mod state;
mod values;

use bgp_sim::trace::Filter;
use clap::{Parser, Subcommand, ValueEnum};
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use values::{At, number, pace, placed, range, register};

/// Exit status: the command cannot be followed, or a file cannot be read or written.
pub(crate) const USAGE: u8 = 64;

const STATUS: &str = "Exit status: 0 the image ended, or the condition to stop for came; 1 it ended or stopped without \
the text of --expect; 2 a bound was reached before that text; 3 something is not modelled; 64 the command cannot be \
followed; 128 and its number for a signal.";

/// A functional simulator of Blue Gene/P nodes.
#[derive(Debug, Parser)]
#[command(version, after_help = STATUS)]
pub(crate) struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run an image on one node.
    Run(Box<Run>),
    /// Go on with a node from a checkpoint.
    Resume(Box<Resume>),
}

/// What to run, and until when.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS)]
pub(crate) struct Run {
    /// The image: ELF, legacy uImage (packed by gzip or not), or raw bytes.
    image: PathBuf,
    /// Where raw bytes go, and are entered.
    #[arg(long, value_name = "ADDRESS", default_value = "0", value_parser = number)]
    raw_at: u64,
    /// Enter here, in place of where the image says.
    #[arg(long, value_name = "ADDRESS", value_parser = number)]
    entry: Option<u64>,
    /// Another file, put into memory as it is; may be given several times.
    #[arg(long, value_name = "FILE@ADDRESS", value_parser = placed)]
    load: Vec<(PathBuf, u64)>,
    /// A device tree, put into memory as it is; r3 holds its address at entry.
    #[arg(long, value_name = "FILE@ADDRESS", value_parser = placed, conflicts_with_all = ["argument", "direct"])]
    device_tree: Option<(PathBuf, u64)>,
    /// What r3 holds at entry: the address of a device tree or of firmware's services.
    #[arg(long, value_name = "VALUE", default_value = "0", value_parser = number)]
    argument: u64,
    /// What a register holds at entry: `r5=0x100`; may be given several times.
    #[arg(long, value_name = "REGISTER=VALUE", value_parser = register)]
    register: Vec<(usize, u32)>,
    /// Start a kernel as a boot loader does: all four cores, and a device tree made for the node.
    #[arg(long, conflicts_with = "reset")]
    direct: bool,
    /// With --direct: the initial ramdisk, as it is or as a uImage.
    #[arg(long, value_name = "FILE", requires = "direct")]
    initrd: Option<PathBuf>,
    /// With --direct: the kernel's command line.
    #[arg(long, value_name = "TEXT", requires = "direct", default_value = "")]
    append: String,
    /// Enter as the service firmware does: r3 points at a minimal CNS, in which cores 1 to 3 wait to be taken.
    #[arg(long, conflicts_with_all = ["argument", "device_tree", "direct", "reset"])]
    services: bool,
    /// Stand in for the I/O node above: it announces itself, hears the console and carries Ethernet.
    #[arg(long, conflicts_with_all = ["io_node", "checkpoint"])]
    io_node_above: bool,
    /// With --io-node-above: its Ethernet is a socket, `unix:LOCAL,PEER` or `udp:LOCAL,PEER`, with a frame a datagram.
    #[arg(long, value_name = "SOCKET", requires = "io_node_above")]
    ethernet: Option<bgp_sim::io_node::wire::Place>,
    /// Start these cores at the reset vector instead of core 0 at the image's entry.
    #[arg(long, value_name = "CORES", value_delimiter = ',', conflicts_with_all = ["entry", "register"])]
    reset: Vec<usize>,
    /// What the service node says about the node: a description in RON.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["memory", "io_node"])]
    describe: Option<PathBuf>,
    /// Megabytes of DRAM.
    #[arg(long, value_name = "MEGABYTES", default_value = "2048", value_parser = clap::value_parser!(u32).range(1..=4096))]
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
    #[command(flatten)]
    conduct: Conduct,
}

/// Where to go on, and until when.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS)]
pub(crate) struct Resume {
    /// The checkpoint, written by the same build of the simulator.
    #[arg(value_name = "CHECKPOINT")]
    file: PathBuf,
    #[command(flatten)]
    conduct: Conduct,
}

/// When to stop, and what to tell.
#[derive(Debug, clap::Args)]
pub(crate) struct Conduct {
    /// Stop when the console has said this.
    #[arg(long, value_name = "TEXT")]
    expect: Option<String>,
    /// Stop after this many instructions of all cores, at the end of the quantum.
    #[arg(long, value_name = "COUNT")]
    instructions: Option<u64>,
    /// Stop at this virtual time, in milliseconds.
    #[arg(long, value_name = "MILLISECONDS")]
    time: Option<u64>,
    /// Report what is not modelled once a site, and go on: reads give 0, writes are dropped, other instructions have no
    /// effect.
    #[arg(long)]
    allow_unmodelled: bool,
    /// Write the node's whole state there, for `bgp-sim resume`.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// When: at the end, or on the way at `time=MILLISECONDS`, `instructions=COUNT` or `text=TEXT` of the console.
    #[arg(long, value_name = "WHEN", default_value = "end", requires = "checkpoint", value_parser = At::parse)]
    at: At,
    /// Wait for gdb at this port, or at a socket by its path, stopped before the first instruction.
    #[arg(long, value_name = "PORT|SOCKET")]
    gdb: Option<String>,
    /// Trace these.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    trace: Vec<Traced>,
    /// Trace these cores only.
    #[arg(long, value_name = "CORES", value_delimiter = ',', requires = "trace")]
    trace_core: Vec<usize>,
    /// Trace only while the instruction's address is in this range; may be given several times.
    #[arg(long, value_name = "FIRST-LAST", requires = "trace", value_parser = range)]
    trace_pc: Vec<RangeInclusive<u32>>,
    /// How the trace is written.
    #[arg(long, value_name = "FORM", requires = "trace", default_value = "text")]
    trace_as: Form,
    /// Where the trace goes; standard error by default.
    #[arg(long, value_name = "FILE", requires = "trace")]
    trace_to: Option<PathBuf>,
    /// Write counters there as JSON at the end.
    #[arg(long, value_name = "FILE")]
    counters: Option<PathBuf>,
    /// Count instructions by their class too, which is slow: each is looked at, and no loop that waits is skipped.
    #[arg(long, requires = "counters")]
    count_classes: bool,
    /// Say nothing but what the console says and what stops the run.
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Traced {
    Instructions,
    Exceptions,
    Devices,
    Dcrs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A line for each: time in cycles, core, address, what.
    Text,
    /// The trace event format, which Perfetto shows.
    Json,
}

impl Conduct {
    fn filter(&self) -> Filter {
        let shows = |what| self.trace.contains(&what);
        Filter {
            instructions: shows(Traced::Instructions),
            exceptions: shows(Traced::Exceptions),
            devices: shows(Traced::Devices),
            dcrs: shows(Traced::Dcrs),
            cores: self.trace_core.clone(),
            addresses: self.trace_pc.clone(),
        }
    }
}

impl Command {
    /// Does what is asked; answers the exit status.
    pub(crate) fn execute(self) -> Result<u8, String> {
        match self.verb {
            Verb::Run(run) => {
                let (node, above) = run.node()?;
                run.conduct.execute(node, above)
            }
            Verb::Resume(resume) => resume.conduct.execute(resume.node()?, None),
        }
    }
}

/// Says something on standard error. Whoever reads it no more misses nothing.
fn say(what: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "bgp-sim: {what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_contradicts_nowhere() {
        use clap::CommandFactory as _;
        Command::command().debug_assert();
        let bad = ["bgp-sim", "run", "x", "--initrd", "y"];
        assert!(Command::try_parse_from(bad).is_err(), "a ramdisk without --direct");
        let bad = ["bgp-sim", "run", "x", "--ethernet", "unix:a,b"];
        assert!(Command::try_parse_from(bad).is_err(), "Ethernet without an I/O node");
        let good = ["bgp-sim", "run", "x", "--services", "--io-node-above", "--ethernet", "unix:a,b"];
        assert!(Command::try_parse_from(good).is_ok());
        let good = ["bgp-sim", "run", "x", "--trace", "dcrs,devices", "--trace-pc", "0x10-0x20"];
        assert!(Command::try_parse_from(good).is_ok());
    }
}
