//! `composer debug`.

use std::process::ExitCode;

use composer_build::Failure;
use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_machine::{DebugOptions, Subject};

use super::build::built;
use crate::arguments::Debug;
use crate::exit::End;
use crate::screen::Screen;

/// Builds an image, starts it stopped and attaches gdb.
pub(crate) fn debug(debug: &Debug, screen: &mut Screen) -> End {
    let purposes = [Purpose::Build, Purpose::Run, Purpose::Debug];
    let finished = built(&debug.target, debug.consent, &purposes, screen)?;
    let options = DebugOptions {
        subject: Subject::Node,
        arguments: debug.arguments.clone(),
        console: debug.console.clone(),
        icount: debug.icount,
    };
    screen.step("Debugging", &format!("{} on {}", finished.built.system, finished.built.board));
    let status = composer_machine::debug(&finished.built, &options).map_err(Failure::environment)?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
