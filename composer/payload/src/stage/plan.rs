//! The names of a recipe's stages: everything that goes into them, before anything is made.

use std::collections::BTreeSet;
use std::path::Path;

use super::{read, tree};
use crate::error::{Error, failed};
use crate::fingerprint::{Fingerprint, Inputs};
use crate::recipe::{Kernel, Kind, Package, Program, Recipe, Variant, What};
use crate::tool::Tools;

/// The packages whose contents end up in programs, besides sources.
const LIBRARY: &str = "libc6-dev-powerpc-cross";

/// The names of all stages of a recipe's variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The variant.
    pub(crate) variant: String,
    /// The unpacked source of the kernel, if it is made from a package.
    pub(crate) source: Option<Fingerprint>,
    pub(crate) kernel: Fingerprint,
    /// Programs, in the recipe's order.
    pub(crate) programs: Vec<Fingerprint>,
    /// The programs that the variant needs.
    pub(crate) uses: BTreeSet<String>,
    pub(crate) initramfs: Fingerprint,
    /// Whether the initial file system holds anything.
    pub(crate) files: bool,
    pub(crate) tree: Fingerprint,
    /// All of it.
    pub(crate) whole: Fingerprint,
}

impl Plan {
    /// Reads all inputs of a variant.
    pub(crate) fn of(recipe: &Recipe, name: &str, tools: &Tools) -> Result<Self, Error> {
        let variant = recipe.variant(name)?;
        let cross = Cross::find(recipe, tools)?;
        let programs = recipe
            .programs
            .iter()
            .map(|entry| program(recipe, &entry.key.value, &entry.value, &cross))
            .collect::<Result<Vec<_>, _>>()?;
        let (source, kernel) = match &recipe.kernel {
            Kernel::Package(package) => {
                let version = package_version(tools, &package.package, &package.archive)?;
                let source =
                    Inputs::of("source", 1).with("package", &package.package).with("version", version);
                let source = source.fingerprint();
                let kernel = kernel(recipe, package, &source, &cross)?;
                (Some(source), kernel)
            }
            Kernel::Program(name) => (None, bare(recipe, &name.value, &programs)),
        };
        let initramfs = initramfs(recipe, variant, &programs)?;
        let tree = tree::inputs(recipe)?;
        let whole = Inputs::of("payload", 1)
            .with("kernel", kernel.as_str())
            .with("initramfs", initramfs.as_str())
            .with("tree", tree.as_str())
            .fingerprint();
        let mut uses = uses(variant);
        if let Kernel::Program(name) = &recipe.kernel {
            uses.insert(name.value.clone());
        }
        let files = !variant.contents.is_empty();
        Ok(Self { variant: name.to_owned(), source, kernel, programs, uses, initramfs, files, tree, whole })
    }
}

/// The versions of what compiles.
struct Cross {
    compiler: String,
    linker: String,
    library: String,
}

impl Cross {
    fn find(recipe: &Recipe, tools: &Tools) -> Result<Self, Error> {
        let first = |name: &str| {
            let program = format!("{}{name}", recipe.compiler);
            let said = tools.ask(&program, &["--version"]);
            let line = said.and_then(|said| said.lines().next().map(str::to_owned));
            line.ok_or_else(|| {
                let diagnostic = failed(format!("the program `{program}` is missing"));
                Error::new(diagnostic.help("on Debian `apt-get install gcc-powerpc-linux-gnu`"))
            })
        };
        let library = version(tools, LIBRARY).unwrap_or_default();
        Ok(Self { compiler: first("gcc")?, linker: first("ld")?, library })
    }

    fn join(&self, inputs: Inputs) -> Inputs {
        inputs.with("compiler", &self.compiler).with("linker", &self.linker)
    }
}

