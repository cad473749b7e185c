//! Running an image: QEMU or a simulator, its console, reports with symbols, expectations.
//!
//! [`run()`] starts the machine and joins its console with the terminal, a log, and what a test expects.
//! The kernel's lines are read on the way ([`report`]); where a domain or the kernel met its end, the
//! addresses are turned into instances, functions and lines of source ([`symbols`]).

mod counters;
mod death;
mod debug;
mod escape;
mod native;
mod options;
mod qemu;
pub mod report;
mod session;
mod signals;
mod simulator;
pub mod symbols;
mod terminal;
pub mod trace;
mod transcript;
mod work;

use std::io::Write;

use composer_build::Built;
use composer_syntax::{Code, Diagnostic};

pub use counters::{Counted, Counts, counted};
pub use debug::{DebugOptions, Subject, debug};
pub use escape::HOW_TO_LEAVE;
pub use native::{Native, run_native};
pub use options::{End, Outcome, Reply, RunOptions, pattern};

/// Runs an image to its end. What the console says goes to `screen` as it comes, and below each report
/// the lines that say where its addresses lie.
///
/// # Errors
///
/// [`Code::CannotRun`] for a board that runs nowhere; [`Code::CargoFailed`] for a simulator that cannot be built;
/// [`Code::MachineFailed`] when the machine does not start or
/// its streams fail.
pub fn run(built: &Built, options: &RunOptions, screen: &mut dyn Write) -> Result<Outcome, Diagnostic> {
    let machine = qemu::Machine::start(built, options)?;
    session::Session::new(machine, symbols::Symboliser::new(built), options, screen)
        .and_then(session::Session::run)
        .map_err(|error| Diagnostic::error(Code::MachineFailed, format!("the console failed: {error}")))
}
