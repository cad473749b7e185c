//! The message by which the kernel hands a fault to a handler domain, and the handler's answer.
//!
//! A fault of a domain that has a handler arrives at the handler's endpoint like a call of method 0:
//!
//! | word | in the message                                            | in the reply            |
//! |------|-----------------------------------------------------------|-------------------------|
//! | 0    | [`Cause`](crate::Cause) number                            | [`FaultAnswer`] number  |
//! | 1    | address that it concerns, or 0                            | next instruction, for `Resume` |
//! | 2    | next instruction: the one that faulted; of a system call, the one behind it | –     |
//! | 3    | index of the thread                                       | –                       |
//!
//! The badge is the one that the spec's wire has. While the handler works, the thread waits; its registers
//! are reached through a [`Thread`](crate::Kind::Thread) capability.

/// The operation in the tag of a fault's message.
pub const FAULT_OPERATION: u16 = 0;

/// What a handler answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum FaultAnswer {
    /// Not handled: what the spec's `on_fault` says follows. So does any other number, a refusal, and the
    /// end of the handler.
    Unhandled = 0,
    /// The thread goes on at the instruction that the next word names.
    Resume = 1,
}
