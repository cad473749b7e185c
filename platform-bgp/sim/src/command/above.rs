//! The stand-in for the I/O node above the node that runs.

use bgp_sim::Node;
use bgp_sim::io_node::wire::{Place, Wire};
use bgp_sim::io_node::{Attached, IoNode};
use bgp_sim::personality::Description;

/// The I/O node, and its Ethernet if it has any.
pub(super) struct Above {
    io_node: Attached,
    wire: Option<Box<dyn Wire>>,
}

impl Above {
    /// Connects a node that has not run yet.
    pub(super) fn new(
        node: &mut Node,
        description: &Description,
        ethernet: Option<&Place>,
    ) -> Result<Self, String> {
        let open = |place: &Place| place.open().map_err(|error| format!("--ethernet {place}: {error}"));
        let wire = ethernet.map(open).transpose()?;
        Ok(Self { io_node: Attached::new(IoNode::above(description), node), wire })
    }

    /// Between two stretches of a run: frames go both ways. Answers what the node's console said over the network.
    pub(super) fn exchange(&mut self, node: &mut Node) -> Vec<u8> {
        if let Some(wire) = &mut self.wire {
            self.io_node.exchange(node, &mut **wire);
        }
        self.io_node.take_said()
    }
}
