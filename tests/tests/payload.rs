//! The recipes of this checkout, held to what composer installs and to what the book says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use composer_build::setup::{Purpose, REQUIREMENTS};
use composer_payload::recipe::Kernel;
use composer_payload::{Recipe, recipe};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the checkout")
}

fn recipes() -> Vec<Recipe> {
    let names = recipe::names(&root());
    assert!(names.contains(&"linux-guest".to_owned()), "{names:?}");
    names.iter().map(|name| Recipe::load(&root(), name).expect("a recipe without mistakes")).collect()
}

#[test]
fn what_a_recipe_needs_is_installed() {
    let guest = REQUIREMENTS.iter().filter(|requirement| requirement.purpose == Purpose::Guest);
    let packages: BTreeSet<&str> = guest.flat_map(|requirement| requirement.packages).copied().collect();
    for recipe in recipes() {
        if let Kernel::Package(kernel) = &recipe.kernel {
            assert!(packages.contains(kernel.package.as_str()), "{}", kernel.package);
        }
        let compiler = format!("gcc-{}", recipe.compiler.trim_end_matches('-'));
        assert!(packages.contains(compiler.as_str()), "{compiler}");
    }
}

#[test]
fn the_files_of_a_recipe_are_there_and_used() {
    for recipe in recipes() {
        let text = std::fs::read_to_string(recipe.folder.join("payload.ron")).expect("the recipe");
        let mut folders = vec![recipe.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(&recipe.folder).expect("below").display().to_string();
                if path.is_dir() {
                    folders.push(path);
                } else if name != "payload.ron" {
                    assert!(text.contains(&format!("\"{name}\"")), "no line of the recipe names {name}");
                }
            }
        }
        if let Kernel::Package(kernel) = &recipe.kernel {
            for fragment in &kernel.fragments {
                assert!(recipe.folder.join(fragment).is_file(), "{fragment}");
            }
        }
    }
}

#[test]
fn every_variant_is_documented() {
    let page = std::fs::read_to_string(root().join("docs/reference/payload.md")).expect("the page");
    let recipe = Recipe::load(&root(), "linux-guest").expect("a recipe");
    for variant in recipe.variants.keys() {
        assert!(page.contains(&format!("| `{variant}`")), "{variant}");
    }
}

/// The names in the first column of the table under a heading.
fn documented(page: &str, heading: &str) -> BTreeSet<String> {
    let (_, section) = page.split_once(&format!("\n### {heading}\n")).expect("the heading is there");
    let section = section.split("\n##").next().unwrap_or(section);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(name, _)| name.to_owned()).collect()
}

/// The fields that are listed for one that nobody would mean, put behind `place`.
fn known(place: &str) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(root().join("apps/linux-guest/payload.ron")).expect("the recipe");
    let text = text.replacen(place, &format!("{place}zzzzzzzzzzzzzz: 0, "), 1);
    std::fs::create_dir_all(folder.path().join("apps/odd")).expect("made");
    std::fs::write(folder.path().join("apps/odd/payload.ron"), text).expect("written");
    let error = Recipe::load(folder.path(), "odd").expect_err("a field is unknown");
    let notes = error.diagnostics.iter().flat_map(|one| &one.notes);
    let list = notes.filter_map(|note| note.strip_prefix("known here: ")).next().expect("a list of names");
    list.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
}

#[test]
fn every_field_of_a_recipe_is_documented() {
    let page = std::fs::read_to_string(root().join("docs/reference/payload.md")).expect("the page");
    assert_eq!(documented(&page, "`Payload`"), known("Payload("));
    assert_eq!(documented(&page, "`Kernel`"), known("kernel: ("));
    let contents: BTreeSet<String> = documented(&page, "Contents")
        .iter()
        .map(|cell| cell.split('(').next().unwrap_or(cell).to_owned())
        .collect();
    assert_eq!(
        contents,
        ["Device", "Directory", "File", "Left", "Link", "Program"].map(str::to_owned).into()
    );
}
