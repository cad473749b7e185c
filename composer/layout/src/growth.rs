//! How much RAM a node with virtual machines has.
//!
//! A board can say that its machine may have more RAM than it usually has. A system without virtual machines never
//! needs more, and one that does not fit has a mistake in it; with virtual machines, the smallest RAM that holds
//! everything is chosen. No physical address is compiled into a domain, so the choice can be made again when all
//! sizes are measured.

use composer_model::System;
use composer_syntax::{Code, Diagnostic};

use crate::{Plan, plan};

/// Plans a system on its board with the smallest RAM that holds what is known of it.
///
/// # Errors
///
/// What is wrong with the system; of what does not fit, what does not fit the largest RAM.
pub fn plan_growing(mut system: System) -> Result<(System, Plan), Vec<Diagnostic>> {
    loop {
        match plan(&system) {
            Ok(plan) => return Ok((system, plan)),
            Err(found) => system = grown(&system, &found).ok_or(found)?,
        }
    }
}

/// The system with more RAM, if that may mend what was found and the machine can have it.
pub fn grown(system: &System, found: &[Diagnostic]) -> Option<System> {
    let mends = |one: &Diagnostic| matches!(one.code, Code::DoesNotFit | Code::BadPin);
    if system.has_vm() && found.iter().any(mends) { system.with_more_memory() } else { None }
}
