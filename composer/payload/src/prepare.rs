//! From a request to a payload.

use std::path::{Path, PathBuf};

use composer_syntax::{Code, Diagnostic};

use crate::cache::Cache;
use crate::error::{Error, cannot_read};
use crate::fingerprint::{Fingerprint, Inputs};
use crate::image::Image;
use crate::recipe::Recipe;
use crate::stage::{self, INITRD, Made, Plan, SYMBOLS, TREE, UIMAGE, VMLINUX};
use crate::tool::Tools;
use crate::watch::Watch;

/// Which payload is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// One that a recipe of the checkout makes.
    Recipe {
        /// The recipe: a folder of `apps`.
        name: String,
        /// The variant of the initial file system.
        variant: String,
    },
    /// The user's own files.
    Files {
        /// A uImage or an ELF `vmlinux`.
        kernel: PathBuf,
        /// An initial file system, in a form that the kernel unpacks.
        initrd: Option<PathBuf>,
    },
}

/// With what payloads are prepared.
pub struct Context<'a> {
    /// The checkout's root.
    pub checkout: &'a Path,
    /// Where finished stages are kept.
    pub cache: Cache,
    /// Compilers and their kin.
    pub tools: Tools,
    /// Who hears of progress.
    pub watch: &'a mut dyn Watch,
}

/// A payload, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The kernel as the guest's memory holds it.
    pub kernel: Image,
    /// The initial file system.
    pub initrd: Option<Vec<u8>>,
    /// Where its parts lie.
    pub files: Files,
    /// A name for its contents: the same inputs give the same name.
    pub fingerprint: Fingerprint,
}

/// The files of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The kernel: an ELF file or a uImage.
    pub kernel: PathBuf,
    /// The initial file system.
    pub initrd: Option<PathBuf>,
    /// The kernel in the form that QEMU loads natively.
    pub uimage: Option<PathBuf>,
    /// What [`Symbols`](crate::symbols::Symbols) can be read from: a `System.map`, or the kernel.
    pub symbols: Option<PathBuf>,
    /// The device tree for native runs, named as QEMU wants it.
    pub device_tree: Option<PathBuf>,
}

/// Prepares a payload. What was made before for the same inputs is found, not made.
///
/// # Errors
///
/// [`Code::UnknownPayload`]; [`Code::BadPayload`] for files that cannot be used; [`Code::PayloadFailed`]
/// when the machine lacks something or a program fails; what is wrong with a recipe.
pub fn prepare(request: &Request, context: &mut Context<'_>) -> Result<Payload, Error> {
    match request {
        Request::Recipe { name, variant } => {
            let recipe = Recipe::load(context.checkout, name)?;
            let plan = Plan::of(&recipe, variant, &context.tools)?;
            let made = stage::make(&recipe, &plan, context)?;
            by_recipe(&plan, &made)
        }
        Request::Files { kernel, initrd } => brought(kernel, initrd.as_deref()),
    }
}

/// The files of a recipe's payload, if all of it was made before for the inputs of now.
///
/// # Errors
///
/// Those of [`prepare()`], but for what making it can add.
pub fn find(
    recipe: &Recipe,
    variant: &str,
    cache: &Cache,
    tools: &Tools,
) -> Result<Option<(Files, Fingerprint)>, Error> {
    let plan = Plan::of(recipe, variant, tools)?;
    Ok(Made::find(&plan, cache).map(|made| (files(&plan, &made), plan.whole)))
}

/// Whether a payload can be had without compilers: it was made before, or its files are the user's.
pub fn is_ready(request: &Request, checkout: &Path, cache: &Cache, tools: &Tools) -> bool {
    match request {
        Request::Recipe { name, variant } => {
            let found = Recipe::load(checkout, name).and_then(|recipe| find(&recipe, variant, cache, tools));
            found.is_ok_and(|found| found.is_some())
        }
        Request::Files { .. } => true,
    }
}

fn files(plan: &Plan, made: &Made) -> Files {
    Files {
        kernel: made.kernel.join(VMLINUX),
        initrd: plan.files.then(|| made.initramfs.join(INITRD)),
        uimage: Some(made.kernel.join(UIMAGE)),
        symbols: Some(made.kernel.join(SYMBOLS)).filter(|path| path.is_file()),
        device_tree: Some(made.tree.join(TREE)),
    }
}

fn by_recipe(plan: &Plan, made: &Made) -> Result<Payload, Error> {
    let files = files(plan, made);
    let kernel = image(&files.kernel, &read(&files.kernel)?)?;
    let initrd = files.initrd.as_deref().map(read).transpose()?;
    Ok(Payload { kernel, initrd, files, fingerprint: plan.whole.clone() })
}

fn brought(kernel: &Path, initrd: Option<&Path>) -> Result<Payload, Error> {
    let bytes = read(kernel)?;
    let loaded = image(kernel, &bytes)?;
    let mut inputs = Inputs::of("files", 1).with("kernel", &bytes);
    let contents = initrd.map(read).transpose()?;
    if let (Some(path), Some(contents)) = (initrd, &contents) {
        unwrapped(path, contents)?;
        inputs = inputs.with("initrd", contents);
    }
    let is_uimage = crate::image::uimage::is_one(&bytes);
    let files = Files {
        kernel: kernel.to_path_buf(),
        initrd: initrd.map(Path::to_path_buf),
        uimage: is_uimage.then(|| kernel.to_path_buf()),
        symbols: (!is_uimage).then(|| kernel.to_path_buf()),
        device_tree: None,
    };
    Ok(Payload { kernel: loaded, initrd: contents, files, fingerprint: inputs.fingerprint() })
}

/// The kernel unpacks several formats, but not U-Boot's wrapper.
fn unwrapped(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let shown = path.display();
    if contents.is_empty() {
        return Err(bad(format!("the initial file system `{shown}` is empty"), "name another file"));
    }
    if crate::image::uimage::is_one(contents) {
        let message = format!("the initial file system `{shown}` is wrapped for U-Boot");
        return Err(bad(message, "take the wrapper off: `tail -c +65 FILE > initrd`"));
    }
    Ok(())
}

fn image(path: &Path, bytes: &[u8]) -> Result<Image, Error> {
    let shown = path.display();
    Image::read(bytes).map_err(|why| bad(format!("`{shown}` is no kernel for this guest: {why}"), why.cure()))
}

fn bad(message: String, help: &str) -> Error {
    Error::new(Diagnostic::error(Code::BadPayload, message).help(help))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| cannot_read(path, &error))
}
