//! Carries cases out.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use composer_build::progress::Silent;
use composer_build::{Failure, Finished, Host, Request};
use composer_diagnostics::{Style, human_all};
use composer_machine::{Outcome, Reply, RunOptions, counted, pattern};
use composer_model::Checkout;

use super::{Case, Run, Verdict, What, judge};

/// More than any run is silent for on a busy machine. A slow run that goes on is no failure.
const SILENCE: Duration = Duration::from_secs(120);

/// More than any run takes, whatever it says.
const PATIENCE: Duration = Duration::from_secs(900);

/// How many lines of a console a complaint shows.
const TAIL: usize = 40;

/// Where cases are carried out.
#[derive(Debug)]
pub struct Stage<'a> {
    /// The checkout.
    pub checkout: &'a Checkout,
    /// This machine.
    pub host: &'a Host,
}

/// Carries a case out.
pub fn conduct(case: &Case, stage: &Stage<'_>) -> Verdict {
    let start = Instant::now();
    let complaints = match case.what {
        What::Run(run) => stage.judged(case.name, &run),
        What::Custom(custom) => custom(stage).err().into_iter().collect(),
    };
    Verdict { case: *case, complaints, time: start.elapsed() }
}

impl Stage<'_> {
    /// Builds a spec; says why it cannot be built.
    pub fn build(&self, spec: &str, platform: Option<&str>) -> Result<Finished, String> {
        self.build_in(self.checkout, &self.checkout.root().join(spec), platform)
    }

    /// Builds a spec of another checkout.
    pub fn build_in(
        &self,
        checkout: &Checkout,
        spec: &Path,
        platform: Option<&str>,
    ) -> Result<Finished, String> {
        let request = Request { checkout, spec, platform, host: self.host };
        composer_build::build(&request, &mut Silent).map_err(|failure| words(&failure))
    }

    /// Builds and runs.
    pub fn run(&self, name: &str, run: &Run) -> Result<Outcome, String> {
        let finished = self.build(run.spec, run.platform)?;
        let regex = |text: &str| pattern(text).map_err(|error| error.to_string());
        let replies = run
            .replies
            .iter()
            .map(|(when, send)| Ok(Reply { when: regex(when)?, send: send.as_bytes().to_vec() }));
        let options = RunOptions {
            interactive: false,
            expect: run.until.map(regex).transpose()?,
            timeout: Some(PATIENCE),
            icount: run.icount,
            log: Some(self.log(name)?),
            replies: replies.collect::<Result<_, String>>()?,
            attach: run.console.map(str::to_owned),
            silence: Some(SILENCE),
            counted: if run.counts { counted(&finished) } else { Vec::new() },
            workers: if run.ends { finished.system.workers() } else { Vec::new() },
            ..RunOptions::default()
        };
        composer_machine::run(&finished.built, &options, &mut std::io::sink())
            .map_err(|problem| problem.message)
    }

    fn judged(&self, name: &str, run: &Run) -> Vec<String> {
        let outcome = match self.run(name, run) {
            Ok(outcome) => outcome,
            Err(why) => return vec![why],
        };
        let mut complaints = judge(run, &outcome);
        if !complaints.is_empty() {
            let tail = outcome.tail(TAIL);
            complaints.push(format!("the console's last lines:\n{tail}"));
            if !outcome.complaints.is_empty() {
                complaints.push(format!("the machine says: {}", outcome.complaints));
            }
        }
        complaints
    }

    /// Where a case's console is kept.
    pub(super) fn log(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.checkout.root().join("target/composer/consoles");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        Ok(folder.join(name).with_extension("txt"))
    }
}

/// A failed build, as a person reads it.
fn words(failure: &Failure) -> String {
    let output = failure.output.as_deref().map(|output| format!("{}\n\n", output.trim_end()));
    output.unwrap_or_default() + &human_all(&failure.diagnostics, &failure.sources, Style::default())
}
