//! Who owns a range of addresses, by what right, and since which line of which file.
//!
//! A physical address has one owner. That a region, a wire's buffer or a device is *reached* by several
//! does not give it several owners: its claim lists them as [`User`]s. So no two claims of one space ever
//! overlap, and every overlap is a mistake.

use std::fmt;

use composer_model::System;
use composer_syntax::Span;
use serde::{Deserialize, Serialize};

use crate::Range;

/// An address space.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Space {
    /// The machine's physical addresses, 36 bits.
    Physical,
    /// The supervisor's effective addresses, 32 bits; every domain's space holds them too, out of its reach.
    Kernel,
    /// A domain's effective addresses, 32 bits.
    Domain(String),
}

impl Space {
    /// All addresses of the space.
    pub fn bounds(&self) -> Range {
        let bits = match self {
            Self::Physical => 36,
            Self::Kernel | Self::Domain(_) => 32,
        };
        Range::new(0, 1 << bits).expect("a space is not empty")
    }
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Physical => f.write_str("physical"),
            Self::Kernel => f.write_str("kernel"),
            Self::Domain(name) => write!(f, "domain {name}"),
        }
    }
}

/// A part of a linked program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Segment {
    /// Instructions.
    Text,
    /// Constants, and the image from which start code fills [`Segment::Data`].
    Rodata,
    /// Initialised and zeroed variables.
    Data,
}

impl Segment {
    /// All segments, in order of their addresses.
    pub const ALL: [Self; 3] = [Self::Text, Self::Rodata, Self::Data];

    /// The name that the linker script's program headers carry.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Rodata => "rodata",
            Self::Data => "data",
        }
    }

    /// What a domain may do with it.
    pub fn rights(self) -> Access {
        match self {
            Self::Text => Access::EXECUTE,
            Self::Rodata => Access::READ,
            Self::Data => Access::WRITE,
        }
    }
}

/// What owns a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Owner {
    /// The kernel's vectors, instructions and constants.
    KernelText,
    /// The kernel's variables and stack.
    KernelData,
    /// The data of one core.
    Core(u16),
    /// Where the kernel, for a report, maps what it reads of a domain.
    ReportWindow,
    /// The kernel's own view of a device that it borrows.
    KernelDevice(String),
    /// A segment of a domain's program.
    Segment {
        /// The domain.
        domain: String,
        /// Which part of its program.
        segment: Segment,
    },
    /// A thread's stack.
    Stack {
        /// The thread's domain.
        domain: String,
    },
    /// The unmapped page below a stack, which turns an overflow into a fault.
    Guard {
        /// The domain of the stack.
        domain: String,
    },
    /// A wire's buffer; the text names the wire as `client.port -> server.port`.
    Buffer(String),
    /// A wire's rings; the text names the wire likewise.
    Ring(String),
    /// A named region of the spec.
    Region(String),
    /// Memory of one instance, for a port that the spec joins to no region; `instance.port`.
    Memory(String),
    /// The RAM of a guest, by the instance that runs it.
    GuestRam(String),
    /// A guest's kernel, as its monitor loads it.
    GuestKernel(String),
    /// A guest's first file system, likewise.
    GuestInitrd(String),
    /// A disk of a guest.
    GuestDisk {
        /// The instance that runs the guest.
        guest: String,
        /// The disk.
        disk: String,
    },
    /// The state of a guest's virtual CPU.
    VcpuState(String),
    /// Where the kernel sees the state of the virtual CPU that runs.
    VcpuWindow,
    /// The ring of the kernel's trace.
    Trace,
    /// A device of the board.
    Device(String),
    /// What the board keeps from us.
    Reserved(String),
}

