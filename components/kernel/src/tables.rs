//! The tables that a generated crate hands to the kernel: everything that the spec decides.
//!
//! The kernel obeys them and derives nothing again. Composer computes them from one model, so they agree
//! with each other; [`Tables::check`] states what the kernel relies on, and a generated crate evaluates
//! it in a `const` block, so that a mistake is an error of the build and not of the node.

use crate::tlb::Entry;
use abi::{Badge, Cap, Kind, Object, Rights};
use ppc440::tlb::Page;

/// One system, as the kernel sees it.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    /// The spec's name, for the banner and for reports.
    pub system: &'static str,
    /// Protection domains, in the order in which they start.
    pub domains: &'static [Domain],
    /// Threads. A thread's index is its number everywhere.
    pub threads: &'static [Thread],
    /// Device interrupts.
    pub irqs: &'static [Irq],
    /// Timers.
    pub timers: &'static [Timer],
    /// Pieces of memory whose place somebody may learn.
    pub regions: &'static [Region],
    /// Ranges of device control registers.
    pub dcrs: &'static [Dcr],
    /// Virtual CPUs.
    #[cfg(feature = "vm")]
    pub vcpus: &'static [Vcpu],
    /// Whether calls take the path in assembly where they can; the general path does the same.
    pub fast_path: bool,
    /// Where events are recorded; only with the feature `trace`.
    pub trace: Option<Trace>,
}

/// A protection domain.
#[derive(Clone, Copy, Debug)]
pub struct Domain {
    /// Name, as reports carry it.
    pub name: &'static str,
    /// Hardware PID of its address space, 1 to 255; no two domains share one.
    pub pid: u8,
    /// Capability table; slot 0 is the domain itself.
    pub caps: &'static [Cap],
    /// Every page it can touch: user rights only.
    pub map: Map,
    /// Its pages stay in the TLB: they are loaded when it starts, and nothing replaces them.
    pub pinned: bool,
    /// Its threads may use floating-point registers.
    pub float: bool,
    /// Who is asked first when it faults.
    pub handler: Option<Handler>,
    /// What follows when it faults and no handler makes it go on.
    pub on_fault: OnFault,
    /// Notifications to signal when it stops, so that nobody waits for an event that cannot come.
    pub mourners: &'static [Mourner],
}

/// A domain's map, twice: as it is, and as a miss searches it.
#[derive(Clone, Copy, Debug)]
pub struct Map {
    /// The pages, sorted by effective address, disjoint.
    pub pages: &'static [Page],
    /// The same, [padded](crate::tlb::padded) to the image's [depth](Tables::depth).
    pub padded: &'static [Entry],
}

/// What follows when a domain faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFault {
    /// The domain stops, with a report; the rest of the node goes on.
    Halt,
    /// The node's run ends, with a report.
    HaltNode,
    /// The domain starts afresh, with a report, this often; then it stops.
    Restart {
        /// How often.
        max: u32,
    },
}

/// Who handles a domain's faults.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    /// The endpoint that faults arrive at, by its thread.
    pub endpoint: u16,
    /// The badge that they carry.
    pub badge: Badge,
}

/// A notification that learns of a domain's end.
#[derive(Clone, Copy, Debug)]
pub struct Mourner {
    /// The notification, by its thread.
    pub notification: u16,
    /// Bits to set in it.
    pub bits: u32,
}

/// A thread.
#[derive(Clone, Copy, Debug)]
pub struct Thread {
    /// Index of its domain.
    pub domain: u16,
    /// Fixed priority, 0 to 31; the higher runs first.
    pub priority: u8,
    /// Where it starts.
    pub entry: u32,
    /// Its first stack pointer: 16-byte aligned, with room for a frame's two words, which start code clears.
    pub stack_pointer: u32,
    /// The slot by which it serves its endpoint, if it has one.
    pub serves: Option<u32>,
    /// What it may use of the core's time; [`None`] for all that its priority gets.
    pub budget: Option<Budget>,
}

/// A virtual CPU.
#[cfg(feature = "vm")]
#[derive(Clone, Copy, Debug)]
pub struct Vcpu {
    /// The thread that becomes the guest.
    pub thread: u16,
    /// What the thread is signalled when somebody calls it: it serves between two runs.
    pub calls: u32,
    /// Physical address of the page that kernel and monitor share.
    pub state: u64,
    /// The guest's RAM.
    pub ram: &'static [GuestRam],
}

/// A piece of a guest's RAM: naturally aligned, and both addresses congruent modulo the largest page used.
#[cfg(feature = "vm")]
#[derive(Clone, Copy, Debug)]
pub struct GuestRam {
    /// Guest-physical address.
    pub guest: u64,
    /// Where it really lies.
    pub physical: u64,
    /// Length.
    pub bytes: u32,
}

