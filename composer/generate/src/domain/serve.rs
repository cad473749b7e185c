//! How a domain without an active instance answers.

use composer_layout::lowered::Required;
use serde::Serialize;

use super::instance::{InstanceView, Served};
use super::ring::RingView;
use super::wiring::Scope;
use crate::literals;

/// The loop that serves the domain's endpoint.
#[derive(Debug, Serialize)]
pub(super) struct ServeView {
    endpoint_slot: u32,
    buffers: Vec<Buffers>,
    /// Ports with clients that call.
    ports: Vec<Port>,
    /// Ports with clients that come over rings.
    ring_ports: Vec<Port>,
    rings: Vec<Ring>,
    /// Whether a ring wire ends in the domain, or begins in it.
    has_rings: bool,
    /// The loop, by its name in `runtime`.
    function: &'static str,
}

/// A client that comes over a ring.
#[derive(Debug, Serialize)]
struct Ring {
    ring: RingView,
    value: String,
    place: String,
}

/// The buffers of a port's wires, by client.
#[derive(Debug, Serialize)]
struct Buffers {
    local: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    value: String,
    safety: Option<&'static str>,
    place: String,
}

#[derive(Debug, Serialize)]
struct Port {
    number: u16,
    module: String,
    local: String,
    buffers: String,
}

/// What hands notification bits to passive instances.
#[derive(Debug, Serialize)]
pub(super) struct Notified {
    locals: Vec<String>,
    one: bool,
}

/// The closure over all passive instances.
pub(super) fn notified(passives: &[InstanceView]) -> Notified {
    let locals: Vec<_> = passives.iter().map(|instance| instance.local.clone()).collect();
    Notified { one: locals.len() == 1, locals }
}

/// The loop of a domain, if it has an endpoint.
pub(super) fn serve(scope: &mut Scope<'_>, passives: &mut [InstanceView]) -> Option<ServeView> {
    let endpoint_slot = scope.domain.endpoint_slot?;
    scope.imports.add("WireError");
    let mut required = scope.domain.instances.iter().flat_map(|instance| &instance.requires);
    let mut view = ServeView {
        endpoint_slot,
        buffers: vec![],
        ports: vec![],
        ring_ports: vec![],
        rings: vec![],
        has_rings: required.any(|required| matches!(required, Required::Ring(_))),
        function: "serve",
    };
    for instance in passives {
        for served in std::mem::take(&mut instance.served) {
            scope.imports.add("Client");
            view.port(scope, &instance.local, served);
        }
    }
    view.has_rings |= !view.rings.is_empty();
    if view.has_rings {
        view.function = "serve_rings";
    }
    Some(view)
}

impl ServeView {
    fn port(&mut self, scope: &mut Scope<'_>, local: &str, served: Served) {
        let port = |buffers: String| Port {
            number: served.number,
            module: served.module.clone(),
            local: local.to_owned(),
            buffers,
        };
        if served.called {
            let buffers = buffers(scope, &served);
            self.ports.push(port(buffers.local.clone()));
            self.buffers.push(buffers);
        }
        if !served.rings.is_empty() {
            self.ring_ports.push(port(String::new()));
        }
        for ring in served.rings {
            scope.imports.add("Badge");
            scope.imports.add("Bits");
            scope.imports.add("RingServer");
            let value = format!(
                "RingServer::new({}, Badge::of_client({}, {}), Slot({}), Bits({}))",
                ring.ring.local,
                served.number,
                ring.client,
                ring.slot,
                literals::bits(ring.bits)
            );
            self.rings.push(Ring { ring: ring.ring, value, place: ring.place });
        }
    }
}

/// The buffers of a port's call wires.
fn buffers(scope: &mut Scope<'_>, served: &Served) -> Buffers {
    scope.imports.add("Buffer");
    let local = scope.locals.declare(&format!("{}_buffers", served.port));
    let mut first = true;
    let entries = served.buffers.iter().map(|(buffer, place)| match buffer {
        Some(buffer) => {
            let (address, size) = (literals::address(buffer.address), buffer.size);
            let safety = if std::mem::take(&mut first) {
                "composer maps this buffer, readable and writable, for this wire alone."
            } else {
                "as above."
            };
            let value = format!("unsafe {{ Buffer::at({address}, {size}) }}");
            Entry { value, safety: Some(safety), place: place.clone() }
        }
        None => Entry { value: "Buffer::EMPTY".to_owned(), safety: None, place: place.clone() },
    });
    Buffers { local, entries: entries.collect() }
}
