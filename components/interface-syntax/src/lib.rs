//! Parses an interface trait, for the macro from tokens and for composer from source.
