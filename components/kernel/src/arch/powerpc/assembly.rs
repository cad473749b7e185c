//! The kernel's assembly, with the names that Rust has for what it touches.
//!
//! Each path is a text of its own; [`assemble!`] puts texts together and gives them symbols. A field's is its type, a dot
//! and its path: the displacement from where the structure begins or, of a structure that has one place, from nothing.
//! A constant's is its enumeration or module, a dot and its name.
//!
//! ```text
//! text! { path:
//!     "    lwz     1, CorePage.current(0)", // the thread that runs
//!     "    li      29, Run.Ready",
//!     "    stw     29, Thread.run(1)",
//!     "    lwz     17, Thread.counters.Calls(1)",
//! }
//! assemble! {
//!     path;
//!     fields { CorePage at CORE_PAGE: current; Thread at 0: run fixed.msr; }
//!     counters { Thread at 0 by Counter: Calls; }
//!     values { Run: Ready; }
//!     others {}
//! }
//! ```
//!
//! An image is one object, so assembly elsewhere knows these symbols, too; but not before the end, so that they stand there
//! alone or with a number added.
#![expect(unsafe_code, reason = "assembly")]

use super::core_page::CorePage;
use super::entry::{VECTOR_BYTES, entry_text};
use super::fast::fast_text;
use crate::arch::CORE_PAGE;
use crate::context::Context;
use crate::kernel::Core;
use crate::objects::{Run, Thread};
use crate::tlb::Entry;
use abi::{Call, Cap, Counter, FaultAnswer, Kind, Rights};
use core::mem::offset_of;
use ppc440::msr;

/// Names a text.
macro_rules! text {
    ($name:ident: $($line:literal,)*) => {
        macro_rules! $name {
            () => { concat!($($line, "\n",)*) };
        }
        pub(super) use $name;
    };
}

/// Assembles texts. See [above](self).
macro_rules! assemble {
    (
        $($text:ident)+;
        fields { $($type:ident at $place:tt: $($($field:ident).+)+;)* }
        counters { $($counted:ident at $start:tt by $counter:ident: $($count:ident)+;)* }
        values { $($of:ident: $($value:ident)+;)* }
        others { $($name:ident = $kind:ident $other:expr;)* }
    ) => {
        core::arch::global_asm!(
            $($(concat!(".set ", stringify!($type) $(, ".", stringify!($field))+, ", {}"),)+)*
            $($(concat!(".set ", stringify!($counted), ".counters.", stringify!($count), ", {}"),)+)*
            $($(concat!(".set ", stringify!($of), ".", stringify!($value), ", {}"),)+)*
            $($text!(),)+
            $($(const $place as i32 + offset_of!($type, $($field).+) as i32,)+)*
            $($(const $start as i32 + offset_of!($counted, counters) as i32 + 4 * $counter::$count as i32,)+)*
            $($(const $of::$value as i32,)+)*
            $($name = $kind $other,)*
        );
    };
}

#[cfg(feature = "vm")]
pub(super) use assemble;
pub(super) use text;

/// Where the core page holds what is the portable kernel's.
pub(super) const CORE: usize = CORE_PAGE as usize + offset_of!(CorePage, core);

assemble! {
    entry_text fast_text;
    fields {
        CorePage at CORE_PAGE: current threads stack scratch link miss;
        Core at CORE: current syndrome ready.occupied ready.queues tlb.next tlb.successor;
        Context at 0: gpr cr lr ctr xer pc;
        Thread at 0: run peer owes handles faulted priority base signals callers links
            fixed.caps fixed.cap_count fixed.serve_slot fixed.map fixed.pid fixed.mmucr fixed.msr;
        Entry at 0: mask page;
    }
    counters { Thread at 0 by Counter: Calls DataMisses FetchMisses Interrupts Timers Preemptions; }
    values {
        Run: Receiving AwaitingReply Ready Waiting;
        Call: Call ReplyRecv Signal VcpuRun;
        FaultAnswer: Resume;
        msr: EE IS ME WE;
    }
    others {
        vector_bytes = const VECTOR_BYTES;
        vm = const cfg!(feature = "vm") as u32;
        budgets = const cfg!(feature = "budget") as u32;
        signals_fast = const !cfg!(feature = "budget") as u32;
        may_call = const Cap::signature(Kind::Endpoint, Rights::CALL);
        may_signal = const Cap::signature(Kind::Notification, Rights::SIGNAL);
        cap_shift = const size_of::<Cap>().ilog2();
    }
}
