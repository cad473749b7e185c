//! A component that says hello, for the tutorial and the first spec.
