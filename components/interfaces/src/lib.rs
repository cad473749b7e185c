//! The interfaces that ports speak.
//!
//! One interface a file. `#[interface]` derives the rest beside each trait: for `Console` the client
//! [`ConsoleClient`], the server twin [`ServeConsole`] and the dispatcher [`console::dispatch`].

#![no_std]
#![forbid(unsafe_code)]

pub mod bench;
pub mod console;
pub mod fault_handler;
pub mod pages;
pub mod probe;
pub mod queue;
pub mod watch;

pub use bench::{Bench, BenchClient, ServeBench};
pub use console::{Console, ConsoleClient, ServeConsole};
pub use fault_handler::{FaultHandler, FaultHandlerClient, ServeFaultHandler};
pub use pages::{Pages, PagesClient, ServePages};
pub use probe::{Probe, ProbeClient, ServeProbe};
pub use queue::{Queue, QueueClient, ServeQueue};
pub use watch::{ServeWatch, Watch, WatchClient};
