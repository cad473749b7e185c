//! Nothing waits for itself.

use composer_syntax::{Code, Diagnostic, Diagnostics};

use crate::cycle::cycles;
use crate::draft::{Draft, Wire};
use crate::system::WireKind;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    let direct: Vec<&Wire<'_>> = draft.wires.iter().filter(|wire| wire.is(WireKind::Direct)).collect();
    let edges: Vec<_> = direct.iter().map(|wire| (wire.client, wire.provider)).collect();
    for cycle in cycles(draft.instances.len(), &edges) {
        let wires: Vec<_> = cycle.into_iter().map(|edge| direct[edge]).collect();
        found.push(direct_cycle(draft, &wires));
    }
    let domain = |instance: usize| draft.instances[instance].domain;
    let between = |wire: &&Wire<'_>| wire.is_remote() && domain(wire.client) != domain(wire.provider);
    let calls: Vec<&Wire<'_>> = draft.wires.iter().filter(between).collect();
    let edges: Vec<_> = calls.iter().map(|wire| (domain(wire.client), domain(wire.provider))).collect();
    for cycle in cycles(draft.domains.len(), &edges) {
        let wires: Vec<_> = cycle.into_iter().map(|edge| calls[edge]).collect();
        // A domain that cannot serve at all is reported as that.
        if wires.iter().all(|wire| draft.active(domain(wire.provider)).is_none()) {
            found.push(call_cycle(draft, &wires));
        }
    }
}

fn direct_cycle(draft: &Draft<'_>, wires: &[&Wire<'_>]) -> Diagnostic {
    let path = path(wires.iter().map(|wire| draft.name(wire.client)));
    let message = format!("direct wires form a cycle: {path}");
    let diagnostic = Diagnostic::error(Code::DirectCycle, message)
        .help("an instance that is being called cannot be called again: turn one wire round, as an event of the interface, or remove it");
    labelled(diagnostic, wires, |wire| {
        format!("`{}` calls `{}`", draft.name(wire.client), draft.name(wire.provider))
    })
}

fn call_cycle(draft: &Draft<'_>, wires: &[&Wire<'_>]) -> Diagnostic {
    let domain = |instance: usize| draft.domains[draft.instances[instance].domain].name.value.as_str();
    let path = path(wires.iter().map(|wire| domain(wire.client)));
    let diagnostic = Diagnostic::error(Code::CallCycle, format!("calls can deadlock: {path}"))
        .note("a domain has one thread: while it waits for an answer it can give none")
        .help("turn one wire round: let the provider signal an event of its interface, and the client fetch");
    labelled(diagnostic, wires, |wire| {
        format!("`{}` waits for `{}` here", domain(wire.client), domain(wire.provider))
    })
}

fn labelled<'a>(
    mut diagnostic: Diagnostic,
    wires: &[&Wire<'a>],
    text: impl Fn(&Wire<'a>) -> String,
) -> Diagnostic {
    for (index, wire) in wires.iter().enumerate() {
        diagnostic = match index {
            0 => diagnostic.primary(wire.text.span, text(wire)),
            _ => diagnostic.secondary(wire.text.span, text(wire)),
        };
    }
    diagnostic
}

/// `a -> b -> a`.
fn path<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.extend(names.first().copied());
    names.join(" -> ")
}
