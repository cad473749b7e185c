//! The machine under one core, over the board.
#![expect(unsafe_code, reason = "drives the TLB, the decrementer and the report window")]

use super::float::{self, FloatState};
use super::image::{System, slot};
use super::registers;
use crate::arch::WINDOW_PAGE;
use crate::board::Board;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::tables::Devices;
use core::marker::PhantomData;
use core::ptr;
use ppc440::tlb::{Attributes, Page, PageSize};

/// TCR\[DIE\]: the decrementer interrupts.
const TCR_DIE: u32 = 0x0400_0000;
/// Ticks beyond which the decrementer is set again on the way.
const FAR: u64 = 0x7000_0000;
/// TSR\[DIS\]: the decrementer has expired.
const TSR_DIS: u32 = 0x0800_0000;

/// The hardware, as the portable kernel drives it.
pub struct Hardware<S>(pub(super) PhantomData<S>);

impl<S: System> Hardware<S> {
    fn devices() -> &'static Devices {
        &S::image().boot.devices
    }

    fn float(thread: ThreadId) -> Option<*mut FloatState> {
        let floats = S::image().floats;
        let first: *mut FloatState = floats.cast();
        (thread.index() < floats.len()).then(|| first.wrapping_add(thread.index()))
    }
}

impl<S: System> Machine for Hardware<S> {
    const MMUCR: u32 = S::Board::MMUCR;

    fn now(&self) -> u64 {
        registers::time_base()
    }

    fn set_deadline(&mut self, deadline: Option<u64>) {
        let Some(deadline) = deadline else {
            // SAFETY: no timer interrupts; nothing waits for one.
            unsafe { registers::set_tcr(0) };
            return;
        };
        // SAFETY: forgets the expiry of an earlier deadline; before DEC is set, or a near one would be lost.
        unsafe { registers::clear_tsr(TSR_DIS) };
        // SAFETY: enables the decrementer's interrupt only; the kernel runs with EE off. Before DEC is set: QEMU first finds
        // out what a write of TCR or TSR means for the interrupt and then waits for its other thread to say so, so that a
        // deadline which that thread meets meanwhile would never interrupt.
        unsafe { registers::set_tcr(TCR_DIE) };
        // At least one tick: QEMU takes a written 0 as expired already, the 440 as never.
        let ticks = match deadline.saturating_sub(self.now()) {
            0 => 1,
            FAR.. => FAR as u32,
            // What passes between the reading of the time base and the writing of DEC comes on top: it is short.
            _ => ((deadline as u32).wrapping_sub(registers::time_base_lower()) as i32).max(1) as u32,
        };
        // SAFETY: DEC is the kernel's alone.
        unsafe { registers::set_decrementer(ticks) };
    }

    fn load_page(&mut self, slot: u8, pid: u8, page: &Page) {
        // SAFETY: STID only says whose entry the next write makes.
        unsafe { registers::set_mmucr(S::Board::MMUCR | u32::from(pid)) };
        // SAFETY: 1. the portable kernel writes replaceable slots only, and this module the kernel's own for PID 0, but
        // none that it runs on; 2. the page is a table's, or the window for reports, which the supervisor alone may read.
        unsafe { registers::write_tlb(slot, page) };
    }

    fn drop_space(&mut self, pid: u8, slots: u8) {
        for slot in 0..slots {
            if registers::tlb_owner(slot) == pid {
                // SAFETY: the portable kernel names replaceable slots only.
                unsafe { registers::clear_tlb(slot) };
            }
        }
    }

    fn pending_irq(&mut self) -> Option<u16> {
        S::Board::pending_irq(Self::devices())
    }

    fn mask_irq(&mut self, line: u16) {
        S::Board::mask_irq(Self::devices(), line);
    }

    fn unmask_irq(&mut self, line: u16) {
        S::Board::unmask_irq(Self::devices(), line);
    }

    #[inline(never)]
    fn write_console(&mut self, byte: u8) {
        S::Board::write_console(Self::devices(), byte);
    }

    fn switch_float(&mut self, from: Option<ThreadId>, to: ThreadId) {
        if let Some(to) = Self::float(to) {
            // SAFETY: the threads' own places, which nothing borrows.
            unsafe { float::switch(from.and_then(Self::float).unwrap_or(ptr::null_mut()), to) };
        }
    }

    fn clear_float(&mut self, thread: ThreadId) {
        if let Some(state) = Self::float(thread) {
            // SAFETY: the thread's own place, which nothing borrows.
            unsafe { state.write(FloatState::ZERO) };
        }
    }

    fn read_physical(&mut self, address: u64) -> u32 {
        let window = slot(3);
        const OFFSET: u32 = PageSize::K4.bytes() - 1;
        let empty = const { Page::new(WINDOW_PAGE, 0, PageSize::K4, Attributes::SR) };
        let page = Page { word1: (address as u32 & !OFFSET) | (address >> 32) as u32, ..empty };
        self.load_page(window, 0, &page);
        let word = (WINDOW_PAGE + (address as u32 & OFFSET)) as *const u32;
        // SAFETY: the window maps the word; callers ask for aligned words of ordinary memory.
        let value = unsafe { word.read_volatile() };
        // SAFETY: nothing else uses the window.
        unsafe { registers::clear_tlb(window) };
        value
    }

    fn access_dcr(&mut self, number: u32, written: Option<u32>) -> Option<u32> {
        S::Board::access_dcr(number, written)
    }

    fn write_trace(&mut self, address: u32, words: &[u32]) {
        for (index, word) in words.iter().enumerate() {
            let place = (address as *mut u32).wrapping_add(index);
            // SAFETY: `trace.rs` stays inside the ring, which the tables say is mapped for the kernel to
            // write; no Rust object lies there.
            unsafe { place.write_volatile(*word) };
        }
    }

    #[cfg(feature = "vm")]
    fn drop_slot(&mut self, slot: u8) {
        // SAFETY: the portable kernel names replaceable slots only.
        unsafe { registers::clear_tlb(slot) };
    }

    #[cfg(feature = "vm")]
    fn show_vcpu(&mut self, index: u16) {
        super::vcpu::show::<S>(index);
    }

    #[cfg(feature = "vm")]
    fn step(&mut self, steps: bool) {
        super::vcpu::step(steps);
    }

    #[cfg(feature = "vm")]
    fn give_floats(&mut self, thread: ThreadId, floats: &mut [u64; 33]) {
        if let Some(state) = Self::float(thread) {
            // SAFETY: the thread's own place, which nothing borrows.
            *floats = unsafe { (*state).words };
        }
    }

    #[cfg(feature = "vm")]
    fn take_floats(&mut self, thread: ThreadId, floats: &[u64; 33]) {
        if let Some(state) = Self::float(thread) {
            // SAFETY: the thread's own place, which nothing borrows.
            unsafe { (*state).words = *floats };
        }
    }

    fn halt(&mut self) {
        S::Board::reset()
    }
}
