//! Unsafe blocks by module, and whether each says why it is sound.

use std::path::Path;
use std::{fs, io};

use serde::Serialize;

use crate::files;
use crate::source::Source;

/// A module with unsafe code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Module {
    /// Its file, from the root of the checkout.
    pub path: String,
    /// Blocks.
    pub blocks: usize,
    /// Those of them with a note `SAFETY:`.
    pub noted: usize,
    /// Functions, implementations, foreign blocks and attributes.
    pub others: usize,
}

/// Every module of a checkout that has unsafe code, tests apart, by path.
pub(crate) fn of_workspace(root: &Path) -> io::Result<Vec<Module>> {
    let mut modules = Vec::new();
    for path in files::of_workspace(root)? {
        let found = of_source(&fs::read_to_string(&path)?);
        if found.blocks + found.others > 0 {
            let path = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            modules.push(Module { path, ..found });
        }
    }
    Ok(modules)
}

fn of_source(text: &str) -> Module {
    let source = Source::read(text);
    let mut found = Module::default();
    for (number, line) in source.code.iter().enumerate() {
        for (at, word) in line.match_indices("unsafe") {
            let before = line[..at].chars().last();
            let after = line[at + word.len()..].trim_start();
            let whole = |one: char| !one.is_alphanumeric() && one != '_';
            if !before.is_none_or(whole) || !line[at + word.len()..].chars().next().is_none_or(whole) {
                continue;
            }
            if after.starts_with('{') {
                found.blocks += 1;
                found.noted += usize::from(is_noted(&source, number));
            } else if ["fn ", "impl", "extern", "("].iter().any(|start| after.starts_with(start)) {
                found.others += 1;
            }
        }
    }
    found
}

/// Whether a comment with `SAFETY:` stands in the line, or above the statement that the line belongs to.
fn is_noted(source: &Source, number: usize) -> bool {
    let says = |line: usize| source.comments[line].contains("SAFETY:");
    if says(number) {
        return true;
    }
    for line in (0..number).rev() {
        let code = source.code[line].trim();
        match code {
            "" if source.comments[line].is_empty() => return false,
            "" if says(line) => return true,
            "" => {}
            _ if code.ends_with([';', '{', '}']) => return false,
            // The statement began further up.
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_their_notes_are_counted() {
        let text = "#![expect(unsafe_code, reason = \"x\")]\n\
                    fn f() {\n    // SAFETY: a reason\n    // of two lines.\n    let a =\n        unsafe { g() };\n\
                    \n    unsafe { h() };\n    let word = \"unsafe {\"; // unsafe { }\n}\n\
                    // SAFETY: the name is ours.\n#[unsafe(no_mangle)]\nunsafe extern \"C\" {}\n";
        let found = of_source(text);
        assert_eq!((found.blocks, found.noted, found.others), (2, 1, 2));
    }

    #[test]
    fn a_note_of_another_statement_does_not_count() {
        let found = of_source("// SAFETY: this one.\nunsafe { a() };\nunsafe { b() };\n");
        assert_eq!((found.blocks, found.noted), (2, 1));
    }
}