/// A share of the core's time.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Ticks that it may run in each period.
    pub ticks: u64,
    /// The period, in ticks.
    pub period: u64,
}

/// A device interrupt.
#[derive(Clone, Copy, Debug)]
pub struct Irq {
    /// The line, as the board numbers it.
    pub line: u16,
    /// The notification that it signals, by its thread.
    pub notification: u16,
    /// Bits that it sets.
    pub bits: u32,
    /// Index of the domain that owns it; the line is masked when that domain stops.
    pub domain: u16,
}

/// A timer.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// The notification that it signals, by its thread.
    pub notification: u16,
    /// Bits that it sets.
    pub bits: u32,
    /// Index of the domain that owns it.
    pub domain: u16,
}

/// A piece of memory.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    /// Physical address.
    pub physical: u64,
    /// Bytes.
    pub bytes: u32,
}

/// A range of device control registers.
#[derive(Clone, Copy, Debug)]
pub struct Dcr {
    /// Number of the first.
    pub first: u16,
    /// How many.
    pub count: u16,
}

/// The ring of [trace records](abi::trace), mapped for the kernel to write and for a tracer to read.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// The kernel's effective address of it; one of [`Devices::pages`] covers it.
    pub address: u32,
    /// Its bytes: room for a record at least.
    pub bytes: u32,
}

/// What the boot code needs before there is a kernel to run.
#[derive(Clone, Copy, Debug)]
pub struct Boot {
    /// The kernel's text and read-only data: supervisor, read and execute.
    pub text: Page,
    /// The kernel's data and stack: supervisor, read and write.
    pub data: Page,
    /// The first core's own page, at [`CORE_PAGE`](crate::arch::CORE_PAGE).
    pub core: Page,
    /// The devices that the kernel drives.
    pub devices: Devices,
}

/// The devices that the kernel drives itself, mapped for the supervisor.
#[derive(Clone, Copy, Debug)]
pub struct Devices {
    /// Their pages; no two alike.
    pub pages: &'static [Page],
    /// Effective address of the console's registers.
    pub console: u32,
    /// Effective address of the interrupt controller's registers; 0 where DCRs reach it.
    pub interrupts: u32,
}

impl Boot {
    /// How many TLB entries the kernel keeps: text, data, core page, the window of reports, devices, and with virtual
    /// CPUs the state page of one.
    pub const fn pinned(&self) -> u8 {
        4 + self.devices.pages.len() as u8 + cfg!(feature = "vm") as u8
    }
}

/// Does something for each item of a slice, and counts them: a `for` for `const` functions.
macro_rules! each {
    ($item:ident, $index:ident in $items:expr => $body:block) => {
        let mut $index = 0;
        while $index < $items.len() {
            let $item = &$items[$index];
            $body
            $index += 1;
        }
    };
}

impl Tables {
    /// States what the kernel relies on. A generated crate evaluates it at compile time.
    ///
    /// # Panics
    ///
    /// When a table contradicts another, or itself.
    pub const fn check(&self) {
        let (threads, domains) = (self.threads.len(), self.domains.len());
        each!(domain, index in self.domains => { domain.check(self, index) });
        each!(thread, index in self.threads => { self.check_thread(thread, index) });
        each!(irq, index in self.irqs => {
            assert!((irq.notification as usize) < threads, "no notification");
            assert!((irq.domain as usize) < domains, "an interrupt without an owner");
        });
        each!(timer, index in self.timers => {
            assert!((timer.notification as usize) < threads, "no notification");
            assert!((timer.domain as usize) < domains, "a timer without an owner");
        });
        #[cfg(feature = "vm")]
        self.check_vcpus();
        let feature = cfg!(feature = "trace");
        assert!(self.trace.is_none() || feature, "a trace in a kernel without the feature");
        if let Some(trace) = &self.trace {
            assert!(abi::trace::capacity(trace.bytes) > 0, "a trace without room");
            assert!(trace.address.is_multiple_of(abi::trace::RECORD_BYTES), "a trace out of line");
            assert!(trace.address.checked_add(trace.bytes).is_some(), "a trace beyond the last address");
        }
    }

    #[cfg(feature = "vm")]
    const fn check_vcpus(&self) {
        let state_bytes = abi::vcpu::VCPU_STATE_BYTES as u64;
        each!(vcpu, index in self.vcpus => {
            assert!((vcpu.thread as usize) < self.threads.len(), "a virtual CPU without a thread");
            assert!(vcpu.state.is_multiple_of(state_bytes), "a state page out of line");
            each!(other, earlier in self.vcpus => {
                assert!(earlier >= index || other.thread != vcpu.thread, "a thread that runs two virtual CPUs");
            });
            each!(ram, _piece in vcpu.ram => {
                assert!(ram.bytes.is_power_of_two(), "a guest's RAM that no pages fit");
                assert!((ram.guest | ram.physical).is_multiple_of(ram.bytes as u64), "a guest's RAM out of line");
            });
        });
    }

