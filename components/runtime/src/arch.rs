//! The machine under the runtime: the PowerPC 440, or the host that stands in for it in tests.
//!
//! Both files have the same functions, and no other file knows which one is in use.

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod powerpc;
        pub(crate) use powerpc::{ABSENT, Register, call, copy_blocks, leave, order_device_access, receive, register, system_call, time, words};
    } else {
        pub(crate) mod host;
        pub(crate) use host::{ABSENT, Register, call, copy_blocks, leave, order_device_access, receive, register, system_call, time, words};
    }
}
