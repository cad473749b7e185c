//! What assembly and Rust share on a core.

use crate::arch::CORE_PAGE;
use crate::kernel::Core;
use crate::objects::Thread;
#[cfg(feature = "vm")]
use crate::vcpu::spaces::Pool;
use core::mem::offset_of;

/// The core page, at [`CORE_PAGE`] on every core: reached by a displacement from nothing.
#[repr(C)]
pub(super) struct CorePage {
    /// The thread that runs, or the idle one.
    pub(super) current: *mut Thread,
    /// The idle thread, before the others: what a [`ThreadId`](crate::list::ThreadId) is added to for its thread's address.
    pub(super) threads: u32,
    /// Top of the core's stack.
    pub(super) stack: u32,
    /// r1 while entry code needs its register.
    pub(super) scratch: u32,
    /// LR while entry code needs its register.
    pub(super) link: u32,
    /// r28 to r31 while a TLB miss needs theirs.
    pub(super) miss: [u32; 4],
    /// What the paths of guests need.
    #[cfg(feature = "vm")]
    pub(super) guest: GuestCore,
    /// What the portable kernel keeps of this core.
    pub(super) core: Core,
}

const _: () = assert!(size_of::<CorePage>() <= 4096);

/// What the paths in assembly know of the guest whose state page is mapped.
#[cfg(feature = "vm")]
#[repr(C)]
pub(super) struct GuestCore {
    /// The virtual CPU.
    pub(super) vcpu: u32,
    /// Its hardware PIDs, in supervisor and in user state, with its present PID; 0 where it has none.
    pub(super) pids: [u32; 2],
    /// That PID, as the general path last entered it.
    pub(super) entered: u32,
    /// The constant bits of MMUCR.
    pub(super) mmucr: u32,
    /// Where its RAM lies, as word 1 of an entry has it.
    pub(super) ram: u32,
    /// A sixteenth of where its RAM ends, which begins at 0; 0 if it does not.
    pub(super) ram_end: u32,
    /// r24 to r31 of a guest that an exception interrupts.
    pub(super) saved: [u32; 8],
    /// What all virtual CPUs share.
    pub(super) pool: Pool,
}

/// The core page.
pub(super) fn core_page() -> *mut CorePage {
    CORE_PAGE as *mut CorePage
}

/// Where the boot code leaves the top of the core's stack.
pub const STACK: i32 = CORE_PAGE as i32 + offset_of!(CorePage, stack) as i32;
