//! How much stack a linked program needs, from the program itself.
//!
//! ```text
//! .stack_sizes ── frames ──┐
//! instructions ── calls ───┤
//! relocations ── pointers ─┼─> Graph ── depth ──> Need: bytes with their path, or why there is no bound
//! debug information ───────┤
//! .fugue.stack ── notes ───┤
//! manifests ────── claims ──┘
//! ```
//!
//! Every answer is an upper bound, or none is given. What makes it one:
//!
//! - A function's frame is what the compiler says (`-Zemit-stack-sizes`). Assembly has no such entry: its
//!   frame is the sum of what its instructions take, and there is none if they change the stack pointer in
//!   another way.
//! - A jump into another function counts as a call, as if the jumping frame were still there.
//! - The compiler makes no jump tables (`-Cjump-tables=no`), so each jump through a register is a call through a
//!   pointer. Somebody must say what kind of pointer it is: `rules`, for the core library and the runtime, or a
//!   component's manifest. It then reaches every function whose address the program holds in such pointers, as
//!   its relocations (`--emit-relocs`) and the tables of its debug information tell. Where nobody says it, there is no bound.
//! - Recursion has no bound. A function with a note (`.fugue.stack`) that it is at most so often on a stack
//!   at once may lie on a cycle: whoever writes the note guards the function.

#![forbid(unsafe_code)]

mod claim;
mod depth;
mod frames;
mod graph;
mod instruction;
mod names;
mod paths;
mod program;
mod relocations;
mod rules;
mod vtables;

pub use claim::{Claim, Pointer};

use std::fmt;

use graph::Graph;
use program::Program;

/// What a thread needs of its stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// At most so much.
    Bounded(Depth),
    /// Nobody can say.
    Unknown(Unknown),
}

/// The deepest path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Bytes, all frames together.
    pub bytes: u64,
    /// The functions on the stack at that point, the outermost first.
    pub path: Vec<Frame>,
}

/// A function on the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its name.
    pub function: String,
    /// Bytes of its frame.
    pub bytes: u32,
}

/// Why a need has no bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// These functions call each other in a circle; the last calls the first.
    Recursion(Vec<Step>),
    /// This function's frame has no fixed size.
    Frame(String),
    /// Nobody says what this call reaches.
    Pointer(Call),
}

/// A call through a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function whose source it stands in.
    pub function: String,
    /// Its address.
    pub at: u32,
    /// The file and the line of its source, if debug information has them.
    pub place: Option<(String, u32)>,
}

impl Call {
    /// The path of the function as a [`Claim`] names it.
    pub fn path(&self) -> String {
        let path = paths::plain(&self.function);
        let closure = path.find("::{").unwrap_or(path.len());
        path[..closure].to_owned()
    }
}

/// A function on a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub function: String,
    /// Whether it is reached through a pointer.
    pub indirect: bool,
}

impl fmt::Display for Unknown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(function) => write!(out, "the frame of `{function}` has no fixed size"),
            Self::Pointer(Call { function, at, place }) => {
                write!(out, "`{function}` calls through a pointer at {at:#x}")?;
                if let Some((file, line)) = place {
                    write!(out, " ({file}:{line})")?;
                }
                write!(out, ", and nobody says what that reaches")
            }
            Self::Recursion(steps) if steps.len() == 1 => {
                write!(out, "`{}` can call itself", steps[0].function)
            }
            Self::Recursion(steps) => {
                write!(out, "{} functions can call each other in a circle", steps.len())
            }
        }
    }
}

/// The need of a domain's thread, which starts at the program's entry. Its components' manifests make the claims.
///
/// # Errors
///
/// What is wrong with the file: it is no program for the node, or was linked without what this crate reads.
pub fn domain(file: &[u8], claims: &[Claim]) -> Result<Need, String> {
    let program = Program::read(file, frames::Switches::Refused)?;
    let entry = program.at(program.entry).ok_or("it starts where it has no code")?;
    Ok(depth::of(&Graph::of(&program, claims), &[entry]))
}

/// The need of the kernel's stack on one core. Every piece of assembly is a way in, and may load the stack
/// pointer: what it calls then starts at the stack's top. It enters Rust by name only.
///
/// # Errors
///
/// Those of [`domain`].
pub fn kernel(file: &[u8]) -> Result<Need, String> {
    let program = Program::read(file, frames::Switches::Allowed)?;
    let entries: Vec<usize> =
        (0..program.functions.len()).filter(|&one| program.functions[one].by_hand).collect();
    Ok(depth::of(&Graph::of(&program, &[]), &entries))
}
