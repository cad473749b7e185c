//! The texts that spans point into.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// The largest file that is read, in bytes. Nobody writes a spec of this size; something else was named.
pub const MAXIMUM_FILE: usize = 1 << 20;

/// A file of a [`SourceMap`]. Meaningful only with the map that gave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A line and a column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// One text and the name by which people know it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    /// The name shown in diagnostics, usually the path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Every text of one run: specs, manifests, board descriptions, interfaces' source files.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text that is at hand.
    ///
    /// # Panics
    ///
    /// With the 4,294,967,296th file.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(SourceFile { name: name.into(), text, line_starts });
        FileId(u32::try_from(self.files.len() - 1).expect("fewer than 2^32 files"))
    }

    /// Adds a text of unknown encoding.
    ///
    /// # Errors
    ///
    /// [`Code::NotUtf8`], pointing at the first byte that is not; [`Code::FileTooLarge`].
    pub fn add_bytes(&mut self, name: impl Into<String>, bytes: &[u8]) -> Result<FileId, Diagnostic> {
        let name = name.into();
        if bytes.len() > MAXIMUM_FILE {
            return Err(too_large(&name));
        }
        let error = match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(self.add(name, text)),
            Err(error) => error,
        };
        let at = error.valid_up_to();
        let message = format!("`{name}` is not UTF-8 text");
        // What precedes the first bad byte reads the same in the repaired text, so its offset holds.
        let file = self.add(name, String::from_utf8_lossy(bytes));
        let span = Span::new(file, at, at + char::REPLACEMENT_CHARACTER.len_utf8());
        Err(Diagnostic::error(Code::NotUtf8, message)
            .primary(span, format!("byte 0x{:02X} begins no UTF-8 character", bytes[at]))
            .help("save the file as UTF-8"))
    }

    /// Reads the file at `path` and adds it under `name`.
    ///
    /// # Errors
    ///
    /// [`Code::CannotRead`] when the file system refuses, and those of [`SourceMap::add_bytes`].
    pub fn load(&mut self, name: impl Into<String>, path: &Path) -> Result<FileId, Diagnostic> {
        let name = name.into();
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file that is too large from one that just fits.
        let read =
            File::open(path).and_then(|file| file.take(MAXIMUM_FILE as u64 + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) => self.add_bytes(name, &bytes),
            Err(error) => Err(Diagnostic::error(Code::CannotRead, format!("cannot read `{name}`: {error}"))),
        }
    }

    /// The file that `id` names.
    ///
    /// # Panics
    ///
    /// When another map gave out `id`.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The text at `span`; empty where the span does not fit the text.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start..span.end).unwrap_or("")
    }

    /// Line and column of a byte offset; offsets beyond the text mean its end.
    pub fn position(&self, file: FileId, offset: usize) -> Position {
        let file = self.file(file);
        let offset = offset.min(file.text.len());
        let line = file.line_starts.partition_point(|&start| start <= offset);
        let start = file.line_starts[line - 1];
        let before = &file.text.as_bytes()[start..offset];
        // A character is counted by its first byte, so an offset inside one does no harm.
        let column = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        Position { line, column }
    }

    /// `name:line:column` of the span's start, as editors and terminals understand it.
    pub fn location(&self, span: Span) -> String {
        let Position { line, column } = self.position(span.file, span.start);
        format!("{}:{line}:{column}", self.file(span.file).name)
    }
}

fn too_large(name: &str) -> Diagnostic {
    Diagnostic::error(Code::FileTooLarge, format!("`{name}` is larger than {} MiB", MAXIMUM_FILE >> 20))
}
