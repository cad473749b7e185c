//! For a person at a terminal: the source with the mistake underlined.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str};
use composer_syntax::{Diagnostic, Edit, FileId, Label, Role, Severity, SourceMap, Span};

/// How the text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour it with ANSI sequences.
    pub colour: bool,
    /// Columns of the terminal; longer lines of source are cut around the mistake.
    pub width: usize,
}

impl Default for Style {
    /// Without colour, and wide enough for lines of the usual length.
    fn default() -> Self {
        Self { colour: false, width: 140 }
    }
}

/// One diagnostic, without a line end after its last line.
pub fn human(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let mut groups = vec![cause(diagnostic, sources)];
    if let Some(fix) = &diagnostic.fix {
        let title = Level::HELP.secondary_title(normalize_untrusted_str(&fix.message));
        groups.push(Group::with_title(title).elements(suggestion(&fix.edits, sources)));
    }
    renderer(style).render(&groups)
}

/// All of them, each followed by an empty line, and the summary.
pub fn human_all(diagnostics: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text += &human(diagnostic, sources, style);
        text += "\n\n";
    }
    if let Some(summary) = summary(diagnostics) {
        text += &summary;
        text.push('\n');
    }
    text
}

/// How many of each severity, and where to read more. `None` if there are none.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    let first = first.or(diagnostics.first())?;
    let count = |severity, name| {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        match count {
            0 => None,
            1 => Some(format!("1 {name}")),
            _ => Some(format!("{count} {name}s")),
        }
    };
    let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    Some(format!("{}; `composer explain {}` says more", counts.join(" and "), first.code))
}

fn renderer(style: Style) -> Renderer {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(style.width)
}

/// The title, the source with its labels, notes and advice.
fn cause<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.to_string());
    let mut group = Group::with_title(title);
    for file in files(diagnostic) {
        let labels = diagnostic.labels.iter().filter(|label| label.span.file == file);
        let source = sources.file(file);
        let snippet = Snippet::source(source.text()).path(source.name());
        group = group.element(snippet.annotations(labels.map(|label| annotation(label, source.text()))));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(normalize_untrusted_str(note)));
    }
    for help in &diagnostic.helps {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    group
}

/// The files that labels point into, that of the mistake first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files: Vec<FileId> = diagnostic.span().map(|span| span.file).into_iter().collect();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn annotation<'a>(label: &'a Label, text: &str) -> annotate_snippets::Annotation<'a> {
    let kind = match label.role {
        Role::Primary => AnnotationKind::Primary,
        Role::Secondary => AnnotationKind::Context,
    };
    let words = (!label.text.is_empty()).then(|| normalize_untrusted_str(&label.text));
    kind.span(range(label.span, text)).label(words)
}

/// The changed source, a snippet for each file.
fn suggestion<'a>(edits: &'a [Edit], sources: &'a SourceMap) -> Vec<Snippet<'a, Patch<'a>>> {
    let mut files: Vec<FileId> = edits.iter().map(|edit| edit.span.file).collect();
    files.sort();
    files.dedup();
    let snippet = |file| {
        let source = sources.file(file);
        let of_file = edits.iter().filter(move |edit| edit.span.file == file);
        let patches = of_file.map(|edit| Patch::new(range(edit.span, source.text()), &edit.replacement));
        Snippet::source(source.text()).path(source.name()).patches(patches)
    };
    files.into_iter().map(snippet).collect()
}

/// The span as the renderer wants it: within the text, and on boundaries of characters.
fn range(span: Span, text: &str) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.ceil_char_boundary(span.end).max(start)
}
