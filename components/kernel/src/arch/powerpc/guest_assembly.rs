//! The [assembly](super::assembly) of guests.
#![expect(unsafe_code, reason = "assembly")]

use super::assembly::{CORE, assemble};
use super::core_page::{CorePage, GuestCore};
use super::guest::guest_text;
use super::guest_fast::{MOVES, guest_fast_text};
use super::guest_run::{ORDINARY, guest_run_text};
use super::guest_tlb::guest_tlb_text;
use crate::arch::{CORE_PAGE, GUEST_MSR, VCPU_PAGE};
use crate::context::Context;
use crate::kernel::Core;
use crate::objects::Thread;
use crate::vcpu::guest_tlb::GuestEntry;
use crate::vcpu::spaces::{self, Owner};
use crate::vcpu::{self, Vcpu};
use abi::vcpu::{ExitReason, VcpuCounter, VcpuState};
use abi::{Call, Counter};
use core::mem::offset_of;
use ppc440::{msr, tlb::Attributes};

/// Where the core page holds what is the guests'.
const GUEST: usize = CORE_PAGE as usize + offset_of!(CorePage, guest);

assemble! {
    guest_text guest_run_text guest_fast_text guest_tlb_text;
    fields {
        CorePage at CORE_PAGE: current threads stack scratch;
        Core at CORE: current run_thread run_slot tlb.next tlb.successor;
        GuestCore at GUEST: vcpu pids entered mmucr ram ram_end saved pool.owners pool.next;
        Context at 0: gpr cr lr pc;
        Thread at 0: signals fixed.msr;
        VcpuState at VCPU_PAGE: gpr pc msr cr lr ctr xer srr sprg usprg0 dear esr pid mmucr ivpr ivor waits requests
            exit.reason exit.instruction exit.effective exit.physical_upper exit.physical exit.detail exit.floats;
        Vcpu at 0: contexts.plain tlb.buckets tlb.everywhere;
        GuestEntry at 0: page tag mask frame attributes alias bit newest;
        Owner at 0: older virt;
    }
    counters {
        Thread at 0 by Counter: Calls Interrupts Timers;
        VcpuState at VCPU_PAGE by VcpuCounter: Msr Spr Return TlbWrite FlushLoop Pid Adjacent Refill GuestMiss SystemCall
            Storage Interrupted Dropped;
    }
    values {
        Call: VcpuRun;
        ExitReason: Access Instruction;
        msr: CE DE DS EE IS ME PR;
        spaces: NONE;
        vcpu: MMUCR;
    }
    others {
        ordinary = const ORDINARY;
        guest_msr = const GUEST_MSR;
        user_load = const Attributes::UR.bits();
        moves = sym MOVES;
    }
}
