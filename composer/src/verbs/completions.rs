//! `composer completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::output::print;
use crate::arguments::Arguments;
use crate::exit::{self, End};

/// Prints a shell's completions.
pub(crate) fn completions(shell: Shell) -> End {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "composer", &mut script);
    print(&String::from_utf8_lossy(&script));
    exit::OK
}
