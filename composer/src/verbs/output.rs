//! Standard output, for what a command was asked for.

use std::io::{self, Write};

/// Prints text as it is. A reader that has gone, such as `head`, has seen enough.
pub(super) fn print(text: &str) {
    let mut output = io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Prints a value as JSON.
pub(super) fn print_json(value: &impl serde::Serialize) {
    // Plain data has no way to fail.
    print(&(serde_json::to_string_pretty(value).unwrap_or_default() + "\n"));
}
