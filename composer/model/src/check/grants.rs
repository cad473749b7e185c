//! Grants give what their ports ask for, over others only.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, unknown_name};
use manifest::GrantKind;

use crate::draft::{Draft, unknown_port};
use crate::spec::{AuthorityText, GrantText};

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
}

fn grant(
    draft: &Draft<'_>,
    instance: usize,
    entry: &Entry<GrantText>,
    port: &Entry<GrantKind>,
) -> Option<Diagnostic> {
    match (&entry.value.authority, port.value) {
        (AuthorityText::Halt, GrantKind::Halt) => None,
        (AuthorityText::Control(target), GrantKind::Control) => match draft.domain_named(&target.value) {
            None if !draft.spec.instances.lacks(&target.value) => None,
            None => {
                let instances = draft.instances.iter().map(|one| one.key.value.as_str());
                let domains = draft.domains.iter().map(|domain| domain.name.value.as_str());
                let known: Vec<&str> = instances.chain(domains).collect();
                let name = target.as_ref().map(String::as_str);
                Some(unknown_name(Code::UnknownName, "instance or domain", name, true, known))
            }
            Some(domain) if domain == draft.instances[instance].domain => Some(
                Diagnostic::error(
                    Code::SelfControl,
                    format!("`{}` is granted control over itself", draft.name(instance)),
                )
                .primary(target.span, format!("this is the domain that `{}` runs in", draft.name(instance)))
                .secondary(draft.instances[instance].key.span, "the grant goes to this instance")
                .help("name another domain; a component ends itself by returning from `run`"),
            ),
            Some(_) => None,
        },
        (given, wanted) => {
            let (given, wanted) =
                (words(matches!(given, AuthorityText::Halt)), words(wanted == GrantKind::Halt));
            let message = format!("grant port `{}` asks for {}, found {}", port.key.value, wanted.0, given.0);
            let diagnostic = Diagnostic::error(Code::WrongGrant, message)
                .primary(entry.value.span, format!("expected {}", wanted.0))
                .secondary(port.key.span, format!("asks for {} here", wanted.1));
            Some(match port.value {
                GrantKind::Halt => diagnostic.fix("write `Halt`", entry.value.span, "Halt"),
                GrantKind::Control => diagnostic,
            })
        }
    }
}

/// An authority as a spec and as a sentence say it.
fn words(halt: bool) -> (&'static str, &'static str) {
    if halt {
        ("`Halt`", "the right to end the node's run")
    } else {
        ("`Control(\"…\")`", "the right to stop a domain")
    }
}
