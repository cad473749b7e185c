//! From a spec to an image.
//!
//! ```text
//! spec ─ check ─> System, Plan ─ generate, cargo ─> domains ─ measure, place ─> Placed
//!                                                                                 │
//!                       image, programs, lowered <─ join <─ kernel <─ generate, cargo
//! ```
//!
//! Cargo's folder is the checkout's own and shared by all specs; each spec and board has a workspace
//! beside it. What a build leaves behind is written at its very end, the image last, so an interrupted
//! build leaves the last good one.

mod folder;
mod guest;
mod image;
mod keep;

use std::path::{Path, PathBuf};

use composer_layout::{DomainImage, GuestPayload, KernelNeeds, Placed, Plan, StackNeed};
use composer_model::{Checkout, DomainId, System};
use composer_stack::Claim;
use composer_syntax::{Code, Diagnostic, SourceMap};

use crate::built::Built;
use crate::cargo::{self, Action, Job, Programs, Target};
use crate::failure::{Blame, Failure};
use crate::files::{self, Files};
use crate::front::check;
use crate::host::Host;
use crate::link::{self, Program};
use crate::lock::Lock;
use crate::progress::Progress;
use crate::toolchain::{Compiler, Linker, Toolchain};
use folder::Folder;
use guest::Guest;
pub(crate) use guest::requests;

/// What to build.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Where components, boards and interfaces are found.
    pub checkout: &'a Checkout,
    /// The spec.
    pub spec: &'a Path,
    /// A board in place of the spec's own.
    pub platform: Option<&'a str>,
    /// Where tools are found.
    pub host: &'a Host,
}

/// A finished build.
#[derive(Debug)]
pub struct Finished {
    /// What it left behind.
    pub built: Built,
    /// What spans of the warnings point into.
    pub sources: SourceMap,
    /// Warnings.
    pub warnings: Vec<Diagnostic>,
    /// The system.
    pub system: System,
    /// Where everything lies.
    pub placed: Placed,
}

/// Builds an image.
///
/// # Errors
///
/// Everything that is wrong with the spec, a component that does not compile, or a machine that lacks
/// something. The last good image stays where it was.
pub fn build(request: &Request<'_>, progress: &mut dyn Progress) -> Result<Finished, Failure> {
    progress.step("Checking", &request.checkout.display(request.spec));
    let (system, plan, sources, mut warnings) =
        check(request.checkout, request.spec, request.platform).into_plan()?;
    let guests = guest::prepare(&system, request.checkout, progress)?;
    let work = Work::begin(request, &system, progress)?;
    match work.build(&plan, &guests, progress) {
        Ok((built, placed, system)) => Ok(Finished { built, sources, warnings, system, placed }),
        Err(mut failure) => {
            // Whatever carries labels points into the same sources; warnings may explain the error.
            failure.sources = sources;
            warnings.append(&mut failure.diagnostics);
            failure.diagnostics = warnings;
            Err(failure)
        }
    }
}

/// Holds the crates of a system to the workspace's lints, warnings denied, as the target's compiler sees
/// them.
///
/// # Errors
///
/// Those of [`build`], and what clippy finds.
pub fn lint(request: &Request<'_>, progress: &mut dyn Progress) -> Result<(), Failure> {
    // The kernel's crate is generated from linked domains.
    let finished = build(request, progress)?;
    let work = Work::begin(request, &finished.system, progress)?;
    if work.toolchain.compiler.clippy_driver.is_none() {
        return Err(Failure::environment(Diagnostic::error(
            Code::ToolMissing,
            format!("{} comes without clippy", work.toolchain.compiler.origin),
        )));
    }
    progress.step("Linting", &finished.system.name);
    let target = work.folder.lint_target();
    cargo::run(&work.job(Action::Lint, &target, &[]), progress).map(|_| ())
}

/// What is to be compiled and linked.
struct Package<'a> {
    name: &'a str,
    target: Target,
    /// What is said of a domain's calls through pointers; none for the kernel.
    claims: Option<Vec<Claim>>,
}

