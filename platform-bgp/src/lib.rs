//! The Blue Gene/P node.
