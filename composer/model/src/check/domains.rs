//! What may share a domain: one thread drives it, so one instance at most is active, and a domain whose
//! thread runs an active instance serves nobody else, but for a machine's monitor, which can be called.

use composer_syntax::{Code, Diagnostic, Diagnostics, Span, Spanned, quoted};

use crate::draft::{Draft, Wire};
use crate::spec::{BudgetText, InstanceText};
use crate::system::WireKind;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for domain in 0..draft.domains.len() {
        let actives = actives(draft, domain);
        if actives.len() > 1 {
            found.push(two_active(draft, domain, &actives));
        } else if let &[active] = actives.as_slice() {
            found.extend(active_serves(draft, domain, active));
            found.extend(draft.wires.iter().filter_map(|wire| not_called(draft, active, wire)));
        }
        found.extend(two_names(draft, domain));
        found.extend(disagreement(draft, domain, "priority", |text| {
            text.priority.given().copied().map(|it| it.map(|it| it.0.to_string()))
        }));
        found.extend(disagreement(draft, domain, "on_fault", |text| {
            text.on_fault.given().copied().map(|it| it.map(|it| it.to_string()))
        }));
        found
            .extend(disagreement(draft, domain, "fault_handler", |text| text.fault_handler.given().cloned()));
        found.extend(disagreement(draft, domain, "budget", |text| {
            let written = |it: BudgetText| format!("{} in {}", it.time.value, it.period.value);
            text.budget.given().copied().map(|it| it.map(written))
        }));
    }
    for wire in draft.wires.iter().filter(|wire| wire.is_remote()) {
        if domain_of(draft, wire.client) == domain_of(draft, wire.provider) {
            found.push(call_inside(draft, wire));
        }
    }
}

fn domain_of(draft: &Draft<'_>, instance: usize) -> usize {
    draft.instances[instance].domain
}

fn actives(draft: &Draft<'_>, domain: usize) -> Vec<usize> {
    draft.domains[domain].instances.iter().copied().filter(|&one| draft.instances[one].is_active()).collect()
}

/// The direct wires inside a domain.
fn inner<'d, 'a>(draft: &'d Draft<'a>, domain: usize) -> impl Iterator<Item = &'d Wire<'a>> {
    draft
        .wires
        .iter()
        .filter(move |wire| wire.is(WireKind::Direct) && domain_of(draft, wire.client) == domain)
}

/// The place in the spec that puts an instance into a domain with others.
fn reason(draft: &Draft<'_>, instance: usize) -> (Span, &'static str) {
    let text: &InstanceText = draft.instances[instance].text;
    if let Some(name) = text.domain.given() {
        return (name.span, "is put into this domain");
    }
    let own = |wire: &&Wire<'_>| wire.client == instance || wire.provider == instance;
    match draft.wires.iter().filter(|wire| wire.is(WireKind::Direct)).find(own) {
        Some(wire) => (wire.text.span, "is fused by this direct wire"),
        None => (draft.instances[instance].key.span, "is in the domain"),
    }
}

fn two_active(draft: &Draft<'_>, domain: usize, actives: &[usize]) -> Diagnostic {
    let names: Vec<String> = actives.iter().map(|&one| format!("`{}`", draft.name(one))).collect();
    let message = format!(
        "{} are active and share the domain `{}`",
        names.join(" and "),
        draft.domains[domain].name.value
    );
    let mut diagnostic = Diagnostic::error(Code::TwoActive, message)
        .note("a domain has one thread, which runs its one active instance");
    for (index, &one) in actives.iter().enumerate() {
        let (span, how) = reason(draft, one);
        let label = format!("`{}` {how}", draft.name(one));
        diagnostic = match index {
            0 => diagnostic.secondary(span, label),
            _ => diagnostic.primary(span, label),
        };
    }
    part(draft, domain, diagnostic)
}

/// Proposes to turn a domain's direct wires into calls, if nothing else holds it together.
fn part(draft: &Draft<'_>, domain: usize, mut diagnostic: Diagnostic) -> Diagnostic {
    let named =
        draft.domains[domain].instances.iter().any(|&one| !draft.instances[one].text.domain.is_absent());
    if named {
        return diagnostic
            .help("give each active instance a domain of its own, and reach the shared provider by `Call`");
    }
    for wire in inner(draft, domain) {
        diagnostic = diagnostic.fix("reach the provider by `Call`", wire.text.kind.span, "Call");
    }
    diagnostic
}

