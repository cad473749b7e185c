//! Enums whose numbers are part of the interface.

/// Declares an enum by its numbers, in order; `name` gives the text behind a variant's number, where there is one.
macro_rules! numbered {
    (
        $(#[$about:meta])*
        pub enum $enum:ident: $number:ident {
            $($(#[$doc:meta])* $variant:ident = $value:literal $($name:literal)?,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr($number)]
        pub enum $enum {
            $($(#[$doc])* $variant = $value,)*
        }

        impl $enum {
            /// All of them, in order of their numbers.
            pub const ALL: [Self; [$($value),*].len()] = [$(Self::$variant),*];

            /// The one of a number, if there is one.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($value => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        $crate::numbered::numbered!(@name $enum $($variant $($name)?)*);
    };
    (@name $enum:ident $($variant:ident $name:literal)*) => {
        impl $enum {
            /// The name that reports and tools print.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
    (@name $enum:ident $($variant:ident)*) => {};
}
pub(crate) use numbered;
