//! Where entropy comes from.

use virtio::{Seeded, Source};

/// The moments at which the guest asks for some, to the tick.
#[derive(Debug)]
pub(super) struct Moments(pub(super) Seeded);

impl Source for Moments {
    fn fill(&mut self, into: &mut [u8]) {
        self.0.stir(runtime::system::now());
        self.0.fill(into);
    }
}
