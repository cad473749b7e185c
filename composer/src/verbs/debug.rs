//! `composer debug`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_build::{Blame, Built, Failure, Finished};
use composer_machine::{DebugOptions, Subject};
use composer_syntax::{Code, Diagnostic};

use super::build::{built, built_from};
use crate::arguments::Debug;
use crate::exit::End;
use crate::place;
use crate::screen::Screen;

/// What building and debugging need of the machine.
const PURPOSES: [Purpose; 3] = [Purpose::Build, Purpose::Run, Purpose::Debug];

/// Builds an image, starts it stopped and attaches gdb.
pub(crate) fn debug(debug: &Debug, screen: &mut Screen) -> End {
    let (finished, subject) = match &debug.vm {
        None => (built(&debug.target, debug.consent, &PURPOSES, screen)?, Subject::Node),
        Some(vm) => {
            let finished = with_debugger(debug, vm, screen)?;
            let subject = guest(&finished.built, vm).map_err(Failure::environment)?;
            (finished, subject)
        }
    };
    let options = DebugOptions {
        subject,
        arguments: debug.arguments.clone(),
        console: debug.console.clone(),
        icount: debug.icount,
        timeout: None,
    };
    let what = debug.vm.as_deref().unwrap_or("the node");
    screen.step("Debugging", &format!("{what} of {} on {}", finished.built.system, finished.built.board));
    let status = composer_machine::debug(&finished.built, &options).map_err(Failure::environment)?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// A build in which a monitor has the stub, whether the spec says so or not.
fn with_debugger(debug: &Debug, vm: &str, screen: &mut Screen) -> Result<Finished, Failure> {
    let checkout = place::checkout()?;
    let spec = place::spec(&checkout, &debug.target.spec)?;
    let platform = debug.target.platform.as_deref();
    let text = composer_model::with_debugger(&checkout, &spec, platform, vm)
        .map_err(|why| Failure::new(Blame::User, why))?;
    let checkout = match text {
        Some(text) => checkout.with_text(&spec, text),
        None => checkout,
    };
    built_from(&checkout, &debug.target, debug.consent, &PURPOSES, screen)
}

/// The guest, with what gdb can read of its kernel.
fn guest(built: &Built, vm: &str) -> Result<Subject, Diagnostic> {
    let guest = built.guests.iter().find(|guest| guest.name == vm).ok_or_else(|| {
        Diagnostic::error(Code::UnknownName, format!("`{}` has no virtual machine `{vm}`", built.system))
    })?;
    let candidates: [Option<&PathBuf>; 2] = [Some(&guest.kernel), guest.symbols.as_ref()];
    let symbols = candidates.into_iter().flatten().find(|path| is_elf(path)).cloned();
    Ok(Subject::Guest { number: guest.number, symbols })
}

fn is_elf(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"\x7FELF"))
}
