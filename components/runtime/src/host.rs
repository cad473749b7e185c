//! The kernel's place on the host, for tests.
//!
//! Code that makes system calls runs on the host inside [`with_kernel`], over a kernel that the test
//! writes, or as a domain of a [`Node`], which keeps the rules of the real kernel.

mod loopback;
mod machine;
mod node;
mod rules;

use std::boxed::Box;
use std::rc::Rc;

use abi::{Call, Slot, Tag, Words};

use crate::Answer;
use crate::arch::host::replace_kernel;

pub use loopback::Loopback;
pub use machine::{Guest, HostMachine, HostMemory};
pub use node::{Domain, Node, Outcome};
pub use rules::{End, Mourner};

/// A kernel on the host.
pub trait Kernel {
    /// A system call that returns. Words that the message does not have are zero.
    fn system_call(&self, call: Call, slot: Slot, tag: Tag, words: Words) -> Answer;

    /// A system call that does not return. The kernel ends the thread, as [`end_thread`] does.
    fn leave(&self, call: Call, slot: Slot, words: Words) -> !;

    /// The time base.
    fn time(&self) -> u64;
}

/// Runs `body` with the kernel under it.
pub fn with_kernel<R>(kernel: Rc<dyn Kernel>, body: impl FnOnce() -> R) -> R {
    /// Puts the former kernel back, on a panic too.
    struct Restore(Option<Rc<dyn Kernel>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            replace_kernel(self.0.take());
        }
    }
    let _restore = Restore(replace_kernel(Some(kernel)));
    body()
}

/// What unwinds a thread that has left; nobody but this module looks at it.
struct Left;

/// Ends the calling thread without a panic's message: what [`Kernel::leave`] does last.
pub fn end_thread() -> ! {
    std::panic::resume_unwind(Box::new(Left))
}
