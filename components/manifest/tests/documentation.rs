//! `docs/reference/manifest.md` names every field of a manifest, and its example is a good one.

use std::collections::BTreeSet;

use composer_syntax::{Code, SourceMap};
use manifest::{Manifest, Read};

const PAGE: &str = include_str!("../../../docs/reference/manifest.md");

fn read(text: &str) -> Read {
    let mut sources = SourceMap::new();
    let file = sources.add("component.ron", text);
    Manifest::read(&sources, file, "recorder")
}

/// The names in the first column of the table under a heading; of a kind, what stands before its brackets.
fn documented(heading: &str) -> BTreeSet<&str> {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let section = section.split("\n## ").next().unwrap_or(section);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.map(|cell| cell.split('(').next().unwrap_or(cell)).collect()
}

/// The names that a diagnostic about an unknown one lists.
fn known(text: &str, code: Code) -> BTreeSet<String> {
    let read = read(text);
    let unknown = read.diagnostics.iter().find(|one| one.code == code).expect("a name is unknown");
    let list = unknown.notes.iter().find_map(|note| note.strip_prefix("known here: ")).expect("a list");
    list.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
}

#[track_caller]
fn same(documented: BTreeSet<&str>, known: &BTreeSet<String>) {
    assert_eq!(documented, known.iter().map(String::as_str).collect());
}

#[test]
fn every_field_is_documented() {
    same(documented("`Component`"), &known("(zzzzzzzzzzzz: 0)", Code::UnknownField));
}

#[test]
fn every_kind_of_config_field_is_documented() {
    same(documented("Config fields"), &known("(config: {\"a\": Zzzzzzzzzzzz})", Code::UnknownVariant));
}

#[test]
fn the_example_is_a_good_manifest() {
    let (_, example) = PAGE.split_once("```ron\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    assert_eq!(read(example).diagnostics, []);
}
