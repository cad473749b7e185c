//! gdb at a running image, as `composer debug` attaches it.

use std::fs;

use composer_machine::{DebugOptions, Subject, debug};

use super::HELLO;
use crate::suite::Stage;

/// Stops the node at a kernel's symbol, and at the entry of one of two domains that share its address.
pub(crate) fn debug_node(stage: &Stage<'_>) -> Result<(), String> {
    let commands = [
        "info registers pc",
        "break fugue_boot",
        "continue",
        "delete",
        "fugue-break bob main",
        "fugue-break bob nothing",
        "continue",
        "backtrace",
        "fugue-domain",
        "info symbol $pc",
    ];
    let said = gdb(stage, HELLO, "debug-node", Subject::Node, &commands)?;
    in_order(
        &said,
        &[
            "Breakpoint 1, kernel::",
            "::boot<",
            "Breakpoint 2 at 0x1",
            "Function \"nothing\" not defined.",
            "Breakpoint 2, hello_bob::main ()",
            "#0  hello_bob::main () at ",
            " in _start ()",
            "  1 console ",
            "*  3 bob ",
            "main in section .text of ",
            "domain-bob.elf",
        ],
    )
}

/// What gdb says to commands, while the console goes to a file of this name.
fn gdb(
    stage: &Stage<'_>,
    spec: &str,
    name: &str,
    subject: Subject,
    commands: &[&str],
) -> Result<String, String> {
    let finished = stage.build(spec, None)?;
    let log = stage.log(&format!("{name}-gdb"))?;
    // gdb appends.
    let _ = fs::remove_file(&log);
    let mut arguments = vec!["-batch".to_owned()];
    let logging = format!("set logging file {}", log.display());
    let first = [logging.as_str(), "set logging redirect on", "set logging enabled on", "set width 0"];
    for command in first.iter().chain(commands) {
        arguments.extend(["-ex".to_owned(), (*command).to_owned()]);
    }
    let console = Some(stage.log(name)?);
    let options = DebugOptions { subject, arguments, console, icount: false };
    let status = debug(&finished.built, &options).map_err(|problem| problem.message)?;
    let said = fs::read_to_string(&log).map_err(|error| format!("gdb said nothing: {error}; {status}"))?;
    if status.success() { Ok(said) } else { Err(format!("gdb ended with {status}:\n{said}")) }
}

/// That a text holds pieces one behind the other.
fn in_order(text: &str, pieces: &[&str]) -> Result<(), String> {
    let mut rest = text;
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return Err(format!("`{piece}` is missing where it belongs:\n{text}")),
        }
    }
    Ok(())
}
