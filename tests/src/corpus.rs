//! The corpus of specs with mistakes, `tests/ui`, and what composer says to each.
//!
//! The corpus has a small checkout of its own, `tests/ui/base`, so that its texts change only when the
//! diagnostics do. A fixture may add components, boards (`platform-…`) and interfaces beside its spec.

use std::path::{Path, PathBuf};

use composer_diagnostics::{Style, human_all};
use composer_model::{Checkout, Loaded, load};

/// The folder of the corpus.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")
}

/// Every fixture's folder, sorted.
pub fn fixtures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the corpus can be listed");
    let mut fixtures: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the corpus can be listed").path())
        .filter(|path| is_fixture(path))
        .collect();
    fixtures.sort();
    fixtures
}

fn is_fixture(path: &Path) -> bool {
    path.join("spec.ron").is_file()
}

/// Everything that composer finds before it compiles anything, for the spec at `path` with the
/// components and boards of `fixture`.
pub fn check(fixture: &Path, path: &Path) -> Loaded {
    let checkout = Checkout::new(folder().join("base"))
        .with_components(fixture)
        .with_interfaces(fixture)
        .with_boards(fixture);
    let mut loaded = load(&checkout, path, None);
    if let Some(system) = loaded.system.as_ref().or(loaded.outline.as_ref()) {
        match composer_layout::plan_growing(system.clone()) {
            Ok((_, plan)) => loaded.diagnostics.extend(plan.warnings),
            Err(found) => loaded.diagnostics.extend(found),
        }
    }
    loaded.diagnostics.sort_by_key(|one| one.span().map(|span| (span.file, span.start)));
    loaded
}

/// What a person sees, with the fixture's own files named from its folder.
pub fn text(fixture: &Path, loaded: &Loaded) -> String {
    let text = human_all(&loaded.diagnostics, &loaded.sources, Style::default());
    text.replace(&format!("{}/", fixture.display()), "")
}
