//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  composer run specs/hello.ron                 build a system and attach to its console
  composer check specs/hello.ron               say everything that is wrong with a spec
  composer debug specs/hello.ron               start it stopped, with gdb attached
  composer map specs/hello.ron                 show who owns which address
  composer explain F0101                       what a code means
  composer test                                host tests, then the on-target suite

In a checkout, `cargo composer …` does the same without an install.

Exit codes: 0 all is well; 1 the spec, a component or a test is wrong; 2 the command line is;
3 this machine lacks something; 4 composer made a mistake. `run` ends with the node's own code.";

/// Composes one node's system software at build time.
#[derive(Debug, Parser)]
#[command(name = "composer", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: Verb,
    /// When to colour what is printed.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Say everything that is wrong with a spec, without compiling anything.
    Check {
        #[command(flatten)]
        target: Target,
        /// Print diagnostics as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Build a spec's image.
    Build {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        consent: Consent,
        /// Print where image and programs are, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Build a spec's image, run it and attach to its console.
    ///
    /// Ctrl-A X leaves; every other key, Ctrl-C too, goes to the node.
    Run(Run),
    /// Build a spec's image, start it stopped, and attach gdb to it.
    Debug(Debug),
    /// Run the host tests, then the on-target suite.
    Test {
        #[command(flatten)]
        consent: Consent,
        /// Run the on-target suite alone.
        #[arg(long, conflicts_with = "host")]
        target: bool,
        /// Run the host tests alone.
        #[arg(long)]
        host: bool,
        /// Run only tests whose names hold one of these words.
        filter: Vec<String>,
    },
    /// Measure what the kernel's paths cost, in instructions.
    Bench {
        #[command(flatten)]
        consent: Consent,
        /// Write the figures to a file, as JSON.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// Print how large the kernel is and where unsafe code stands, and measure nothing else.
        #[arg(long, conflicts_with_all = ["profile", "filter"])]
        sizes: bool,
        /// Measure virtual machines and what runs in them instead: Linux against the same Linux without a machine.
        #[arg(long, conflicts_with_all = ["sizes", "profile"])]
        guests: bool,
        /// Print every instruction of one round of a benchmark, and measure nothing.
        #[arg(long, value_name = "NAME", conflicts_with_all = ["json", "filter"])]
        profile: Option<String>,
        /// Show only benchmarks whose names hold one of these words.
        filter: Vec<String>,
    },
    /// Show who owns which address.
    Map {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        consent: Consent,
        /// Print the map as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prepare what runs in virtual machines, or look at it.
    #[command(subcommand)]
    Payload(Payload),
    /// Explain a diagnostic's code, or list all codes.
    Explain {
        /// The code, such as F0101.
        code: Option<String>,
    },
    /// List what composer needs of this machine, and what is missing.
    Doctor {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Hold a system's crates to the workspace's lints, compiled for the node.
    Lint {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        consent: Consent,
    },
    /// Remove everything that composer has built in this checkout.
    Clean,
    /// Print a shell's completions.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// What to do with payloads.
#[derive(Debug, Subcommand)]
pub(crate) enum Payload {
    /// List the recipes of this checkout, their variants, and which of them are made.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a payload, or find it made.
    ///
    /// The first time takes minutes, since a kernel is compiled. It can be interrupted: the next run goes
    /// on where this one stopped.
    Build {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        consent: Consent,
        /// Show what compilers and other programs say.
        #[arg(long, short)]
        verbose: bool,
        /// Print where its files are, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print where the files of a payload are. Ends with failure if it is not made.
    Path {
        #[command(flatten)]
        which: Which,
        /// Print the paths as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say what a kernel's file is, and whether a guest can run it.
    Inspect {
        /// A uImage or an ELF `vmlinux`.
        kernel: PathBuf,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a payload and boot it without a virtual machine, on QEMU's own board.
    ///
    /// Ctrl-A X leaves; every other key, Ctrl-C too, goes to the machine.
    RunNative(RunNative),
    /// Remove all payloads that were made, for every checkout of yours.
    Clean,
}

/// Which payload.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The recipe: a folder of `apps`.
    pub(crate) name: String,
    /// Which initial file system.
    #[arg(long, default_value = "default")]
    pub(crate) variant: String,
}

/// How to boot a payload natively.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  composer payload run-native linux-guest
  composer payload run-native linux-guest --variant bench --headless --icount
  composer payload run-native linux-guest --headless --expect '^guest:' --timeout 60

It ends with success when the machine restarts, or when the console matches what `--expect` says.")]
pub(crate) struct RunNative {
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) consent: Consent,
    #[command(flatten)]
    pub(crate) conduct: Conduct,
    /// The kernel's command line.
    #[arg(long, value_name = "WORDS", default_value = "console=ttyS0,115200 quiet")]
    pub(crate) append: String,
    /// MiB of RAM.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(32..=1024))]
    pub(crate) memory: u64,
    /// A device tree named `bamboo.dtb`, in place of the recipe's own.
    #[arg(long, value_name = "FILE")]
    pub(crate) device_tree: Option<PathBuf>,
}

/// What to work on.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The spec: a path, or the name of one in `specs`.
    pub(crate) spec: PathBuf,
    /// The board, in place of the spec's own.
    #[arg(long, value_name = "BOARD")]
    pub(crate) platform: Option<String>,
}

/// Leave to change the machine.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Consent {
    /// Install what is missing without asking.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// How to run.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  composer run specs/hello.ron
  composer run specs/hello.ron --headless --expect 'hello from bob' --timeout 30
  composer run specs/hello.ron --headless --icount --log console.txt
  composer run specs/two-vms.ron --console vm1
  composer run specs/linux-vm.ron --stats

Where several share the console, Ctrl-A and a digit choose who gets what is typed; Ctrl-A H lists all keys.
A node that halts with a code ends `run` with that code. When all domains that do work have ended, so does
`run`: with 0 if they ended in order.")]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Show only what this instance writes, as it is, and type at it alone: one of those that share the console.
    #[arg(long, value_name = "INSTANCE")]
    pub(crate) console: Option<String>,
    /// Print how often each virtual machine trapped, was interrupted and left its CPU, by cause, at the end; on a
    /// terminal Ctrl-A S prints it at any time.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Write those figures to a file, as JSON.
    #[arg(long, value_name = "FILE", requires = "stats")]
    pub(crate) json: Option<PathBuf>,
    /// Run on when all that does work has ended, such as the last virtual machine.
    #[arg(long)]
    pub(crate) stay: bool,
    #[command(flatten)]
    pub(crate) conduct: Conduct,
}

/// How to debug.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  composer debug specs/hello.ron
  composer debug specs/linux-vm.ron --vm vm0
  composer debug specs/hello.ron -- -batch -ex 'fugue-break bob main' -ex continue -ex backtrace

gdb has the symbols of the kernel, and of the domain that runs at each stop. `fugue-domain` lists the domains,
`fugue-break NAME LOCATION` breaks in one of them. With `--vm`, gdb is at a guest instead, which is stopped at its
entry: `break start_kernel`, `continue`. `monitor help` says what else its monitor knows. What follows `--` goes to gdb. The machine ends with gdb.")]
pub(crate) struct Debug {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Debug the guest of this virtual machine, in place of the node.
    #[arg(long, value_name = "INSTANCE")]
    pub(crate) vm: Option<String>,
    /// Put the node's console there, and not between gdb's lines: a file, or another terminal (`tty` says its name).
    #[arg(long, value_name = "FILE")]
    pub(crate) console: Option<PathBuf>,
    /// Let time count instructions, so that every run is the same.
    #[arg(long)]
    pub(crate) icount: bool,
    /// Further arguments of gdb.
    #[arg(last = true, value_name = "ARGUMENTS")]
    pub(crate) arguments: Vec<String>,
}

/// How a machine is watched while it runs.
#[derive(Debug, Args)]
pub(crate) struct Conduct {
    /// Leave the terminal alone: nobody types.
    #[arg(long)]
    pub(crate) headless: bool,
    /// End with success when the console matches; end with failure when the run ends before.
    #[arg(long, value_name = "REGEX", requires = "headless")]
    pub(crate) expect: Option<String>,
    /// End after so many seconds, with failure.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Let time count instructions, so that every run is the same.
    #[arg(long)]
    pub(crate) icount: bool,
    /// Write everything that the console shows to a file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "a time must be more than 0".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn times_are_positive() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        for wrong in ["0", "-1", "soon", "inf", "NaN"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
