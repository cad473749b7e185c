//! The counters of kernel entries that every thread has.

use crate::numbered::numbered;

/// How many counters there are: as many as a message has words.
pub const COUNTERS: usize = 8;

numbered! {
    /// Why the kernel was entered while a thread ran, or what it then did to it. Counters are 32 bits wide and
    /// wrap; a difference of two readings is right as long as fewer than 2^32 entries lie between them.
    pub enum Counter: usize {
        /// System calls, the null call among them.
        Calls = 0 "calls",
        /// Device interrupts.
        Interrupts = 1 "interrupts",
        /// Interrupts of the decrementer.
        Timers = 2 "timers",
        /// Data pages loaded into the TLB.
        DataMisses = 3 "data-misses",
        /// Instruction pages loaded into the TLB.
        FetchMisses = 4 "fetch-misses",
        /// Faults.
        Faults = 5 "faults",
        /// Loads of its floating-point registers.
        FloatLoads = 6 "float-loads",
        /// Times that it lost the core while it could run.
        Preemptions = 7 "preemptions",
    }
}
