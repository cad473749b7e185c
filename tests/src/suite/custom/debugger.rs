//! gdb at a running image, as `composer debug` attaches it.

use std::fs;
use std::time::Duration;

use composer_build::Finished;
use composer_machine::{DebugOptions, Subject, debug};

use super::death::{GUEST_DEATH, GUEST_DIES};
use super::{HELLO, in_order};
use crate::suite::Stage;

/// A spec with a guest of which no word says that it is debugged.
const LINUX: &str = "system-specs/linux-vm.ron";

/// More than a boot under gdb takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

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
    let finished = stage.build(HELLO, None)?;
    let said = gdb(stage, &finished, "debug-node", Subject::Node, &commands)?;
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

/// Stops a simulated node at a kernel's symbol and in one of two domains that share addresses; its cores are threads.
pub(crate) fn debug_simulated(stage: &Stage<'_>) -> Result<(), String> {
    let commands = [
        "info threads",
        "break fugue_boot",
        "continue",
        "delete",
        "fugue-break bob main",
        "continue",
        "backtrace",
        "fugue-domain",
        "stepi",
        "info registers pc f1 s1",
        "monitor state",
        "kill",
    ];
    let finished = stage.build(HELLO, Some("bgp"))?;
    let said = gdb(stage, &finished, "bgp-debug-node", Subject::Node, &commands)?;
    in_order(
        &said,
        &[
            "(core 0, runs)",
            "(core 3, parked)",
            "Thread 1 hit Breakpoint 1, kernel::",
            "Thread 1 hit Breakpoint 2, hello_bob::main ()",
            " in _start ()",
            "*  3 bob ",
            "<hello_bob::main+4>",
            "f1 ",
            "s1 ",
            "core 0: runs at ",
            "core 1: parked",
        ],
    )
}

/// Stops a guest at its entry and at a function of its kernel, steps, looks at memory, and lets it go on until its shell
/// reads: all through the stub of its monitor, for which the spec has no word.
pub(crate) fn debug_guest(stage: &Stage<'_>) -> Result<(), String> {
    let (path, vm) = (stage.checkout.root().join(LINUX), "vm0");
    let text =
        composer_model::with_debugger(stage.checkout, &path, None, vm).map_err(|problem| problem.message)?;
    let text = text.ok_or("the spec has a debugger already, or errors")?;
    let finished = stage.build_in(&stage.checkout.clone().with_text(&path, text), &path, None)?;
    let guest = finished.built.guests.iter().find(|guest| guest.name == vm).ok_or("no guest was built")?;
    let subject = Subject::Guest { number: guest.number, symbols: Some(guest.kernel.clone()) };
    let commands = [
        "info registers pc r3 pvr",
        "hbreak start_kernel",
        "continue",
        "info symbol $pc",
        "stepi",
        "stepi",
        "x/wx 0xc0000004",
        "monitor physical 4 1",
        "monitor translate c0000000",
        "delete",
        "set $r31 = $r31",
        "break n_tty_poll",
        "continue",
        "backtrace 3",
        "delete",
        "kill",
    ];
    let name = "debug-guest";
    let said = gdb(stage, &finished, name, subject, &commands)?;
    in_order(
        &said,
        &[
            "pc             0x0 ",
            "r3             0x1800000 ",
            "pvr            0x422218d3 ",
            "Breakpoint 1, 0x",
            "start_kernel + ",
            " in set_task_stack_end_magic ()",
            "0xc0000004",
            ":\t0x7c7f1b78",
            "000000004: 7c7f1b78",
            "c0000000 is at 000000000, rights ",
            "Breakpoint 2, 0x",
            " in n_tty_poll ()",
            "#0  0x",
            "#2  0x",
        ],
    )?;
    let console = fs::read_to_string(stage.log(name)?).map_err(|error| error.to_string())?;
    in_order(&console, &["[vm0] waits for a debugger", "Linux version 6.1", "A shell is at your command"])
}

/// Lets a node go on to the death of its guest, with gdb at it: the reports have names as without gdb.
pub(crate) fn debug_reports(stage: &Stage<'_>) -> Result<(), String> {
    let (finished, name) = (stage.build(GUEST_DIES, None)?, "debug-reports");
    // gdb takes the end of the node for an error of its own.
    let go_on = r#"python exec("try:\n gdb.execute('continue')\nexcept gdb.error: pass")"#;
    gdb(stage, &finished, name, Subject::Node, &[go_on])?;
    let console = fs::read_to_string(stage.log(name)?).map_err(|error| error.to_string())?;
    in_order(&console, GUEST_DEATH)
}

/// What gdb says to commands, while the console goes to a file of this name.
fn gdb(
    stage: &Stage<'_>,
    finished: &Finished,
    name: &str,
    subject: Subject,
    commands: &[&str],
) -> Result<String, String> {
    let log = stage.log(&format!("{name}-gdb"))?;
    // gdb appends.
    let _ = fs::remove_file(&log);
    let mut arguments = vec!["-batch".to_owned()];
    let logging = format!("set logging file {}", log.display());
    let first = [logging.as_str(), "set logging redirect on", "set logging enabled on", "set width 0"];
    for command in first.iter().chain(commands) {
        arguments.extend(["-ex".to_owned(), (*command).to_owned()]);
    }
    let (console, timeout) = (Some(stage.log(name)?), Some(PATIENCE));
    let options = DebugOptions { subject, arguments, console, icount: false, timeout };
    let status = debug(&finished.built, &options).map_err(|problem| problem.message)?;
    let said = fs::read_to_string(&log).map_err(|error| format!("gdb said nothing: {error}; {status}"))?;
    if status.success() { Ok(said) } else { Err(format!("gdb ended with {status}:\n{said}")) }
}
