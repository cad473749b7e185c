//! Structures with the values that their fields begin with.

/// Declares structures, each with a constant `INITIAL`: how it is before the node starts. What the fields begin with
/// stands beside them, and is known to the compiler, because storage is initialised by it.
macro_rules! initial {
    ($(
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[doc = $doc:literal])* $(#[cfg($condition:meta)])? $visible:vis $field:ident: $type:ty = $first:expr,)*
        }
    )*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name {
                $($(#[doc = $doc])* $(#[cfg($condition)])? $visible $field: $type,)*
            }

            impl $name {
                /// Before the node starts.
                pub const INITIAL: Self = Self { $($(#[cfg($condition)])? $field: $first,)* };
            }
        )*
    };
}
pub(crate) use initial;
