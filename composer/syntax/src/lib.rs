//! RON for people: a lossless, error-recovering parser with a span on every value, and diagnostics as data.
