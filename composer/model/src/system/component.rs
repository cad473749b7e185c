//! Components, as instances use them.

use std::path::PathBuf;

pub use manifest::PointerKind;

/// Index of a [`Component`] in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId(pub usize);

/// A component crate that the system links.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name: the cargo package, the folder, and the word in specs.
    pub name: String,
    /// The crate as Rust paths write it: the name with `_` for `-`.
    pub module: String,
    /// The Rust type in the crate's root that implements the component.
    pub type_name: String,
    /// The crate's folder, absolute.
    pub directory: PathBuf,
    /// Whether it has a thread of its own (`Active`) or is driven by others (`Passive`).
    pub active: bool,
    /// Whether it wants the floating-point unit.
    pub fpu: bool,
    /// What kinds of pointer calls go through, by the path of the function in whose source they stand.
    pub pointers: Vec<(String, Vec<PointerKind>)>,
}
