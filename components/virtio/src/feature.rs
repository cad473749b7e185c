//! Feature bits that the transport negotiates (2.2, 6). Those of a device stand beside it.

/// The device takes requests whose parts are cut into descriptors in any way (legacy only, 6.3).
pub const ANY_LAYOUT: u64 = 1 << 27;

/// A descriptor may stand for a table of descriptors (2.7.5.3).
pub const INDIRECT: u64 = 1 << 28;

/// Each side says by an index when it wants to hear of the other (2.7.7, 2.7.10).
pub const EVENT_INDEX: u64 = 1 << 29;

/// The device is no legacy device (6).
pub const VERSION_1: u64 = 1 << 32;

/// The device reaches memory as the platform's other devices do (6): never offered.
pub const ACCESS_PLATFORM: u64 = 1 << 33;
