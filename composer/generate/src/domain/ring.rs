//! The memory of a ring, as either end's main names it.

use composer_layout::lowered::WireRing;
use serde::Serialize;

use super::wiring::Scope;
use crate::literals;

/// What `ring.rs.hbs` prints.
#[derive(Debug, Serialize)]
pub(super) struct RingView {
    /// The local that holds the region.
    region: String,
    /// The local that holds the rings in it.
    pub(super) local: String,
    address: String,
    size: u32,
    slots: u32,
    module: String,
}

impl Scope<'_> {
    /// The rings of a wire.
    pub(super) fn ring(&mut self, stem: &str, module: &str, ring: WireRing) -> RingView {
        self.imports.add("Buffer");
        self.imports.add("RingMemory");
        RingView {
            region: self.locals.declare(&format!("{stem}_region")),
            local: self.locals.declare(&format!("{stem}_rings")),
            address: literals::address(ring.address),
            size: ring.size,
            slots: ring.slots,
            module: module.to_owned(),
        }
    }
}
