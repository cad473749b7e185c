//! The host tool: checks, lays out, generates, builds and runs a system.
//!
//! Thin on purpose: each verb reads its arguments, calls the libraries and prints what they return.

#![forbid(unsafe_code)]

mod arguments;
mod exit;
mod place;
mod screen;
mod verbs;

use std::process::ExitCode;

use arguments::{Arguments, Verb};
use clap::Parser;
use exit::End;
use screen::Screen;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let screen = Screen::new(arguments.color);
    match run(arguments.verb, screen) {
        Ok(code) => code,
        Err(failure) => {
            screen.failure(&failure);
            exit::code(failure.blame)
        }
    }
}

fn run(verb: Verb, mut screen: Screen) -> End {
    match verb {
        Verb::Check { target, json } => verbs::check(&target, json, screen),
        Verb::Build { target, consent, json } => verbs::build(&target, consent, json, &mut screen),
        Verb::Run(run) => verbs::run(&run, &mut screen),
        Verb::Debug(debug) => verbs::debug(&debug, &mut screen),
        Verb::Test { consent, target, host, filter } => {
            verbs::test(consent, &verbs::Scope { host: !target, target: !host, filter }, &mut screen)
        }
        Verb::Bench { consent, profile: Some(name), .. } => verbs::profile(consent, &name, &mut screen),
        Verb::Bench { consent, json, sizes: true, .. } => verbs::sizes(consent, json.as_deref(), &mut screen),
        Verb::Bench { consent, json, guests: true, filter, .. } => {
            verbs::guests(consent, json.as_deref(), &filter, &mut screen)
        }
        Verb::Bench { consent, json, filter, profile: None, .. } => {
            verbs::bench(consent, json.as_deref(), &filter, &mut screen)
        }
        Verb::Map { target, consent, json } => verbs::map(&target, consent, json, &mut screen),
        Verb::Payload(payload) => verbs::payload(&payload, &mut screen),
        Verb::Explain { code } => verbs::explain(code.as_deref()),
        Verb::Doctor { json } => verbs::doctor(json),
        Verb::Lint { target, consent } => verbs::lint(&target, consent, &mut screen),
        Verb::Clean => verbs::clean(&mut screen),
        Verb::Completions { shell } => verbs::completions(shell),
    }
}
