//! `composer build`, `composer lint`, and what other verbs need of both.

use std::path::{Path, PathBuf};

use composer_build::progress::Progress;
use composer_build::setup::{self, Purpose};
use composer_build::{Failure, Finished, Host, Request};
use composer_model::Checkout;
use composer_payload::{Cache, Tools};

use super::output::print_json;
use crate::arguments::{Consent, Target};
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;

/// Builds an image.
pub(crate) fn build(target: &Target, consent: Consent, as_json: bool, screen: &mut Screen) -> End {
    let finished = built(target, consent, &[Purpose::Build], screen)?;
    if as_json {
        print_json(&finished.built);
    }
    exit::OK
}

/// Lints a system's crates.
pub(crate) fn lint(target: &Target, consent: Consent, screen: &mut Screen) -> End {
    let checkout = place::checkout()?;
    let (spec, purposes) = sound(&checkout, target, &[Purpose::Build, Purpose::Lint])?;
    let host = prepared(consent, &purposes, screen)?;
    let platform = target.platform.as_deref();
    composer_build::lint(&Request { checkout: &checkout, spec: &spec, platform, host: &host }, screen)?;
    screen.step("Finished", "no lints");
    exit::OK
}

/// A finished build of what the command line names, its warnings shown.
pub(super) fn built(
    target: &Target,
    consent: Consent,
    purposes: &[Purpose],
    screen: &mut Screen,
) -> Result<Finished, Failure> {
    built_from(&place::checkout()?, target, consent, purposes, screen)
}

/// The same from a checkout that is known.
pub(super) fn built_from(
    checkout: &Checkout,
    target: &Target,
    consent: Consent,
    purposes: &[Purpose],
    screen: &mut Screen,
) -> Result<Finished, Failure> {
    let (spec, purposes) = sound(checkout, target, purposes)?;
    let host = prepared(consent, &purposes, screen)?;
    let platform = target.platform.as_deref();
    let request = Request { checkout, spec: &spec, platform, host: &host };
    let finished = composer_build::build(&request, screen)?;
    screen.diagnostics(&finished.warnings, &finished.sources);
    screen.step("Finished", &checkout.display(&finished.built.image));
    Ok(finished)
}

/// The spec's path, once nothing is wrong with the spec: nothing is installed for one that cannot be built. Compilers
/// for guests are needed only where a payload has to be made.
fn sound(
    checkout: &Checkout,
    target: &Target,
    purposes: &[Purpose],
) -> Result<(PathBuf, Vec<Purpose>), Failure> {
    let spec = place::spec(checkout, &target.spec)?;
    let purposes = with_guests(checkout, &spec, target.platform.as_deref(), purposes)?;
    Ok((spec, purposes))
}

/// The purposes, and guests' compilers among them if a payload of the spec has to be made.
pub(super) fn with_guests(
    checkout: &Checkout,
    spec: &Path,
    platform: Option<&str>,
    purposes: &[Purpose],
) -> Result<Vec<Purpose>, Failure> {
    let checked = composer_build::check(checkout, spec, platform);
    let payloads = checked.payloads();
    let is_qemu = checked.runs_on_qemu();
    if let Some(failure) = checked.failure() {
        return Err(failure);
    }
    let (cache, tools) = (Cache::of_user(), Tools::of_machine());
    let is_ready = |request| composer_payload::is_ready(request, checkout.root(), &cache, &tools);
    let mut purposes = purposes.to_vec();
    if !is_qemu {
        purposes.retain(|purpose| *purpose != Purpose::Run);
    }
    if !payloads.iter().all(is_ready) {
        purposes.push(Purpose::Guest);
    }
    Ok(purposes)
}

/// This machine, with everything that a verb needs.
pub(super) fn prepared(consent: Consent, purposes: &[Purpose], screen: &mut Screen) -> Result<Host, Failure> {
    let host = Host::detect();
    let consent = if consent.yes || !Screen::asks() { setup::Consent::Given } else { setup::Consent::Ask };
    setup::prepare(&host, purposes, consent, &mut setup::System, screen).map_err(Failure::environment)?;
    Ok(host)
}
