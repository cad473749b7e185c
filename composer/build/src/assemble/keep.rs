//! What a build leaves behind: the programs with symbols, the lowered system, and last the image.

use std::path::Path;

use composer_layout::lowered::{Kernel, Program as Lowered};
use composer_layout::{Placed, Plan};
use composer_model::{Checkout, Run, System};
use composer_syntax::Code;
use serde::Serialize;

use super::folder::Folder;
use super::guest::Guest;
use crate::built::{Built, BuiltDomain, BuiltGuest, BuiltInstance, Launch};
use crate::failure::{Failure, cannot_write};
use crate::files;

/// What is kept.
pub(super) struct Kept<'a> {
    /// The system.
    pub(super) system: &'a System,
    /// Its plan.
    pub(super) plan: &'a Plan,
    /// Its layout.
    pub(super) placed: &'a Placed,
    /// The domains' linked programs, by index.
    pub(super) domains: &'a [&'a Path],
    /// The kernel's.
    pub(super) kernel: &'a Path,
    /// What runs in virtual machines.
    pub(super) guests: &'a [Guest],
}

/// The lowered system, as its file has it.
#[derive(Serialize)]
struct LoweredSystem<'a> {
    schema: u32,
    program: &'a Lowered,
    kernel: &'a Kernel,
}

/// Writes everything that a build leaves behind. Until the image, nothing replaces what a run needs of
/// the last good one but programs with symbols.
pub(super) fn keep(
    kept: &Kept<'_>,
    folder: &Folder,
    checkout: &Checkout,
    image: &[u8],
) -> Result<Built, Failure> {
    let kernel = copy(kept.kernel, folder, "kernel")?;
    let mut domains = Vec::new();
    let pids = kept.placed.kernel.domains.iter().map(|domain| domain.pid);
    for ((domain, linked), pid) in kept.plan.program.domains.iter().zip(kept.domains).zip(pids) {
        let instances = domain
            .instances
            .iter()
            .map(|instance| BuiltInstance { name: instance.name.clone(), module: instance.module.clone() });
        domains.push(BuiltDomain {
            name: domain.name.clone(),
            pid,
            elf: copy(linked, folder, &format!("domain-{}", domain.name))?,
            instances: instances.collect(),
        });
    }
    let built = Built {
        system: kept.system.name.clone(),
        board: kept.system.board.name.clone(),
        image: folder.image(),
        kernel,
        domains,
        guests: guests(kept),
        launch: launch(&kept.system.board.run),
        lowered: folder.lowered(),
        checkout: checkout.root().to_path_buf(),
    };
    let lowered = LoweredSystem { schema: 1, program: &kept.plan.program, kernel: &kept.placed.kernel };
    write(&folder.lowered(), &json(&lowered)?)?;
    write(&folder.built(), &json(&built)?)?;
    write(&folder.image(), image)?;
    Ok(built)
}

fn guests(kept: &Kept<'_>) -> Vec<BuiltGuest> {
    let instances = kept.plan.program.domains.iter().flat_map(|domain| &domain.instances);
    let machines = instances.filter_map(|instance| Some((&instance.name, instance.vm.as_ref()?.number)));
    let guests = machines.filter_map(|(name, number)| {
        let files = kept.guests.iter().find(|guest| kept.system[guest.instance].name == *name)?.files();
        let (kernel, symbols) = (files.kernel.clone(), files.symbols.clone());
        Some(BuiltGuest { name: name.clone(), number, kernel, symbols })
    });
    guests.collect()
}

fn launch(run: &Run) -> Launch {
    match run {
        Run::Qemu { program, machine, memory, arguments } => Launch::Qemu {
            program: program.clone(),
            machine: machine.clone(),
            memory: *memory,
            arguments: arguments.clone(),
        },
        Run::Simulator { package, memory, arguments } => {
            Launch::Simulator { package: package.clone(), memory: *memory, arguments: arguments.clone() }
        }
        Run::Nowhere { why } => Launch::Nowhere { why: why.clone() },
    }
}

fn copy(from: &Path, folder: &Folder, name: &str) -> Result<std::path::PathBuf, Failure> {
    let to = folder.program(name);
    let bytes = std::fs::read(from).map_err(|error| cannot_write(&to, &error))?;
    write(&to, &bytes)?;
    Ok(to)
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec_pretty(value).map_err(|error| {
        Failure::bug(Code::BadOutput, format!("the lowered system cannot be written: {error}"))
    })
}

fn write(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    files::write(path, contents).map_err(|error| cannot_write(path, &error))
}
