//! The tables that a generated crate hands to the kernel: everything that the spec decides.
//!
//! The kernel obeys them and derives nothing again. Composer computes them from one model, so they agree
//! with each other; [`Tables::check`] states what the kernel relies on, and a generated crate evaluates
//! it in a `const` block, so that a mistake is an error of the build and not of the node.

use abi::Cap;
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
    /// Its first stack pointer: 16-byte aligned, with a null back chain word there.
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
