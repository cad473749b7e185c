//! What a system call answers, and what ends a domain.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Status {
    /// The call did what it says.
    Ok = 0,
    /// The wait ended with notification bits, in `r3`.
    Notified = 1,
    /// The domain at the other end has stopped.
    PeerGone = 32,
    /// The hardware refused.
    Hardware = 48,
}

/// The three kinds of outcome that a caller tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The call completed.
    Done,
    /// The domain at the other end is not there.
    Peer,
    /// The machine is at fault.
    Hardware,
}

impl Status {
    /// All statuses, in order of their numbers.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Notified, Self::PeerGone, Self::Hardware];

    /// The status of a number, if there is one.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|status| *status as u32 == number)
    }

    /// Which kind of outcome it is.
    pub const fn class(self) -> Class {
        match self {
            Self::Ok | Self::Notified => Class::Done,
            Self::PeerGone => Class::Peer,
            Self::Hardware => Class::Hardware,
        }
    }
}

/// Why a domain ended. The text of [`Cause::name`] stands in the kernel's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Cause {
    /// A system call number that does not exist.
    UnknownCall = 0,
    /// A slot outside the domain's table, or an empty one.
    BadSlot = 1,
    /// The slot holds another kind of object than the call needs.
    WrongObject = 2,
    /// The capability lacks the right that the call needs.
    MissingRight = 3,
    /// A load from an address outside the domain's map.
    LoadUnmapped = 4,
    /// A store to an address outside the domain's map.
    StoreUnmapped = 5,
    /// An instruction fetch from an address outside the domain's map.
    FetchUnmapped = 6,
    /// A load that the page's rights forbid.
    LoadDenied = 7,
    /// A store that the page's rights forbid.
    StoreDenied = 8,
    /// An instruction fetch that the page's rights forbid.
    FetchDenied = 9,
    /// An illegal instruction.
    Illegal = 10,
    /// A privileged instruction.
    Privileged = 11,
    /// A trap instruction.
    Trap = 12,
    /// An access whose alignment the hardware does not handle.
    Alignment = 13,
    /// A floating-point or auxiliary-processor instruction that the domain may not use.
    FloatUnavailable = 14,
    /// The domain's own [`Call::Fail`](crate::Call::Fail), usually a panic.
    Failed = 15,
    /// A number that a call takes and that names nothing: a register, a device control register.
    BadArgument = 16,
}

impl Cause {
    /// All causes, in order of their numbers.
    pub const ALL: [Self; 17] = [
        Self::UnknownCall,
        Self::BadSlot,
        Self::WrongObject,
        Self::MissingRight,
        Self::LoadUnmapped,
        Self::StoreUnmapped,
        Self::FetchUnmapped,
        Self::LoadDenied,
        Self::StoreDenied,
        Self::FetchDenied,
        Self::Illegal,
        Self::Privileged,
        Self::Trap,
        Self::Alignment,
        Self::FloatUnavailable,
        Self::Failed,
        Self::BadArgument,
    ];

    /// The name that reports carry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownCall => "unknown-call",
            Self::BadSlot => "bad-slot",
            Self::WrongObject => "wrong-object",
            Self::MissingRight => "missing-right",
            Self::LoadUnmapped => "load-unmapped",
            Self::StoreUnmapped => "store-unmapped",
            Self::FetchUnmapped => "fetch-unmapped",
            Self::LoadDenied => "load-denied",
            Self::StoreDenied => "store-denied",
            Self::FetchDenied => "fetch-denied",
            Self::Illegal => "illegal-instruction",
            Self::Privileged => "privileged-instruction",
            Self::Trap => "trap-instruction",
            Self::Alignment => "alignment",
            Self::FloatUnavailable => "float-unavailable",
            Self::Failed => "failed",
            Self::BadArgument => "bad-argument",
        }
    }
}
