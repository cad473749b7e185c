//! What a system call brings back.

use abi::Words;

/// The registers after a system call, before anything is made of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `r0`: the number of a [`Status`](abi::Status).
    pub status: u32,
    /// `r3` to `r10`.
    pub words: Words,
    /// `r11`: the sender's badge, on receipt.
    pub badge: u32,
    /// `r12`: the tag, on receipt of a message or a reply.
    pub tag: u32,
}
