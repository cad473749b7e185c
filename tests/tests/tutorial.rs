//! The tutorial's files and diagnostics are what composer reads and says.

use std::fs;
use std::path::Path;

use composer_diagnostics::{Style, human_all};
use composer_model::{Checkout, load};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/tutorial/first-component.md");
    fs::read_to_string(path).expect("the tutorial")
}

/// The page's blocks in a language, in order.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    let blocks = page.split(&fence).skip(1);
    blocks.map(|rest| rest.split_once("```").expect("a block ends").0).collect()
}

/// What the page shows below each `check` of the spec.
fn shown(page: &str) -> Vec<&str> {
    let checks = blocks(page, "console").into_iter();
    checks.filter_map(|block| block.strip_prefix("$ cargo composer check specs/launch.ron\n")).collect()
}

/// What composer says to a spec and the tutorial's component, in a checkout that holds nothing else.
fn said(manifest: &str, spec: &str) -> String {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a folder");
    let component = folder.path().join("components/countdown");
    fs::create_dir_all(&component).expect("a folder");
    fs::create_dir(folder.path().join("specs")).expect("a folder");
    fs::write(component.join("component.ron"), manifest).expect("a file");
    let path = folder.path().join("specs/launch.ron");
    fs::write(&path, spec).expect("a file");
    let checkout = Checkout::new(folder.path())
        .with_components(real.join("components"))
        .with_interfaces(real.join("components/interfaces/src"))
        .with_boards(&real);
    let loaded = load(&checkout, &path, None);
    human_all(&loaded.diagnostics, &loaded.sources, Style::default())
}

#[test]
fn the_mistakes_are_told_as_shown() {
    let page = page();
    let (ron, shown) = (blocks(&page, "ron"), shown(&page));
    let (manifest, wrong) = (ron[0], ron[1]);
    assert_eq!(said(manifest, wrong), shown[0]);

    let right = wrong.replace("consol\"", "console\"").replace("\"form\"", "\"from\"");
    assert_eq!(said(manifest, &right), "");

    let narrow = manifest.replace("max: 1000", "max: 5");
    assert_eq!(said(&narrow, &right.replace("\"from\": 5", "\"from\": 9")), shown[2]);
}

#[test]
fn the_fault_is_where_the_report_says() {
    let page = page();
    let library = blocks(&page, "rust")[1];
    let (_, after) = page.split_once("components/countdown/src/lib.rs:").expect("a place");
    let line: usize = after.split(':').next().and_then(|line| line.parse().ok()).expect("a line");
    assert!(library.lines().nth(line - 1).is_some_and(|text| text.contains("WORDS[count")), "line {line}");
}
