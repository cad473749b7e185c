//! The command `bgp-sim`: runs images on a simulated node.

#![forbid(unsafe_code)]

mod command;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match command::Command::parse().execute() {
        Ok(end) => ExitCode::from(end),
        Err(message) => {
            eprintln!("bgp-sim: {message}");
            ExitCode::from(command::USAGE)
        }
    }
}
