//! What only the machine can do, for the PowerPC and as a stand-in on the host.

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod powerpc;
        pub(crate) use powerpc::{
            find_mark, float, illegal, jump, leave_mark, load, misaligned, privileged, store, trap,
            unknown_call, write,
        };
    } else {
        mod host;
        pub(crate) use host::{
            find_mark, float, illegal, jump, leave_mark, load, misaligned, privileged, store, trap,
            unknown_call, write,
        };
    }
}
