//! The reference pages name every field that the reader of specs and boards knows, and no other.

use std::collections::BTreeSet;
use std::path::Path;

use composer_model::{Checkout, Loaded, load};
use composer_syntax::{Code, Group};
use fugue_tests::corpus;

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference").join(name);
    std::fs::read_to_string(path).expect("the page can be read")
}

/// The names in the first column of the table under a heading.
fn documented(page: &str, heading: &str) -> BTreeSet<String> {
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).expect("the heading is there");
    let section = section.split("\n## ").next().unwrap_or(section);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(name, _)| name.to_owned()).collect()
}

/// The names that are listed for a field that nobody would mean.
fn known(loaded: &Loaded) -> BTreeSet<String> {
    let unknown =
        loaded.diagnostics.iter().find(|one| one.code == Code::UnknownField).expect("a field is unknown");
    let list =
        unknown.notes.iter().find_map(|note| note.strip_prefix("known here: ")).expect("a list of names");
    list.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
}

const FOREIGN: &str = "zzzzzzzzzzzzzzzz: 0, ";

/// The corpus' full spec with a foreign field after the first occurrence of `place`.
fn spec(place: &str) -> Loaded {
    let text = std::fs::read_to_string(corpus::folder().join("base/everything.ron")).expect("a spec");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("spec.ron");
    std::fs::write(&path, text.replacen(place, &format!("{place}{FOREIGN}"), 1)).expect("a temporary file");
    corpus::check(folder.path(), &path)
}

/// The corpus' board in the same way.
fn board(place: &str) -> Loaded {
    let base = corpus::folder().join("base");
    let text = std::fs::read_to_string(base.join("platform-qemu/board.ron")).expect("a board");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let own = folder.path().join("platform-odd");
    std::fs::create_dir(&own).expect("a temporary folder");
    let text = text.replace("name: \"qemu\"", "name: \"odd\"");
    std::fs::write(own.join("board.ron"), text.replacen(place, &format!("{place}{FOREIGN}"), 1))
        .expect("a file");
    let checkout = Checkout::new(&base).with_boards(folder.path());
    load(&checkout, &base.join("everything.ron"), Some("odd"))
}

#[test]
fn every_field_of_a_spec_is_documented() {
    let page = page("spec.md");
    assert_eq!(documented(&page, "`System`"), known(&spec("System(")));
    assert_eq!(documented(&page, "An instance"), known(&spec("\"console\": (")));
    assert_eq!(documented(&page, "Regions"), known(&spec("\"frame\": (")));
}

#[test]
fn every_field_of_a_board_is_documented() {
    let page = page("board.md");
    assert_eq!(documented(&page, "`Board`"), known(&board("Board(")));
    assert_eq!(documented(&page, "A device"), known(&board("\"uart0\": (")));
    assert_eq!(documented(&page, "`kernel`"), known(&board("kernel: (")));
}

#[test]
fn the_example_has_no_mistakes() {
    let page = page("spec.md");
    let (_, example) = page.split_once("```ron\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("spec.ron");
    std::fs::write(&path, example).expect("a temporary file");
    let loaded = corpus::check(folder.path(), &path);
    assert_eq!(corpus::text(folder.path(), &loaded), "");
}

/// The codes that a page names, alone or as `F0201 to F0209`.
fn codes(page: &str) -> BTreeSet<u16> {
    let words: Vec<&str> = page.split(|letter: char| !letter.is_alphanumeric()).collect();
    let number = |word: &str| word.strip_prefix('F')?.parse::<u16>().ok().filter(|_| word.len() == 5);
    let alone = words.iter().filter_map(|word| number(word));
    let ranges = words.windows(3).filter(|three| three[1] == "to");
    let ranges = ranges.filter_map(|three| Some(number(three[0])?..=number(three[2])?));
    alone.chain(ranges.flatten()).collect()
}

#[test]
fn every_code_of_specs_manifests_and_boards_stands_beside_a_field() {
    let named: BTreeSet<u16> = ["spec.md", "manifest.md", "interfaces.md", "board.md"]
        .into_iter()
        .flat_map(|name| codes(&page(name)))
        .collect();
    let unnamed: Vec<&Code> = Code::ALL
        .iter()
        .filter(|code| code.group() != Group::Environment && !named.contains(&code.number()))
        .collect();
    assert!(unnamed.is_empty(), "the reference names no {unnamed:?}");
    let known: BTreeSet<u16> = Code::ALL.iter().map(|code| code.number()).collect();
    let text = ["spec.md", "manifest.md", "interfaces.md", "board.md"].map(page).concat();
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let unknown: Vec<&str> = words
        .filter(|word| {
            word.len() == 5
                && word.starts_with('F')
                && word[1..].parse().is_ok_and(|number| !known.contains(&number))
        })
        .collect();
    assert!(unknown.is_empty(), "there are no codes {unknown:?}");
}
