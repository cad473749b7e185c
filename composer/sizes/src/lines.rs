//! Code lines of a crate, without its tests.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::files;
use crate::source::Source;

/// Conditions of what a kernel holds only with virtualisation.
const VIRTUALISATION: [&str; 2] = ["#[cfg(feature = \"vm\")]", "#[cfg(any(test, feature = \"vm\"))]"];

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    /// Without virtualisation.
    pub(crate) base: usize,
    /// Of virtualisation alone.
    pub(crate) virtualisation: usize,
}

/// What an item is for, by the condition above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// The kernel in any image.
    Base,
    /// The kernel of an image with virtual machines.
    Virtualisation,
    /// Tests, or others than the kernel.
    Beside,
}

/// Code lines of the library or program in a folder below `root`; some sources are set `apart`.
pub(crate) fn of_crate(root: &Path, folder: &str, apart: &[(&str, Purpose)]) -> io::Result<Lines> {
    let mut modules: Vec<_> = apart.iter().map(|(path, purpose)| (root.join(path), *purpose)).collect();
    let mut counted = Vec::new();
    for path in files::below(&root.join(folder).join("src"))? {
        let found = count(&fs::read_to_string(&path)?);
        let places = |(name, purpose): &(String, Purpose)| places(&path, name).map(|place| (place, *purpose));
        modules.extend(found.modules.iter().flat_map(places));
        counted.push((path, found.lines));
    }
    let mut lines = Lines::default();
    for (path, count) in counted {
        // A module may have modules of its own, in the folder of its name.
        let holds = |place: &PathBuf| path == *place || path.starts_with(place.with_extension(""));
        let purpose = modules.iter().filter(|(place, _)| holds(place)).map(|(_, purpose)| *purpose);
        match purpose.max().unwrap_or(Purpose::Base) {
            Purpose::Beside => {}
            Purpose::Base => {
                lines.base += count.base;
                lines.virtualisation += count.virtualisation;
            }
            Purpose::Virtualisation => lines.virtualisation += count.base + count.virtualisation,
        }
    }
    Ok(lines)
}

/// Where the file of a module can lie.
fn places(parent: &Path, name: &str) -> [PathBuf; 3] {
    let folder = parent.parent().unwrap_or(parent);
    let own = match parent.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main" | "mod") | None => folder.to_owned(),
        Some(stem) => folder.join(stem),
    };
    [own.join(name).with_extension("rs"), own.join(name).join("mod.rs"), folder.join(format!("{name}.rs"))]
}

/// What a source holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counted {
    lines: Lines,
    /// Modules that are not for the base, and whose source stands elsewhere.
    modules: Vec<(String, Purpose)>,
}

fn count(text: &str) -> Counted {
    let source = Source::read(text);
    let mut counted = Counted::default();
    let code = source.code.iter().map(|line| line.trim());
    // The features' names stand in texts, which `code` does not show.
    let mut assembled = false;
    let mut lines = code.zip(text.lines()).filter(|(code, _)| !code.is_empty());
    while let Some((line, whole)) = lines.next() {
        let (purpose, rest) = if let Some(rest) = line.strip_prefix("#[cfg(test)]") {
            (Purpose::Beside, rest)
        } else if let Some(rest) = VIRTUALISATION.iter().find_map(|start| whole.trim().strip_prefix(start)) {
            (Purpose::Virtualisation, rest)
        } else {
            // In assembly, the condition is the assembler's.
            assembled = match whole.trim().trim_matches(['"', ',', ' ']) {
                ".if {vm}" => true,
                ".else" | ".endif" => false,
                _ => assembled,
            };
            *(if assembled { &mut counted.lines.virtualisation } else { &mut counted.lines.base }) += 1;
            continue;
        };
        // Further attributes, then the item up to its end.
        let mut item = rest.to_owned();
        let mut length = 1;
        while !is_whole(&item) {
            let Some((line, _)) = lines.next() else { break };
            item += " ";
            item += line;
            length += 1;
        }
        if purpose == Purpose::Virtualisation {
            counted.lines.virtualisation += length;
        }
        let words: Vec<&str> = item.split([' ', ';', '{']).collect();
        let name = words.iter().position(|word| *word == "mod").and_then(|at| words.get(at + 1));
        if let (Some(name), true) = (name, item.ends_with(';')) {
            counted.modules.push(((*name).to_owned(), purpose));
        }
    }
    counted
}

/// Whether an item is whole: it has closed its braces, or ends with a semicolon, or as a field or an arm with a comma,
/// outside of any.
fn is_whole(item: &str) -> bool {
    let balance = |open, close| item.matches(open).count() == item.matches(close).count();
    let closed = balance('{', '}') && balance('(', ')') && balance('[', ']');
    closed && (item.ends_with([';', ',', '}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_and_tests_do_not_count() {
        let text = "//! Doc.\n\nuse a::b;\n\n/// Doc.\npub fn f() {\n    // Why.\n    g() // how\n}\n\n\
                    #[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        h(\"}\");\n    }\n}\nconst A: u32 = 1;\n";
        assert_eq!(count(text).lines, Lines { base: 5, virtualisation: 0 });
    }

    #[test]
    fn test_modules_elsewhere_are_named() {
        let text = "mod a;\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\n#[cfg(test)] mod more;\nmod b;\n";
        let tests = |name: &str| (name.to_owned(), Purpose::Beside);
        let lines = Lines { base: 2, virtualisation: 0 };
        assert_eq!(count(text), Counted { lines, modules: vec![tests("tests"), tests("more")] });
    }

    #[test]
    fn virtualisation_counts_by_itself() {
        let text = "#[cfg(feature = \"vm\")]\nmod vcpu;\nstruct A {\n    #[cfg(feature = \"vm\")]\n    v: u32,\n    w: u32,\n}\n\
                    #[cfg(feature = \"up\")]\nfn f() {\n}\n#[cfg(feature = \"vm\")]\nfn g(\n    a: u32,\n) {\n    h();\n}\n";
        let modules = vec![("vcpu".to_owned(), Purpose::Virtualisation)];
        assert_eq!(count(text), Counted { lines: Lines { base: 6, virtualisation: 10 }, modules });
    }

    #[test]
    fn a_crates_tests_are_left_out_wherever_they_lie() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write(
            "src/lib.rs",
            "mod one;\nmod beside;\n#[cfg(test)]\nmod model;\n#[cfg(feature = \"vm\")]\nmod vcpu;\n",
        );
        write("src/beside.rs", "fn f() {}\n");
        write("src/vcpu.rs", "mod timer;\n#[cfg(test)]\nmod tests;\n");
        write("src/vcpu/timer.rs", "fn f() {}\nfn g() {}\n");
        write("src/vcpu/tests.rs", "fn t() {}\n");
        write("src/one.rs", "#[cfg(test)]\nmod inner;\nfn f() {}\n");
        write("src/one/inner.rs", "fn t() {}\n");
        write("src/model.rs", "mod deep;\n");
        write("src/model/deep.rs", "fn t() {}\n");
        write("tests/whole.rs", "fn t() {}\n");
        let lines = of_crate(folder.path(), "", &[("src/beside.rs", Purpose::Beside)]).expect("read");
        assert_eq!(lines, Lines { base: 3, virtualisation: 5 });
    }
}
