//! Configuration fits the manifest's fields.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, Value, ValueKind, quoted, unknown_name};
use manifest::{ConfigField, ConfigKind, Manifest};

use crate::draft::{Draft, Instance, unmentioned};

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for instance in &draft.instances {
        let Some(manifest) = instance.manifest else { continue };
        for entry in instance.text.config.entries() {
            match manifest.config.iter().find(|field| field.key.value == entry.key.value) {
                Some(field) => found.extend(value(entry, field)),
                None => found.push(unknown(entry, manifest)),
            }
        }
        found.extend(missing(instance, manifest));
    }
}

fn unknown(entry: &Entry<Value>, manifest: &Manifest) -> Diagnostic {
    let component = &manifest.name.value;
    let known = manifest.config.iter().map(|field| field.key.value.as_str());
    let name = entry.key.as_ref().map(String::as_str);
    let mut diagnostic = unknown_name(Code::UnknownField, "config field", name, true, known);
    diagnostic.message = format!("`{component}` has no config field `{}`", entry.key.value);
    diagnostic.secondary(manifest.name.span, "its fields are declared in this manifest")
}

/// What is wrong with a value, if something is.
fn value(entry: &Entry<Value>, field: &Entry<ConfigField>) -> Option<Diagnostic> {
    let given = &entry.value;
    match (&field.value.kind, &given.kind) {
        (ConfigKind::Bool { .. } | ConfigKind::Choice { .. }, ValueKind::Bool(_))
        | (ConfigKind::Str { .. }, ValueKind::Text(_)) => None,
        (&ConfigKind::U32 { min, max, .. }, ValueKind::Integer(integer)) => {
            let fits =
                integer.signed().is_some_and(|number| (i128::from(min)..=i128::from(max)).contains(&number));
            let nearest = if integer.negative || integer.magnitude < u128::from(min) { min } else { max };
            (!fits).then(|| {
                Diagnostic::error(
                    Code::BadNumber,
                    format!("`{}` must be from {min} to {max}", field.key.value),
                )
                .primary(given.span, format!("expected {min} to {max}"))
                .secondary(field.key.span, "the range is declared here")
                .fix(format!("write `{nearest}`"), given.span, nearest.to_string())
            })
        }
        (kind, _) => {
            let expected = describe(kind);
            let message = format!("`{}` is {expected}, found {}", field.key.value, given.describe());
            let diagnostic = Diagnostic::error(Code::WrongType, message)
                .primary(given.head(), format!("expected {expected}"))
                .secondary(field.key.span, "declared here");
            Some(match convert(kind, &given.kind) {
                Some(right) => diagnostic.fix(format!("write `{right}`"), given.span, right),
                None => diagnostic,
            })
        }
    }
}

/// The value that was likely meant: a number or a truth in quotes, a text without.
fn convert(kind: &ConfigKind, given: &ValueKind) -> Option<String> {
    match (kind, given) {
        (&ConfigKind::U32 { min, max, .. }, ValueKind::Text(text)) => {
            let number: u32 = text.trim().parse().ok()?;
            (min..=max).contains(&number).then(|| number.to_string())
        }
        (ConfigKind::Bool { .. } | ConfigKind::Choice { .. }, ValueKind::Text(text))
            if text == "true" || text == "false" =>
        {
            Some(text.clone())
        }
        (ConfigKind::Str { .. }, ValueKind::Name(name)) => Some(quoted(name)),
        (ConfigKind::Str { .. }, ValueKind::Bool(flag)) => Some(quoted(&flag.to_string())),
        _ => None,
    }
}

fn missing(instance: &Instance<'_>, manifest: &Manifest) -> Option<Diagnostic> {
    let mut missing = unmentioned(&instance.text.config, &manifest.config);
    missing.retain(|field| !field.value.kind.has_default());
    missing.first()?;
    let names: Vec<String> = missing.iter().map(|field| format!("`{}`", field.key.value)).collect();
    let message = format!("`{}` is not told {}", instance.key.value, names.join(" and "));
    let mut diagnostic = Diagnostic::error(Code::MissingField, message)
        .primary(instance.key.span, format!("`config` must state {}", names.join(" and ")));
    for field in &missing {
        diagnostic = diagnostic
            .secondary(field.key.span, format!("{}, without a default", describe(&field.value.kind)));
    }
    // No value is as good as another, so none is proposed.
    Some(diagnostic.help(format!("add to `config`: {}", hints(&missing))))
}

/// `"name": an integer`, for each field.
fn hints(missing: &[&Entry<ConfigField>]) -> String {
    let hint = |field: &&Entry<ConfigField>| match &field.value.kind {
        ConfigKind::U32 { min, .. } => format!("{}: {min}", quoted(&field.key.value)),
        ConfigKind::Bool { .. } | ConfigKind::Choice { .. } => format!("{}: false", quoted(&field.key.value)),
        ConfigKind::Str { .. } => format!("{}: \"…\"", quoted(&field.key.value)),
    };
    missing.iter().map(hint).collect::<Vec<_>>().join(", ")
}

/// With its article, for messages.
fn describe(kind: &ConfigKind) -> &'static str {
    match kind {
        ConfigKind::U32 { .. } => "an integer",
        ConfigKind::Bool { .. } | ConfigKind::Choice { .. } => "`true` or `false`",
        ConfigKind::Str { .. } => "a string",
    }
}
