//! Component manifests: reading `component.ron`, and the types derived from it.
//!
//! The manifest is the one truth about a component's ports, configuration, memory, devices and threads.
//! Two read it: composer, which wires instances by it, and the component's own build script, which calls
//! [`build()`] and nothing else. That writes the types that the component is written against to `$OUT_DIR/component.rs`. The crate's
//! root takes them in with `include!(concat!(env!("OUT_DIR"), "/component.rs"));`. [`Manifest::derive`]
//! says what they are.

#![forbid(unsafe_code)]

mod build;
mod check;
mod derive;
mod model;
mod names;
mod read;

pub use build::build;
pub use model::{
    Activity, ConfigField, ConfigKind, DevicePort, GrantKind, InterfaceReference, Manifest, MemoryPort,
    PointerKind, PortKind, TimerPort,
};
pub use names::{is_keyword, is_snake, is_upper_camel, to_upper_camel};
pub use read::Read;
