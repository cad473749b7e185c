//! `composer bench`.

mod catalogue;
mod figures;
mod guests;
mod image;
mod linux;
mod machine;
mod profile;
mod sizes;
mod traced;

use std::path::Path;

use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_build::{Built, Failure, Request};
use composer_model::Checkout;
use composer_syntax::Code;

use super::build::{prepared, with_guests};
use super::output::print;
use crate::arguments::Consent;
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;
use catalogue::Catalogue;

/// The image that every figure is from: counters on, budgets and tracing off.
const PLAIN: &str = "tests/specs/bench.ron";

/// The image whose kernel has virtual CPUs; its guest does nothing.
const VIRTUALISED: &str = "tests/specs/vm-idle.ron";

/// The image of the column with budgets and tracing: the same components.
const SERVICES: &str = "tests/specs/bench-services.ron";

/// Measures, prints a table, and writes the figures to a file if asked. A figure that is missing, or beyond
/// its bound, is a failure.
pub(crate) fn bench(consent: Consent, json: Option<&Path>, filter: &[String], screen: &mut Screen) -> End {
    let checkout = place::checkout()?;
    if let Some(path) = json {
        exit::writable(path)?;
    }
    let catalogue = Catalogue::read(checkout.root())?.chosen(filter)?;
    let plain = built(&checkout, consent, PLAIN, screen)?;
    image::holds_map(PLAIN, &plain)?;
    screen.step("Measuring", PLAIN);
    let measured = image::measure(PLAIN, &plain)?;
    screen.step("Tracing", PLAIN);
    let traced = image::trace(PLAIN, &plain)?;
    let services = built(&checkout, consent, SERVICES, screen)?;
    screen.step("Measuring", SERVICES);
    let services = image::measure(SERVICES, &services)?;
    let figures = figures::join(&catalogue, &measured, &services, &traced)?;
    print(&figures::table(&figures));
    if let Some(path) = json {
        let document = figures::document(&catalogue, &figures);
        std::fs::write(path, document).map_err(|error| exit::cannot_write(path, &error))?;
    }
    match figures::beyond(&figures) {
        None => exit::OK,
        Some(what) => Err(exit::user(Code::BenchFailed, what)),
    }
}

/// Measures virtual machines and the guests in them, as [`bench`](fn@bench) does the kernel.
pub(crate) fn guests(consent: Consent, json: Option<&Path>, filter: &[String], screen: &mut Screen) -> End {
    let checkout = place::checkout()?;
    if let Some(path) = json {
        exit::writable(path)?;
    }
    let catalogue = Catalogue::read(checkout.root())?.of_guests().chosen(filter)?;
    let mut measured = Vec::new();
    if catalogue.asks("vm.") {
        measured.extend(machine::measure(&checkout, consent, screen)?);
    }
    if catalogue.asks("linux.") {
        measured.extend(linux::measure(&checkout, consent, screen)?);
    }
    let figures = guests::join(&catalogue, &measured)?;
    print(&guests::table(&figures));
    if let Some(path) = json {
        let document = figures::document(&catalogue, &figures);
        std::fs::write(path, document).map_err(|error| exit::cannot_write(path, &error))?;
    }
    match guests::beyond(&figures) {
        None => exit::OK,
        Some(what) => Err(exit::user(Code::BenchFailed, what)),
    }
}

/// Prints how large the kernel is, and where unsafe code stands.
pub(crate) fn sizes(consent: Consent, json: Option<&Path>, screen: &mut Screen) -> End {
    let checkout = place::checkout()?;
    if let Some(path) = json {
        exit::writable(path)?;
    }
    let plain = built(&checkout, consent, PLAIN, screen)?;
    let virtualised = built(&checkout, consent, VIRTUALISED, screen)?;
    let sizes = sizes::measure(checkout.root(), &plain, &virtualised)?;
    print(&sizes.to_string());
    if let Some(path) = json {
        std::fs::write(path, sizes::document(&sizes)).map_err(|error| exit::cannot_write(path, &error))?;
    }
    match sizes.beyond() {
        None => exit::OK,
        Some(what) => Err(exit::user(Code::BenchFailed, what)),
    }
}

/// Prints the instructions of one round of a benchmark.
pub(crate) fn profile(consent: Consent, name: &str, screen: &mut Screen) -> End {
    let checkout = place::checkout()?;
    let plain = built(&checkout, consent, PLAIN, screen)?;
    screen.step("Tracing", PLAIN);
    let traced = image::trace(PLAIN, &plain)?;
    print(&profile::text(&traced, traced.find(name)?));
    exit::OK
}

fn built(checkout: &Checkout, consent: Consent, spec: &str, screen: &mut Screen) -> Result<Built, Failure> {
    let path = checkout.root().join(spec);
    let purposes = with_guests(checkout, &path, None, &[Purpose::Build, Purpose::Run])?;
    let host = prepared(consent, &purposes, screen)?;
    let request = Request { checkout, spec: &path, platform: None, host: &host };
    Ok(composer_build::build(&request, screen)?.built)
}
