//! Parses an interface trait, for the macro from tokens and for composer from source.
//!
//! One crate reads interfaces, so that what `composer check` says without compiling anything and what the
//! macro `#[interface]` derives cannot disagree.
//!
//! ```
//! let source = r#"
//!     #[interface(version = 1)]
//!     pub trait Lamp {
//!         fn switch(&mut self, on: bool) -> Result<(), WireError>;
//!         #[event] const BURNT_OUT: Event;
//!     }
//! "#;
//! let lamp = &interface_syntax::interfaces_in(source).unwrap()[0];
//! assert_eq!((lamp.name.as_str(), lamp.version), ("Lamp", 1));
//! assert_eq!(lamp.methods[0].words_in(), 1);
//! assert_eq!(lamp.events[0].name, "BURNT_OUT");
//! ```

#![forbid(unsafe_code)]

mod layout;
mod model;
mod parse;
mod rules;
mod signature;
mod source;

pub use layout::{MESSAGE_WORDS, Slice};
pub use model::{Argument, Event, Interface, Kind, Method, Position, Value};
pub use parse::{Header, parse};
pub use source::{Error, interfaces_in};
