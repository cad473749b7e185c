//! `composer payload`.

mod list;
mod native;

use std::path::{Path, PathBuf};

use composer_build::Failure;
use composer_build::progress::{Progress, Watched};
use composer_build::setup::Purpose;
use composer_payload::{BadImage, Cache, Context, Files, Image, Payload, Recipe, Request, Tools};
use composer_syntax::Code;
use serde::Serialize;

use super::build::prepared;
use super::output::{print, print_json};
use crate::arguments::{self, Consent, Which};
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;

/// Carries out what the command line asks.
pub(crate) fn payload(verb: &arguments::Payload, screen: &mut Screen) -> End {
    match verb {
        arguments::Payload::List { json } => list::list(*json),
        arguments::Payload::Build { which, consent, verbose, json } => {
            *screen = screen.verbose(*verbose);
            build(which, *consent, *json, screen)
        }
        arguments::Payload::Path { which, json } => path(which, *json, *screen),
        arguments::Payload::Inspect { kernel, json } => inspect(kernel, *json),
        arguments::Payload::RunNative(run) => native::run_native(run, screen),
        arguments::Payload::Clean => clean(screen),
    }
}

/// Where a payload's files are, for programs.
#[derive(Serialize)]
struct Paths<'a> {
    schema: u32,
    fingerprint: &'a str,
    kernel: &'a Path,
    initrd: Option<&'a Path>,
    uimage: Option<&'a Path>,
    symbols: Option<&'a Path>,
    device_tree: Option<&'a Path>,
}

fn build(which: &Which, consent: Consent, as_json: bool, screen: &mut Screen) -> End {
    let payload = made(which, consent, &[], screen)?;
    let folder =
        |path: Option<&PathBuf>| path.and_then(|path| path.parent()).map(|path| path.display().to_string());
    let kernel = folder(Some(&payload.files.kernel)).unwrap_or_default();
    let initrd = folder(payload.files.initrd.as_ref()).unwrap_or_default();
    screen.step("Finished", &format!("the kernel in {kernel}, the initial file system in {initrd}"));
    if as_json {
        print_paths(&payload.files, payload.fingerprint.as_str());
    }
    exit::OK
}

/// A payload, made if it was not. Compilers are installed only for one that has to be made.
pub(super) fn made(
    which: &Which,
    consent: Consent,
    purposes: &[Purpose],
    screen: &mut Screen,
) -> Result<Payload, Failure> {
    let checkout = place::checkout()?;
    // Nothing is installed for a payload that there is not.
    Recipe::load(checkout.root(), &which.name)?.variant(&which.variant)?;
    let request = Request::Recipe { name: which.name.clone(), variant: which.variant.clone() };
    let (cache, tools) = (Cache::of_user(), Tools::of_machine());
    let mut purposes = purposes.to_vec();
    if !composer_payload::is_ready(&request, checkout.root(), &cache, &tools) {
        purposes.push(Purpose::Guest);
    }
    prepared(consent, &purposes, screen)?;
    let mut context = Context { checkout: checkout.root(), cache, tools, watch: &mut Watched(screen) };
    Ok(composer_payload::prepare(&request, &mut context)?)
}

fn path(which: &Which, as_json: bool, screen: Screen) -> End {
    let checkout = place::checkout()?;
    let recipe = Recipe::load(checkout.root(), &which.name)?;
    let found = composer_payload::find(&recipe, &which.variant, &Cache::of_user(), &Tools::of_machine())?;
    let Some((files, fingerprint)) = found else {
        let mut screen = screen;
        let what = format!("`{}` in its variant `{}`", which.name, which.variant);
        screen.step("Absent", &format!("{what}: `composer payload build` makes it"));
        return Ok(exit::wrong());
    };
    if as_json {
        print_paths(&files, fingerprint.as_str());
        return exit::OK;
    }
    let lines = [
        ("kernel", Some(&files.kernel)),
        ("initrd", files.initrd.as_ref()),
        ("uimage", files.uimage.as_ref()),
        ("symbols", files.symbols.as_ref()),
        ("device tree", files.device_tree.as_ref()),
    ];
    for (name, path) in lines {
        if let Some(path) = path {
            print(&format!("{name:12} {}\n", path.display()));
        }
    }
    exit::OK
}

fn print_paths(files: &Files, fingerprint: &str) {
    print_json(&Paths {
        schema: 1,
        fingerprint,
        kernel: &files.kernel,
        initrd: files.initrd.as_deref(),
        uimage: files.uimage.as_deref(),
        symbols: files.symbols.as_deref(),
        device_tree: files.device_tree.as_deref(),
    });
}

/// A kernel's file, for programs.
#[derive(Serialize)]
struct Inspected {
    schema: u32,
    load: u32,
    entry: u32,
    contents: usize,
    memory: u32,
}

fn inspect(kernel: &Path, as_json: bool) -> End {
    let bytes = std::fs::read(kernel).map_err(|error| {
        exit::user(Code::CannotRead, format!("cannot read `{}`: {error}", kernel.display()))
    })?;
    let image = Image::read(&bytes).map_err(|bad| refuse(kernel, &bad))?;
    let Image { bytes: contents, load, entry, memory } = &image;
    if as_json {
        let (load, entry, memory) = (*load, *entry, *memory);
        print_json(&Inspected { schema: 1, load, entry, contents: contents.len(), memory });
        return exit::OK;
    }
    print(&format!("loaded at    0x{load:08x}, a physical address of the guest\n"));
    print(&format!("starts at    0x{entry:08x}\n"));
    print(&format!("contents     {} bytes\n", contents.len()));
    print(&format!("memory       {memory} bytes, cleared ones included\n"));
    exit::OK
}

fn refuse(kernel: &Path, bad: &BadImage) -> Failure {
    let message = format!("`{}` is no kernel for a guest: {bad}", kernel.display());
    let mut failure = exit::user(Code::BadPayload, message);
    failure.diagnostics[0].helps.push(bad.cure().to_owned());
    failure
}

fn clean(screen: &mut Screen) -> End {
    let cache = Cache::of_user();
    cache.clean(&mut Watched(screen))?;
    screen.step("Removed", &cache.root().display().to_string());
    exit::OK
}
