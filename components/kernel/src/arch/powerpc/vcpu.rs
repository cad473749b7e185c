//! Guests, from the assembly's side of the kernel: their traps, and the way back to them.
#![expect(unsafe_code, reason = "hands out the state page, enters guests, drives their debug events")]

use super::core_page::core_page;
use super::image::{System, kernel, leave, slot};
use super::{guest, registers};
use crate::arch::VCPU_PAGE;
use crate::board::Board;
use crate::checked::at;
use crate::guest::Leave;
use crate::vcpu::spaces::Pool;
use crate::vcpu::{Interrupt, Trap, Vcpu};
use abi::vcpu::VcpuState;
use ppc440::tlb::{Attributes, Page, PageSize};

/// DBCR0\[IDM\]: debug events interrupt.
const DBCR0_IDM: u32 = 0x4000_0000;
/// DBCR0\[ICMP\]: so does the end of an instruction.
const DBCR0_ICMP: u32 = 0x0800_0000;

/// The mapped state page.
pub(super) fn state_page() -> *mut VcpuState {
    VCPU_PAGE as *mut VcpuState
}

/// Places the virtual CPUs and shows the first one, before anything refers to them.
pub(super) fn prepare<S: System>() {
    let page = core_page();
    // SAFETY: the core page is pinned and this core's own, and nothing refers to it yet.
    unsafe { (*page).guest.mmucr = S::Board::MMUCR };
    // SAFETY: as above.
    unsafe { (*page).guest.pool = Pool::EMPTY };
    for number in 0..S::image().tables.vcpus.len() {
        let vcpu = place::<S>(number);
        // SAFETY: nothing borrows the storage yet, which has as many.
        unsafe { (*vcpu).place = vcpu.addr() as u32 };
    }
    if !S::image().tables.vcpus.is_empty() {
        show::<S>(0);
    }
}

fn place<S: System>(number: usize) -> *mut Vcpu {
    let first: *mut Vcpu = S::vcpus().cast();
    first.wrapping_add(number)
}

/// Maps a virtual CPU's state page, and tells the paths in assembly where it is and its RAM.
pub(super) fn show<S: System>(index: u16) {
    let table = at(S::image().tables.vcpus, index);
    let empty = const { Page::new(VCPU_PAGE, 0, PageSize::K4, Attributes::SR.union(Attributes::SW)) };
    let page = Page { word1: word1(table.state), ..empty };
    // SAFETY: STID 0 makes the entry the kernel's.
    unsafe { registers::set_mmucr(S::Board::MMUCR) };
    // SAFETY: 1. the slot below the devices' is the state page's own; 2. the supervisor alone may use it.
    unsafe { registers::write_tlb(slot(4 + S::image().boot.devices.pages.len() as u8), &page) };
    let (ram, end) = match table.ram {
        [ram] if ram.guest == 0 => (word1(ram.physical), ram.bytes / 16),
        _ => (0, 0),
    };
    let vcpu = place::<S>(index.into()).addr() as u32;
    let core = core_page();
    // SAFETY: the core page is pinned, and nothing else refers to it while the kernel runs.
    unsafe { (*core).guest.vcpu = vcpu };
    // SAFETY: as above.
    unsafe { (*core).guest.ram = ram };
    // SAFETY: as above.
    unsafe { (*core).guest.ram_end = end };
}

/// Word 1 of an entry.
const fn word1(physical: u64) -> u32 {
    physical as u32 | (physical >> 32) as u32
}

/// Handles an exception of the guest, whose registers are in the state page.
#[inline(always)]
pub fn guest_trap<S: System>(vector: u32, esr: u32, dear: u32) -> ! {
    let trap = Trap { interrupt: Interrupt::from_number(vector), esr, dear };
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
            unsafe { (*core_page()).guest.pids = pids.map(u32::from) };
            // SAFETY: as for the kernel's state, see `Image`; this borrow ends at once.
            let guest_pid = unsafe { (*state_page()).pid };
            // SAFETY: as for the first.
            unsafe { (*core_page()).guest.entered = guest_pid };
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