impl fmt::Display for Owner {
    /// In plain words; the alternate form (`{:#}`) quotes names, as diagnostics do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if f.alternate() { "`" } else { "" };
        let named = |name: &str| format!("{quote}{name}{quote}");
        match self {
            Self::KernelText => f.write_str("kernel text"),
            Self::KernelData => f.write_str("kernel data"),
            Self::Core(number) => write!(f, "core {number} data"),
            Self::ReportWindow => f.write_str("report window"),
            Self::KernelDevice(device) => write!(f, "kernel's view of device {}", named(device)),
            Self::Segment { domain, segment } => write!(f, "{} {}", named(domain), segment.name()),
            Self::Stack { domain } => write!(f, "{} stack", named(domain)),
            Self::Guard { domain } => write!(f, "{} guard page", named(domain)),
            Self::Buffer(wire) => write!(f, "buffer {}", named(wire)),
            Self::Ring(wire) => write!(f, "ring {}", named(wire)),
            Self::Region(name) => write!(f, "region {}", named(name)),
            Self::Memory(port) => write!(f, "memory {}", named(port)),
            Self::GuestRam(name) => write!(f, "{} guest RAM", named(name)),
            Self::GuestKernel(name) => write!(f, "{} guest kernel", named(name)),
            Self::GuestInitrd(name) => write!(f, "{} guest initrd", named(name)),
            Self::GuestDisk { guest, disk } => write!(f, "{} disk {}", named(guest), named(disk)),
            Self::VcpuState(name) => write!(f, "{} virtual CPU", named(name)),
            Self::VcpuWindow => f.write_str("virtual CPU window"),
            Self::Trace => f.write_str("trace"),
            Self::Device(name) => write!(f, "device {}", named(name)),
            Self::Reserved(name) => write!(f, "board's {}", named(name)),
        }
    }
}

/// What may be done with a range. Nothing is both written and executed: no value says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Access(u8);

impl Access {
    /// Nothing: a guard page, or what nobody was granted.
    pub const NONE: Self = Self(0);
    /// Read.
    pub const READ: Self = Self(0b100);
    /// Read and write.
    pub const WRITE: Self = Self(0b110);
    /// Read and execute.
    pub const EXECUTE: Self = Self(0b101);

    /// Whether it can be read.
    pub fn reads(self) -> bool {
        self.0 & 0b100 != 0
    }

    /// Whether it can be written.
    pub fn writes(self) -> bool {
        self.0 & 0b010 != 0
    }

    /// Whether it can be executed.
    pub fn executes(self) -> bool {
        self.0 & 0b001 != 0
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |set, letter| if set { letter } else { '-' };
        let text = [letter(self.reads(), 'r'), letter(self.writes(), 'w'), letter(self.executes(), 'x')];
        f.pad(&text.iter().collect::<String>())
    }
}

/// Where a claim comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A line of the spec or of the board's description.
    Stated {
        /// The bytes.
        span: Span,
        /// The line as people write it, `hello.ron:9`.
        place: String,
    },
    /// Nobody stated it: composer needs it, and chose.
    Automatic,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stated { place, .. } => place,
            Self::Automatic => "automatic",
        })
    }
}

/// Somebody besides the owner who reaches a range.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct User {
    /// `kernel`, or a domain's name.
    pub name: String,
    /// What it may do.
    pub access: Access,
    /// By a grant of the spec, or as a borrower with a reason.
    pub role: Role,
}

/// How somebody besides the owner came to reach a range.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// The spec says so: a device has a driver, a wire two ends, a region several users.
    Granted,
    /// For the stated purpose only, and only while the owner does not use it.
    Borrower(String),
}

/// One owner's hold on a range of one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The space.
    pub space: Space,
    /// The addresses.
    pub range: Range,
    /// Who owns them.
    pub owner: Owner,
    /// What the owner may do; in [`Space::Physical`], what anybody may do.
    pub access: Access,
    /// Who stated it.
    pub origin: Origin,
    /// Why it must lie exactly there; none if composer chose the place.
    pub pin: Option<String>,
    /// Who else reaches it.
    pub users: Vec<User>,
}

impl Claim {
    /// An automatic claim of a range for its owner alone.
    pub fn new(space: Space, range: Range, owner: Owner, access: Access) -> Self {
        Self { space, range, owner, access, origin: Origin::Automatic, pin: None, users: Vec::new() }
    }

    /// The same, stated at `origin`, a line of one of the system's files.
    pub fn stated(mut self, system: &System, origin: composer_model::Origin) -> Self {
        self.origin = Origin::Stated { span: origin.span, place: system.place(origin) };
        self
    }

    /// The same, pinned for `reason`.
    pub fn pinned(mut self, reason: impl Into<String>) -> Self {
        self.pin = Some(reason.into());
        self
    }

    /// The same, reached by these too.
    pub fn shared(mut self, users: impl IntoIterator<Item = User>) -> Self {
        self.users.extend(users);
        self
    }
}
