//! What a virtual machine adds to single instructions, by a guest that measures them (`apps/vm-bench-guest`).

use composer_build::Failure;
use composer_build::progress::Progress;
use composer_model::Checkout;

use super::figures;
use super::guests::{Measured, Unit, options, said};
use crate::arguments::Consent;
use crate::screen::Screen;

/// The machine that is measured.
const SPEC: &str = "tests/specs/bench-vm.ron";

/// What its guest says last.
const LAST: &str = "^done$";

/// Runs the guest, with time that counts instructions, and reads its figures.
pub(super) fn measure(
    checkout: &Checkout,
    consent: Consent,
    screen: &mut Screen,
) -> Result<Vec<Measured>, Failure> {
    let built = super::built(checkout, consent, SPEC, screen)?;
    screen.step("Measuring", SPEC);
    let text = said(SPEC, composer_machine::run(&built, &options(LAST), &mut std::io::sink()))?;
    let measured = text.lines().filter_map(figures::read);
    let unit = Unit::Instructions;
    Ok(measured.map(|one| Measured { name: one.name, value: one.value, unit, ticks: None }).collect())
}
