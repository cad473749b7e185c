//! `composer run`.

use std::io::{self, IsTerminal, Write as _};
use std::path::Path;
use std::process::ExitCode;

use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_build::{Failure, Launch};
use composer_machine::{End as RunEnd, HOW_TO_LEAVE, Outcome, RunOptions, counted, pattern};
use composer_syntax::{Code, Size};

use super::build::built;
use crate::arguments::{Conduct, Run, Target};
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;

/// How many lines of the console a failure shows.
const TAIL: usize = 20;

/// Builds an image and runs it.
pub(crate) fn run(run: &Run, screen: &mut Screen) -> End {
    let mut options = options(&run.conduct)?;
    if let Some(name) = &run.console {
        attachable(name, &run.target)?;
    }
    options.attach.clone_from(&run.console);
    if let Some(file) = &run.json {
        exit::writable(file)?;
    }
    let finished = built(&run.target, run.consent, &[Purpose::Build, Purpose::Run], screen)?;
    if let Launch::Simulator { package, .. } = &finished.built.launch {
        // Here, so that its progress is seen: the first time it takes a while.
        composer_build::simulator(&finished.built.checkout, package, screen)?;
    }
    if !run.stay {
        options.workers = finished.system.workers();
    }
    if run.stats {
        options.counted = counted(&finished);
    }
    options.keys = finished.system.console_clients().is_some();
    let mut what = format!("{} on {}", finished.built.system, finished.built.board);
    if finished.system.has_vm() {
        // Chosen for this system's guests.
        let memory = finished.system.board.memory.iter().map(|memory| memory.size).sum();
        what += &format!(", with {} of RAM", Size(memory));
    }
    announce(&what, &options, screen);
    let outcome =
        composer_machine::run(&finished.built, &options, &mut io::stdout()).map_err(Failure::environment)?;
    end_line(&outcome);
    conclude(&outcome, &options, screen);
    if run.stats {
        show_counts(&outcome, &options, run.json.as_deref(), &finished.system.name, screen)?;
    }
    Ok(ExitCode::from(outcome.exit_code(options.expect.is_some())))
}

/// Prints the counters, and writes them to a file if one is named.
fn show_counts(
    outcome: &Outcome,
    options: &RunOptions,
    file: Option<&Path>,
    system: &str,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let Some(counts) = &outcome.counts else {
        let why =
            if options.counted.is_empty() { "no virtual machine is there" } else { "the machine was gone" };
        screen.step("Uncounted", why);
        return Ok(());
    };
    // A reader that has gone misses nothing.
    let _ = writeln!(io::stdout(), "{counts}");
    match file {
        Some(file) => std::fs::write(file, format!("{:#}\n", counts.json(system)))
            .map_err(|error| exit::cannot_write(file, &error)),
        None => Ok(()),
    }
}

/// Makes sure that an instance of this name shares the console, before anything is built. What else is wrong with the
/// spec, the build says.
fn attachable(name: &str, target: &Target) -> Result<(), Failure> {
    let checkout = place::checkout()?;
    let spec = place::spec(&checkout, &target.spec)?;
    let checked = composer_build::check(&checkout, &spec, target.platform.as_deref());
    let Some((system, _)) = &checked.planned else { return Ok(()) };
    let clients = system.console_clients().unwrap_or_default();
    if clients.contains(&name) {
        return Ok(());
    }
    let mut failure = exit::user(Code::UnknownConsole, format!("no instance `{name}` shares the console"));
    let diagnostic = &mut failure.diagnostics[0];
    diagnostic.notes.push(match clients.as_slice() {
        [] => "this system's console has no keys by which to choose".to_owned(),
        clients => format!("there is {}", clients.join(", ")),
    });
    let near = composer_syntax::nearest(name, clients.iter().copied());
    diagnostic.helps.extend(near.map(|near| format!("did you mean `--console {near}`?")));
    Err(failure)
}

/// What follows is no part of the console's last line. A reader that has gone misses nothing.
pub(super) fn end_line(outcome: &Outcome) {
    if !outcome.console.is_empty() && !outcome.console.ends_with(b"\n") {
        let _ = writeln!(io::stdout());
    }
}

/// How a run is conducted, from the command line.
pub(super) fn options(run: &Conduct) -> Result<RunOptions, Failure> {
    let expect = run.expect.as_deref().map(pattern).transpose().map_err(|error| {
        let mut failure = exit::user(Code::BadPattern, "`--expect` is not a regular expression");
        failure.diagnostics[0].notes.push(error.to_string());
        failure
    })?;
    if let Some(log) = &run.log {
        exit::writable(log)?;
    }
    Ok(RunOptions {
        interactive: !run.headless,
        expect,
        timeout: run.timeout,
        icount: run.icount,
        log: run.log.clone(),
        ..RunOptions::default()
    })
}

/// Says what runs, and how to leave it.
pub(super) fn announce(what: &str, options: &RunOptions, screen: &mut Screen) {
    screen.step("Running", what);
    if options.interactive && io::stdin().is_terminal() {
        screen.step("Keys", HOW_TO_LEAVE);
    }
}

/// Says how a run ended.
pub(super) fn conclude(outcome: &Outcome, options: &RunOptions, screen: &mut Screen) {
    let awaited = options.expect.is_some();
    match outcome.failure(awaited) {
        None => {
            let how = match outcome.end {
                RunEnd::Matched => "the console matched",
                RunEnd::Left => "you left",
                RunEnd::Done { .. } => "all that does work has ended, what is left only serves",
                RunEnd::Signalled(_) => "a signal ended the run",
                _ => "the node halted with code 0",
            };
            screen.step("Ended", how);
        }
        Some(why) => {
            if !options.interactive {
                let tail = outcome.tail(TAIL);
                eprintln!("--- the console's last lines ---\n{tail}\n---");
            }
            if !outcome.complaints.is_empty() {
                eprintln!("the machine says: {}", outcome.complaints);
            }
            screen.step("Failed", &why);
        }
    }
}
