//! The guest's payload, made by its recipe and booted without a virtual machine.

use std::time::Duration;

use composer_machine::{End, Native, Outcome, Reply, RunOptions, pattern, run_native};
use composer_payload::microbench::Figures;
use composer_payload::{Cache, Context, Payload, Request, Tools, Watch, prepare};
use regex::bytes::Regex;

use super::equal;
use crate::suite::Stage;

/// More than a guest is silent for on a busy machine.
const SILENCE: Duration = Duration::from_secs(120);

/// The command line of a boot that says little.
const QUIET: &str = "console=ttyS0,115200 quiet";

/// A kernel's compilation takes minutes: whoever waits is told.
struct Aloud;

impl Watch for Aloud {
    fn step(&mut self, word: &str, what: &str) {
        eprintln!("{word:>12} {what}");
    }
}

/// Boots the guest's kernel on QEMU's own board to its shell, and has it answer.
pub(crate) fn guest_shell(stage: &Stage<'_>) -> Result<(), String> {
    let prompt = "guest:/root# ";
    let ask = "echo $((6 * 7)) $(uname -rm) $(busybox wc -l < /etc/inittab)\r";
    let reply = Reply { when: compiled(prompt)?, send: ask.as_bytes().to_vec() };
    let options = RunOptions {
        expect: Some(compiled(r"^42 6\.1\.[0-9]+ ppc [0-9]+$")?),
        replies: vec![reply],
        ..options(stage, "guest-shell")?
    };
    let outcome = boot(stage, "default", QUIET, &options)?;
    if outcome.end == End::Matched { Ok(()) } else { Err(ended(&outcome)) }
}

/// Runs the guest's benchmark natively, twice, with time that counts instructions.
pub(crate) fn guest_benchmark(stage: &Stage<'_>) -> Result<(), String> {
    let options = RunOptions { icount: true, ..options(stage, "guest-benchmark")? };
    let once = || {
        let outcome = boot(stage, "bench", QUIET, &options)?;
        if outcome.end == End::Ended { Ok(outcome.text()) } else { Err(ended(&outcome)) }
    };
    let (one, other) = (once()?, once()?);
    let figures = Figures::read(&one);
    if figures.tests.len() != 20 || figures.start.is_none() || figures.end.is_none() {
        return Err(format!("there are {} figures:\n{one}", figures.tests.len()));
    }
    equal("two runs of the guest's benchmark", &one, &other)
}

/// Boots Linux natively with what a variant of the recipe has.
pub(super) fn boot(
    stage: &Stage<'_>,
    variant: &str,
    command_line: &str,
    options: &RunOptions,
) -> Result<Outcome, String> {
    let files = payload(stage, "linux-guest", variant)?.files;
    let native = Native {
        uimage: files.uimage.ok_or("the payload has no uImage")?,
        initrd: files.initrd,
        device_tree: files.device_tree,
        command_line: command_line.to_owned(),
        memory: 256 << 20,
    };
    run_native(&native, options, &mut std::io::sink()).map_err(|problem| problem.message)
}

/// A payload, made if it was not.
pub(super) fn payload(stage: &Stage<'_>, name: &str, variant: &str) -> Result<Payload, String> {
    let request = Request::Recipe { name: name.to_owned(), variant: variant.to_owned() };
    let mut context = Context {
        checkout: stage.checkout.root(),
        cache: Cache::of_user(),
        tools: Tools::of_machine(),
        watch: &mut Aloud,
    };
    prepare(&request, &mut context).map_err(|error| {
        let lines = error.diagnostics.iter().map(|one| one.one_line(&error.sources));
        lines.chain(error.output.clone()).collect::<Vec<_>>().join("\n")
    })
}

/// How a guest is run whose console goes to a file of this name.
pub(super) fn options(stage: &Stage<'_>, name: &str) -> Result<RunOptions, String> {
    Ok(RunOptions { silence: Some(SILENCE), log: Some(stage.log(name)?), ..RunOptions::default() })
}

fn compiled(text: &str) -> Result<Regex, String> {
    pattern(text).map_err(|error| error.to_string())
}

/// What a run came to that came to something else than it should.
pub(super) fn ended(outcome: &Outcome) -> String {
    format!("it ended as {:?}; the machine says: {}\n{}", outcome.end, outcome.complaints, outcome.tail(40))
}
