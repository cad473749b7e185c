//! `docs/dependencies.md` has a row for each third-party package, which names the crates that use it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Packages, each with the crates that use it.
type Users = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of a manifest's table, without comments and blank lines; a table ends where the next begins.
fn table<'a>(manifest: &'a str, name: &str) -> Vec<&'a str> {
    let lines = manifest.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// What a line `name.workspace = true` or `name = …` is about.
fn name(line: &str) -> &str {
    line.split([' ', '.', '=']).next().unwrap_or_default()
}

/// Every `Cargo.toml` of a member, by the folders in which members lie.
fn members() -> Vec<String> {
    let mut members = Vec::new();
    for parent in [
        "",
        "apps",
        "components",
        "composer",
        "platform-bgp",
        "platform-bgp/sim",
        "tests",
        "tests/components",
    ] {
        let Ok(entries) = fs::read_dir(root().join(parent)) else { continue };
        for entry in entries {
            members.extend(fs::read_to_string(entry.expect("an entry").path().join("Cargo.toml")));
        }
    }
    members
}

fn declared() -> Users {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    let lines = table(&manifest, "workspace.dependencies");
    let foreign = lines.into_iter().filter(|line| !line.contains("path ="));
    let mut users: Users = foreign.map(|line| (name(line).to_owned(), BTreeSet::new())).collect();
    for member in members() {
        let package = table(&member, "package").into_iter().find_map(|line| line.strip_prefix("name = "));
        let package = package.expect("a member has a name").trim_matches('"');
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for line in table(&member, kind) {
                if let Some(of) = users.get_mut(name(line)) {
                    of.insert(package.to_owned());
                }
            }
        }
    }
    users
}

fn documented() -> Users {
    let page = fs::read_to_string(root().join("docs/dependencies.md")).expect("the page");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let words = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "four full cells: {row}");
        (words(cells[0]).concat(), words(cells[1]).into_iter().collect())
    })
    .collect()
}

#[test]
fn every_package_has_a_row_with_its_users() {
    let (declared, documented) = (declared(), documented());
    assert!(declared.len() > 10, "the manifest was read: {declared:?}");
    assert_eq!(documented, declared);
}
