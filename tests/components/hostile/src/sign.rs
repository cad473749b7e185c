//! What a hostile domain and its fault handler tell each other, in registers at a trap instruction.
//!
//! | `r3`      | `r4`                       | `r5`            | the handler then resumes with          |
//! |-----------|----------------------------|-----------------|----------------------------------------|
//! | [`HELLO`] | where to resume, ever after | stack pointer there | that stack pointer, a seed in `r3` |
//! | [`DONE`]  | steps done with the seed   | –               | the same                               |

/// At the domain's start.
pub const HELLO: u32 = 0x4865_6C6C;

/// After the last step of a seed.
pub const DONE: u32 = 0x446F_6E65;

/// How many steps a seed is good for, if none faults.
pub const STEPS: u32 = 16;
