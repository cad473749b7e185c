//! How a domain without an active instance answers.

use serde::Serialize;

use super::instance::InstanceView;
use super::wiring::Scope;
use crate::literals;

/// The loop that serves the domain's endpoint.
#[derive(Debug, Serialize)]
pub(super) struct ServeView {
    endpoint_slot: u32,
    buffers: Vec<Buffers>,
    ports: Vec<Port>,
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
pub(super) fn serve(scope: &mut Scope<'_>, passives: &[InstanceView]) -> Option<ServeView> {
    let endpoint_slot = scope.domain.endpoint_slot?;
    scope.imports.add("WireError");
    let mut view = ServeView { endpoint_slot, buffers: vec![], ports: vec![] };
    for instance in passives {
        for served in &instance.served {
            scope.imports.add("Client");
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
            view.buffers.push(Buffers { local: local.clone(), entries: entries.collect() });
            view.ports.push(Port {
                number: served.number,
                module: served.module.clone(),
                local: instance.local.clone(),
                buffers: local,
            });
        }
    }
    Some(view)
}
