//! Boards, as their `board.ron` describes them.

use std::path::PathBuf;

use composer_syntax::{FileId, Spanned};
use ppc440::tlb::Attributes;

use super::Origin;

/// Index of a [`Device`] in its board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub usize);

/// A machine that an image is built for. All addresses are physical and have 36 bits.
#[derive(Clone, Debug)]
pub struct Board {
    /// The word in `platform:` and `--platform` (`qemu`): the folder is `platform-<name>`.
    pub name: String,
    /// Where the board's file says the name.
    pub name_origin: Origin,
    /// One line for people.
    pub about: String,
    /// The board's file.
    pub file: FileId,
    /// Path of the file from the checkout's root (`platform-qemu/board.ron`).
    pub file_name: String,
    /// The board crate's package.
    pub package: String,
    /// The board crate as Rust paths write it.
    pub module: String,
    /// The Rust type in that crate's root that the kernel is built for.
    pub type_name: String,
    /// The board crate's folder, absolute.
    pub directory: PathBuf,
    /// Processor model.
    pub cpu: Cpu,
    /// How many cores the machine has.
    pub cores: u8,
    /// Ticks of the time base in a second.
    pub time_base: u64,
    /// RAM, in ascending order, disjoint.
    pub memory: Vec<Memory>,
    /// Ranges that something else owns, in RAM or elsewhere, in ascending order.
    pub reserved: Vec<Reserved>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Ranges of device control registers.
    pub dcrs: Vec<Dcrs>,
    /// The interrupt controller.
    pub interrupts: Controller,
    /// Components that take the place of others here.
    pub stand_ins: Vec<StandIn>,
    /// TLB attributes of RAM; no rights.
    pub ram_attributes: Attributes,
    /// Where and how large the kernel is.
    pub kernel: KernelPlace,
    /// How an image runs.
    pub run: Run,
}

/// A processor model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cpu {
    /// PowerPC 440EP: scalar floating point.
    Ppc440Ep,
    /// PowerPC 450: as the 440, with the double FPU and per-page L1 control.
    Ppc450,
}

/// A range of RAM.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Name in the board's file.
    pub name: String,
    /// First byte.
    pub at: u64,
    /// Bytes.
    pub size: u64,
    /// Sizes that the machine can have instead, ascending. Composer chooses one where a virtual machine's guest needs
    /// it.
    pub larger: Vec<u64>,
    /// Its key.
    pub origin: Origin,
}

/// A range that Fugue must leave alone.
#[derive(Clone, Debug)]
pub struct Reserved {
    /// Name in the board's file.
    pub name: String,
    /// First byte.
    pub at: u64,
    /// Bytes.
    pub size: u64,
    /// Who owns it and for how long.
    pub why: String,
    /// Its key.
    pub origin: Origin,
}

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Name in the board's file, and the word in `devices:` of a spec.
    pub name: String,
    /// Programming model; a manifest's device port asks for one (`ns16550`).
    pub compatible: String,
    /// First register.
    pub at: u64,
    /// Bytes of registers.
    pub size: u64,
    /// Interrupt line, as the board's controller numbers it.
    pub irq: Option<u16>,
    /// TLB attributes; no rights.
    pub attributes: Attributes,
    /// Whether a spec may hand it to a domain. The kernel's own (the interrupt controller) may not.
    pub grantable: bool,
    /// Its key.
    pub origin: Origin,
}

/// A range of device control registers, both ends included.
#[derive(Clone, Debug)]
pub struct Dcrs {
    /// Name in the board's file.
    pub name: String,
    /// First register.
    pub first: u16,
    /// Last register.
    pub last: u16,
    /// Whether a domain may be granted them.
    pub grantable: bool,
    /// Its key.
    pub origin: Origin,
}

/// The interrupt controller.
#[derive(Clone, Debug)]
pub struct Controller {
    /// Programming model (`uic`, `bic`).
    pub compatible: String,
    /// How many lines it has: 0 to `lines - 1`.
    pub lines: u16,
}

/// A component that takes another's place on this board, because the other drives a device that the
/// board lacks. It provides the same ports and takes the same configuration, so that specs need not
/// know; its devices are the board's affair.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// The component that specs name.
    pub instead_of: String,
    /// The component that is taken.
    pub component: Spanned<String>,
    /// The devices that it drives here: device port, then board device.
    pub devices: Vec<(Spanned<String>, Spanned<String>)>,
}

/// What the board gives to the kernel.
#[derive(Clone, Debug)]
pub struct KernelPlace {
    /// Physical address of the kernel's text page.
    pub at: u64,
    /// Where the board's file says so.
    pub origin: Origin,
    /// Bytes of the page that holds text and constants: a page size of the processor.
    pub text: u64,
    /// Bytes of the page that holds data and stack, right after text: a page size of the processor.
    pub data: u64,
    /// Physical address of the first instruction, if the board's loader insists on one (`0x10` on
    /// Blue Gene/P); else the image says.
    pub entry: Option<u64>,
    /// The device that the kernel writes to until a domain takes it, and in a fatal report.
    pub console: DeviceId,
}

/// How an image runs on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Under QEMU.
    Qemu {
        /// The program (`qemu-system-ppc`).
        program: String,
        /// The machine (`bamboo`).
        machine: String,
        /// Bytes of RAM to give it: the end of the board's memory.
        memory: u64,
        /// Further arguments, in order.
        arguments: Vec<String>,
    },
    /// On a simulator of this workspace, which cargo makes when it is needed.
    Simulator {
        /// The package, whose program has the same name (`bgp-sim`).
        package: String,
        /// Bytes of RAM to give the node: the end of the board's memory.
        memory: u64,
        /// Further arguments, in order.
        arguments: Vec<String>,
    },
    /// Not here, for this reason.
    Nowhere {
        /// One sentence.
        why: String,
    },
}
