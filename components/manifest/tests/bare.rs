//! The types derived from the smallest manifest: compared whole, and compiled.

extern crate self as runtime;

mod common;
#[path = "expected/bare.rs"]
mod derived;

pub use derived::{Component, Config, Ports, Wires};

/// A stand-in.
pub trait Active {}

/// The component.
pub struct Bare<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Bare<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Active for Bare<P> {}

enum None {}
impl Ports for None {}

#[test]
fn derived_text_is_as_expected() {
    common::compare("bare");
}

#[test]
fn a_component_without_ports_is_made() {
    let bare = Bare::<None>::new(Wires { ports: core::marker::PhantomData }, Config {});
    let core::marker::PhantomData = bare.wires.ports;
}
