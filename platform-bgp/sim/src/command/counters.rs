//! What the cores have done, as JSON.

use bgp_sim::Node;
use serde_json::{Value, json};

/// The counters of a node.
pub(super) fn counters(node: &Node) -> Value {
    let cores: Vec<_> = node
        .cores
        .iter()
        .map(|core| {
            json!({
                "core": core.number,
                "instructions": core.clock.instructions(),
                "cycles": core.time(),
            })
        })
        .collect();
    json!({
        "instructions": node.instructions(),
        "cycles": node.time(),
        "pages": node.bus.memory.touched(),
        "cores": cores,
    })
}
