//! A domain's program.

use serde::{Deserialize, Serialize};

use super::{Extent, Place};

/// One domain: its crate, its thread, and how its instances are built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Name.
    pub name: String,
    /// The folder of its crate: the name, unless something else has that folder.
    pub folder: String,
    /// Its cargo package, `hello-alice`.
    pub package: String,
    /// Whether it is compiled for the floating-point unit.
    pub fpu: bool,
    /// The line that names it.
    pub place: Place,
    /// The stack, in its space.
    pub stack: Extent,
    /// The slot of its own notification.
    pub notification_slot: u32,
    /// The slot of the endpoint that it serves, if it has no active instance.
    pub endpoint_slot: Option<u32>,
    /// Its instances: passive ones first, providers before their direct clients, the active one last.
    pub instances: Vec<Instance>,
}

/// An instance, with everything that it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Name.
    pub name: String,
    /// The component's package.
    pub package: String,
    /// The component's crate, as Rust writes it.
    pub module: String,
    /// The component's type.
    pub type_name: String,
    /// Whether it has the thread.
    pub active: bool,
    /// Its key in the spec.
    pub place: Place,
    /// Required ports that are wired.
    pub requires: Vec<Required>,
    /// Required ports that need not be wired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<Optional>,
    /// Provided ports.
    pub provides: Vec<Provided>,
    /// Device ports.
    pub devices: Vec<Device>,
    /// Memory ports.
    pub memory: Vec<Memory>,
    /// Timer ports.
    pub timers: Vec<Timer>,
    /// Grant ports.
    pub grants: Vec<Grant>,
    /// The port of a virtual machine.
    pub vm: Option<VirtualMachine>,
    /// Configuration.
    pub config: Vec<Config>,
}

/// A required port that need not be wired. One that is stands among the others too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Optional {
    /// The port.
    pub port: String,
    /// The interface's trait.
    pub interface: String,
    /// The module of `interfaces` that holds it.
    pub module: String,
}

/// A required port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Required {
    /// IPC to another domain.
    Call(Called),
    /// Rings shared with another domain.
    Ring(Ringed),
    /// A call within the domain.
    Direct {
        /// The port.
        port: String,
        /// The instance that provides.
        provider: String,
        /// The client's number at the provider's port.
        client: u32,
        /// The wire's line.
        place: Place,
    },
}

/// A required port that calls another domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The port.
    pub port: String,
    /// The interface's trait.
    pub interface: String,
    /// The module of `interfaces` that holds it.
    pub module: String,
    /// The slot of the endpoint.
    pub slot: u32,
    /// The wire's shared buffer, if a method takes a slice.
    pub buffer: Option<WireBuffer>,
    /// Notification bits of the interface's events, the first event's lowest.
    pub events: u32,
    /// The bit that says that the provider's domain has stopped.
    pub gone: u32,
    /// The wire's line.
    pub place: Place,
}

/// A required port that reaches another domain over rings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ringed {
    /// The port.
    pub port: String,
    /// The interface's trait.
    pub interface: String,
    /// The module of `interfaces` that holds it.
    pub module: String,
    /// The slot that wakes the server.
    pub slot: u32,
    /// The shared memory.
    pub ring: WireRing,
    /// Notification bits of the interface's events, the first event's lowest.
    pub events: u32,
    /// The bit that says that the provider's domain has stopped.
    pub gone: u32,
    /// The bit that the server sets.
    pub wake: u32,
    /// The wire's line.
    pub place: Place,
}

/// A wire's rings, as one end sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireRing {
    /// Address.
    pub address: u32,
    /// Bytes of both rings and what stands before them.
    pub size: u32,
    /// Slots of each ring.
    pub slots: u32,
}

/// A wire's shared buffer, as one end sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireBuffer {
    /// Address.
    pub address: u32,
    /// Bytes that the interface's longest call needs.
    pub size: u32,
}

/// A provided port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provided {
    /// The port.
    pub port: String,
    /// Its number in badges, if other domains use it.
    pub number: Option<u16>,
    /// The module of `interfaces` that holds the dispatcher; none if nobody uses the port.
    pub module: Option<String>,
    /// Who uses it; a client's position is its number.
    pub clients: Vec<Client>,
}

/// A client of a provided port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The client's instance.
    pub name: String,
    /// How it reaches the port.
    pub reach: Reach,
    /// The wire's line.
    pub place: Place,
}

/// How a client reaches a provided port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// From another domain.
    Call {
        /// The first of the slots that signal its events, one for each.
        first_slot: u32,
        /// How many events.
        events: u32,
        /// The wire's shared buffer, as the provider sees it.
        buffer: Option<WireBuffer>,
    },
    /// From another domain, over rings.
    Ring {
        /// The first of the slots that signal its events, one for each.
        first_slot: u32,
        /// How many events.
        events: u32,
        /// The slot that wakes the client.
        slot: u32,
        /// The bit that the client sets.
        bits: u32,
        /// The client's number at the port.
        client: u16,
        /// The shared memory, as the provider sees it.
        ring: WireRing,
    },
    /// From the same domain, through this port of it.
    Direct {
        /// The client's required port.
        port: String,
    },
}

