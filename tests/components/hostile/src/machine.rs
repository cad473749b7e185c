//! Instructions of every kind, and where there is no such machine.

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod powerpc;
        pub(crate) use powerpc::{begin, execute, jump};
    } else {
        mod host;
        pub(crate) use host::{begin, execute, jump};
    }
}

/// How many instructions of each family there are.
pub(crate) const FAMILY: u32 = 256;

/// How many of each listed operation.
pub(crate) const EACH: u32 = 32;

/// How many instructions there are: of six families, of 44 operations, and one more.
pub(crate) const INSTRUCTIONS: u32 = 6 * FAMILY + 44 * EACH + 1;

/// The last of them.
pub(crate) const SYSTEM_CALL: u32 = INSTRUCTIONS - 1;
