//! The kernel's tables, as `kernel::tables` types them.

use serde::{Deserialize, Serialize};

use super::{Extent, Place, Slot};

/// Everything that the generated kernel crate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kernel {
    /// The system's name.
    pub system: String,
    /// File name of the spec, for the head of generated files.
    pub spec: String,
    /// The kernel's cargo package, `hello-kernel`.
    pub package: String,
    /// The board that it is built for.
    pub board: Board,
    /// Features of the kernel that the spec asks for.
    pub features: Vec<String>,
    /// Where its image lies.
    pub link: Link,
    /// The pages of its own, which stay in the TLB.
    pub boot: Boot,
    /// Whether calls take the path in assembly.
    pub fast_path: bool,
    /// Domains.
    pub domains: Vec<KernelDomain>,
    /// Threads.
    pub threads: Vec<Thread>,
    /// Device interrupts.
    pub irqs: Vec<Irq>,
    /// Timers.
    pub timers: Vec<KernelTimer>,
    /// Regions that a domain may locate.
    pub regions: Vec<KernelRegion>,
    /// Ranges of device control registers.
    pub dcrs: Vec<KernelDcr>,
    /// Virtual CPUs.
    pub vcpus: Vec<Vcpu>,
    /// Where the kernel writes its trace, if somebody reads it.
    pub trace: Option<Trace>,
}

/// A region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelRegion {
    /// Physical address.
    pub physical: u64,
    /// Bytes.
    pub size: u32,
    /// Its name.
    pub name: String,
    /// The line that declares it.
    pub place: Place,
}

/// A range of device control registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelDcr {
    /// The first.
    pub first: u16,
    /// How many.
    pub count: u16,
    /// Its name.
    pub name: String,
    /// The board's line.
    pub place: Place,
}

/// A virtual CPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vcpu {
    /// Index of the thread that runs it.
    pub thread: u16,
    /// What the thread is signalled when somebody calls it.
    pub calls: u32,
    /// Physical address of its state page.
    pub state: u64,
    /// Its guest's RAM.
    pub ram: Vec<GuestRam>,
    /// The instance that runs it.
    pub name: String,
    /// The line of the spec.
    pub place: Place,
}

/// A piece of a guest's RAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestRam {
    /// Guest-physical address.
    pub guest: u64,
    /// Physical address.
    pub physical: u64,
    /// Bytes.
    pub bytes: u32,
}

/// The ring that the kernel writes its trace to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Effective address.
    pub address: u32,
    /// Bytes.
    pub size: u32,
}

/// The board, as generated code names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The word in `platform:`.
    pub name: String,
    /// The crate's package.
    pub package: String,
    /// The crate, as Rust writes it.
    pub module: String,
    /// The type.
    pub type_name: String,
}

/// Where the kernel's image lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Effective addresses of the text page.
    pub text: Extent,
    /// Physical address of the text page.
    pub text_physical: u64,
    /// Effective addresses of the data page; it begins with the stack.
    pub data: Extent,
    /// Physical address of the data page.
    pub data_physical: u64,
    /// Effective address behind the stack.
    pub stack_top: u64,
    /// Where each core sees its own data.
    pub core: Extent,
    /// Physical address of the first core's data; the others' follow.
    pub core_physical: u64,
    /// Offset in the text page at which the board's loader enters, if it insists on one.
    pub entry_offset: Option<u64>,
}

/// A translation, as `ppc440::tlb::Page::new` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRow {
    /// First effective address.
    pub virt: u32,
    /// First physical address.
    pub physical: u64,
    /// Size, by its name in `ppc440::tlb::PageSize`.
    pub size: String,
    /// Names of `ppc440::tlb::Attributes`, rights first.
    pub attributes: Vec<String>,
    /// What lies there.
    pub owner: String,
}

/// The pages of the kernel's own, and where in them its devices are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// Vectors, instructions, constants.
    pub text: PageRow,
    /// Stack and variables.
    pub data: PageRow,
    /// The data of the first core.
    pub core: PageRow,
    /// Devices.
    pub devices: Vec<PageRow>,
    /// Effective address of the console's registers.
    pub console: u32,
    /// The console's device.
    pub console_name: String,
    /// Effective address of the interrupt controller's registers; 0 where DCRs reach it.
    pub interrupts: u32,
}

/// A domain, as the kernel sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelDomain {
    /// Name.
    pub name: String,
    /// The line that names it.
    pub place: Place,
    /// Hardware PID.
    pub pid: u8,
    /// Capability table.
    pub slots: Vec<Slot>,
    /// Every page that it can touch, by address.
    pub pages: Vec<PageRow>,
    /// Who is asked first when it faults.
    pub handler: Option<Handler>,
    /// What follows when it faults: a variant of `kernel::tables::OnFault`.
    pub on_fault: String,
    /// Its pages stay in the TLB.
    pub pinned: bool,
    /// It may use floating-point registers.
    pub float: bool,
    /// Who learns of its end.
    pub mourners: Vec<Mourner>,
}

/// Who handles a domain's faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// Index of the endpoint.
    pub endpoint: u16,
    /// The port that badges of its faults carry.
    pub port: u16,
    /// The client that they carry.
    pub client: u16,
    /// `instance.port`.
    pub name: String,
    /// The line that says so.
    pub place: Place,
}

/// A notification that learns of a domain's end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mourner {
    /// Index of the notification.
    pub notification: u16,
    /// Bits to set.
    pub bits: u32,
    /// The wire's line.
    pub place: Place,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Index of its domain.
    pub domain: u16,
    /// The domain's name.
    pub name: String,
    /// Fixed priority.
    pub priority: u8,
    /// Where it starts.
    pub entry: u32,
    /// Its first stack pointer.
    pub stack_pointer: u32,
    /// The slot by which it serves its endpoint.
    pub serves: Option<u32>,
    /// What it may use of its core's time.
    pub budget: Option<Budget>,
    /// The line that states the priority, else the domain's.
    pub place: Place,
}

/// A share of the core's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Ticks that the thread may run in each period.
    pub ticks: u64,
    /// The period, in ticks.
    pub period: u64,
    /// The same, as the spec says it.
    pub time: String,
    /// The line that says so.
    pub place: Place,
}

/// A device interrupt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Irq {
    /// The line, as the board numbers it.
    pub line: u16,
    /// Index of the notification that it signals.
    pub notification: u16,
    /// Bits that it sets.
    pub bits: u32,
    /// Index of the owning domain.
    pub domain: u16,
    /// The device.
    pub device: String,
    /// The line that grants it.
    pub place: Place,
}

/// A timer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelTimer {
    /// Index of the notification that it signals.
    pub notification: u16,
    /// Bits that it sets.
    pub bits: u32,
    /// Index of the owning domain.
    pub domain: u16,
    /// `instance.port`.
    pub name: String,
    /// The instance's line.
    pub place: Place,
}

impl Link {
    /// The physical address of an effective one of the kernel's program: text and data keep their distance.
    pub fn physical(&self, virt: u64) -> u64 {
        virt.wrapping_sub(self.text.start).wrapping_add(self.text_physical)
    }
}
