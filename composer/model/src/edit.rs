//! Fixes that add something to an instance, laid out like the lines around it.

use composer_syntax::{Diagnostic, SourceMap, Span, Spanned};

use crate::spec::{Field, InstanceText, Map};

/// Adds `name: value` to an instance, after its component. No fix where there is nothing to stand after.
pub(crate) fn add_field(
    diagnostic: Diagnostic,
    sources: &SourceMap,
    instance: &InstanceText,
    name: &str,
    value: &str,
) -> Diagnostic {
    let Some(component) = instance.component.given() else { return diagnostic };
    let line = format!("{}{name}: {value}", break_before(sources, component.span));
    diagnostic.fix(format!("add `{name}: {value}`"), component.span.after(), line)
}

/// Adds entries to a map of an instance, or the map with them.
pub(crate) fn add_entries<T>(
    diagnostic: Diagnostic,
    sources: &SourceMap,
    instance: &InstanceText,
    (name, map): (&str, &Map<T>),
    entries: &[String],
) -> Diagnostic {
    let list = entries.join(", ");
    match map {
        _ if entries.is_empty() => diagnostic,
        Field::Absent => add_field(diagnostic, sources, instance, name, &format!("{{{list}}}")),
        Field::Bad => diagnostic,
        Field::Given(map) => {
            let (place, text) = match map.value.iter().last() {
                Some(last) => (last.value_span.after(), format!(", {list}")),
                None => (map.span, format!("{{{list}}}")),
            };
            diagnostic.fix(format!("add `{list}`"), place, text)
        }
    }
}

/// States a field of an instance: replaces its value, or adds it.
pub(crate) fn set_field<T>(
    diagnostic: Diagnostic,
    sources: &SourceMap,
    instance: &InstanceText,
    (name, field): (&str, &Field<Spanned<T>>),
    value: &str,
) -> Diagnostic {
    match field.given() {
        Some(stated) => diagnostic.fix(format!("write `{name}: {value}`"), stated.span, value),
        None => add_field(diagnostic, sources, instance, name, value),
    }
}

/// What stands between the field whose value is at `value` and a field that follows it: a comma, and the
/// same indentation on a new line if the field has a line of its own.
fn break_before(sources: &SourceMap, value: Span) -> String {
    let text = sources.file(value.file).text();
    let before = &text[..value.start];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let indent = &line[..line.len() - line.trim_start().len()];
    if line.trim_start().starts_with("component") { format!(",\n{indent}") } else { ", ".to_owned() }
}
