//! Generated Rust, linker scripts and manifests, from templates.
