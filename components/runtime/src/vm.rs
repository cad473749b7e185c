//! The port of a virtual machine: what a monitor needs of the kernel and of the image.
//!
//! A component whose manifest says `vm: true` has the port `vm`. Its thread is the guest's virtual CPU whenever it
//! [runs](VirtualMachine::run) it; in between it is the monitor, which looks at why the run ended, completes what the
//! guest asked of a device, and runs it again.
//!
//! ```text
//!   monitor ──state()──▶ VcpuState, the page that it shares with the kernel
//!           ──run()────▶ the guest, until an exit or a signal
//!           ──memory()─▶ the guest's RAM, which the guest may change at any time: accesses copy
//!           ──spec()───▶ what the spec lets the guest start with, never changed
//! ```

mod arrived;
mod devices;
mod machine;
mod memory;
mod turn;

use abi::vcpu::VcpuState;
use abi::{Badge, Words};

use crate::{Bits, Message, WireError};

pub use arrived::Arrived;
pub use devices::{Devices, Disk, DiskContents};
pub use machine::{Calls, Vm, VmAt, image};
pub use memory::GuestRam;
pub use turn::Slice;

/// A guest-physical address that is not RAM, or so near its end that not all bytes lie there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

/// Where the guest's own TLB leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The guest-physical address.
    pub physical: u64,
    /// Rights and attributes as word 2 of the guest's entry has them: bits 0x38 are the user's execute, write and read,
    /// 0x07 the supervisor's (PPC440 user's manual, TLB entry word 2).
    pub rights: u32,
}

/// The guest's kernel, flat: the bytes as they stand in memory at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelImage {
    /// The bytes.
    pub bytes: &'static [u8],
    /// Guest-physical address of the first.
    pub load: u32,
    /// Guest-physical address of the first instruction.
    pub entry: u32,
}

/// What follows when a guest has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It starts afresh, so often, then the machine stops.
    Restart {
        /// How often.
        max: u32,
    },
    /// The machine stops.
    Stop,
    /// The monitor's domain faults, and the spec's `on_fault` decides.
    Fail,
}

impl Reaction {
    /// It starts afresh, for ever.
    pub const ALWAYS: Self = Self::Restart { max: u32::MAX };
}

/// A virtual machine of one virtual CPU.
pub trait VirtualMachine {
    /// Its RAM.
    type Memory: GuestMemory;

    /// The virtual CPU's state. It is the monitor's while the guest does not run.
    fn state(&mut self) -> &mut VcpuState;

    /// Runs the guest until something happens that is not the kernel's to handle, or a bit of the thread's notification
    /// is signalled.
    ///
    /// With no bits, [`VcpuState::exit`] says what happened. With bits, they are those that arrived since the run
    /// before, and each is still there for the wire, device or timer whose it is. Bits can be reported that somebody
    /// has taken since: look, and run again. A machine that shares its priority gives way to its equals at the ends of
    /// its slices, and nobody hears of it.
    fn run(&mut self) -> Bits;

    /// Waits for bits as [`run`](Self::run) does, while the guest stands still. Its time goes on: what its timers are
    /// due for, it gets when it runs again.
    fn wait(&mut self) -> Bits;

    /// Has the next run end at once with these bits: they came when there was something to finish first.
    fn defer(&mut self, bits: Bits);

    /// The bits that say that somebody calls.
    fn calls(&self) -> Bits;

    /// Answers all who call now, by what `answer` makes of badge, operation and words; it waits for nobody. Who calls is
    /// answered between two runs, so the guest does nothing until all have their answers.
    fn serve(&mut self, answer: impl FnMut(Badge, u16, &Words) -> Result<Message, WireError>);

    /// Translates an effective address as the guest's next data access would; none if its TLB has no entry.
    fn translate(&mut self, effective: u32) -> Option<Translation>;

    /// The guest's RAM.
    fn memory(&mut self) -> &mut Self::Memory;

