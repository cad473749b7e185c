//! The Blue Gene/P node: four PowerPC 450 cores, the BIC interrupt controller, a mailbox for a console.
//!
//! The kernel's side of the board: first instructions, interrupt controller, polled console, reset.
//! `board.ron` beside this crate describes the rest to composer. The facts come from the publicly
//! available operating systems and loaders for the machine; where they disagree, the code says so.

#![no_std]

pub mod bic;
pub mod mailbox;

cfg_if::cfg_if! {
    if #[cfg(target_arch = "powerpc")] {
        mod blue_gene;
        mod boot;
        pub use blue_gene::BlueGene;
    }
}
