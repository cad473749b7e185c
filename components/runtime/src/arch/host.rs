//! The host's stand-in for the machine: system calls go to a kernel that a test installs.

#![expect(unsafe_code, reason = "copies through pointers, as the machine does")]

use std::cell::RefCell;
use std::rc::Rc;

use abi::{Call, Slot, Words};

use crate::host::Kernel;
use crate::{Answer, Message};

std::thread_local! {
    static KERNEL: RefCell<Option<Rc<dyn Kernel>>> = const { RefCell::new(None) };
}

/// Puts a kernel under the calling thread and returns the one that was there.
pub(crate) fn replace_kernel(kernel: Option<Rc<dyn Kernel>>) -> Option<Rc<dyn Kernel>> {
    KERNEL.with(|current| current.replace(kernel))
}

/// What a message leaves in a register.
pub(crate) type Register = u32;

/// A register that carries no word; the kernel would hand it on as zero.
pub(crate) const ABSENT: Register = 0;

/// A register that carries a word.
pub(crate) const fn register(word: u32) -> Register {
    word
}

/// The words of a message; those that it does not have are zero.
pub(crate) fn words(message: &Message) -> Words {
    *message.registers()
}

fn kernel() -> Rc<dyn Kernel> {
    let kernel = KERNEL.with(|current| current.borrow().clone());
    kernel
        .expect("a system call on the host needs a kernel: run the code inside `runtime::host::with_kernel`")
}

pub(crate) fn system_call(call: Call, slot: Slot, message: &Message) -> Answer {
    kernel().system_call(call, slot, message.tag(), *message.registers())
}

/// The same: a host loses no registers.
pub(crate) fn call(call: Call, slot: Slot, message: &Message) -> Answer {
    system_call(call, slot, message)
}

/// The same.
pub(crate) fn receive(call: Call, slot: Slot, message: &Message) -> Answer {
    system_call(call, slot, message)
}

pub(crate) fn leave(call: Call, slot: Slot, words: [u32; 2]) -> ! {
    let mut all: Words = [0; 8];
    all[..2].copy_from_slice(&words);
    kernel().leave(call, slot, all)
}

pub(crate) fn order_device_access() {}

pub(crate) fn time() -> u64 {
    kernel().time()
}

/// Copies blocks of eight words.
///
/// # Safety
///
/// Both pointers are multiples of four; as many blocks of 32 bytes lie behind each, readable and writable; and the two do
/// not overlap.
pub(crate) unsafe fn copy_blocks(to: *mut u32, from: *const u32, blocks: usize) {
    for index in 0..8 * blocks {
        // SAFETY: the caller's promise.
        let word = unsafe { from.wrapping_add(index).read_volatile() };
        // SAFETY: the same.
        unsafe { to.wrapping_add(index).write_volatile(word) };
    }
}
