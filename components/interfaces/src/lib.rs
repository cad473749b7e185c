//! The interfaces that ports speak.
