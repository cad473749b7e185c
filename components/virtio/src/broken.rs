//! Why a device asks for a reset.

/// What a driver did that no correct driver does. The device does nothing more until it is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A queue's size is not a power of two, or more than the device has room for.
    QueueSize,
    /// A part of a queue is not aligned as the standard says.
    QueueAlignment,
    /// An address is not RAM, or the bytes there reach beyond its end.
    OutsideRam,
    /// The available index is further ahead than the queue is long.
    AvailableIndex,
    /// A descriptor's number is not in its table.
    DescriptorIndex,
    /// A chain is longer than its queue, as every loop is.
    LongChain,
    /// The bytes of a chain do not fit in 32 bits.
    ManyBytes,
    /// The device would read again behind what it may write.
    ReadAfterWrite,
    /// An indirect descriptor where there may be none, or whose table has no whole number of descriptors.
    Indirect,
    /// A request that has no room for the parts which each has, or is absurdly large.
    Request,
}
