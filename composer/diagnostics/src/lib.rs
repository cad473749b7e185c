//! Rendering of diagnostics, and the page that explains each code.
