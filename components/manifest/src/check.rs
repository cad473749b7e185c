//! What must hold between the parts of a manifest.

use std::collections::BTreeMap;

use composer_syntax::{Code, Diagnostic, Diagnostics, Size, Span, Spanned, quoted};

use crate::model::{Manifest, PortKind};
use crate::names::{is_keyword, is_snake, is_upper_camel, to_snake};

/// Types that the derived file defines itself.
const DERIVED: [&str; 4] = ["Ports", "Wires", "Config", "Component"];

/// Checks a manifest that has been read.
pub(crate) fn check(manifest: &Manifest, directory: &str, found: &mut Diagnostics) {
    name(manifest, directory, found);
    type_name(manifest, found);
    for (port, _) in manifest.ports() {
        snake(port, "port", found);
    }
    for field in &manifest.config {
        snake(&field.key, "config field", found);
    }
    clashes(manifest, found);
    provided_twice(manifest, found);
    // A machine's monitor serves between two runs of its guest.
    if manifest.is_active()
        && manifest.vm.is_none()
        && let Some(provided) = manifest.provides.iter().next()
    {
        found.push(
            Diagnostic::error(Code::ActiveProvider, "a component with a thread provides nothing")
                .primary(provided.key.span, "provided here")
                .secondary(manifest.activity.stack().span, "the thread's stack")
                .help("make it passive: put `stack` in place of `threads`, or split it into two components"),
        );
    }
    if let Some(vm) = &manifest.vm
        && !manifest.is_active()
    {
        found.push(
            Diagnostic::error(Code::BadThreads, "a component that runs a virtual machine has a thread")
                .primary(vm.span, "whose thread would be the virtual processor?")
                .secondary(manifest.activity.stack().span, "this makes it passive")
                .help("write `threads: {\"main\": (stack: \"8 KiB\")}` in place of `stack`"),
        );
    }
    sizes(manifest, found);
}

fn name(manifest: &Manifest, directory: &str, found: &mut Diagnostics) {
    let name = &manifest.name;
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let parts_fit = name.value.split(['-', '_']).all(|part| !part.is_empty() && part.chars().all(letters));
    let good = parts_fit && name.value.starts_with(|first: char| first.is_ascii_lowercase());
    if !good || is_keyword(&name.value) {
        found.push(
            Diagnostic::error(Code::BadName, format!("`{}` is no name of a component", name.value))
                .primary(name.span, "expected lower-case letters and digits, joined by `-`"),
        );
    } else if name.value != directory {
        found.push(
            Diagnostic::error(
                Code::ManifestName,
                format!("the manifest names `{}`, but its directory is `{directory}`", name.value),
            )
            .primary(name.span, format!("expected `{directory}`"))
            .fix(format!("write `{directory}`"), name.span, quoted(directory)),
        );
    }
}

fn type_name(manifest: &Manifest, found: &mut Diagnostics) {
    let Spanned { value, span } = &manifest.type_name;
    if !is_upper_camel(value) {
        found.push(
            Diagnostic::error(Code::BadName, format!("`{value}` is no name of a type"))
                .primary(*span, "expected a Rust type such as `Greeter`, without parameters"),
        );
    } else if DERIVED.contains(&value.as_str()) {
        found.push(
            Diagnostic::error(Code::BadName, format!("the type cannot be called `{value}`"))
                .primary(*span, "a type of this name is derived from the manifest")
                .note(format!("derived are {}", DERIVED.map(|name| format!("`{name}`")).join(", "))),
        );
    }
}

fn snake(name: &Spanned<String>, what: &str, found: &mut Diagnostics) {
    if is_snake(&name.value) {
        return;
    }
    let message = if is_keyword(&name.value) {
        format!("`{}` is a word of Rust and no name of a {what}", name.value)
    } else {
        format!("`{}` is no name of a {what}", name.value)
    };
    let mut diagnostic = Diagnostic::error(Code::BadName, message)
        .primary(name.span, "expected lower-case letters and digits, joined by `_`");
    let near = to_snake(&name.value);
    if is_snake(&near) {
        diagnostic = diagnostic.fix(format!("write `{near}`"), name.span, quoted(&near));
    }
    found.push(diagnostic);
}

/// Each port becomes a field and a type; two of one name would be one.
fn clashes(manifest: &Manifest, found: &mut Diagnostics) {
    let mut first: BTreeMap<String, (&Spanned<String>, PortKind<'_>)> = BTreeMap::new();
    for (port, kind) in manifest.types() {
        let derived = kind.type_name(&port.value);
        let Some((earlier, earlier_kind)) = first.get(&derived) else {
            first.insert(derived, (port, kind));
            continue;
        };
        let describe = |port: &Spanned<String>, kind: &PortKind<'_>| match kind {
            PortKind::Choice(_) => format!("becomes the type `{derived}`"),
            _ => format!("becomes the field `{}` and the type `{derived}`", kind.field_name(&port.value)),
        };
        found.push(
            Diagnostic::error(Code::PortClash, format!("two ports become the type `{derived}`"))
                .primary(port.span, describe(port, &kind))
                .secondary(earlier.span, describe(earlier, earlier_kind))
                .help("give one of the ports another name"),
        );
    }
}

/// The server's methods learn which client calls, but not on which port.
fn provided_twice(manifest: &Manifest, found: &mut Diagnostics) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for port in &manifest.provides {
        if port.value.is_optional {
            found.push(
                Diagnostic::error(Code::BadInterface, "a provided port cannot be optional")
                    .primary(port.value.span, "provided ports need no client anyway")
                    .help("write the interface alone"),
            );
        }
        if let Some(&earlier) = first.get(port.value.name.as_str()) {
            found.push(
                Diagnostic::error(
                    Code::ProvidedTwice,
                    format!("the interface `{}` is provided twice", port.value.name),
                )
                .primary(port.value.span, "provided again here")
                .secondary(earlier, "first provided here")
                .help("one port is enough: any number of clients can use it"),
            );
        } else {
            first.insert(&port.value.name, port.value.span);
        }
    }
}

fn sizes(manifest: &Manifest, found: &mut Diagnostics) {
    not_zero(manifest.activity.stack(), "stack", found);
    for port in &manifest.memory {
        not_zero(port.value.size, "memory", found);
    }
}

fn not_zero(size: Spanned<Size>, what: &str, found: &mut Diagnostics) {
    if size.value.0 == 0 {
        found.push(
            Diagnostic::error(Code::BadNumber, format!("the {what} has no bytes"))
                .primary(size.span, "expected more than 0"),
        );
    }
}

/// Checks that the default lies in the range, and that the range holds anything.
pub(crate) fn range(
    default: Option<Spanned<u32>>,
    min: Option<Spanned<u32>>,
    max: Option<Spanned<u32>>,
    found: &mut Diagnostics,
) {
    if let (Some(min), Some(max)) = (min, max)
        && min.value > max.value
    {
        found.push(
            Diagnostic::error(Code::BadDefault, "the range holds no number")
                .primary(max.span, format!("less than {}", min.value))
                .secondary(min.span, "the least value"),
        );
        return;
    }
    let Some(default) = default else { return };
    let broken = [min.filter(|min| default.value < min.value), max.filter(|max| default.value > max.value)];
    for bound in broken.into_iter().flatten() {
        found.push(
            Diagnostic::error(Code::BadDefault, format!("the default {} is out of range", default.value))
                .primary(default.span, "the value if a spec sets none")
                .secondary(bound.span, "the range ends here"),
        );
    }
}
