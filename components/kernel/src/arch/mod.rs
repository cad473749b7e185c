//! The machine's side of the kernel: entry, exit, registers, TLB. Everything unsafe in this crate stands
//! below this module.
//!
//! `powerpc` is the node's; the host has none of it, because all portable logic reaches the machine
//! through [`Machine`](crate::machine::Machine).

use ppc440::msr;

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod powerpc;
        pub use powerpc::{FloatState, Image, STACK_FIELD, Shared, System, dcr, miss, registers};
        #[doc(hidden)]
        pub use powerpc::{boot, kernel, leave, panic, trap};
        #[doc(hidden)]
        #[cfg(feature = "vm")]
        pub use powerpc::{guest_leave, guest_trap};
    }
}

/// First effective address of the kernel's window: no domain's map reaches it.
pub const KERNEL_WINDOW: u32 = 0xF000_0000;

/// Effective address of a core's own page: in the top 32 KiB, so that a signed displacement without a
/// base register reaches it, on every core at the same address.
pub const CORE_PAGE: u32 = 0xFFFF_C000;

/// Effective address of the window through which reports read a domain's memory.
pub const WINDOW_PAGE: u32 = 0xFFFF_B000;

/// Effective address of the state page of the virtual CPU that runs, or ran last: within the same reach.
#[cfg(feature = "vm")]
pub const VCPU_PAGE: u32 = 0xFFFF_A000;

/// The MSR of every thread: user state, interrupts and machine checks on.
pub const USER_MSR: u32 = msr::PR | msr::EE | msr::ME;

/// The MSR of every guest, with MSR\[FP\] besides while the registers are its own and it may use them.
#[cfg(feature = "vm")]
pub const GUEST_MSR: u32 = USER_MSR | msr::IS | msr::DS;
