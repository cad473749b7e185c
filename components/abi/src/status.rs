//! What a system call answers, and what ends a domain.

use crate::numbered::numbered;

numbered! {
    /// The outcome of a system call, in `r0`.
    ///
    /// | number | name       | class     | meaning                                              |
    /// |--------|------------|-----------|------------------------------------------------------|
    /// | 0      | `Ok`       | done      | the call did what it says                            |
    /// | 1      | `Notified` | done      | the wait ended with notification bits, in `r3`       |
    /// | 32     | `PeerGone` | peer      | the domain at the other end has stopped, or was restarted |
    /// | 48     | `Hardware` | hardware  | the hardware refused                                 |
    ///
    /// A caller's misuse (an empty slot, a missing right, an unknown call) is not an answer: it ends the
    /// domain with a report, see [`Cause`].
    pub enum Status: u32 {
        /// The call did what it says.
        Ok = 0,
        /// The wait ended with notification bits, in `r3`.
        Notified = 1,
        /// The domain at the other end has stopped.
        PeerGone = 32,
        /// The hardware refused.
        Hardware = 48,
    }
}

numbered! {
    /// Why a domain ended. The text of [`Cause::name`] stands in the kernel's report.
    pub enum Cause: u32 {
        /// A system call number that does not exist.
        UnknownCall = 0 "unknown-call",
        /// A slot outside the domain's table, or an empty one.
        BadSlot = 1 "bad-slot",
        /// The slot holds another kind of object than the call needs.
        WrongObject = 2 "wrong-object",
        /// The capability lacks the right that the call needs.
        MissingRight = 3 "missing-right",
        /// A load from an address outside the domain's map.
        LoadUnmapped = 4 "load-unmapped",
        /// A store to an address outside the domain's map.
        StoreUnmapped = 5 "store-unmapped",
        /// An instruction fetch from an address outside the domain's map.
        FetchUnmapped = 6 "fetch-unmapped",
        /// A load that the page's rights forbid.
        LoadDenied = 7 "load-denied",
        /// A store that the page's rights forbid.
        StoreDenied = 8 "store-denied",
        /// An instruction fetch that the page's rights forbid.
        FetchDenied = 9 "fetch-denied",
        /// An illegal instruction.
        Illegal = 10 "illegal-instruction",
        /// A privileged instruction.
        Privileged = 11 "privileged-instruction",
        /// A trap instruction.
        Trap = 12 "trap-instruction",
        /// An access whose alignment the hardware does not handle.
        Alignment = 13 "alignment",
        /// A floating-point or auxiliary-processor instruction that the domain may not use.
        FloatUnavailable = 14 "float-unavailable",
        /// The domain's own [`Call::Fail`](crate::Call::Fail), usually a panic.
        Failed = 15 "failed",
        /// A number that a call takes and that names nothing: a register, a device control register.
        BadArgument = 16 "bad-argument",
    }
}
