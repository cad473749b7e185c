//! The stages by which a recipe is carried out. Each has a name made of its inputs, and is done once for
//! them: a changed script in the initial file system compiles nothing again.
//!
//! ```text
//! source package ─> kernel ──────────────> vmlinux, uImage, System.map
//! program ────────> kernel ──────────────> vmlinux, uImage: where a guest is a program by itself
//! source package ─> busybox ─┐
//! microbench.c ───> program ─┴─ initramfs ─> initrd.cpio
//! native.dts ─────> tree ─────────────────> bamboo.dtb
//! ```

mod bare;
mod busybox;
mod initramfs;
mod kernel;
mod plan;
mod program;
mod source;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use initramfs::FILE as INITRD;
pub(crate) use kernel::{SYMBOLS, UIMAGE, VMLINUX};
pub(crate) use plan::Plan;
pub(crate) use tree::FILE as TREE;

use crate::Context;
use crate::cache::{Cache, Kind};
use crate::error::{Error, cannot_read, cannot_write, failed};
use crate::fingerprint::Fingerprint;
use crate::recipe::{self, Kernel, Recipe};
use crate::tool::Tools;
use crate::watch::{Watch, clock};

/// Where a recipe is carried out, and with what.
pub(crate) struct Bench<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) cache: &'a Cache,
    pub(crate) tools: &'a Tools,
    pub(crate) watch: &'a mut dyn Watch,
}

/// The folders of finished stages.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) kernel: PathBuf,
    pub(crate) initramfs: PathBuf,
    pub(crate) tree: PathBuf,
}

impl Made {
    /// The folders, if every stage is finished.
    pub(crate) fn find(plan: &Plan, cache: &Cache) -> Option<Self> {
        Some(Self {
            kernel: cache.find(Kind::Kernel, &plan.kernel)?,
            initramfs: cache.find(Kind::Initramfs, &plan.initramfs)?,
            tree: cache.find(Kind::Tree, &plan.tree)?,
        })
    }
}

/// Makes whatever of a plan is not there.
pub(crate) fn make(recipe: &Recipe, plan: &Plan, context: &mut Context<'_>) -> Result<Made, Error> {
    if let Some(made) = Made::find(plan, &context.cache) {
        return Ok(made);
    }
    let _lock = context.cache.lock(context.watch)?;
    let mut bench =
        Bench { recipe, cache: &context.cache, tools: &context.tools, watch: &mut *context.watch };
    // What takes seconds comes first: a mistake in it should not wait for the kernel.
    let tree = bench.stage(Kind::Tree, &plan.tree, "the device tree", |bench| tree::make(bench, plan))?;
    for (program, inputs) in recipe.programs.iter().zip(&plan.programs) {
        if !plan.uses.contains(&program.key.value) {
            continue;
        }
        let name = &program.key.value;
        match &program.value.kind {
            recipe::Kind::Busybox { package, archive, sha256, fragment } => {
                let source = source::Fetched { package, archive, sha256 };
                bench.stage(Kind::Busybox, inputs, name, |bench| {
                    busybox::make(bench, inputs, &source, fragment)
                })?;
            }
            recipe::Kind::C { source, parts, flags } => {
                let sources: Vec<&String> = [source].into_iter().chain(parts).collect();
                bench.stage(Kind::Program, inputs, name, |bench| {
                    program::make(bench, inputs, name, &sources, flags)
                })?;
            }
        }
    }
    let initramfs = bench.stage(Kind::Initramfs, &plan.initramfs, "the initial file system", |bench| {
        initramfs::make(bench, plan)
    })?;
    let kernel = bench.stage(Kind::Kernel, &plan.kernel, recipe.kernel.name(), |bench| {
        match (&recipe.kernel, &plan.source) {
            (Kernel::Package(package), Some(source)) => kernel::make(bench, plan, package, source),
            _ => bare::make(bench, plan),
        }
    })?;
    Ok(Made { kernel, initramfs, tree })
}

impl Bench<'_> {
    /// One stage: found, or made.
    fn stage(
        &mut self,
        kind: Kind,
        inputs: &Fingerprint,
        what: &str,
        make: impl FnOnce(&mut Self) -> Result<PathBuf, Error>,
    ) -> Result<PathBuf, Error> {
        // Another composer may have made it while this one waited for the lock.
        if let Some(place) = self.cache.find(kind, inputs) {
            return Ok(place);
        }
        let start = std::time::Instant::now();
        let place = make(self)?;
        self.watch.step("Made", &format!("{what} in {}", clock(start.elapsed())));
        Ok(place)
    }

    /// A file of the recipe's folder.
    fn own(&self, name: &str) -> PathBuf {
        self.recipe.folder.join(name)
    }

    /// The program of the cross tools with this name.
    fn cross(&self, name: &str) -> String {
        format!("{}{name}", self.recipe.compiler)
    }
}

/// A file's contents.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| cannot_read(path, &error))
}

/// A text file's contents.
fn read_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| cannot_read(path, &error))
}

/// Copies a file or a folder with all that it holds; permissions stay.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(|error| cannot_write(to, &error));
    }
    crate::cache::make(to)?;
    let entries = from.read_dir().map_err(|error| cannot_read(from, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| cannot_read(from, &error))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            let leads = fs::read_link(&path).map_err(|error| cannot_read(&path, &error))?;
            std::os::unix::fs::symlink(leads, &target).map_err(|error| cannot_write(&target, &error))?;
        } else {
            copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Refuses to begin what the disk has no room for.
fn room(folder: &Path, wanted: u64, what: &str) -> Result<(), Error> {
    let Ok(space) = nix::sys::statvfs::statvfs(folder) else { return Ok(()) };
    let free = space.blocks_available() * space.fragment_size();
    if free >= wanted {
        return Ok(());
    }
    let mebibytes = |bytes: u64| bytes >> 20;
    let message = format!(
        "{what} takes {} MiB for a while, and the disk of `{}` has {} MiB",
        mebibytes(wanted),
        folder.display(),
        mebibytes(free)
    );
    Err(Error::new(failed(message).help("make room, or let `XDG_CACHE_HOME` name a folder on a larger disk")))
}

/// How many processes a `make` may start.
fn jobs() -> String {
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("-j{count}")
}
