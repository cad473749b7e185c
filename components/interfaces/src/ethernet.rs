//! Ethernet: frames to and from others on the same network.

mod counters;

use interface_macro::interface;
use runtime::WireError;

pub use counters::EthernetCounters;

/// Bytes of the longest frame: a header and 1500 bytes, without the check sequence.
pub const LONGEST_FRAME: usize = 1514;

/// Bytes of the shortest frame: a header. Nobody pads: there is no wire that needs it.
pub const SHORTEST_FRAME: usize = 14;

/// A port of an Ethernet network.
#[interface(version = 1)]
pub trait Ethernet {
    /// Sends a frame: destination, source, type, payload. Like any Ethernet, it may be lost on the way.
    #[post]
    fn send(&mut self, #[max(1514)] frame: &[u8]) -> Result<(), WireError>;

    /// Waits until every frame that was sent before has been looked at, so that there is room for more.
    fn settle(&mut self) -> Result<(), WireError>;

    /// Fetches the next frame that has arrived, and returns how many bytes it has, or 0 if none has.
    fn receive(&mut self, #[max(1514)] into: &mut [u8]) -> Result<u32, WireError>;

    /// The address that the network gives to this port.
    fn address(&mut self) -> Result<[u8; 6], WireError>;

    /// What has passed this port: [`EthernetCounters`], as they cross a wire.
    fn counters(&mut self) -> Result<[u8; 28], WireError>;

    /// A frame has arrived where none waited: fetch all there are.
    #[event]
    const RECEIVED: Event;
}
