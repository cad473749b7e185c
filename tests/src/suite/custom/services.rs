//! What a spec does not ask for is not in its image.

use std::fs;

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

fn kernel(stage: &Stage<'_>, spec: &str) -> Result<Vec<u8>, String> {
    let finished = stage.build(spec, None)?;
    fs::read(&finished.built.kernel).map_err(|error| error.to_string())
}
