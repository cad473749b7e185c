//! A guest's death, with the names of what it was doing.

use std::fs;

use composer_machine::End;

use super::in_order;
use crate::suite::{Run, Stage};

/// A spec whose guest dies, and the node with it.
pub(super) const GUEST_DIES: &str = "tests/specs/guest-dies.ron";

/// What the console shows then, with composer's lines. The monitor's own end follows.
pub(super) const GUEST_DEATH: &[&str] = &[
    "[vm0] costs mfdcr monitor ",
    "[vm0] costs fetch guest ",
    "[vm0] the guest has died: it jumped to where there is no memory",
    // Nothing has a name there.
    "[vm0]   pc 0f000000 ",
    "          called from leap+0xc",
    "[vm0]   mfdcr ",
    "          in look+0x0",
    "[vm0]   mtdcr ",
    "          in look+0x4",
    "[vm0]   fetch ",
    "cause=failed ",
    "  failed in domain vm0 (instance vm0)",
    "  | panicked: the guest has stopped",
    "::follow  components/vmm/src/lib.rs:",
];

/// Runs it, and reads what people see. The costs can be read from outside as well.
pub(crate) fn guest_dies(stage: &Stage<'_>) -> Result<(), String> {
    let name = "guest-dies";
    let outcome = stage.run(name, &Run::of(GUEST_DIES).counting())?;
    if outcome.end != End::Halted(70) {
        return Err(format!("it ended as {:?}", outcome.end));
    }
    let console = fs::read_to_string(stage.log(name)?).map_err(|error| error.to_string())?;
    in_order(&console, GUEST_DEATH)?;
    let counts = outcome.counts.ok_or("there are no counters")?.to_string();
    in_order(
        &counts,
        &["exit_dcr ", "exits of vm0 cost", " mfdcr ", " mtdcr ", " fetch\n", "from ", " monitor "],
    )
}
