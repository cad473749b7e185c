//! `composer payload run-native`.

use std::io;
use std::process::ExitCode;

use composer_build::Failure;
use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_machine::{End as RunEnd, Native};
use composer_syntax::Code;

use super::super::run::{announce, conclude, end_line, options};
use super::made;
use crate::arguments::RunNative;
use crate::exit::{self, End};
use crate::screen::Screen;

/// Makes a payload and boots it on QEMU's own board.
pub(super) fn run_native(run: &RunNative, screen: &mut Screen) -> End {
    let options = options(&run.conduct)?;
    let payload = made(&run.which, run.consent, &[Purpose::Run], screen)?;
    let files = payload.files;
    let uimage = files.uimage.ok_or_else(|| exit::user(Code::CannotRun, "the payload has no uImage"))?;
    let native = Native {
        uimage,
        initrd: files.initrd,
        device_tree: run.device_tree.clone().or(files.device_tree),
        command_line: run.append.clone(),
        memory: run.memory << 20,
    };
    announce(&format!("{} natively", run.which.name), &options, screen);
    let ran = composer_machine::run_native(&native, &options, &mut io::stdout());
    let outcome = ran.map_err(Failure::environment)?;
    end_line(&outcome);
    if outcome.end == RunEnd::Ended && options.expect.is_none() {
        screen.step("Ended", "the machine restarted");
        return exit::OK;
    }
    conclude(&outcome, &options, screen);
    Ok(ExitCode::from(outcome.exit_code(options.expect.is_some())))
}
