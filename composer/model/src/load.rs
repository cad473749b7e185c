//! The passes, in order.

use std::path::Path;

use composer_syntax::{Diagnostics, FileId, SourceMap, parse};

use crate::find::{self, Library};
use crate::{Checkout, Loaded, System, check, draft, lower, noise, spec};

/// Reads the spec at `path` and everything that it names, for `platform` or else for the platform that
/// it states.
///
/// Never fails: what is wrong is in [`Loaded::diagnostics`], all of it from one run.
pub fn load(checkout: &Checkout, path: &Path, platform: Option<&str>) -> Loaded {
    let mut sources = SourceMap::new();
    let mut found = Diagnostics::new();
    let name = checkout.display(path);
    let read = match checkout.text(path) {
        Some(text) => Ok(sources.add(name, text)),
        None => sources.load(name, path),
    };
    let (lowered, file) = match read {
        Ok(file) => {
            let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let spec = (file, file_name.unwrap_or_default());
            let folder = path.parent().unwrap_or(Path::new("."));
            (passes(checkout, &mut sources, (spec, folder), platform, &mut found), Some(file))
        }
        Err(problem) => {
            found.push(problem);
            (Lowered::Nothing, None)
        }
    };
    let mut diagnostics = found.into_sorted();
    let unsettled = file.is_some_and(|file| noise::without_echoes(&mut diagnostics, file));
    let (system, outline) = match lowered {
        Lowered::System(system) => (Some(*system), None),
        Lowered::Outline(outline) if !unsettled => (None, Some(*outline)),
        Lowered::Outline(_) | Lowered::Nothing => (None, None),
    };
    Loaded { sources, diagnostics, system, outline }
}

/// How far the passes came.
enum Lowered {
    System(Box<System>),
    Outline(Box<System>),
    Nothing,
}

fn passes(
    checkout: &Checkout,
    sources: &mut SourceMap,
    ((file, file_name), folder): ((FileId, String), &Path),
    platform: Option<&str>,
    found: &mut Diagnostics,
) -> Lowered {
    let parsed = parse(sources, file);
    found.extend(parsed.diagnostics);
    let Some(spec) = parsed.value.and_then(|value| spec::read(&value, found)) else {
        return Lowered::Nothing;
    };

    let stated = spec.platform.given();
    let name = platform.or(stated.map(|stated| stated.value.as_str()));
    let stated = stated.filter(|_| platform.is_none());
    let board = name.and_then(|name| find::board(checkout, sources, name, stated, found));
    let stand_ins = board.as_ref().map_or(&[][..], |board| &board.stand_ins);
    let library = Library::read(checkout, sources, &spec, stand_ins, found);
    let interfaces = find::interfaces(checkout, sources, library.components(), found);

    let draft = draft::resolve(
        sources,
        (checkout.root(), folder),
        &spec,
        board.as_ref(),
        &library,
        &interfaces,
        found,
    );
    check::all(&draft, found);
    let lowered = match found.has_errors() {
        false => lower::system(&draft, file, file_name).map(Box::new).map(Lowered::System),
        true => lower::outline(&draft, file, file_name).map(Box::new).map(Lowered::Outline),
    };
    lowered.unwrap_or(Lowered::Nothing)
}