    const fn check_thread(&self, thread: &Thread, index: usize) {
        assert!((thread.domain as usize) < self.domains.len(), "a thread without a domain");
        assert!((thread.priority as usize) < crate::ready::PRIORITIES, "a priority out of range");
        assert!(thread.stack_pointer.is_multiple_of(16), "a stack pointer out of line");
        let feature = cfg!(feature = "budget");
        assert!(thread.budget.is_none() || feature, "a budget in a kernel without the feature");
        if let Some(budget) = &thread.budget {
            assert!(budget.ticks >= crate::timers::TIMER_REST, "a budget too short to keep");
            assert!(budget.ticks < budget.period, "a budget that is none");
            assert!(budget.period <= u32::MAX as u64, "a period beyond the decrementer's reach");
        }
        if let Some(slot) = thread.serves {
            let caps = self.domains[thread.domain as usize].caps;
            assert!((slot as usize) < caps.len(), "no slot to serve by");
            let endpoint = caps[slot as usize].want(Kind::Endpoint, Rights::SERVE);
            let serves = matches!(endpoint, Ok(endpoint) if endpoint as usize == index);
            assert!(serves, "a thread serves its own endpoint, by the right to");
        }
    }

    const fn check_cap(&self, cap: &Cap) {
        let Object(kind, number) = cap.object();
        let length = match kind {
            Kind::None | Kind::Node => 1,
            Kind::Domain => self.domains.len(),
            Kind::Endpoint | Kind::Notification | Kind::Thread => self.threads.len(),
            Kind::Irq => self.irqs.len(),
            Kind::Timer => self.timers.len(),
            Kind::Region => self.regions.len(),
            Kind::Dcr => self.dcrs.len(),
            #[cfg(feature = "vm")]
            Kind::Vcpu => self.vcpus.len(),
            #[cfg(not(feature = "vm"))]
            Kind::Vcpu => 0,
        };
        let number = number as usize;
        assert!(number < length, "a capability for an object that does not exist");
        let served = !matches!(kind, Kind::Endpoint) || self.threads[number].serves.is_some();
        assert!(served, "an endpoint that nobody serves");
    }

    /// How many slots all domains have together.
    pub const fn slots(&self) -> usize {
        let mut slots = 0;
        each!(domain, index in self.domains => { slots += domain.caps.len() });
        slots
    }

    /// How many threads need a place for floating-point registers: all, if a domain or a guest may use them, else
    /// none.
    pub const fn floats(&self) -> usize {
        let mut float = cfg!(feature = "vm");
        each!(domain, index in self.domains => { float |= domain.float });
        if float { self.threads.len() } else { 0 }
    }

    /// The depth of the search in every domain's map: each is padded to 2 to this power.
    pub const fn depth(&self) -> u32 {
        let mut longest = 1;
        each!(domain, index in self.domains => {
            if domain.map.pages.len() > longest {
                longest = domain.map.pages.len();
            }
        });
        longest.next_power_of_two().ilog2()
    }
}

impl Domain {
    const fn check(&self, tables: &Tables, index: usize) {
        assert!(self.pid != 0, "PID 0 is the kernel's");
        each!(other, number in tables.domains => {
            assert!(number == index || other.pid != self.pid, "two domains with one PID");
        });
        let mut next = 0;
        each!(page, number in self.map.pages => {
            assert!(page.word2 & 0b111 == 0, "a page of a domain with supervisor rights");
            assert!(page.word2 & 0x30 != 0x30, "a page that can be written and executed");
            assert!(page.virt() >= next, "a map out of order");
            let last = page.virt() + (page.bytes() - 1);
            assert!(last < crate::arch::KERNEL_WINDOW, "a domain in the kernel's window");
            next = last + 1;
        });
        assert!(
            self.map.padded.len() == 1 << tables.depth(),
            "a map that is not padded to the image's depth"
        );
        each!(cap, slot in self.caps => { tables.check_cap(cap) });
        assert!(
            matches!(self.caps[0].object(), Object(Kind::Domain, own) if own as usize == index),
            "slot 0"
        );
        each!(mourner, number in self.mourners => {
            assert!((mourner.notification as usize) < tables.threads.len(), "no notification");
        });
        if let Some(handler) = &self.handler {
            assert!((handler.endpoint as usize) < tables.threads.len(), "no handler");
            let thread = &tables.threads[handler.endpoint as usize];
            assert!(thread.serves.is_some(), "a handler that serves nothing");
            assert!(thread.domain as usize != index, "a domain that handles its own faults");
        }
    }
}
