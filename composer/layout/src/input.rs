//! What linking the domains measured, as [`place`](crate::place()) takes it.

use composer_model::{DomainId, InstanceId, System};
use serde::Serialize;

use crate::{Owner, Range, window};

/// A linked domain, measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainImage {
    /// Which domain.
    pub domain: DomainId,
    /// Where its thread starts, in its own space.
    pub entry: u32,
    /// Its loadable segments, in the order of the program's headers; empty ones may be left out.
    pub segments: Vec<LinkedSegment>,
    /// What its thread needs of its stack.
    pub stack: StackNeed,
}

/// What a thread needs of its stack, by the instructions of its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackNeed {
    /// At most so much.
    Bounded {
        /// Bytes.
        bytes: u64,
        /// The functions of the deepest path, the outermost first.
        path: Vec<StackFrame>,
    },
    /// Nobody can say.
    Unbounded {
        /// Why, as half a sentence.
        why: String,
        /// The functions that call each other in a circle, in their order; the last calls the first.
        cycle: Vec<String>,
        /// What would make it known, as an instruction, if anything but the spec's word does.
        cure: Option<String>,
    },
}

/// A function on a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StackFrame {
    /// Its name.
    pub function: String,
    /// Bytes of its frame.
    pub bytes: u32,
}

/// A loadable segment of a linked domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedSegment {
    /// For messages: `text`, `rodata` or `data`.
    pub name: String,
    /// Where the program uses it (`p_vaddr`).
    pub virt: u64,
    /// Where its first contents lie, in the domain's space too (`p_paddr`): of the data segment, behind the
    /// constants, from where start code copies them; of the others, the same as `virt`.
    pub load: u64,
    /// Bytes of contents in the file.
    pub file_bytes: u64,
    /// Bytes in memory.
    pub memory_bytes: u64,
    /// What the file asks for.
    pub rights: LinkedRights,
}

/// Rights, as an ELF file's program header can ask for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkedRights {
    /// Read.
    pub read: bool,
    /// Write.
    pub write: bool,
    /// Execute.
    pub execute: bool,
}

/// What a guest starts with, measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestPayload {
    /// The instance that runs the guest.
    pub instance: InstanceId,
    /// Bytes of the kernel.
    pub kernel: u64,
    /// Guest-physical address of the kernel's first byte.
    pub load: u32,
    /// Guest-physical address of its first instruction.
    pub entry: u32,
    /// Bytes of the first file system, if there is one.
    pub initrd: Option<u64>,
}

impl GuestPayload {
    /// What its guest gets a copy of.
    pub(crate) fn copied(&self) -> impl Iterator<Item = Copied> {
        let kernel = Copied {
            part: GuestPart::Kernel,
            owner: Owner::GuestKernel,
            name: "guest's kernel",
            bytes: self.kernel,
            window: window::guest_kernel(),
        };
        let initrd = self.initrd.map(|bytes| Copied {
            part: GuestPart::Initrd,
            owner: Owner::GuestInitrd,
            name: "guest's initrd",
            bytes,
            window: window::guest_initrd(),
        });
        std::iter::once(kernel).chain(initrd)
    }
}

/// A part that the monitor copies into its guest's RAM at each start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copied {
    /// Which part.
    pub(crate) part: GuestPart,
    /// Who its place belongs to, of the guest's instance.
    pub(crate) owner: fn(String) -> Owner,
    /// What a page of it is called.
    pub(crate) name: &'static str,
    /// Its size.
    pub(crate) bytes: u64,
    /// Where the monitor sees it.
    pub(crate) window: Range,
}

/// A part of what a guest starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestPart {
    /// The kernel, flat.
    Kernel,
    /// The first file system.
    Initrd,
    /// A disk, by its number.
    Disk(usize),
}

/// How much room the kernel gets. It is linked last, because it holds the tables; so its room is fixed
/// before, and [`kernel_fits`](crate::kernel_fits) compares afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelNeeds {
    /// Bytes for vectors, instructions and constants.
    pub text: u64,
    /// Bytes for variables and stack.
    pub data: u64,
}

impl KernelNeeds {
    /// What the board's description gives.
    pub fn of(system: &System) -> Self {
        Self { text: system.board.kernel.text, data: system.board.kernel.data }
    }
}

/// The linked kernel, measured in effective addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelImage {
    /// The address behind its read-only segment.
    pub text_end: u64,
    /// The address behind its writable segment, zeroed variables included.
    pub data_end: u64,
    /// What a core's stack must hold.
    pub stack: StackNeed,
}
