//! What is there and what is not.

use super::{Purpose, REQUIREMENTS, Requirement};
use crate::host::Host;

/// A requirement and what was found of it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The requirement.
    pub requirement: &'static Requirement,
    /// Where it is, or which version; None if it is missing.
    pub found: Option<String>,
}

impl Finding {
    /// Whether composer can do without: only debugging and guests by recipe need it.
    pub fn optional(&self) -> bool {
        matches!(self.requirement.purpose, Purpose::Debug | Purpose::Guest | Purpose::Test)
    }
}

/// Looks for every requirement with one of these purposes.
pub fn examine(host: &Host, purposes: &[Purpose]) -> Vec<Finding> {
    REQUIREMENTS
        .iter()
        .filter(|requirement| purposes.contains(&requirement.purpose))
        .map(|requirement| Finding { requirement, found: (requirement.find)(host) })
        .collect()
}
