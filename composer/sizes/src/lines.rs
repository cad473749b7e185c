//! Code lines of a crate, without its tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::files;
use crate::source::Source;

/// Code lines of the library or program in a folder.
pub(crate) fn of_crate(folder: &Path) -> io::Result<usize> {
    let mut lines = 0;
    let mut tests = BTreeSet::new();
    let mut counted = Vec::new();
    for path in files::below(&folder.join("src"))? {
        let found = count(&fs::read_to_string(&path)?);
        tests.extend(found.test_modules.iter().flat_map(|name| places(&path, name)));
        counted.push((path, found.lines));
    }
    for (path, count) in counted {
        // A module of tests may have modules of its own, in the folder of its name.
        let of_tests = |test: &PathBuf| path == *test || path.starts_with(test.with_extension(""));
        if !tests.iter().any(of_tests) {
            lines += count;
        }
    }
    Ok(lines)
}

/// Where the file of a module can lie.
fn places(parent: &Path, name: &str) -> Vec<PathBuf> {
    let folder = parent.parent().unwrap_or(parent);
    let own = match parent.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main" | "mod") | None => folder.to_owned(),
        Some(stem) => folder.join(stem),
    };
    vec![
        own.join(name).with_extension("rs"),
        own.join(name).join("mod.rs"),
        folder.join(format!("{name}.rs")),
    ]
}

/// What a source holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counted {
    lines: usize,
    /// Modules that are compiled into tests only, and whose source stands elsewhere.
    test_modules: Vec<String>,
}

fn count(text: &str) -> Counted {
    let source = Source::read(text);
    let mut counted = Counted::default();
    let mut lines = source.code.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        let Some(rest) = line.strip_prefix("#[cfg(test)]") else {
            counted.lines += 1;
            continue;
        };
        // Further attributes, then the item up to its end.
        let mut item = rest.to_owned();
        while !is_whole(&item) {
            let Some(line) = lines.next() else { break };
            item += " ";
            item += line;
        }
        let words: Vec<&str> = item.split([' ', ';', '{']).collect();
        let name = words.iter().position(|word| *word == "mod").and_then(|at| words.get(at + 1));
        if let (Some(name), true) = (name, item.ends_with(';')) {
            counted.test_modules.push((*name).to_owned());
        }
    }
    counted
}

/// Whether an item is whole: it has closed its braces, or ends with a semicolon outside of any.
fn is_whole(item: &str) -> bool {
    let (open, close) = (item.matches('{').count(), item.matches('}').count());
    open == close && (open > 0 || item.ends_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_and_tests_do_not_count() {
        let text = "//! Doc.\n\nuse a::b;\n\n/// Doc.\npub fn f() {\n    // Why.\n    g() // how\n}\n\n\
                    #[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        h(\"}\");\n    }\n}\nconst A: u32 = 1;\n";
        assert_eq!(count(text), Counted { lines: 5, test_modules: vec![] });
    }

    #[test]
    fn test_modules_elsewhere_are_named() {
        let text = "mod a;\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\n#[cfg(test)] mod more;\nmod b;\n";
        assert_eq!(count(text), Counted { lines: 2, test_modules: vec!["tests".into(), "more".into()] });
    }

    #[test]
    fn a_crates_tests_are_left_out_wherever_they_lie() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("src/lib.rs", "mod one;\n#[cfg(test)]\nmod model;\n");
        write("src/one.rs", "#[cfg(test)]\nmod inner;\nfn f() {}\n");
        write("src/one/inner.rs", "fn t() {}\n");
        write("src/model.rs", "mod deep;\n");
        write("src/model/deep.rs", "fn t() {}\n");
        write("tests/whole.rs", "fn t() {}\n");
        assert_eq!(of_crate(folder.path()).expect("read"), 2);
    }
}
