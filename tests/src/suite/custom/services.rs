//! What a spec does not ask for is not in its image.

use std::fs;

use composer_build::Finished;

use super::death::GUEST_DIES;
use super::{HELLO, inspect};
use crate::suite::Stage;

/// Names that a kernel's debug information has only with a service, and a spec that asks for it.
const SERVICES: [(&str, &str); 2] =
    [("write_trace", "tests/specs/trace.ron"), ("open_account", "tests/specs/budget.ron")];

/// A spec with a virtual machine.
const VM: &str = "tests/specs/vm-idle.ron";

/// Looks for the code of the kernel's services, in kernels with them and in one without.
pub(crate) fn absent_services(stage: &Stage<'_>) -> Result<(), String> {
    let plain = kernel(stage, HELLO)?;
    for (name, spec) in SERVICES {
        let holds = |kernel: &[u8]| kernel.windows(name.len()).any(|window| window == name.as_bytes());
        if !holds(&kernel(stage, spec)?) {
            return Err(format!("the kernel of {spec} has no `{name}`: look for another name"));
        }
        if holds(&plain) {
            return Err(format!("the kernel of {HELLO} has `{name}`, for which it does not ask"));
        }
    }
    virtual_cpus(&plain, &kernel(stage, VM)?)
}

/// The vCPU service is whole modules and assembly: no symbol of it may be there.
fn virtual_cpus(plain: &[u8], virtualised: &[u8]) -> Result<(), String> {
    for word in ["vcpu", "guest"] {
        if inspect::symbols(virtualised, word)?.is_empty() {
            return Err(format!("the kernel of {VM} has no symbol with `{word}`: look for another word"));
        }
        if let Some(symbol) = inspect::symbols(plain, word)?.first() {
            return Err(format!("the kernel of {HELLO} has `{symbol}`, though it runs no guest"));
        }
    }
    Ok(())
}

/// Looks for what a monitor has only by the spec's word, in monitors with it and in one without.
pub(crate) fn absent_parts(stage: &Stage<'_>) -> Result<(), String> {
    let plain = monitor(&stage.build(VM, None)?)?;
    let path = stage.checkout.root().join(VM);
    let wired = composer_model::with_debugger(stage.checkout, &path, None, "vm0")
        .map_err(|problem| problem.message)?
        .ok_or("the spec has a debugger already, or errors")?;
    let debugged = stage.build_in(&stage.checkout.clone().with_text(&path, wired), &path, None)?;
    let measured = stage.build(GUEST_DIES, None)?;
    for (word, with) in [("gdb_stub", debugged), ("costs", measured)] {
        if inspect::symbols(&monitor(&with)?, word)?.is_empty() {
            return Err(format!("a monitor that has it has no symbol with `{word}`: look for another word"));
        }
        if let Some(symbol) = inspect::symbols(&plain, word)?.first() {
            return Err(format!("the monitor of {VM} has `{symbol}`, for which it does not ask"));
        }
    }
    Ok(())
}

/// The program of `vm0`.
fn monitor(finished: &Finished) -> Result<Vec<u8>, String> {
    let domain = finished.built.domains.iter().find(|domain| domain.name == "vm0").ok_or("no vm0")?;
    fs::read(&domain.elf).map_err(|error| error.to_string())
}

fn kernel(stage: &Stage<'_>, spec: &str) -> Result<Vec<u8>, String> {
    let finished = stage.build(spec, None)?;
    fs::read(&finished.built.kernel).map_err(|error| error.to_string())
}
