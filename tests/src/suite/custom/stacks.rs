//! Stacks are held to the programs that run on them.

use std::fs;

use crate::suite::Stage;

/// Builds two specs with a stack that is too small, or unstated where nobody can say.
pub(crate) fn stacks(stage: &Stage<'_>) -> Result<(), String> {
    let small = ("component: \"console\",", "component: \"console\", stack: \"4 KiB\",");
    refused(stage, super::HELLO, small, &["F0314", "has 4080 bytes", "main", "runtime::serve::serve"])?;
    let unstated = ("stack: \"8 KiB\", ", "");
    refused(
        stage,
        "tests/specs/marks.ron",
        unstated,
        &["F0315", "`leaves`", "`finds`", "prober::act::deeper"],
    )?;
    refused(
        stage,
        "tests/specs/gambler.ron",
        ("stack: \"4 KiB\", ", ""),
        &[
            "F0315",
            "calls through a pointer at 0x",
            "(tests/components/gambler/src/lib.rs:28)",
            "`pointers: {\"gambler::Gambler::run\": [Fn]}`",
            "state `stack` of the instance",
        ],
    )
}

/// Changes all of one text in a spec, and holds what composer says to some words.
fn refused(stage: &Stage<'_>, spec: &str, change: (&str, &str), words: &[&str]) -> Result<(), String> {
    let text = fs::read_to_string(stage.checkout.root().join(spec)).map_err(|error| error.to_string())?;
    let changed = text.replace(change.0, change.1);
    if changed == text {
        return Err(format!("{spec} has no `{}`", change.0));
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().join("changed.ron");
    fs::write(&path, changed).map_err(|error| error.to_string())?;
    let Err(said) = stage.build_in(stage.checkout, &path, None) else {
        return Err(format!("{spec} was built, with `{}` for `{}`", change.1, change.0));
    };
    match words.iter().find(|word| !said.contains(**word)) {
        Some(word) => Err(format!("`{word}` is not in:\n{said}")),
        None => Ok(()),
    }
}
