//! A server should not run below its clients where nothing lends it their priority: over a ring.

use composer_syntax::{Code, Diagnostic, Diagnostics, Span};

use crate::draft::{Draft, Wire};
use crate::edit::set_field;
use crate::spec::Priority;
use crate::system::WireKind;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for server in 0..draft.domains.len() {
        let asks =
            |wire: &&Wire<'_>| wire.is(WireKind::Ring) && draft.instances[wire.provider].domain == server;
        let client = |wire: &Wire<'_>| priority(draft, draft.instances[wire.client].domain).0;
        // To satisfy the highest satisfies all; of equals, the first one in the spec is shown.
        let highest = draft.wires.iter().rev().filter(asks).max_by_key(|wire| client(wire));
        if let Some(wire) = highest.filter(|wire| client(wire) > priority(draft, server).0) {
            found.push(inverted(draft, server, wire));
        }
    }
}

/// A domain's priority and the place that states it: of the first instance that does.
fn priority(draft: &Draft<'_>, domain: usize) -> (Priority, Option<Span>) {
    let members = draft.domains[domain].instances.iter();
    let stated = members.filter_map(|&one| draft.instances[one].text.priority.given()).next();
    stated.map_or((Priority::DEFAULT, None), |stated| (stated.value, Some(stated.span)))
}

fn inverted(draft: &Draft<'_>, server: usize, wire: &Wire<'_>) -> Diagnostic {
    let client = draft.instances[wire.client].domain;
    let (own, own_place) = priority(draft, server);
    let (theirs, their_place) = priority(draft, client);
    let provider = &draft.instances[wire.provider];
    let name = |domain: usize| &draft.domains[domain].name.value;
    let message = format!(
        "`{}` serves `{}` over a ring at a lower priority than its client's",
        name(server),
        name(client)
    );
    let how = |stated: Option<Span>| if stated.is_some() { "" } else { ", the default" };
    let diagnostic = Diagnostic::warning(Code::PriorityInversion, message)
        .primary(
            own_place.unwrap_or(provider.key.span),
            format!("the server runs at {}{}", own.0, how(own_place)),
        )
        .secondary(
            their_place.unwrap_or(draft.instances[wire.client].key.span),
            format!("its client runs at {}{}", theirs.0, how(their_place)),
        )
        .secondary(wire.text.span, "and is served here")
        .note("a call lends the server its client's priority, a ring does not: whatever runs between the two delays the client as well");
    let stated = draft.domains[server]
        .instances
        .iter()
        .copied()
        .find(|&one| draft.instances[one].text.priority.given().is_some());
    let instance = stated.map_or(provider.text, |one| draft.instances[one].text);
    set_field(diagnostic, draft.sources, instance, ("priority", &instance.priority), &theirs.0.to_string())
}