/// A linked program.
struct Linked {
    path: PathBuf,
    program: Program,
    stack: StackNeed,
}

/// A build in progress, which no other in this checkout disturbs.
struct Work<'a> {
    checkout: &'a Checkout,
    system: &'a System,
    toolchain: Toolchain,
    folder: Folder,
    _lock: Lock,
}

impl<'a> Work<'a> {
    fn begin(
        request: &Request<'a>,
        system: &'a System,
        progress: &mut dyn Progress,
    ) -> Result<Self, Failure> {
        let toolchain = toolchain(request.host)?;
        let folder = Folder::new(request.checkout.root(), system);
        let lock = Lock::take(folder.all(), progress)
            .map_err(|error| crate::failure::cannot_write(folder.all(), &error))?;
        Ok(Self { checkout: request.checkout, system, toolchain, folder, _lock: lock })
    }

    /// What it leaves behind, with the system as it was placed: the board may have got more memory.
    fn build(
        &self,
        plan: &Plan,
        guests: &[Guest],
        progress: &mut dyn Progress,
    ) -> Result<(Built, Placed, System), Failure> {
        let system = self.system;
        guest::fit(system, guests)?;
        let payloads: Vec<GuestPayload> = guests.iter().map(Guest::measured).collect();
        let plan = &plan.clone().with_guests(system, payloads.clone());
        let mut generated = composer_generate::domains(system, plan, self.checkout);
        self.write(&generated)?;
        let count = system.domains.len();
        let plural = if count == 1 { "" } else { "s" };
        progress.step("Building", &format!("{count} domain{plural} of {}", system.name));
        let packages = plan.program.domains.iter().zip(&system.domains).map(|(lowered, domain)| Package {
            name: &lowered.package,
            target: if lowered.fpu { Target::Fpu } else { Target::Soft },
            claims: Some(link::claims(system, domain)),
        });
        let domains = self.compile(&packages.collect::<Vec<_>>(), progress)?;
        let images: Vec<DomainImage> = (0..)
            .map(DomainId)
            .zip(&domains)
            .map(|(id, linked)| linked.program.domain(id, linked.stack.clone()))
            .collect();

        let (system, plan, mut placed) = place(system, plan, &payloads, &images)?;
        let (system, plan) = (&system, &plan);
        generated.extend(composer_generate::kernel(system, plan, &placed, self.checkout));
        self.write(&generated)?;
        files::remove_stale(&self.folder.workspace, &generated)
            .map_err(|error| crate::failure::cannot_write(&self.folder.workspace, &error))?;
        progress.step("Building", &format!("the kernel for {}", system.board.name));
        let package = Package { name: &placed.kernel.package, target: Target::Soft, claims: None };
        let kernels = self.compile(&[package], progress)?;
        let kernel = &kernels[0];
        let measured = kernel.program.kernel(kernel.stack.clone());
        composer_layout::kernel_fits(system, &mut placed, &measured).map_err(user)?;

        let programs: Vec<&Program> = domains.iter().map(|linked| &linked.program).collect();
        let image = image::join(
            system,
            &placed,
            &programs,
            &kernel.program,
            guests,
            &self.toolchain.compiler.release,
        )?;
        let files: Vec<&Path> = domains.iter().map(|linked| linked.path.as_path()).collect();
        let kept =
            keep::Kept { system, plan, placed: &placed, domains: &files, kernel: &kernel.path, guests };
        let built = keep::keep(&kept, &self.folder, self.checkout, &image.to_bytes())?;
        Ok((built, placed, system.clone()))
    }

