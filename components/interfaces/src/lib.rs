//! The interfaces that ports speak.
//!
//! One interface a file. `#[interface]` derives the rest beside each trait: for `Console` the client
//! [`ConsoleClient`], the server twin [`ServeConsole`] and the dispatcher [`console::dispatch`].

#![no_std]
#![forbid(unsafe_code)]

pub mod bench;
pub mod console;
pub mod ethernet;
pub mod fault_handler;
pub mod float;
pub mod float_rounds;
pub mod machine;
pub mod pages;
pub mod probe;
pub mod queue;
pub mod watch;

pub use bench::{Bench, BenchClient, ServeBench};
pub use console::{Console, ConsoleClient, ServeConsole};
pub use ethernet::{Ethernet, EthernetClient, ServeEthernet};
pub use fault_handler::{FaultHandler, FaultHandlerClient, ServeFaultHandler};
pub use float::{Float, FloatClient, ServeFloat};
pub use float_rounds::{FloatRounds, FloatRoundsClient, ServeFloatRounds};
pub use machine::{Machine, MachineClient, ServeMachine};
pub use pages::{Pages, PagesClient, ServePages};
pub use probe::{Probe, ProbeClient, ServeProbe};
pub use queue::{Queue, QueueClient, ServeQueue};
pub use watch::{ServeWatch, Watch, WatchClient};
