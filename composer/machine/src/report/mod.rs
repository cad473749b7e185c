//! What the kernel says on the console, found among what everybody else says there.
//!
//! Every line of the kernel's begins with `[fugue] `. A report is a block of such lines, from
//! `[fugue] domain-report v1` or `[fugue] kernel-report v1` to `[fugue] end`; other news takes one line.
//! The bytes come from a machine that may be broken, so none of them is trusted: [`Parser`] takes any
//! bytes in any pieces, in bounded memory.

mod block;
mod parser;

pub use block::{Chain, Registers, Report, Reporter};
pub use parser::Parser;

/// A thing that the kernel said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The node starts.
    Boot {
        /// The spec's name.
        system: String,
        /// The board's.
        board: String,
    },
    /// The node's run ends, with this exit code if the machine ends right after.
    Halt {
        /// The exit code.
        code: u32,
    },
    /// A domain was stopped by another.
    Stopped {
        /// The domain's name.
        name: String,
        /// The domain that did it.
        by: String,
    },
    /// A domain ended itself, in order or in error.
    Exited {
        /// The domain's name.
        name: String,
        /// The code that it gave; 0 is an end in order.
        code: u32,
    },
    /// A domain starts afresh.
    Restarted {
        /// The domain's name.
        name: String,
        /// Which life this is, from 0 for the first.
        generation: u32,
    },
    /// A domain, or the kernel, met its end.
    Report(Box<Report>),
}
