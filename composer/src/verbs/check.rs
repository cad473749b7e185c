//! `composer check`.

use composer_build::progress::Progress;
use composer_diagnostics::json;

use super::output::print;
use crate::arguments::Target;
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;

/// Says everything that is wrong with a spec.
pub(crate) fn check(target: &Target, as_json: bool, mut screen: Screen) -> End {
    let checkout = place::checkout()?;
    let spec = place::spec(&checkout, &target.spec)?;
    let checked = composer_build::check(&checkout, &spec, target.platform.as_deref());
    if as_json {
        print(&json(&checked.diagnostics, &checked.sources));
    } else {
        screen.diagnostics(&checked.diagnostics, &checked.sources);
    }
    let Some((system, _)) = checked.planned else { return Ok(exit::wrong()) };
    if !as_json {
        let what = format!(
            "{}: {} in {} for {}, no errors",
            checkout.display(&spec),
            counted(system.instances.len(), "instance"),
            counted(system.domains.len(), "domain"),
            system.board.name
        );
        screen.step("Checked", &what);
    }
    exit::OK
}

/// A number and what it counts.
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
