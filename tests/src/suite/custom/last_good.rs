//! A build that fails or is interrupted takes nothing away.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::suite::Stage;

/// Builds a spec; then the same with a mistake that only layout sees; then the same with another number in
/// it, interrupted while its domain compiles.
pub(crate) fn last_good(stage: &Stage<'_>) -> Result<(), String> {
    let spec = stage.checkout.root().join("tests/specs/halt.ron");
    let text = fs::read_to_string(&spec).map_err(said)?;
    let good = stage.build("tests/specs/halt.ron", None)?;
    let before = fs::read(&good.built.image).map_err(said)?;
    let unchanged = || fs::read(&good.built.image).map(|now| now == before).map_err(said);
    // A spec of the same name, so of the same folder.
    let folder = tempfile::tempdir().map_err(said)?;
    let changed = folder.path().join("halt.ron");

    let mistaken = text.replace("instances: {", "regions: {\"huge\": (size: \"1 GiB\")},\n    instances: {");
    fs::write(&changed, mistaken).map_err(said)?;
    match stage.build_in(stage.checkout, &changed, None) {
        Ok(_) => return Err("a region larger than the machine was accepted".to_owned()),
        Err(why) if why.contains("error[F") => {}
        Err(why) => return Err(format!("the failure is no diagnostic:\n{why}")),
    }
    if !unchanged()? {
        return Err("the last good image is gone after a mistake".to_owned());
    }

    fs::write(&changed, text.replace("\"after\": 4000", "\"after\": 4001")).map_err(said)?;
    interrupt(stage.checkout.root(), &changed)?;
    if !unchanged()? {
        return Err("the last good image is gone after an interruption".to_owned());
    }
    let built = stage.build_in(stage.checkout, &changed, None)?;
    if fs::read(&built.built.image).map_err(said)? == before {
        return Err("the build after an interruption made nothing new".to_owned());
    }
    Ok(())
}

/// Starts a build as a user would and interrupts it once it says that domains are compiled.
fn interrupt(checkout: &Path, spec: &Path) -> Result<(), String> {
    let suite = std::env::current_exe().map_err(said)?;
    let mut composer = Command::new(suite.with_file_name("composer"))
        .arg("build")
        .arg(spec)
        .current_dir(checkout)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(said)?;
    let progress = composer.stderr.take().map(BufReader::new).ok_or("no progress")?;
    let mut interrupted = false;
    for line in progress.lines() {
        if line.map_err(said)?.contains("Compiling halt-halter") {
            kill(Pid::from_raw(composer.id().cast_signed()), Signal::SIGINT).map_err(said)?;
            interrupted = true;
        }
    }
    let status = composer.wait().map_err(said)?;
    match (interrupted, status.success()) {
        (true, false) => Ok(()),
        (true, true) => Err("the build did not mind its interruption".to_owned()),
        (false, _) => Err("the build never said that it compiles the domain".to_owned()),
    }
}

fn said(error: impl ToString) -> String {
    error.to_string()
}
