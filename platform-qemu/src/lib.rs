//! QEMU's `bamboo` board: a PowerPC 440EP with one UIC and two 16550 UARTs.
//!
//! The kernel's side of the board: first instructions, interrupt controller, polled console, reset.
//! `board.ron` beside this crate describes the rest to composer.

#![no_std]

pub mod uart;
pub mod uic;

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod boot;
        mod bamboo;
        pub use bamboo::Bamboo;
    }
}
