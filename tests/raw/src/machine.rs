//! The entries as machine code, and where there is no such machine.

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod powerpc;
        pub use powerpc::{enter, leave_mark, user_registers};
    } else {
        mod host;
        pub use host::{enter, leave_mark, user_registers};
    }
}
