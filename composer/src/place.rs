//! Where the checkout is, and which spec is meant.

use std::path::{Path, PathBuf};
use std::{env, fs};

use composer_build::Failure;
use composer_model::Checkout;
use composer_syntax::{Code, Diagnostic, nearest};

use crate::exit;

/// Folders of a checkout that hold specs, as people write them.
const SPECS: [&str; 2] = ["specs", "tests/specs"];

/// The checkout around the current folder.
pub(crate) fn checkout() -> Result<Checkout, Failure> {
    let here = env::current_dir().map_err(|error| {
        let message = format!("the current folder is gone: {error}");
        Failure::environment(Diagnostic::error(Code::NoCheckout, message))
    })?;
    around(&here).map(Checkout::new).ok_or_else(|| {
        let message = format!("`{}` is not inside a checkout of Fugue", here.display());
        let diagnostic = Diagnostic::error(Code::NoCheckout, message);
        Failure::environment(diagnostic.help("change to the folder that holds `components` and `composer`"))
    })
}

/// The innermost checkout that holds a folder.
fn around(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|root| root.join("composer/Cargo.toml").is_file() && root.join("components").is_dir())
}

/// The file that a user means by a spec: a path from here, a path from the checkout's root, or the name
/// of a shipped spec.
pub(crate) fn spec(checkout: &Checkout, written: &Path) -> Result<PathBuf, Failure> {
    let root = checkout.root();
    let named = SPECS.map(|folder| root.join(folder).join(written).with_extension("ron"));
    let meant = [written.to_path_buf(), root.join(written)].into_iter().chain(named);
    for path in meant {
        if path.is_file() {
            return Ok(path);
        }
    }
    Err(no_spec(root, written))
}

fn no_spec(root: &Path, written: &Path) -> Failure {
    let shown = written.display().to_string();
    let mut failure = exit::user(Code::CannotRead, format!("there is no spec `{shown}`"));
    let known = known_specs(root);
    // A path is compared as a path, a bare name as a name.
    let names = known.iter().map(|path| if shown.contains('/') { path.as_str() } else { stem(path) });
    let help = match nearest(stem_or_path(&shown), names) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "the checkout has no specs".to_owned(),
        None => format!("there are {}", known.join(", ")),
    };
    failure.diagnostics[0].helps.push(help);
    failure
}

fn stem_or_path(shown: &str) -> &str {
    if shown.contains('/') { shown } else { stem(shown) }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".ron").unwrap_or(name)
}

/// All specs of a checkout, as paths from its root, sorted.
pub(crate) fn known_specs(root: &Path) -> Vec<String> {
    let mut known = Vec::new();
    for folder in SPECS {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        known.extend(names.filter(|name| name.ends_with(".ron")).map(|name| format!("{folder}/{name}")));
    }
    known.sort();
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (tempfile::TempDir, Checkout) {
        let folder = tempfile::tempdir().expect("folder");
        for path in ["composer/Cargo.toml", "components/x", "specs/hello.ron", "tests/specs/bench.ron"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
            fs::write(path, "").expect("file");
        }
        let checkout = Checkout::new(folder.path());
        (folder, checkout)
    }

    #[test]
    fn the_checkout_is_found_from_below() {
        let (folder, _) = made();
        let below = folder.path().join("components/x");
        assert_eq!(around(&below), Some(folder.path()));
        assert_eq!(around(Path::new("/proc")), None);
    }

    #[test]
    fn a_spec_is_found_by_path_and_by_name() {
        let (folder, checkout) = made();
        let hello = folder.path().join("specs/hello.ron");
        for written in ["specs/hello.ron", "hello", "hello.ron"] {
            assert_eq!(spec(&checkout, Path::new(written)).expect("found"), hello, "{written}");
        }
        assert!(spec(&checkout, Path::new("bench")).is_ok());
    }

    #[test]
    fn a_misspelt_spec_gets_the_nearest_one() {
        let (_folder, checkout) = made();
        let help = |written: &str| {
            let failure = spec(&checkout, Path::new(written)).expect_err("unknown");
            failure.diagnostics[0].helps[0].clone()
        };
        assert_eq!(help("specs/helo.ron"), "did you mean `specs/hello.ron`?");
        assert_eq!(help("helo"), "did you mean `hello`?");
        assert_eq!(help("weather"), "there are specs/hello.ron, tests/specs/bench.ron");
    }
}