fn kernel(
    recipe: &Recipe,
    kernel: &Package,
    source: &Fingerprint,
    cross: &Cross,
) -> Result<Fingerprint, Error> {
    let mut inputs = cross
        .join(Inputs::of("kernel", 1))
        .with("source", source.as_str())
        .with("architecture", &kernel.architecture)
        .with("config", &kernel.config);
    for fragment in &kernel.fragments {
        inputs = inputs.file(Path::new(fragment), &read(&recipe.folder.join(fragment))?);
    }
    Ok(inputs.fingerprint())
}

/// A kernel that is a program of the recipe.
fn bare(recipe: &Recipe, name: &str, programs: &[Fingerprint]) -> Fingerprint {
    let mut named = recipe.programs.keys().zip(programs).filter(|(key, _)| *key == name);
    let program = named.next().map_or("", |(_, inputs)| inputs.as_str());
    Inputs::of("bare kernel", 1).with("name", name).with("program", program).fingerprint()
}

fn program(recipe: &Recipe, name: &str, program: &Program, cross: &Cross) -> Result<Fingerprint, Error> {
    let inputs = cross.join(Inputs::of("program", 1)).with("library", &cross.library).with("name", name);
    let inputs = match &program.kind {
        Kind::Busybox { archive, sha256, fragment, .. } => {
            let contents = read(&recipe.folder.join(fragment))?;
            inputs.with("archive", archive).with("sha256", sha256).file(Path::new(fragment), &contents)
        }
        Kind::C { source, parts, flags } => {
            let mut inputs = inputs.with("flags", flags.join("\n"));
            for file in [source].into_iter().chain(parts) {
                inputs = inputs.file(Path::new(file), &read(&recipe.folder.join(file))?);
            }
            inputs
        }
    };
    Ok(inputs.fingerprint())
}

fn initramfs(recipe: &Recipe, variant: &Variant, programs: &[Fingerprint]) -> Result<Fingerprint, Error> {
    let mut inputs = Inputs::of("initramfs", 1);
    for entry in &variant.contents {
        let (path, content) = (&entry.key.value, &entry.value);
        inputs = inputs.with("path", path).with("mode", content.mode.unwrap_or(u32::MAX).to_string());
        inputs = match &content.what {
            What::Directory => inputs.with("is", "directory"),
            What::Device { major, minor } => inputs.with("device", format!("{major}:{minor}")),
            What::Link(target) => inputs.with("link", target),
            What::File(from) => inputs.with("file", read(&recipe.folder.join(from))?),
            What::Program { name, links } => {
                inputs.with("program", &name.value).with("links", if *links { "yes" } else { "no" })
            }
            What::Left { program, path } => inputs.with("left", &program.value).with("path", path),
        };
    }
    for (entry, program) in recipe.programs.iter().zip(programs) {
        if uses(variant).contains(&entry.key.value) {
            inputs = inputs.with(&entry.key.value, program.as_str());
        }
    }
    Ok(inputs.fingerprint())
}

/// The programs that a variant holds something of.
fn uses(variant: &Variant) -> BTreeSet<String> {
    let programs = variant.contents.iter().filter_map(|entry| match &entry.value.what {
        What::Program { name, .. } => Some(&name.value),
        What::Left { program, .. } => Some(&program.value),
        _ => None,
    });
    programs.cloned().collect()
}

/// The installed version of a package, if the distribution is Debian's.
fn version(tools: &Tools, package: &str) -> Option<String> {
    tools.ask("dpkg-query", &["-W", "-f", "${Version}", package]).filter(|version| !version.is_empty())
}

/// The version of a package with an archive, and that the archive is there.
fn package_version(tools: &Tools, package: &str, archive: &Path) -> Result<String, Error> {
    match (version(tools, package), archive.is_file()) {
        (Some(version), true) => Ok(version),
        _ => Err(Error::new(
            failed(format!("the package `{package}` is not installed: there is no `{}`", archive.display()))
                .help(format!(
                    "on Debian 12 `apt-get install {package}`; elsewhere name a kernel of your own"
                )),
        )),
    }
}
