//! Names become Rust crates and variables, so they must be able to.

use composer_syntax::{Code, Diagnostic, Diagnostics, Spanned, quoted};

use crate::draft::Draft;
use crate::names::{Fault, LONGEST, fault, identifier, repaired};

/// Of the kernel's crate and of its reports; a domain of this name would be taken for it.
const KERNEL: &str = "kernel";

/// Packages with a hyphen that every domain is built from.
const BENEATH: [&str; 3] = ["composer-syntax", "interface-macro", "interface-syntax"];

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    if let Some(name) = draft.spec.name.given() {
        found.extend(shape("system", name));
    }
    for (index, instance) in draft.instances.iter().enumerate() {
        found.extend(shape("instance", instance.key).map(|diagnostic| rename(draft, index, diagnostic)));
    }
    for vm in draft.instances.iter().filter_map(|one| one.text.vm.given()) {
        found.extend(vm.value.disks.entries().filter_map(|disk| shape("disk", &disk.key)));
    }
    found.extend(draft.regions.iter().filter_map(|region| shape("region", region.key)));
    let mut seen: Vec<&str> = vec![];
    for name in draft.instances.iter().filter_map(|one| one.text.domain.given()) {
        if !seen.contains(&name.value.as_str()) {
            seen.push(&name.value);
            found.extend(shape("domain", name));
        }
    }
    let keys: Vec<_> = draft.instances.iter().map(|one| one.key).collect();
    distinct("instances", &keys, found);
    domains(draft, found);
    packages(draft, found);
    found.extend(empty(draft));
}

fn empty(draft: &Draft<'_>) -> Option<Diagnostic> {
    let instances = draft.spec.instances.given()?;
    if instances.value.keys().next().is_some() {
        return None;
    }
    let diagnostic = Diagnostic::error(Code::EmptySystem, "the system has no instances")
        .primary(instances.span, "nothing would run")
        .help("name at least one: `\"console\": (component: \"console\")`");
    Some(diagnostic)
}

/// Adds the wires that end at an instance to the fix that renames it.
fn rename(draft: &Draft<'_>, instance: usize, mut diagnostic: Diagnostic) -> Diagnostic {
    let Some(right) = repaired(draft.name(instance)).filter(|_| diagnostic.fix.is_some()) else {
        return diagnostic;
    };
    for wire in draft.wires.iter().filter(|wire| wire.provider == instance) {
        let target = &wire.text.target;
        let port = target.value.split_once('.').map(|(_, port)| format!(".{port}")).unwrap_or_default();
        diagnostic = diagnostic.fix("", target.span, quoted(&format!("{right}{port}")));
    }
    diagnostic
}

/// That a name is a Rust identifier, `-` aside.
fn shape(what: &str, name: &Spanned<String>) -> Option<Diagnostic> {
    let label = match fault(&name.value)? {
        Fault::Empty => "a name has at least one letter".to_owned(),
        Fault::Long => format!("a name has at most {LONGEST} characters"),
        Fault::Start => "a name begins with a lower-case letter".to_owned(),
        Fault::Character(letter) => format!("{letter:?} is no lower-case letter, digit, `_` or `-`"),
        Fault::Separator => "`_` and `-` stand alone, between letters or digits".to_owned(),
        Fault::Reserved => "Rust keeps this word for itself".to_owned(),
    };
    let diagnostic = Diagnostic::error(
        Code::BadName,
        format!("{} is no name for {} {what}", quoted(&name.value), article(what)),
    )
    .primary(name.span, label)
    .note("names become Rust crates and variables in the generated code, and words in reports");
    Some(match repaired(&name.value) {
        Some(right) => diagnostic.fix(format!("write `{right}`"), name.span, quoted(&right)),
        None => diagnostic,
    })
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// That no two names are one identifier.
fn distinct(what: &str, keys: &[&Spanned<String>], found: &mut Diagnostics) {
    for (index, key) in keys.iter().enumerate() {
        let same = |other: &&&Spanned<String>| identifier(&other.value) == identifier(&key.value);
        if let Some(earlier) = keys[..index].iter().find(same) {
            found.push(clash(what, key, earlier));
        }
    }
}

fn clash(what: &str, key: &Spanned<String>, earlier: &Spanned<String>) -> Diagnostic {
    let message = format!("{what} `{}` and `{}` are one name in Rust", earlier.value, key.value);
    Diagnostic::error(Code::NameClash, message)
        .primary(key.span, format!("`{}` in generated code", identifier(&key.value)))
        .secondary(earlier.span, "so is this one")
}

/// That no generated package has the name of one that it stands on: cargo tells packages apart by name.
fn packages(draft: &Draft<'_>, found: &mut Diagnostics) {
    let Some(system) = draft.spec.name.given() else { return };
    let components = draft.instances.iter().filter_map(|one| one.manifest).map(|one| one.name.value.as_str());
    let board = draft.board.map(|board| board.package.as_str());
    let known: Vec<&str> = components.chain(board).chain(BENEATH).collect();
    let generated = draft.domains.iter().map(|domain| (domain.name.value.as_str(), domain.name.span));
    for (domain, span) in generated.chain([(KERNEL, system.span)]) {
        let package = format!("{}-{domain}", system.value);
        if known.contains(&package.as_str()) {
            found.push(
                Diagnostic::error(
                    Code::NameClash,
                    format!("the generated crate `{package}` has the name of another"),
                )
                .primary(span, format!("this domain's crate would be called `{package}`"))
                .secondary(system.span, "after the system")
                .help("choose another name for one of the two"),
            );
        }
    }
}

/// That domains have names of their own.
fn domains(draft: &Draft<'_>, found: &mut Diagnostics) {
    for (index, domain) in draft.domains.iter().enumerate() {
        let name = identifier(&domain.name.value);
        if name == KERNEL {
            found.push(
                Diagnostic::error(Code::BadName, "`kernel` is no name for a domain")
                    .primary(domain.name.span, "reports use this name for the kernel itself"),
            );
        }
        let earlier = draft.domains[..index].iter().find(|other| identifier(&other.name.value) == name);
        // Two instances that clash are reported as such; here one of the two is named by `domain`.
        let Some(earlier) = earlier else { continue };
        let is_key = |place: &Spanned<String>| draft.instances.iter().any(|one| one.key.span == place.span);
        if is_key(domain.name) && is_key(earlier.name) {
            continue;
        }
        let message = format!("two domains would be called `{}`", domain.name.value);
        let (stated, other) = if is_key(domain.name) { (earlier, domain) } else { (domain, earlier) };
        found.push(
            Diagnostic::error(Code::NameClash, message)
                .primary(stated.name.span, "this names a domain")
                .secondary(other.name.span, "a domain of one instance is called after it")
                .help(format!("put `{}` into the domain too, or choose another name", other.name.value)),
        );
    }
}