/// A device port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The port.
    pub port: String,
    /// The board's device.
    pub device: String,
    /// Address of the first register.
    pub base: u32,
    /// Bytes of registers.
    pub size: u32,
    /// Slot and notification bit of its interrupt, if it has one.
    pub interrupt: Option<Interrupt>,
    /// The line that grants it.
    pub place: Place,
}

/// A device's interrupt, as its domain sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interrupt {
    /// The slot that acknowledges it.
    pub slot: u32,
    /// The notification bit that it sets.
    pub bits: u32,
}

/// A memory port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The port.
    pub port: String,
    /// The region behind it.
    pub region: String,
    /// Address.
    pub base: u32,
    /// Bytes.
    pub size: u32,
    /// The slot of the region's capability, if the instance may learn where it lies.
    pub region_slot: Option<u32>,
    /// The line that grants it.
    pub place: Place,
}

/// A timer port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// The port.
    pub port: String,
    /// Its slot.
    pub slot: u32,
    /// The notification bit that it sets.
    pub bits: u32,
    /// Ticks of the time base in a second.
    pub frequency: u64,
    /// The instance's line.
    pub place: Place,
}

/// A grant port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The port.
    pub port: String,
    /// What it allows.
    pub authority: Authority,
    /// Its slot; 0 for one that needs none.
    pub slot: u32,
    /// The line that grants it.
    pub place: Place,
}

/// What a grant port allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Authority {
    /// End the node's run.
    Halt,
    /// Stop and restart a domain.
    Control {
        /// Its name.
        domain: String,
        /// The notification bit of its end.
        bits: u32,
    },
    /// Inspect a domain, by its name.
    Observe(String),
    /// Use the registers of a domain's thread, by its name.
    Debug(String),
    /// Use device control registers, by the name of their range.
    Dcr(String),
    /// Read the kernel's trace.
    Trace(Extent),
}

/// The port of a virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualMachine {
    /// The slot of its virtual CPU.
    pub slot: u32,
    /// The machine's number on this node.
    pub number: u32,
    /// Address of the virtual CPU's state page.
    pub state: u32,
    /// The guest's RAM.
    pub memory: Extent,
    /// The guest's kernel; it has no bytes until the payload is known.
    pub kernel: GuestImage,
    /// Guest-physical address of the kernel's first byte.
    pub load: u32,
    /// Guest-physical address of its first instruction.
    pub entry: u32,
    /// The guest's first file system, if it has one.
    pub initrd: Option<GuestImage>,
    /// Its disks.
    pub disks: Vec<GuestDisk>,
    /// Whether it has a virtio console.
    pub console: bool,
    /// Whether it has a source of entropy.
    pub entropy: bool,
    /// Whether its virtio devices are of the transport's second version.
    pub modern: bool,
    /// The address of its network device, if the spec gives one.
    pub mac: Option<[u8; 6]>,
    /// The kernel's command line.
    pub command_line: String,
    /// How it learns of calls, if somebody can call.
    pub calls: Option<Calls>,
    /// Its turns with others of its priority, if there are any.
    pub slice: Option<Slice>,
    /// What follows when the guest resets its machine.
    pub on_reset: Reaction,
    /// What follows when it does so in a panic, if that is told apart.
    pub on_panic: Option<Reaction>,
    /// What follows when the guest cannot go on.
    pub on_death: Reaction,
    /// Ticks of the time base in a second.
    pub frequency: u64,
    /// The line of the spec.
    pub place: Place,
}

/// How a machine's monitor learns of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// The slot of its endpoint.
    pub endpoint: u32,
    /// Its notification bits for a call.
    pub bits: u32,
}

/// How long a machine runs before it gives way to its equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// The slot of the timer.
    pub timer: u32,
    /// Its notification bits.
    pub bits: u32,
    /// Ticks of the time base.
    pub ticks: u64,
}

/// What follows when a guest has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reaction {
    /// It starts afresh, so often, then it stops.
    Restart {
        /// How often.
        max: u32,
    },
    /// The machine stops.
    Stop,
    /// The monitor's domain faults.
    Fail,
}

/// A disk of a guest, as its monitor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestDisk {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub image: GuestImage,
    /// Whether nobody writes it.
    pub read_only: bool,
    /// The line of the spec.
    pub place: Place,
}

/// Bytes that a guest starts with, as its monitor reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestImage {
    /// Address.
    pub address: u32,
    /// Bytes.
    pub size: u32,
}

/// A configuration value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The field.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// The line that says so, or the instance's for a default.
    pub place: Place,
}

/// A value of a configuration field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// `u32`.
    U32(u32),
    /// `bool`.
    Bool(bool),
    /// `&'static str`.
    Str(String),
    /// A type: `runtime::On` or `runtime::Off`.
    Choice(bool),
}
