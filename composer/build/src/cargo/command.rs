//! The command line and the environment of a cargo.
//!
//! The same input gives the same bytes, wherever the checkout lies. Two things would break that.
//!
//! Paths: each prefix that differs between machines is remapped.
//!
//! Names: cargo mixes a package's place into the names of its symbols, relative to the workspace for a
//! package inside, else absolute. The generated workspace therefore reaches the checkout through a link
//! in its own folder: every package is inside, by a path that is the same everywhere. As a gain, all specs
//! of a checkout share what they compile.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::toolchain::{Flavour, Toolchain};

use super::{CHECKOUT, LINK};

/// A target; its description is a file of the generated workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Without the floating-point unit: the kernel, and all domains that do not ask for it.
    Soft,
    /// With it.
    Fpu,
}

impl Target {
    /// Its name.
    fn name(self) -> &'static str {
        match self {
            Self::Soft => "powerpc-fugue-none",
            Self::Fpu => "powerpc-fugue-none-fpu",
        }
    }

    /// The variable that tells cargo its linker.
    fn linker(self) -> String {
        format!("CARGO_TARGET_{}_LINKER", self.name().to_uppercase().replace('-', "_"))
    }
}

/// What lets `composer-stack` see all frames and calls.
const STACK: [&str; 3] = ["-Zemit-stack-sizes", "-Clink-arg=--emit-relocs", "-Cjump-tables=no"];

/// What cargo is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Compile and link.
    Build,
    /// Check with clippy, warnings denied.
    Lint,
}

/// One call of cargo.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// What to do.
    pub(crate) action: Action,
    /// For which target.
    pub(crate) machine: Target,
    /// With what.
    pub(crate) toolchain: &'a Toolchain,
    /// The checkout's root.
    pub(crate) checkout: &'a Path,
    /// The generated workspace.
    pub(crate) workspace: &'a Path,
    /// Where compiled things go.
    pub(crate) target: &'a Path,
    /// The packages to make, of this workspace.
    pub(crate) packages: &'a [String],
}

impl Job<'_> {
    /// The command.
    pub(crate) fn command(&self) -> Command {
        let compiler = &self.toolchain.compiler;
        let mut command = Command::new(&compiler.cargo);
        forget_surroundings(&mut command);
        command
            .current_dir(self.workspace)
            .arg(match self.action {
                Action::Build => "build",
                Action::Lint => "check",
            })
            .args(["--release", "--message-format=json", "--target"])
            .arg(self.workspace.join(self.machine.name()).with_extension("json"))
            .args(["-Zbuild-std=core,alloc", "-Zbuild-std-features=compiler-builtins-mem"])
            .stdin(Stdio::null())
            .env("RUSTC", &compiler.rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC_WRAPPER", "")
            .env("CARGO_TARGET_DIR", self.target)
            .env(self.machine.linker(), &self.toolchain.linker.program)
            .env("CARGO_ENCODED_RUSTFLAGS", self.flags().join("\x1f"))
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never");
        if knows_target_flag(&compiler.cargo) {
            command.arg("-Zjson-target-spec");
        }
        for package in self.packages {
            command.args(["--package", package]);
        }
        if let (Action::Lint, Some(driver)) = (self.action, &compiler.clippy_driver) {
            // As the wrapper of every compiler, so that the checkout's crates are held to their lints too.
            command.env("RUSTC_WRAPPER", driver).env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
        }
        command
    }

    /// The compiler's flags. They are the same for every spec, else nothing would be shared.
    fn flags(&self) -> Vec<String> {
        let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
        let mut flags = vec![
            // The last one that fits wins, so the widest comes first.
            remap(&cargo_home(), "/cargo"),
            remap(&self.toolchain.compiler.library(), "/rust/library"),
            remap(self.checkout, CHECKOUT),
            remap(Path::new(LINK), ""),
        ];
        // What composer bounds stacks by: frames, held addresses, and no jump but through those.
        flags.extend(STACK.map(str::to_owned));
        if self.toolchain.linker.flavour == Flavour::Gnu {
            flags.push(format!("-Clinker-flavor={}", Flavour::Gnu.word()));
        }
        flags
    }
}

/// Drops what a user, or the cargo that runs composer, has set for other builds.
fn forget_surroundings(command: &mut Command) {
    let started_by_cargo = env::var_os("CARGO_MANIFEST_DIR").is_some();
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let kept = ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_"];
        let builds = ["CARGO", "RUSTC", "RUSTFLAGS", "RUSTDOC"].iter().any(|prefix| text.starts_with(prefix))
            && !kept.iter().any(|prefix| text.starts_with(prefix));
        // `cargo run` puts its own compiler's libraries on this path; another compiler must not see them.
        let libraries = started_by_cargo && text == "LD_LIBRARY_PATH";
        if builds || libraries {
            command.env_remove(name);
        }
    }
}

/// Where cargo keeps what it downloads.
fn cargo_home() -> PathBuf {
    let default = || env::home_dir().unwrap_or_default().join(".cargo");
    env::var_os("CARGO_HOME").map_or_else(default, PathBuf::from)
}

/// Newer cargos want to be asked for target descriptions; older ones do not know the question.
fn knows_target_flag(cargo: &Path) -> bool {
    let output =
        Command::new(cargo).args(["-Z", "help"]).env("RUSTC_BOOTSTRAP", "1").stdin(Stdio::null()).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("json-target-spec"))
}
