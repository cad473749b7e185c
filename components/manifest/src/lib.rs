//! Component manifests: reading component.ron, and the types derived from it.
