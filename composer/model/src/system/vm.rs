//! Virtual machines.

use std::path::PathBuf;

use super::Origin;

/// What runs in a component that has the port of a virtual machine.
#[derive(Clone, Debug)]
pub struct Vm {
    /// Bytes of the guest's RAM: a power of two.
    pub memory: u64,
    /// What runs in it.
    pub guest: Guest,
    /// The guest kernel's command line.
    pub command_line: String,
    /// Its part of the core, against the weights of other machines of its priority.
    pub weight: u32,
    /// What follows when the guest resets its machine.
    pub on_reset: Reaction,
    /// What follows when it does so in a panic; none if that is no other reset.
    pub on_panic: Option<Reaction>,
    /// What follows when the guest cannot go on.
    pub on_death: Reaction,
    /// Its disks, in the order in which it finds them.
    pub disks: Vec<Disk>,
    /// Whether it has a virtio console.
    pub console: bool,
    /// Whether it has a source of entropy.
    pub entropy: bool,
    /// The version of all its virtio devices.
    pub virtio: VirtioVersion,
    /// The address of its network device, where the spec and not the network gives it.
    pub mac: Option<[u8; 6]>,
    /// The `vm` of the spec.
    pub origin: Origin,
    /// Where it says how much memory.
    pub memory_origin: Origin,
    /// Where it says what runs.
    pub guest_origin: Origin,
}

/// What follows when a guest has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reaction {
    /// It starts afresh, so often; without a number, always. Then it stops.
    Restart {
        /// How often.
        max: Option<u32>,
    },
    /// The machine stops.
    #[default]
    Stop,
    /// The monitor's domain faults, and `on_fault` decides.
    Fail,
}

/// What a guest starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guest {
    /// What a recipe of the checkout makes.
    Recipe {
        /// The recipe: a folder of `apps`.
        name: String,
        /// The variant of its first file system.
        variant: String,
    },
    /// The user's own files.
    Files {
        /// A uImage or an ELF `vmlinux`.
        kernel: PathBuf,
        /// A first file system.
        initrd: Option<PathBuf>,
    },
}

impl Guest {
    /// The variant that a spec need not name.
    pub const VARIANT: &'static str = "default";
}

/// A disk of a guest.
#[derive(Clone, Debug)]
pub struct Disk {
    /// What the guest finds as its serial number.
    pub name: String,
    /// Its size: whole sectors, and not none.
    pub bytes: u64,
    /// The file whose contents it has at first; without one it is zero.
    pub image: Option<PathBuf>,
    /// Whether the guest may not write.
    pub read_only: bool,
    /// Where the spec says so.
    pub origin: Origin,
}

impl Disk {
    /// Bytes of a sector, the unit in which a guest reads and writes.
    pub const SECTOR: u64 = 512;
}

/// A version of the transport of virtio devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VirtioVersion {
    /// The first, in the guest's byte order.
    Legacy,
    /// The second, little-endian.
    #[default]
    Modern,
}
