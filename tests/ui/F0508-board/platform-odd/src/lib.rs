//! Another board than its description says.

/// A board.
pub struct Bamboo;
