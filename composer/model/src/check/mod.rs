//! The rules of a system. Each check reads the draft and reports; none changes it, none prints.

mod budgets;
mod config;
mod cycles;
mod devices;
mod domains;
mod grants;
mod guest_devices;
mod handlers;
mod memory;
mod names;
mod ports;
mod priorities;
mod signals;
mod unused;
mod vms;
mod wires;

use composer_syntax::Diagnostics;

use crate::draft::Draft;

pub(crate) use guest_devices::address;
pub(crate) use memory::is_placeable;

/// Runs every check. What is unused is only told where nothing is wrong: a mistake elsewhere may be why.
pub(crate) fn all(draft: &Draft<'_>, found: &mut Diagnostics) {
    for check in [
        names::check,
        ports::check,
        wires::check,
        domains::check,
        cycles::check,
        handlers::check,
        signals::check,
        priorities::check,
        budgets::check,
        config::check,
        devices::check,
        memory::check,
        grants::check,
        vms::check,
        guest_devices::check,
    ] {
        check(draft, found);
    }
    if !found.has_errors() {
        unused::check(draft, found);
    }
}
