//! The acts, by the names that specs give them.

use runtime::{Slot, WireError, system};

use crate::machine;

/// Where no domain has anything.
const NOWHERE: usize = 0xDEAD_BEEC;

/// A slot beyond any table.
const BEYOND: Slot = Slot(0xFFFF);

/// What one domain leaves for another to find.
const MARK: u32 = 0x5EC2_E700;

/// One forbidden thing, or a harmless one to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Nothing: comes back.
    Nothing,
    /// An error: comes back as one.
    Error,
    /// Loads from nowhere.
    Load,
    /// Stores to nowhere.
    Store,
    /// Jumps to nowhere.
    Jump,
    /// Stores to its own text.
    StoreToText,
    /// Jumps to its own stack.
    JumpToStack,
    /// Calls itself until the stack is used up.
    Overflow,
    /// Names a slot beyond its table.
    BadSlot,
    /// Calls through its notification.
    WrongObject,
    /// Signals its notification, which it may only wait for.
    MissingRight,
    /// Makes a system call that does not exist.
    UnknownCall,
    /// Executes a privileged instruction.
    Privileged,
    /// Executes a word that is no instruction.
    Illegal,
    /// Executes a trap.
    Trap,
    /// Executes a floating-point instruction.
    Float,
    /// Loads a reservation from an address that is no word's.
    Misaligned,
    /// Panics.
    Panic,
    /// Writes a mark into the one register that is neither a thread's nor the supervisor's: comes back.
    LeaveMark,
    /// Looks for a mark there that another domain left: comes back, with an error if it finds one.
    FindMark,
    /// Writes over memory that it shares with a server: the prober does it, by its config.
    Scribble,
}

/// The slot that wakes the server, in the generated table of an instance whose one wire is a ring.
pub(crate) const SERVER: Slot = Slot(2);

/// The slot of the thread's own notification in every generated table.
const NOTIFICATION: Slot = Slot(1);

impl Act {
    const ALL: [(&str, Self); 21] = [
        ("nothing", Self::Nothing),
        ("error", Self::Error),
        ("load", Self::Load),
        ("store", Self::Store),
        ("jump", Self::Jump),
        ("store-to-text", Self::StoreToText),
        ("jump-to-stack", Self::JumpToStack),
        ("overflow", Self::Overflow),
        ("bad-slot", Self::BadSlot),
        ("wrong-object", Self::WrongObject),
        ("missing-right", Self::MissingRight),
        ("unknown-call", Self::UnknownCall),
        ("privileged", Self::Privileged),
        ("illegal", Self::Illegal),
        ("trap", Self::Trap),
        ("float", Self::Float),
        ("misaligned", Self::Misaligned),
        ("panic", Self::Panic),
        ("leave-mark", Self::LeaveMark),
        ("find-mark", Self::FindMark),
        ("scribble", Self::Scribble),
    ];

    /// The act of a name, if there is one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, act)| act)
    }

    /// Does it. Few acts come back.
    pub(crate) fn perform(self) -> Result<(), WireError> {
        match self {
            Self::Nothing => {}
            Self::Error => return Err(WireError::Hardware),
            Self::Load => machine::load(NOWHERE),
            Self::Store => machine::store(NOWHERE),
            Self::Jump => machine::jump(NOWHERE),
            Self::StoreToText => machine::store(Self::perform as fn(Self) -> _ as usize),
            Self::JumpToStack => {
                let words = [0_u32; 4];
                machine::jump((&raw const words).addr());
            }
            Self::Overflow => {
                core::hint::black_box(deeper(1));
            }
            Self::BadSlot => system::signal(BEYOND),
            Self::WrongObject => return system::call(NOTIFICATION, &runtime::Message::call(0, [])).map(drop),
            Self::MissingRight => system::signal(NOTIFICATION),
            Self::UnknownCall => machine::unknown_call(),
            Self::Privileged => machine::privileged(),
            Self::Illegal => machine::illegal(),
            Self::Trap => machine::trap(),
            Self::Float => machine::float(),
            Self::Misaligned => machine::misaligned(),
            Self::Panic => panic!("as the spec wishes"),
            Self::LeaveMark => machine::leave_mark(MARK),
            Self::FindMark if machine::find_mark() == MARK => return Err(WireError::Malformed),
            Self::FindMark | Self::Scribble => {}
        }
        Ok(())
    }
}

/// Uses more stack at each step than the guard below it is wide, at most.
#[inline(never)]
fn deeper(depth: u32) -> u32 {
    let room = core::hint::black_box([depth; 64]);
    if depth == u32::MAX { 0 } else { deeper(depth + 1).wrapping_add(room[depth as usize % 64]) }
}
