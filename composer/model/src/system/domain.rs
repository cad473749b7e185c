//! Protection domains.

use super::{Budget, FaultHandler, InstanceId, Origin};

/// Index of a [`Domain`] in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainId(pub usize);

/// One address space with one thread, holding one instance or several that the spec fuses.
#[derive(Clone, Debug)]
pub struct Domain {
    /// Name: of the `domain:` field, else of the active instance, else of the first. No two domains
    /// share one. A lower-case identifier; the generated crate is `<system>-<name>`.
    pub name: String,
    /// The key of the instance that the domain is named after, or the `domain:` that names it.
    pub origin: Origin,
    /// Its instances, in the order of the spec.
    pub instances: Vec<InstanceId>,
    /// The instance whose `run` the thread executes. None: the thread serves the passive instances'
    /// provided ports.
    pub active: Option<InstanceId>,
    /// Fixed priority of the thread, 0 to 31; the higher runs first.
    pub priority: u8,
    /// Where the priority is stated, if it is.
    pub priority_origin: Option<Origin>,
    /// Who is asked first when the domain faults.
    pub fault_handler: Option<FaultHandler>,
    /// What follows when the domain faults and no handler makes it go on.
    pub on_fault: OnFault,
    /// What the thread may use of its core's time; none for all that its priority gets.
    pub budget: Option<Budget>,
    /// Bytes of stack: the sum of what its instances need. Not rounded to pages.
    pub stack: u64,
    /// Where the spec states the stack of one of its instances, if it does.
    pub stack_origin: Option<Origin>,
    /// Where the spec asks that all its pages stay in the TLB, if it does.
    pub pinned: Option<Origin>,
    /// Whether one of its components wants the floating-point unit: all of it is compiled for that.
    pub fpu: bool,
}

/// What follows when a domain faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFault {
    /// The domain stops, with a report; the rest of the node goes on.
    #[default]
    Halt,
    /// The node's run ends, with a report.
    HaltNode,
    /// The domain starts afresh, with a report, this often; then it stops.
    Restart {
        /// How often, more than 0.
        max: u32,
    },
}

/// As specs write it.
impl std::fmt::Display for OnFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Halt => write!(out, "Halt"),
            Self::HaltNode => write!(out, "HaltNode"),
            Self::Restart { max } => write!(out, "Restart(max: {max})"),
        }
    }
}
