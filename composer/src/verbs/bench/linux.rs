//! Linux in a virtual machine, against the same Linux without one.

use composer_build::progress::Progress;
use composer_build::{Built, Failure};
use composer_layout::lowered::{Program, VirtualMachine};
use composer_machine::Native;
use composer_model::Checkout;
use composer_payload::Request;
use composer_payload::microbench::{self, Figures};
use composer_syntax::Code;
use serde::Deserialize;

use super::guests::{Measured, Unit, options, said};
use crate::arguments::{Consent, Which};
use crate::exit;
use crate::screen::Screen;

/// The machine that is measured: an interrupt controller and a UART, and nothing else.
const SPEC: &str = "tests/specs/bench-linux.ron";

/// What the guest says last.
const LAST: &str = "^MB end .*$";

/// What is read of an image's description.
#[derive(Deserialize)]
struct Lowered {
    program: Program,
}

/// Runs the guest natively and in a virtual machine, with time that counts instructions, and divides.
///
/// Both have the same kernel, initial file system, command line and size of RAM: the native run takes them from the spec
/// and from the image's description.
pub(super) fn measure(
    checkout: &Checkout,
    consent: Consent,
    screen: &mut Screen,
) -> Result<Vec<Measured>, Failure> {
    let which = payload(checkout)?;
    let files = super::super::payload::made(&which, consent, &[], screen)?.files;
    let built = super::built(checkout, consent, SPEC, screen)?;
    let vm = machine(&built)?;
    let native = Native {
        uimage: files.uimage.ok_or_else(|| exit::user(Code::CannotRun, "the payload has no uImage"))?,
        initrd: files.initrd,
        device_tree: files.device_tree,
        command_line: vm.command_line,
        memory: vm.memory.size,
    };
    let (options, mut nowhere) = (options(LAST), std::io::sink());
    screen.step("Measuring", "linux-guest natively");
    let without = composer_machine::run_native(&native, &options, &mut nowhere);
    let without = Figures::read(&said("linux-guest natively", without)?);
    screen.step("Measuring", SPEC);
    let with = Figures::read(&said(SPEC, composer_machine::run(&built, &options, &mut nowhere))?);
    Ok(ratios(&with, &without))
}

/// The payload that the spec names.
fn payload(checkout: &Checkout) -> Result<Which, Failure> {
    let payloads = composer_build::check(checkout, &checkout.root().join(SPEC), None).payloads();
    match payloads.into_iter().next() {
        Some(Request::Recipe { name, variant }) => Ok(Which { name, variant }),
        _ => Err(exit::user(Code::BenchFailed, format!("`{SPEC}` names no recipe for its guest"))),
    }
}

/// The virtual machine of an image.
fn machine(built: &Built) -> Result<VirtualMachine, Failure> {
    let lowered = std::fs::read(&built.lowered).ok();
    let lowered: Option<Lowered> = lowered.and_then(|text| serde_json::from_slice(&text).ok());
    let domains = lowered.into_iter().flat_map(|lowered| lowered.program.domains);
    let mut instances = domains.flat_map(|domain| domain.instances);
    instances.find_map(|instance| instance.vm).ok_or_else(|| {
        exit::user(Code::BenchFailed, format!("the image of `{SPEC}` describes no virtual machine"))
    })
}

/// The time with a machine over the time without, for everything that both runs have a figure of.
fn ratios(with: &Figures, without: &Figures) -> Vec<Measured> {
    let ratio = |name: &str, with: u64, without: u64| {
        let value = (with as f64 / without.max(1) as f64 * 100.0).round() / 100.0;
        Measured { name: format!("linux.{name}"), value, unit: Unit::Ratio, ticks: Some((with, without)) }
    };
    let boot = with.start.zip(without.start).map(|(with, without)| ratio("boot", with, without));
    // The cheapest round of as many operations: one that no tick of the guest's timer fell into, if there was one.
    let same = |one: &microbench::Figure, other: &microbench::Figure| one.batch == other.batch;
    let tests = with.tests.iter().filter_map(|(name, one)| {
        let other = without.tests.get(name).filter(|other| same(one, other))?;
        Some(ratio(name, one.least, other.least))
    });
    boot.into_iter().chain(tests).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_both_runs_are_divided() {
        let with = Figures::read(
            "MB start tb=300\nMB name=fork n=80 b=4 total=900 per_milli=1 min=30\nMB name=odd n=8 b=4 total=9 min=3\n",
        );
        let without = Figures::read(
            "MB start tb=200\nMB name=fork n=80 b=4 total=800 per_milli=1 min=20\nMB name=odd n=8 b=2 total=9 min=3\n",
        );
        let ratios = ratios(&with, &without);
        let said: Vec<(&str, f64)> = ratios.iter().map(|one| (one.name.as_str(), one.value)).collect();
        assert_eq!(said, [("linux.boot", 1.5), ("linux.fork", 1.5)]);
        assert_eq!(ratios[1].ticks, Some((30, 20)));
    }
}
