//! The counters of kernel entries that every thread has.

/// How many counters there are: as many as a message has words.
pub const COUNTERS: usize = 8;

/// Why the kernel was entered while a thread ran, or what it then did to it. Counters are 32 bits wide and
/// wrap; a difference of two readings is right as long as fewer than 2^32 entries lie between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Counter {
    /// System calls, the null call among them.
    Calls = 0,
    /// Device interrupts.
    Interrupts = 1,
    /// Interrupts of the decrementer.
    Timers = 2,
    /// Data pages loaded into the TLB.
    DataMisses = 3,
    /// Instruction pages loaded into the TLB.
    FetchMisses = 4,
    /// Faults.
    Faults = 5,
    /// Loads of its floating-point registers.
    FloatLoads = 6,
    /// Times that it lost the core while it could run.
    Preemptions = 7,
}

impl Counter {
    /// All counters, in order of their numbers.
    pub const ALL: [Self; COUNTERS] = [
        Self::Calls,
        Self::Interrupts,
        Self::Timers,
        Self::DataMisses,
        Self::FetchMisses,
        Self::Faults,
        Self::FloatLoads,
        Self::Preemptions,
    ];

    /// The name that tools print.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Interrupts => "interrupts",
            Self::Timers => "timers",
            Self::DataMisses => "data-misses",
            Self::FetchMisses => "fetch-misses",
            Self::Faults => "faults",
            Self::FloatLoads => "float-loads",
            Self::Preemptions => "preemptions",
        }
    }
}
