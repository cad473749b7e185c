//! The guest's TLB: 64 entries, as the guest wrote them.

/// The guest's TLB.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct GuestTlb {}

impl GuestTlb {
    /// No entry is valid.
    pub const fn new() -> Self {
        Self {}
    }
}
