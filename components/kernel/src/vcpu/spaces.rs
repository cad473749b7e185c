//! Hardware PIDs of translation space 1.

/// What all virtual CPUs of a core share: hardware PIDs, and which slot of the hardware's TLB is whose alias.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Pool {}

impl Pool {
    /// Nothing is given out.
    pub const fn new() -> Self {
        Self {}
    }
}

/// The hardware PIDs of a guest's contexts.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Contexts {}

impl Contexts {
    /// None yet.
    pub const fn new() -> Self {
        Self {}
    }
}
