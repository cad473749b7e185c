//! The kernel's binary interface, shared by kernel, runtime, composer and the docs.
//!
//! A system call is `sc` with the call's number in `r0`. Every call names one capability by its slot in
//! the calling domain's table, in `r11`; slot 0 is always the domain itself. Messages travel in
//! registers only:
//!
//! | register | in                         | out                                   |
//! |----------|----------------------------|---------------------------------------|
//! | `r0`     | [`Call`] number            | [`Status`]                            |
//! | `r3-r10` | words of the message       | words of the message; unsent ones 0   |
//! | `r11`    | slot of the capability     | badge (on receipt), else 0            |
//! | `r12`    | [`Tag`]                    | [`Tag`] (on receipt of a message or a reply), else 0 |
//!
//! `r1`, `r2`, `r13` to `r31` are preserved, and so are fields 1 to 7 of CR but for `Recv` and `ReplyRecv`, and LR
//! but for these and `Call`. What is not preserved (CR, LR; always CTR and XER) holds an earlier value of the
//! thread's own, or zero. No register
//! ever shows a domain what another domain, or the kernel, left in it.
//!
//! `docs/kernel-abi.md` holds the same as tables; a test compares the two.

#![no_std]
#![forbid(unsafe_code)]

mod call;
mod cap;
mod counter;
mod fault;
mod numbered;
pub mod ring;
mod status;
mod tag;
pub mod trace;
pub mod vcpu;

pub use call::Call;
pub use cap::{Badge, Cap, Kind, Object, Rights, SELF_SLOT, Slot};
pub use counter::{COUNTERS, Counter};
pub use fault::{FAULT_OPERATION, FaultAnswer};
pub use status::{Cause, Status};
pub use tag::{MESSAGE_WORDS, Tag, Words};
