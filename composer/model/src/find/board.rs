//! The board that a spec or the command line names.

use composer_syntax::{Code, Diagnostic, Diagnostics, SourceMap, Spanned, nearest, unknown_name};

use crate::Checkout;
use crate::system::Board;

/// Finds and reads the board called `name`. `stated` is where the spec says so, or `None` if the command
/// line does. `None` comes after a report.
pub(crate) fn board(
    checkout: &Checkout,
    sources: &mut SourceMap,
    name: &str,
    stated: Option<&Spanned<String>>,
    found: &mut Diagnostics,
) -> Option<Board> {
    let names = names(checkout);
    let Some(root) =
        checkout.board_roots().iter().find(|root| names.iter().any(|(it, of)| it == name && *of == *root))
    else {
        found.push(unknown(name, stated, &names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()));
        return None;
    };
    let directory = root.join(format!("platform-{name}"));
    let path = directory.join("board.ron");
    match sources.load(checkout.display(&path), &path) {
        Ok(file) => crate::board::load(sources, file, name, &directory, found),
        Err(problem) => {
            found.push(problem);
            None
        }
    }
}

/// Names of all boards, each with the folder that it was found in.
fn names(checkout: &Checkout) -> Vec<(String, &std::path::PathBuf)> {
    let mut names = vec![];
    for root in checkout.board_roots() {
        for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
            let file_name = entry.file_name();
            let name = file_name.to_str().and_then(|name| name.strip_prefix("platform-"));
            if let Some(name) = name.filter(|_| entry.path().join("board.ron").is_file()) {
                names.push((name.to_owned(), root));
            }
        }
    }
    names.sort();
    names
}

fn unknown(name: &str, stated: Option<&Spanned<String>>, known: &[&str]) -> Diagnostic {
    if let Some(stated) = stated {
        let name = Spanned::new(name, stated.span);
        return unknown_name(Code::UnknownName, "platform", name, true, known.iter().copied());
    }
    let diagnostic = Diagnostic::error(Code::UnknownName, format!("unknown platform `{name}`"));
    match nearest(name, known.iter().copied()) {
        Some(meant) => diagnostic.help(format!("did you mean `--platform {meant}`?")),
        None => diagnostic.note(format!("known here: {}", known.join(", "))),
    }
}
