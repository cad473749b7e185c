//! Guests, from the assembly's side of the kernel: their traps, and the way back to them.
#![expect(unsafe_code, reason = "hands out the state page, enters guests, drives their debug events")]

use super::core_page::core_page;
use super::image::{System, kernel, leave, slot};
use super::{guest, registers};
use crate::arch::VCPU_PAGE;
use crate::board::Board;
use crate::guest::Leave;
use crate::vcpu::{Interrupt, Trap, Vcpu, spaces::Pool};
use abi::vcpu::VcpuState;
use ppc440::tlb::{Attributes, Page, PageSize};

/// DBCR0\[IDM\]: debug events interrupt.
const DBCR0_IDM: u32 = 0x4000_0000;
/// DBCR0\[ICMP\]: so does the end of an instruction.
const DBCR0_ICMP: u32 = 0x0800_0000;

/// The storage of virtual CPUs.
#[derive(Debug)]
#[expect(missing_docs, reason = "as in `State`")]
pub struct Guests {
    pub vcpus: *mut [Vcpu],
    pub pool: *mut [Pool],
}

/// The mapped state page.
pub(super) fn state_page() -> *mut VcpuState {
    VCPU_PAGE as *mut VcpuState
}

/// Numbers the virtual CPUs and maps the first one's state page, before anything refers to them.
pub(super) fn prepare<S: System>() {
    let image = S::image();
    let first: *mut Vcpu = image.guests.vcpus.cast();
    for (number, table) in image.tables.vcpus.iter().enumerate() {
        let vcpu = first.wrapping_add(number);
        // SAFETY: nothing borrows the storage yet, which has as many.
        unsafe { (*vcpu).number = number as u8 };
        if number == 0 {
            map::<S>(table.state);
        }
    }
}

/// Maps a state page.
pub(super) fn map<S: System>(state: u64) {
    let empty = const { Page::new(VCPU_PAGE, 0, PageSize::K4, Attributes::SR.union(Attributes::SW)) };
    let page = Page { word1: state as u32 | (state >> 32) as u32, ..empty };
    // SAFETY: STID 0 makes the entry the kernel's.
    unsafe { registers::set_mmucr(S::Board::MMUCR) };
    // SAFETY: 1. the slot below the devices' is the state page's own; 2. the supervisor alone may use it.
    unsafe { registers::write_tlb(slot(4 + S::image().boot.devices.pages.len() as u8), &page) };
}

/// Handles an exception of the guest, whose registers are in the state page.
#[inline(always)]
pub fn guest_trap<S: System>(vector: u32, esr: u32, dear: u32) -> ! {
    let mut trap = Trap { interrupt: Interrupt::from_number(vector), esr, dear, instruction: 0 };
    if trap.interrupt == Interrupt::PROGRAM {
        // SAFETY: as for the kernel's state, see `Image`; this borrow ends at once.
        let pc = unsafe { (*state_page()).pc };
        match guest::read_instruction(pc) {
            Some(instruction) => trap.instruction = instruction,
            // The entry that led there has been replaced meanwhile. With a new one, the instruction traps again.
            None => trap.interrupt = Interrupt::INSTRUCTION_TLB_ERROR,
        }
    }
    go(kernel::<S>().guest_trapped(trap, registers::pid() as u8))
}

/// Goes on with a thread that is a guest.
#[inline(always)]
pub fn guest_leave<S: System>() -> ! {
    go(kernel::<S>().resume_guest())
}

fn go(next: Leave) -> ! {
    match next {
        Leave::Guest { thread, pid, pids, msr } => {
            // SAFETY: the core page is pinned, and nothing else refers to it while the kernel runs.
            unsafe { (*core_page()).guest_pids = pids.map(u32::from) };
            // SAFETY: as for the kernel's state, see `Image`; this borrow ends at once.
            let guest = unsafe { &*state_page() };
            // SAFETY: as for the first.
            unsafe { (*core_page()).guest_entered = [guest.pid, guest.tcr, guest.tsr] };
            // SAFETY: the state page is the thread's guest's, and PID names nothing that is not that guest's.
            unsafe { guest::fugue_guest_enter(thread, pid.into(), msr) }
        }
        Leave::Thread(next) => leave(next),
    }
}

/// Lets a debug event follow each instruction in a state with MSR\[DE\], or none. Earlier events are forgotten.
pub(super) fn step(steps: bool) {
    let events = if steps { DBCR0_IDM | DBCR0_ICMP } else { 0 };
    // SAFETY: the kernel and its threads run without MSR[DE].
    unsafe { registers::set_dbcr0(events) };
    // SAFETY: as above.
    unsafe { registers::clear_dbsr(u32::MAX) };
}
