//! What Linux's kernel says natively and in a virtual machine.

use composer_machine::{End, RunOptions, pattern};

use super::equal;
use super::guest::{boot, ended, options};
use crate::suite::{Run, Stage};

/// The command line of both runs, which `tests/specs/messages-vm.ron` has too: messages of every priority are shown.
const COMMAND_LINE: &str = "console=ttyS0,115200 loglevel=8";

/// What the shell says when Linux has booted.
const PROMPT: &str = "guest:/root# ";

/// How messages begin that may differ, and why.
const MAY_DIFFER: &[&str] = &[
    // The device trees are equal but for names and order; how many bytes they have is reserved memory.
    "Memory: ",
];

/// Fewer messages than a boot has: with less there is nothing to compare.
const LEAST: usize = 40;

/// Boots one kernel with one command line and as much memory both ways. Its messages of every priority, time stamps
/// stripped, are the same but for those that may differ: nothing that the kernel warns of comes from the machine.
pub(crate) fn guest_messages(stage: &Stage<'_>) -> Result<(), String> {
    let expect = Some(pattern(PROMPT).map_err(|error| error.to_string())?);
    let native = RunOptions { icount: true, expect, ..options(stage, "guest-messages-native")? };
    let native = boot(stage, "default", COMMAND_LINE, &native)?;
    let virtually = stage.run("guest-messages", &Run::of("tests/specs/messages-vm.ron").until(PROMPT))?;
    for outcome in [&native, &virtually] {
        if outcome.end != End::Matched {
            return Err(ended(outcome));
        }
    }
    same(&native.text(), &virtually.text())
}

/// Holds the messages of two consoles to each other.
fn same(native: &str, virtually: &str) -> Result<(), String> {
    let [native, virtually] = [native, virtually].map(messages);
    if native.len() < LEAST {
        return Err(format!("the native run has only {} messages", native.len()));
    }
    equal("the kernel's messages, natively and in the machine,", &native.join("\n"), &virtually.join("\n"))
}

/// A console's kernel messages without their time stamps, and without what follows the start of one that may differ.
fn messages(console: &str) -> Vec<&str> {
    console.lines().filter_map(message).map(comparable).collect()
}

/// The part of a message that is the same in both runs.
fn comparable(message: &str) -> &str {
    MAY_DIFFER.iter().copied().find(|start| message.starts_with(start)).unwrap_or(message)
}

/// The message on a line, behind a time stamp such as `[    0.047469] `. What a program has begun to say on the line stands
/// before it.
fn message(line: &str) -> Option<&str> {
    let is_time = |text: &str| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.trim_start_matches(' ')
            .split_once('.')
            .is_some_and(|(whole, part)| digits(whole) && digits(part))
    };
    line.match_indices('[').find_map(|(at, _)| {
        let (time, message) = line[at + 1..].split_once("] ")?;
        is_time(time).then(|| message.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_by_their_time_stamps() {
        assert_eq!(message("[    0.047469] UIC0 (32 IRQ sources)\r"), Some("UIC0 (32 IRQ sources)"));
        assert_eq!(message("Star[   12.500000] random: crng init done"), Some("random: crng init done"));
        assert_eq!(message("a [b] [    1.000000] c [d] e"), Some("c [d] e"));
        for other in ["guest:/root# ", "[fugue] boot system=x", "[] nothing", "[ 1.x] no time", "[1.0]"] {
            assert_eq!(message(other), None, "{other}");
        }
    }

    #[test]
    fn consoles_are_the_same_but_for_time_and_what_may_differ() {
        let boot = |seconds: u32, memory: &str, last: &str| {
            let lines: String =
                (0..LEAST).map(|line| format!("[    {seconds}.000000] line {line}\n")).collect();
            format!("{lines}[    2.000000] Memory: {memory}\n[    3.000000] {last}\n{PROMPT}")
        };
        let native = boot(1, "251368K", "all is well");
        assert_eq!(same(&native, &boot(9, "251388K", "all is well")), Ok(()));
        let wrong = same(&native, &boot(1, "251368K", "Oops")).expect_err("a message of its own");
        assert!(wrong.contains("all is well\nOops"), "{wrong}");
        let more = boot(1, "251368K", "all is well") + "\n[    4.000000] and more";
        assert!(same(&native, &more).is_err());
        assert!(same("", "").is_err(), "nothing is nothing to compare");
    }
}