/// An active provider runs a guest, and answers calls between two runs: there is no other way to it.
fn not_called(draft: &Draft<'_>, active: usize, wire: &Wire<'_>) -> Option<Diagnostic> {
    if wire.provider != active || wire.is(WireKind::Call) {
        return None;
    }
    let (name, kind) = (draft.name(active), wire.text.kind);
    let message = format!("the active `{name}` cannot be reached by `{}`", kind.value.name());
    let (place, text) = (wire.text.span, format!("Call({})", quoted(&wire.text.target.value)));
    Some(
        Diagnostic::error(Code::ActiveServes, message)
            .primary(kind.span, format!("`{name}` answers calls, between two runs of its guest"))
            .fix("reach it by `Call`", place, text),
    )
}

fn active_serves(draft: &Draft<'_>, domain: usize, active: usize) -> Option<Diagnostic> {
    let from_outside = |wire: &&Wire<'_>| {
        domain_of(draft, wire.provider) == domain
            && domain_of(draft, wire.client) != domain
            && wire.provider != active
    };
    let outside: Vec<_> = draft.wires.iter().filter(from_outside).collect();
    let first = outside.first()?;
    let name = draft.name(active);
    // A component that provides something is passive, so another instance is the active one.
    let message = format!(
        "`{}` shares a domain with the active `{name}` and cannot serve `{}`",
        draft.name(first.provider),
        draft.name(first.client)
    );
    let mut diagnostic = Diagnostic::error(Code::ActiveServes, message)
        .note(format!("the domain's one thread runs `{name}` and takes no calls"));
    for (index, wire) in outside.iter().enumerate() {
        let label = format!("`{}` calls into the domain here", draft.name(wire.client));
        diagnostic = match index {
            0 => diagnostic.primary(wire.text.span, label),
            _ => diagnostic.secondary(wire.text.span, label),
        };
    }
    let (span, how) = reason(draft, active);
    diagnostic = diagnostic.secondary(span, format!("`{name}` {how}"));
    Some(part(draft, domain, diagnostic))
}

fn two_names(draft: &Draft<'_>, domain: usize) -> Option<Diagnostic> {
    let stated: Vec<&Spanned<String>> = draft.domains[domain]
        .instances
        .iter()
        .filter_map(|&one| draft.instances[one].text.domain.given())
        .collect();
    let first = stated.first()?;
    let other = stated.iter().find(|name| name.value != first.value)?;
    let message = format!("direct wires join the domains `{}` and `{}`", first.value, other.value);
    let mut diagnostic = Diagnostic::error(Code::DirectAcrossDomains, message)
        .primary(other.span, format!("one end is put into `{}`", other.value))
        .secondary(first.span, format!("the other into `{}`", first.value));
    let named = |instance: usize| draft.instances[instance].text.domain.given().map(|name| &name.value);
    for wire in inner(draft, domain) {
        diagnostic = diagnostic.secondary(wire.text.span, "a direct wire stays inside one domain");
        if let (Some(one), Some(two)) = (named(wire.client), named(wire.provider))
            && one != two
        {
            diagnostic = diagnostic.fix("reach the provider by `Call`", wire.text.kind.span, "Call");
        }
    }
    Some(diagnostic)
}

/// Instances of one domain that state different values of what the domain has once.
fn disagreement(
    draft: &Draft<'_>,
    domain: usize,
    field: &str,
    value: impl Fn(&InstanceText) -> Option<Spanned<String>>,
) -> Option<Diagnostic> {
    let members = draft.domains[domain].instances.iter();
    let stated: Vec<_> = members.filter_map(|&one| value(draft.instances[one].text)).collect();
    let first = stated.first()?;
    let other = stated.iter().find(|other| other.value != first.value)?;
    let message = format!(
        "instances of the domain `{}` state different values of `{field}`",
        draft.domains[domain].name.value
    );
    Some(
        Diagnostic::error(Code::DomainDisagrees, message)
            .primary(other.span, format!("{} here", other.value))
            .secondary(first.span, format!("{} here", first.value))
            .help(format!("a domain has one `{field}`: state it once, or the same value twice")),
    )
}

fn call_inside(draft: &Draft<'_>, wire: &Wire<'_>) -> Diagnostic {
    let (client, provider) = (draft.name(wire.client), draft.name(wire.provider));
    let kind = wire.text.kind;
    let message =
        format!("`{client}` and `{provider}` share a domain and cannot be joined by `{}`", kind.value.name());
    let (span, how) = reason(draft, wire.provider);
    // What a ring says of its slots means nothing to a direct wire.
    let (place, text) = match kind.value {
        WireKind::Ring => (wire.text.span, format!("Direct({})", quoted(&wire.text.target.value))),
        _ => (kind.span, "Direct".to_owned()),
    };
    Diagnostic::error(Code::CallInsideDomain, message)
        .primary(wire.text.kind.span, "the domain's one thread would wait for itself")
        .secondary(span, format!("`{provider}` {how}"))
        .fix("join them by `Direct`", place, text)
}
