// Derived from component.ron by the build script; change the manifest instead.

/// The ports of `bare`: what the spec joins each to.
pub trait Ports {}

/// What the component is handed: one value for each port.
pub struct Wires<P: Ports> {
    /// There are no ports.
    pub ports: ::core::marker::PhantomData<P>,
}

/// What the spec sets.
#[derive(Clone, Copy, Debug)]
pub struct Config {}

/// How an instance comes to be: the generated main makes one and drives it.
pub trait Component<P: Ports>: Sized {
    /// An instance with its ports and its configuration.
    fn new(wires: Wires<P>, config: Config) -> Self;
}

// `Bare` is what the manifest says: the compiler proves it here, for any ports.
const _: () = {
    fn _fits<P: Ports, C>()
    where
        C: Component<P>,
        C: ::runtime::Active,
    {
    }
    fn _proof<P: Ports>() {
        _fits::<P, crate::Bare<P>>();
    }
};
