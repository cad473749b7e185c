//! The tables that a generated crate hands to the kernel: everything that the spec decides.
//!
//! The kernel obeys them and derives nothing again. Composer computes them from one model, so they agree
//! with each other; [`Tables::check`] states what the kernel relies on, and a generated crate evaluates
//! it in a `const` block, so that a mistake is an error of the build and not of the node.

use abi::{Cap, Object};
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
    /// Endpoints.
    pub endpoints: &'static [Endpoint],
    /// Notifications.
    pub notifications: &'static [Notification],
    /// Device interrupts.
    pub irqs: &'static [Irq],
    /// Timers.
    pub timers: &'static [Timer],
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
    /// Every page it can touch, sorted by effective address, disjoint, user rights only.
    pub map: &'static [Page],
    /// What follows when it faults.
    pub on_fault: OnFault,
    /// Notifications to signal when it stops, so that nobody waits for an event that cannot come.
    pub mourners: &'static [Mourner],
}

/// What follows when a domain faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFault {
    /// The domain stops, with a report; the rest of the node goes on.
    Halt,
    /// The node's run ends, with a report.
    HaltNode,
}

/// A notification that learns of a domain's end.
#[derive(Clone, Copy, Debug)]
pub struct Mourner {
    /// Index of the notification.
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
    /// Index of its bound notification.
    pub notification: u16,
}

/// An endpoint: where calls arrive.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// Index of the one thread that serves it.
    pub server: u16,
}

/// A notification: 32 bits that can be signalled and waited for.
#[derive(Clone, Copy, Debug)]
pub struct Notification {
    /// Index of the thread that it is bound to.
    pub thread: u16,
}

/// A device interrupt.
#[derive(Clone, Copy, Debug)]
pub struct Irq {
    /// The line, as the board numbers it.
    pub line: u16,
    /// Index of the notification that it signals.
    pub notification: u16,
    /// Bits that it sets.
    pub bits: u32,
    /// Index of the domain that owns it; the line is masked when that domain stops.
    pub domain: u16,
}

/// A timer.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// Index of the notification that it signals.
    pub notification: u16,
    /// Bits that it sets.
    pub bits: u32,
    /// Index of the domain that owns it.
    pub domain: u16,
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
    /// How many TLB entries the kernel keeps: text, data, core page, the window of reports, devices.
    pub const fn pinned(&self) -> u8 {
        4 + self.devices.pages.len() as u8
    }
}

impl Tables {
    /// States what the kernel relies on. A generated crate evaluates it at compile time.
    ///
    /// # Panics
    ///
    /// When a table contradicts another, or itself.
    pub const fn check(&self) {
        let mut index = 0;
        while index < self.domains.len() {
            self.domains[index].check(self, index);
            index += 1;
        }
        index = 0;
        while index < self.threads.len() {
            let thread = &self.threads[index];
            assert!((thread.domain as usize) < self.domains.len(), "a thread without a domain");
            assert!((thread.priority as usize) < crate::ready::PRIORITIES, "a priority out of range");
            assert!(thread.stack_pointer.is_multiple_of(16), "a stack pointer out of line");
            assert!((thread.notification as usize) < self.notifications.len(), "no notification");
            let bound = &self.notifications[thread.notification as usize];
            assert!(bound.thread as usize == index, "a notification bound elsewhere");
            index += 1;
        }
        index = 0;
        while index < self.endpoints.len() {
            assert!((self.endpoints[index].server as usize) < self.threads.len(), "no server");
            index += 1;
        }
        index = 0;
        while index < self.notifications.len() {
            assert!((self.notifications[index].thread as usize) < self.threads.len(), "no bound thread");
            index += 1;
        }
        index = 0;
        while index < self.irqs.len() {
            let irq = &self.irqs[index];
            assert!((irq.notification as usize) < self.notifications.len(), "no notification");
            assert!((irq.domain as usize) < self.domains.len(), "an interrupt without an owner");
            index += 1;
        }
        index = 0;
        while index < self.timers.len() {
            let timer = &self.timers[index];
            assert!((timer.notification as usize) < self.notifications.len(), "no notification");
            assert!((timer.domain as usize) < self.domains.len(), "a timer without an owner");
            index += 1;
        }
    }
}

impl Domain {
    const fn check(&self, tables: &Tables, index: usize) {
        assert!(self.pid != 0, "PID 0 is the kernel's");
        let mut other = 0;
        while other < index {
            assert!(tables.domains[other].pid != self.pid, "two domains with one PID");
            other += 1;
        }
        let mut page = 0;
        while page < self.map.len() {
            let bits = self.map[page].word2;
            assert!(bits & 0b111 == 0, "a page of a domain with supervisor rights");
            assert!(bits & 0x30 != 0x30, "a page that can be written and executed");
            let start = self.map[page].virt();
            if page > 0 {
                let previous = &self.map[page - 1];
                assert!(previous.virt() + (previous.bytes() - 1) < start, "a map out of order");
            }
            let last = start + (self.map[page].bytes() - 1);
            assert!(last < crate::arch::KERNEL_WINDOW, "a domain in the kernel's window");
            page += 1;
        }
        let mut slot = 0;
        while slot < self.caps.len() {
            tables.check_cap(&self.caps[slot]);
            slot += 1;
        }
        assert!(matches!(self.caps[0].object, Object::Domain(own) if own as usize == index), "slot 0");
        let mut mourner = 0;
        while mourner < self.mourners.len() {
            assert!((self.mourners[mourner].notification as usize) < tables.notifications.len());
            mourner += 1;
        }
    }
}

impl Tables {
    const fn check_cap(&self, cap: &Cap) {
        let (number, length) = match cap.object {
            Object::None | Object::Node => return,
            Object::Domain(number) => (number, self.domains.len()),
            Object::Endpoint(number) => (number, self.endpoints.len()),
            Object::Notification(number) => (number, self.notifications.len()),
            Object::Irq(number) => (number, self.irqs.len()),
            Object::Timer(number) => (number, self.timers.len()),
        };
        assert!((number as usize) < length, "a capability for an object that does not exist");
    }
}
