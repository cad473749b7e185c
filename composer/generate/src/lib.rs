//! Generated Rust, linker scripts and manifests, from templates.
//!
//! A system becomes a cargo workspace: one crate for each domain, one for the kernel. Every file is printed
//! from the lowered system by a template that `templates/` holds; nothing is decided here. Generated code is
//! meant to be read: formatted, commented, and each line that comes from the spec names the spec's line.
//!
//! | file                           | from                    | says                                     |
//! |--------------------------------|-------------------------|------------------------------------------|
//! | `Cargo.toml`                   | `workspace.toml.hbs`    | the crates, and how they are compiled    |
//! | `powerpc-fugue-none.json`      | as it is                | the target                               |
//! | `powerpc-fugue-none-fpu.json`  | as it is                | the same with the floating-point unit    |
//! | `<domain>/src/main.rs`         | `domain_main.rs.hbs`    | the instances and what they are given    |
//! | `<domain>/link.ld`             | `domain.ld.hbs`         | where the program lies in its space      |
//! | `kernel/src/main.rs`           | `kernel_main.rs.hbs`    | the tables that the kernel obeys         |
//! | `kernel/link.ld`               | `kernel.ld.hbs`         | where the kernel lies                    |
//! | `*/Cargo.toml`, `*/build.rs`   | `package.toml.hbs`, …   | what each crate needs                    |

#![forbid(unsafe_code)]

mod domain;
mod helpers;
mod imports;
mod kernel;
mod literals;
mod names;
mod paths;
mod templates;

use std::collections::BTreeMap;
use std::path::PathBuf;

use composer_layout::{Placed, Plan};
use composer_model::{Checkout, System};
use serde::Serialize;

use templates::Templates;

/// Texts by their path in the generated workspace.
///
/// The workspace lies three folders below the checkout's root, and holds a link `checkout` to it.
pub type Files = BTreeMap<PathBuf, String>;

/// The target's description, for `cargo --target`.
const TARGET: &str = include_str!("../targets/powerpc-fugue-none.json");

/// The same with the floating-point unit, for domains that want it.
const FPU_TARGET: &str = include_str!("../targets/powerpc-fugue-none-fpu.json");

/// What `workspace.toml.hbs` prints.
#[derive(Debug, Serialize)]
struct Workspace<'a> {
    system: &'a str,
    spec: &'a str,
    board: &'a str,
    members: Vec<&'a str>,
    /// The kernel's folder, once it is among them.
    kernel: Option<&'a str>,
}

/// The workspace and the crates of all domains, before anything is compiled.
pub fn domains(system: &System, plan: &Plan, checkout: &Checkout) -> Files {
    let templates = Templates::new();
    let program = &plan.program;
    let mut files = workspace(system, plan, &templates, None);
    files.insert("powerpc-fugue-none.json".into(), TARGET.to_owned());
    if program.domains.iter().any(|domain| domain.fpu) {
        files.insert("powerpc-fugue-none-fpu.json".into(), FPU_TARGET.to_owned());
    }
    for domain in &program.domains {
        files.extend(domain::files(system, program, domain, checkout, &templates));
    }
    files
}

/// The crate of the kernel, once the domains are linked and placed; and the workspace, now with it.
pub fn kernel(system: &System, plan: &Plan, placed: &Placed, checkout: &Checkout) -> Files {
    let templates = Templates::new();
    let mut files = workspace(system, plan, &templates, Some(kernel::FOLDER));
    files.extend(kernel::files(system, &placed.kernel, checkout, &templates));
    files
}

fn workspace(system: &System, plan: &Plan, templates: &Templates, kernel: Option<&str>) -> Files {
    let domains = plan.program.domains.iter().map(|domain| domain.folder.as_str());
    let workspace = Workspace {
        system: &system.name,
        spec: &system.spec_name,
        board: &system.board.name,
        members: domains.chain(kernel).collect(),
        kernel,
    };
    Files::from([("Cargo.toml".into(), templates.print("workspace.toml", &workspace))])
}