    /// State and RAM at once, for what moves data between them.
    fn parts(&mut self) -> (&mut VcpuState, &mut Self::Memory);

    /// What the spec says of it.
    fn spec(&self) -> &VmSpec<'_>;
}

/// What the spec says of a virtual machine, and what the image has for it; none of it ever changes.
#[derive(Clone, Copy, Debug)]
pub struct VmSpec<'a> {
    /// The guest's kernel.
    pub kernel: KernelImage,
    /// Its first file system.
    pub initrd: Option<&'static [u8]>,
    /// Its kernel's command line.
    pub command_line: &'static str,
    /// Its devices but for its disks.
    pub devices: Devices,
    /// Its disks.
    pub disks: &'a [Disk<'static>],
    /// The machine's number on this node, from 0.
    pub number: u32,
    /// Ticks of the time base in a second. The guest's is the node's.
    pub frequency: u64,
    /// What follows when the guest resets its machine.
    pub on_reset: Reaction,
    /// What follows when it does so in a panic; none if that is a reset like any other.
    pub on_panic: Option<Reaction>,
    /// What follows when the guest cannot go on.
    pub on_death: Reaction,
}

/// A guest's RAM, by guest-physical address. The guest, or another of its virtual CPUs, may change it at any time, so
/// every access copies, and there is never a reference into it. Numbers are big-endian, as the guest writes them.
pub trait GuestMemory {
    /// Guest-physical address of the first byte.
    fn base(&self) -> u64;

    /// How many bytes there are.
    fn bytes(&self) -> u32;

    /// Copies out of it.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`], and then nothing is copied.
    fn read(&self, physical: u64, into: &mut [u8]) -> Result<(), OutOfRange>;

    /// Copies into it.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`], and then nothing is copied.
    fn write(&mut self, physical: u64, from: &[u8]) -> Result<(), OutOfRange>;

    /// Sets bytes to zero.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`], and then nothing is changed.
    fn clear(&mut self, physical: u64, bytes: u32) -> Result<(), OutOfRange>;

    /// Copies a pristine image into it, and makes the copy visible to the guest's instruction fetches.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`], and then nothing is copied.
    fn load(&mut self, physical: u64, image: &[u8]) -> Result<(), OutOfRange> {
        self.write(physical, image)
    }

    /// A byte.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    fn read_u8(&self, physical: u64) -> Result<u8, OutOfRange> {
        let mut bytes = [0];
        self.read(physical, &mut bytes)?;
        Ok(bytes[0])
    }

    /// A half-word, aligned or not.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    fn read_u16(&self, physical: u64) -> Result<u16, OutOfRange> {
        let mut bytes = [0; 2];
        self.read(physical, &mut bytes)?;
        Ok(u16::from_be_bytes(bytes))
    }

    /// A word, aligned or not.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    fn read_u32(&self, physical: u64) -> Result<u32, OutOfRange> {
        let mut bytes = [0; 4];
        self.read(physical, &mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Writes a byte.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    fn write_u8(&mut self, physical: u64, value: u8) -> Result<(), OutOfRange> {
        self.write(physical, &[value])
    }

    /// Writes a half-word, aligned or not.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    fn write_u16(&mut self, physical: u64, value: u16) -> Result<(), OutOfRange> {
        self.write(physical, &value.to_be_bytes())
    }

    /// Writes a word, aligned or not.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    fn write_u32(&mut self, physical: u64, value: u32) -> Result<(), OutOfRange> {
        self.write(physical, &value.to_be_bytes())
    }
}

/// Where `bytes` bytes from `physical` start in a RAM of `length` bytes from `base`.
#[inline]
pub(crate) fn offset(base: u64, length: u32, physical: u64, bytes: usize) -> Result<usize, OutOfRange> {
    let offset = physical.checked_sub(base).ok_or(OutOfRange)?;
    let room = u64::from(length).checked_sub(offset).ok_or(OutOfRange)?;
    if bytes as u64 <= room { Ok(offset as usize) } else { Err(OutOfRange) }
}
