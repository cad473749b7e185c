//! The rules of a system. Each check reads the draft and reports; none changes it, none prints.

mod config;
mod cycles;
mod devices;
mod domains;
mod grants;
mod memory;
mod names;
mod ports;
mod priorities;
mod signals;
mod wires;

use composer_syntax::Diagnostics;

use crate::draft::Draft;

/// Runs every check.
pub(crate) fn all(draft: &Draft<'_>, found: &mut Diagnostics) {
    for check in [
        names::check,
        ports::check,
        wires::check,
        domains::check,
        cycles::check,
        signals::check,
        priorities::check,
        config::check,
        devices::check,
        memory::check,
        grants::check,
    ] {
        check(draft, found);
    }
}