    /// Writes what was generated, the checkout's link and its lock file.
    fn write(&self, generated: &Files) -> Result<(), Failure> {
        let cannot = |path: &Path, error: &std::io::Error| crate::failure::cannot_write(path, error);
        let root = &self.folder.workspace;
        files::write_all(root, generated).map_err(|(path, error)| cannot(&path, &error))?;
        // The same versions as in the checkout; cargo adds the generated packages.
        let lock = root.join("Cargo.lock");
        let ours = self.checkout.root().join("Cargo.lock");
        std::fs::read(&ours)
            .and_then(|versions| files::write(&lock, &versions))
            .map_err(|error| cannot(&lock, &error))?;
        let link = root.join(cargo::LINK);
        files::link(&link, Path::new("../../..")).map_err(|error| cannot(&link, &error))
    }

    /// Compiles packages; gives what was linked, in their order.
    fn compile(&self, packages: &[Package<'_>], progress: &mut dyn Progress) -> Result<Vec<Linked>, Failure> {
        let target = self.folder.target();
        let mut programs = Programs::new();
        for machine in [Target::Soft, Target::Fpu] {
            let chosen = packages.iter().filter(|package| package.target == machine);
            let chosen: Vec<String> = chosen.map(|package| package.name.to_owned()).collect();
            // Without packages it would compile all of them, and a core library that nothing needs.
            if !chosen.is_empty() {
                let job = Job { machine, ..self.job(Action::Build, &target, &chosen) };
                programs.extend(cargo::run(&job, progress)?);
            }
        }
        packages
            .iter()
            .map(|&Package { name: package, ref claims, .. }| {
                let path = programs.remove(package).ok_or_else(|| {
                    Failure::bug(Code::BadOutput, format!("cargo reports success, but linked no `{package}`"))
                })?;
                let bytes = std::fs::read(&path).map_err(|error| {
                    let message = format!("cannot read `{}`: {error}", path.display());
                    Failure::environment(Diagnostic::error(Code::CannotRead, message))
                })?;
                let unusable = |why| {
                    Failure::bug(
                        Code::BadOutput,
                        format!("the linked program of `{package}` is unusable: {why}"),
                    )
                };
                let program = Program::read(&bytes).map_err(unusable)?;
                let need = match claims {
                    Some(claims) => composer_stack::domain(&bytes, claims),
                    None => composer_stack::kernel(&bytes),
                };
                let stack = link::need(need.map_err(unusable)?, self.checkout.root());
                Ok(Linked { path, program, stack })
            })
            .collect()
    }

    fn job<'b>(&'b self, action: Action, target: &'b Path, packages: &'b [String]) -> Job<'b> {
        Job {
            action,
            machine: Target::Soft,
            toolchain: &self.toolchain,
            checkout: self.checkout.root(),
            workspace: &self.folder.workspace,
            target,
            packages,
        }
    }
}

/// Places what was linked, on the board's smallest memory that holds it.
fn place(
    system: &System,
    plan: &Plan,
    payloads: &[GuestPayload],
    images: &[DomainImage],
) -> Result<(System, Plan, Placed), Failure> {
    let (mut system, mut plan) = (system.clone(), plan.clone());
    loop {
        let found = match composer_layout::place(&system, &plan, images, &KernelNeeds::of(&system)) {
            Ok(placed) => return Ok((system, plan, placed)),
            Err(found) => found,
        };
        system = composer_layout::grown(&system, &found).ok_or_else(|| user(found))?;
        plan = composer_layout::plan(&system).map_err(user)?.with_guests(&system, payloads.to_vec());
    }
}

/// What builds for the node on this machine.
fn toolchain(host: &Host) -> Result<Toolchain, Failure> {
    let missing = |what: &str| {
        let diagnostic =
            Diagnostic::error(Code::NoTargetCompiler, format!("no {what} for the node is found"));
        Failure::environment(diagnostic.help("`composer doctor` lists what is missing"))
    };
    Ok(Toolchain {
        compiler: Compiler::find(host).ok_or_else(|| missing("compiler"))?,
        linker: Linker::find(host).ok_or_else(|| missing("linker"))?,
    })
}

/// Diagnostics of a later pass: the spec's author mends what they speak of.
fn user(diagnostics: Vec<Diagnostic>) -> Failure {
    Failure { blame: Blame::User, sources: SourceMap::new(), diagnostics, output: None }
}
