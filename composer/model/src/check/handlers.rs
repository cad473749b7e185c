//! A domain's faults are handled by another domain, which can serve and never waits for the first.

use composer_syntax::{Code, Diagnostic, Diagnostics};

use crate::cycle::cycles;
use crate::draft::{Draft, HandlerUse};

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for handler in &draft.handlers {
        let of = draft.instances[handler.provider].domain;
        if of == handler.domain {
            found.push(own(draft, handler));
        } else if let Some(active) = draft.active(of) {
            found.push(cannot_serve(draft, handler, active));
        }
    }
    deadlocks(draft, found);
}

fn own(draft: &Draft<'_>, handler: &HandlerUse<'_>) -> Diagnostic {
    let name = &draft.domains[handler.domain].name.value;
    Diagnostic::error(Code::HandlesItself, format!("the domain `{name}` handles its own faults"))
        .primary(handler.name.span, "this instance is in the domain that would have faulted")
        .note("a domain's one thread waits while its fault is handled")
        .help("name an instance of another domain, or leave `fault_handler` out")
}

fn cannot_serve(draft: &Draft<'_>, handler: &HandlerUse<'_>, active: usize) -> Diagnostic {
    let message = format!(
        "`{}` shares a domain with the active `{}` and cannot handle faults",
        draft.name(handler.provider),
        draft.name(active)
    );
    Diagnostic::error(Code::ActiveServes, message)
        .primary(handler.name.span, "faults would arrive in that domain")
        .secondary(draft.instances[active].key.span, "its one thread runs this instance and takes no calls")
        .help("give the handler a domain of its own")
}

/// Who waits for whom: domains that fault for their handlers, callers for the called.
#[derive(Clone, Copy)]
enum Edge {
    Fault(usize),
    Call(usize),
}

/// Circles of waiting in which a fault has a part; those of calls alone are reported as that.
fn deadlocks(draft: &Draft<'_>, found: &mut Diagnostics) {
    let domain = |instance: usize| draft.instances[instance].domain;
    let faults = draft.handlers.iter().enumerate().map(|(index, one)| (Edge::Fault(index), one));
    let faults = faults.map(|(edge, one)| (edge, one.domain, domain(one.provider)));
    let calls = draft.wires.iter().enumerate().filter(|(_, wire)| wire.is_remote());
    let calls = calls.map(|(index, wire)| (Edge::Call(index), domain(wire.client), domain(wire.provider)));
    let edges: Vec<_> = faults.chain(calls).filter(|(_, from, to)| from != to).collect();
    let pairs: Vec<_> = edges.iter().map(|&(_, from, to)| (from, to)).collect();
    for cycle in cycles(draft.domains.len(), &pairs) {
        let cycle: Vec<_> = cycle.into_iter().map(|edge| edges[edge]).collect();
        if cycle.iter().any(|(edge, ..)| matches!(edge, Edge::Fault(_))) {
            found.push(deadlock(draft, &cycle));
        }
    }
}

fn deadlock(draft: &Draft<'_>, cycle: &[(Edge, usize, usize)]) -> Diagnostic {
    let name = |domain: usize| draft.domains[domain].name.value.as_str();
    let mut path: Vec<&str> = cycle.iter().map(|&(_, from, _)| name(from)).collect();
    path.extend(path.first().copied());
    let message = format!("handling a fault can deadlock: {}", path.join(" -> "));
    let mut diagnostic = Diagnostic::error(Code::FaultCycle, message)
        .note("a domain that faults waits for its handler, as one that calls waits for the called");
    for (index, &(edge, from, to)) in cycle.iter().enumerate() {
        let (span, label) = match edge {
            Edge::Fault(fault) => (
                draft.handlers[fault].name.span,
                format!("a fault of `{}` waits for `{}`", name(from), name(to)),
            ),
            Edge::Call(wire) => {
                (draft.wires[wire].text.span, format!("`{}` waits for `{}` here", name(from), name(to)))
            }
        };
        diagnostic = match index {
            0 => diagnostic.primary(span, label),
            _ => diagnostic.secondary(span, label),
        };
    }
    diagnostic.help("let a domain that none of these waits for handle the fault")
}
