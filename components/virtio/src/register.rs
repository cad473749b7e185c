//! Offsets of the transport's registers (4.2.2, and 4.2.4 for legacy devices), and the bits of two of them. Every
//! register is a little-endian word; each device's configuration follows them.

/// "virt".
pub const MAGIC: u32 = 0x000;
/// 1 for a legacy device, 2 for a modern one.
pub const VERSION: u32 = 0x004;
/// What kind of device it is (5).
pub const DEVICE_ID: u32 = 0x008;
/// Who made it.
pub const VENDOR_ID: u32 = 0x00C;
/// 32 of the features that are offered.
pub const DEVICE_FEATURES: u32 = 0x010;
/// Which 32 of them.
pub const DEVICE_FEATURES_SELECT: u32 = 0x014;
/// 32 of the features that the driver takes.
pub const DRIVER_FEATURES: u32 = 0x020;
/// Which 32 of them.
pub const DRIVER_FEATURES_SELECT: u32 = 0x024;
/// Legacy: the unit of [`QUEUE_PAGE_FRAME`], in bytes.
pub const GUEST_PAGE_SIZE: u32 = 0x028;
/// The queue that the registers below are about.
pub const QUEUE_SELECT: u32 = 0x030;
/// The most descriptors that the queue can have; 0 if there is no such queue.
pub const QUEUE_MOST: u32 = 0x034;
/// How many the driver uses.
pub const QUEUE_SIZE: u32 = 0x038;
/// Legacy: alignment of the used ring, in bytes.
pub const QUEUE_ALIGN: u32 = 0x03C;
/// Legacy: where the queue lies, in units of [`GUEST_PAGE_SIZE`]; 0 stops it.
pub const QUEUE_PAGE_FRAME: u32 = 0x040;
/// Modern: 1 starts the queue, 0 stops it.
pub const QUEUE_READY: u32 = 0x044;
/// A queue's number: there are buffers in it.
pub const QUEUE_NOTIFY: u32 = 0x050;
/// Why the interrupt line is up: [`USED_BUFFER`], [`CONFIGURATION_CHANGE`].
pub const INTERRUPT_STATUS: u32 = 0x060;
/// The reasons that the driver has seen.
pub const INTERRUPT_ACKNOWLEDGE: u32 = 0x064;
/// How far driver and device have come; 0 resets.
pub const STATUS: u32 = 0x070;
/// Modern: guest-physical address of the descriptor table, low word; the high word follows.
pub const QUEUE_DESCRIPTORS: u32 = 0x080;
/// Modern: of the available ring, likewise.
pub const QUEUE_DRIVER: u32 = 0x090;
/// Modern: of the used ring, likewise.
pub const QUEUE_DEVICE: u32 = 0x0A0;
/// Modern: length and base of a shared memory region, four words of ones where there is none.
pub const SHARED_MEMORY: u32 = 0x0B0;
/// The last word of them.
pub const SHARED_MEMORY_LAST: u32 = 0x0BC;
/// Modern: changes whenever the configuration does.
pub const CONFIGURATION_GENERATION: u32 = 0x0FC;
/// Where the device's configuration begins.
pub const CONFIGURATION: u32 = 0x100;

/// Interrupt: the device has used buffers.
pub const USED_BUFFER: u32 = 1;
/// Interrupt: the device's configuration or its status has changed.
pub const CONFIGURATION_CHANGE: u32 = 2;

/// Status (2.1): the guest has seen the device.
pub const ACKNOWLEDGE: u32 = 1;
/// Status: the guest has a driver for it.
pub const DRIVER: u32 = 2;
/// Status: the driver is ready.
pub const DRIVER_OK: u32 = 4;
/// Status: features are agreed upon; modern devices only.
pub const FEATURES_OK: u32 = 8;
/// Status: the device is broken until it is reset.
pub const NEEDS_RESET: u32 = 64;
/// Status: the driver has given up.
pub const FAILED: u32 = 128;
