//! Board descriptions: `platform-<name>/board.ron`.

mod check;
mod read;
mod text;

use std::path::Path;

use composer_syntax::{Decode, Diagnostics, FileId, SourceMap, parse};

use crate::find::crates;
use crate::system::Board;

/// Reads the board in `file`. `None` if something keeps it from being used, after a report.
///
/// `name` is the word that the folder is called after, `directory` the folder.
pub(crate) fn load(
    sources: &SourceMap,
    file: FileId,
    name: &str,
    directory: &Path,
    found: &mut Diagnostics,
) -> Option<Board> {
    let parsed = parse(sources, file);
    let mut own = Diagnostics::new();
    own.extend(parsed.diagnostics);
    let text = parsed.value.as_ref().and_then(|value| text::BoardText::decode(value, &mut own));
    if let Some(text) = &text {
        crates::described(directory, &text.package, &text.type_name, &mut own);
    }
    let file_name = sources.file(file).name().to_owned();
    let place = read::Place { file, file_name, directory: directory.to_path_buf() };
    let board = text.and_then(|text| read::board(sources, place, text, &mut own));
    if let Some(board) = &board {
        check::check(board, name, &mut own);
    }
    let usable = !own.has_errors();
    found.extend(own.into_sorted());
    board.filter(|_| usable)
}
