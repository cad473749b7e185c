//! Grants give what their ports ask for, over others only, and nothing twice that has one owner.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, Spanned, unknown_name};
use manifest::GrantKind;

use crate::draft::{Draft, unknown_port};
use crate::spec::{AuthorityText, GrantText};
use crate::system::Board;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for (index, instance) in draft.instances.iter().enumerate() {
        let Some(manifest) = instance.manifest else { continue };
        for entry in instance.text.grants.entries() {
            match manifest.grants.iter().find(|port| port.key.value == entry.key.value) {
                Some(port) => found.extend(grant(draft, index, entry, port)),
                None => found.push(unknown_port("grants", &entry.key, manifest)),
            }
        }
    }
    if let Some(board) = draft.board {
        registers(draft, board, found);
    }
}

fn grant(
    draft: &Draft<'_>,
    instance: usize,
    entry: &Entry<GrantText>,
    port: &Entry<GrantKind>,
) -> Option<Diagnostic> {
    let authority = &entry.value.authority;
    if authority.kind() != port.value {
        return Some(other_kind(entry, port));
    }
    let target = authority.domain()?;
    match draft.domain_named(&target.value) {
        None if !draft.spec.instances.lacks(&target.value) => None,
        None => {
            let instances = draft.instances.iter().map(|one| one.key.value.as_str());
            let domains = draft.domains.iter().map(|domain| domain.name.value.as_str());
            let known: Vec<&str> = instances.chain(domains).collect();
            let name = target.as_ref().map(String::as_str);
            Some(unknown_name(Code::UnknownName, "instance or domain", name, true, known))
        }
        Some(domain) if domain == draft.instances[instance].domain => {
            Some(over_itself(draft, instance, target))
        }
        Some(_) => None,
    }
}

fn over_itself(draft: &Draft<'_>, instance: usize, target: &Spanned<String>) -> Diagnostic {
    let name = draft.name(instance);
    Diagnostic::error(Code::SelfControl, format!("`{name}` is granted control over itself"))
        .primary(target.span, format!("this is the domain that `{name}` runs in"))
        .secondary(draft.instances[instance].key.span, "the grant goes to this instance")
        .help("name another domain; a component ends itself by returning from `run`")
}

fn other_kind(entry: &Entry<GrantText>, port: &Entry<GrantKind>) -> Diagnostic {
    let (given, wanted) = (words(entry.value.authority.kind()), words(port.value));
    let message = format!("grant port `{}` asks for {wanted}, found {given}", port.key.value);
    let right = port.value.purpose().strip_prefix("to ").unwrap_or_default();
    let diagnostic = Diagnostic::error(Code::WrongGrant, message)
        .primary(entry.value.span, format!("expected {wanted}"))
        .secondary(port.key.span, format!("asks for the right to {right} here"));
    match port.value {
        // These name nothing that would have to be guessed.
        GrantKind::Halt | GrantKind::Trace => {
            let word = port.value.word();
            diagnostic.fix(format!("write `{word}`"), entry.value.span, word)
        }
        _ => diagnostic,
    }
}

/// An authority as a spec says it.
fn words(kind: GrantKind) -> String {
    match kind {
        GrantKind::Halt | GrantKind::Trace => format!("`{}`", kind.word()),
        _ => format!("`{}(\"…\")`", kind.word()),
    }
}

/// Each range of device control registers exists, is not the kernel's, and has one owner.
fn registers(draft: &Draft<'_>, board: &Board, found: &mut Diagnostics) {
    let mut owners: Vec<(&Spanned<String>, usize)> = vec![];
    for (index, instance) in draft.instances.iter().enumerate() {
        for entry in instance.text.grants.entries() {
            let AuthorityText::Dcr(name) = &entry.value.authority else { continue };
            let Some(range) = board.dcrs.iter().find(|range| range.name == name.value) else {
                let known = board.dcrs.iter().filter(|range| range.grantable);
                let what = format!("range of registers of board `{}`:", board.name);
                let shown = name.as_ref().map(String::as_str);
                let known = known.map(|range| range.name.as_str());
                found.push(unknown_name(Code::UnknownName, &what, shown, true, known));
                continue;
            };
            if !range.grantable {
                let message = format!("the registers `{}` belong to the kernel", range.name);
                let kept = format!("board `{}` keeps them: `grantable: false`", board.name);
                found.push(
                    Diagnostic::error(Code::KernelDevice, message)
                        .primary(name.span, "cannot be handed to a domain")
                        .secondary(range.origin.span, kept),
                );
            } else if let Some((first, owner)) = owners.iter().find(|(other, _)| other.value == name.value) {
                found.push(taken(draft, name, (first, *owner), index));
            }
            owners.push((name, index));
        }
    }
}

fn taken(
    draft: &Draft<'_>,
    name: &Spanned<String>,
    (first, owner): (&Spanned<String>, usize),
    instance: usize,
) -> Diagnostic {
    let (one, other) = (draft.name(owner), draft.name(instance));
    let message = match one == other {
        true => format!("the registers `{}` are given to two ports of `{one}`", name.value),
        false => format!("the registers `{}` have two owners, `{one}` and `{other}`", name.value),
    };
    Diagnostic::error(Code::DeviceTaken, message)
        .primary(name.span, "given again here")
        .secondary(first.span, "first given here")
        .help("let one instance own the registers and the others reach it through a wire")
}
