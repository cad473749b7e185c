//! The typed model of a system: specs, boards and manifests, resolved and checked.
