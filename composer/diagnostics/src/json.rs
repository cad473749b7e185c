//! For programs: one JSON document for all diagnostics of a run.

use composer_syntax::{Diagnostic, Edit, Label, Role, Severity, SourceMap, Span};
use serde::Serialize;

/// The version of the document's form. Within a version, fields are only added.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: String,
    title: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<LabelEntry<'a>>,
    notes: &'a [String],
    helps: &'a [String],
    fix: Option<FixEntry<'a>>,
}

#[derive(Serialize)]
struct LabelEntry<'a> {
    primary: bool,
    text: &'a str,
    span: SpanEntry<'a>,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    message: &'a str,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    span: SpanEntry<'a>,
    replacement: &'a str,
}

/// Lines and columns count from 1, columns in characters; offsets count bytes from 0. The end lies after
/// the last byte.
#[derive(Serialize)]
struct SpanEntry<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

/// The diagnostics as a JSON document: `{"schema": 1, "diagnostics": [ … ]}`, indented, in the order
/// given, with a line end after it.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let entries = diagnostics.iter().map(|diagnostic| entry(diagnostic, sources)).collect();
    let document = Document { schema: SCHEMA, diagnostics: entries };
    // Strings, numbers and lists of them have no way to fail.
    let mut text = serde_json::to_string_pretty(&document).expect("plain data serialises");
    text.push('\n');
    text
}

fn entry<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Entry<'a> {
    Entry {
        code: diagnostic.code.to_string(),
        title: diagnostic.code.title(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().map(|label| self::label(label, sources)).collect(),
        notes: &diagnostic.notes,
        helps: &diagnostic.helps,
        fix: diagnostic.fix.as_ref().map(|fix| FixEntry {
            message: &fix.message,
            edits: fix.edits.iter().map(|edit| self::edit(edit, sources)).collect(),
        }),
    }
}

fn label<'a>(label: &'a Label, sources: &'a SourceMap) -> LabelEntry<'a> {
    LabelEntry { primary: label.role == Role::Primary, text: &label.text, span: span(label.span, sources) }
}

fn edit<'a>(edit: &'a Edit, sources: &'a SourceMap) -> EditEntry<'a> {
    EditEntry { span: span(edit.span, sources), replacement: &edit.replacement }
}

fn span(span: Span, sources: &SourceMap) -> SpanEntry<'_> {
    let point = |offset| {
        let position = sources.position(span.file, offset);
        Point { line: position.line, column: position.column, offset }
    };
    SpanEntry { file: sources.file(span.file).name(), start: point(span.start), end: point(span.end) }
}
