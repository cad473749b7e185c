//! Cases that are more than one run.

mod bgp;
mod conformance;
mod death;
mod debugger;
mod determinism;
mod guest;
mod inspect;
mod last_good;
mod messages;
mod same;
mod services;
mod stacks;
mod testsuite;
mod turns;

pub(super) use bgp::{bgp_image, bgp_simulated};
pub(super) use conformance::{conformance_guest, conformance_guest_vm};
pub(super) use death::guest_dies;
pub(super) use debugger::{debug_guest, debug_node, debug_reports, debug_simulated};
pub(super) use determinism::deterministic;
pub(super) use guest::{guest_benchmark, guest_shell};
pub(super) use last_good::last_good;
pub(super) use messages::guest_messages;
pub(super) use same::{one_word, repeatable, two_paths};
pub(super) use services::{absent_parts, absent_services};
pub(super) use stacks::stacks;
pub(super) use testsuite::testsuite;
pub(super) use turns::turns;

/// The spec that everybody knows.
const HELLO: &str = "system-specs/hello.ron";

/// That a line of a text begins so.
fn said(text: &str, start: &str) -> Result<(), String> {
    if text.lines().any(|line| line.starts_with(start)) {
        return Ok(());
    }
    Err(format!("no line begins with `{start}`:\n{text}"))
}

/// That a text holds pieces one behind the other.
fn in_order(text: &str, pieces: &[&str]) -> Result<(), String> {
    let mut rest = text;
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return Err(format!("`{piece}` is missing where it belongs:\n{text}")),
        }
    }
    Ok(())
}

/// Holds two texts to each other; shows the first lines that differ.
fn equal(what: &str, one: &str, other: &str) -> Result<(), String> {
    let differ = |(one, other): &(&str, &str)| one != other;
    match one.lines().zip(other.lines()).find(differ) {
        Some((one, other)) => Err(format!("{what} differ:\n{one}\n{other}")),
        None if one.lines().count() != other.lines().count() => Err(format!("{what} differ in length")),
        None => Ok(()),
    }
}
