//! The kernel of an image: the one place that holds its mutable state.
#![expect(unsafe_code, reason = "hands out the kernel's state, once a trap, and enters threads")]

use super::core_page::{CorePage, core_page};
use super::entry::{self, IDLE_MSR, VECTOR_BYTES};
use super::float::FloatState;
use super::hardware::Hardware;
use super::{fast, miss, registers};
use crate::board::Board;
use crate::kernel::{Core, Kernel, Trap};
use crate::list::ThreadId;
use crate::objects::{Fixed, Storage, Thread};
use crate::report::{self, Console, Syndrome};
use crate::tables::{Boot, Tables};
use crate::tlb::Entry;
use abi::Cause;
use core::arch::asm;
use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering};
use ppc440::{msr, tlb};

/// A kernel with its storage; [`image!`](crate::image!) makes the one of an image.
#[derive(Debug)]
pub struct Image<
    B,
    const THREADS: usize,
    const DOMAINS: usize,
    const TIMERS: usize,
    const SLOTS: usize,
    const FLOATS: usize,
> {
    tables: &'static Tables,
    boot: &'static Boot,
    /// A map without pages, for what runs outside every domain.
    nowhere: &'static [Entry],
    state: UnsafeCell<State<THREADS, DOMAINS, TIMERS, SLOTS, FLOATS>>,
    /// A fatal report has begun.
    dying: AtomicBool,
    board: PhantomData<fn() -> B>,
}

#[derive(Debug)]
struct State<const T: usize, const D: usize, const C: usize, const S: usize, const F: usize> {
    objects: Storage<T, D, C, S>,
    /// Floating-point registers of the threads that do not own them.
    floats: [FloatState; F],
    /// What runs when no thread can.
    idle: Thread,
}

// SAFETY: the state is only borrowed by `with_kernel`, from `boot` and the four entries, on one core with
// interrupts off; none calls another, and an exception in between borrows nothing and ends the run.
unsafe impl<B, const T: usize, const D: usize, const C: usize, const S: usize, const F: usize> Sync
    for Image<B, T, D, C, S, F>
{
}

impl<B: Board, const T: usize, const D: usize, const C: usize, const S: usize, const F: usize>
    Image<B, T, D, C, S, F>
{
    /// A kernel that has not started. `nowhere` is as long as every map.
    pub const fn new(tables: &'static Tables, boot: &'static Boot, nowhere: &'static [Entry]) -> Self {
        let fixed = Fixed { msr: IDLE_MSR, ..Fixed::NONE };
        let state = State {
            objects: Storage::new(),
            floats: [FloatState::ZERO; F],
            idle: Thread { fixed, ..Thread::STOPPED },
        };
        Self {
            tables,
            boot,
            nowhere,
            state: UnsafeCell::new(state),
            dying: AtomicBool::new(false),
            board: PhantomData,
        }
    }

    /// Goes on from the board's first instructions: the kernel's three pages are pinned, the stack is
    /// the core's, interrupts are off. Starts every domain and never returns.
    pub fn boot(&self) -> ! {
        self.prepare_core();
        self.pin_devices();
        point_vectors(self.tables.fast_path);
        B::init(&self.boot.devices);
        report::banner(&mut self.hardware(), self.tables, B::NAME);
        let first = self.with_kernel(|kernel| {
            kernel.start();
            kernel.choose_again()
        });
        self.leave(first)
    }

    /// Leaves the kernel. Entry code calls the kernel's functions without a way back: nothing of their frames
    /// is needed again.
    #[inline(always)]
    fn leave(&self, thread: *mut Thread) -> ! {
        // SAFETY: `with_kernel` names a thread that may run, or the idle one.
        unsafe { entry::fugue_resume(thread) }
    }

    /// Fills the core page, so that an exception from here on finds somewhere to save registers.
    fn prepare_core(&self) {
        let state = self.state.get();
        // SAFETY: nothing borrows the state before the kernel runs.
        let threads = unsafe { &raw const (*state).objects };
        // SAFETY: as above.
        let idle = unsafe { &raw mut (*state).idle };
        // SAFETY: as above.
        unsafe { (*idle).fixed.map = self.nowhere.as_ptr().addr() as u32 };
        // SAFETY: as above.
        unsafe { (*idle).context.pc = (&raw const entry::fugue_idle).addr() as u32 };
        let first = Storage::first(threads).addr() as u32;
        let core = Core::new(tlb::ENTRIES as u8 - self.boot.pinned());
        // SAFETY: the core page is pinned and this core's own, and nothing refers to it yet.
        unsafe { CorePage::fill(core_page(), idle, first, core) };
        // SAFETY: SPRG0 is the kernel's; the fast path finds its row there.
        unsafe { registers::set_sprg0((&raw const fast::fugue_clear_message).addr() as u32) };
        // SAFETY: SPRG1 is the kernel's; the fast path finds its row there.
        unsafe { registers::set_sprg1((&raw const fast::fugue_clear_reply).addr() as u32) };
    }

    /// Handles a system call that the fast path has left.
    #[inline(always)]
    pub fn call(&self) -> ! {
        self.leave(self.with_kernel(|kernel| kernel.called()))
    }

    /// Handles a device interrupt.
    #[inline(always)]
    pub fn interrupt(&self) -> ! {
        self.leave(self.with_kernel(|kernel| kernel.interrupt()))
    }

    /// Handles the decrementer's interrupt.
    #[inline(always)]
    pub fn timer(&self) -> ! {
        self.leave(self.with_kernel(|kernel| kernel.timer()))
    }

    /// Handles any other exception; its registers were saved where the core page says.
    pub fn trap(&self, vector: u32, msr: u32, esr: u32, dear: u32) -> ! {
        let syndrome = Syndrome { msr, esr, dear };
        // SAFETY: the core page is pinned, and nothing else refers to it while the kernel runs.
        let saved = unsafe { (*core_page()).current };
        // SAFETY: entry code has just saved the registers there, and nothing borrows them yet.
        let pc = unsafe { (*saved).context.pc };
        let decoded = decode(vector, esr, dear, pc);
        if let Ok(Trap::Fault { cause, address }) = decoded
            && msr & msr::PR != 0
        {
            // A kernel of its own, which stays in registers: what follows below goes through memory.
            let handler = self.attempt(|kernel| {
                kernel.core.syndrome = syndrome;
                kernel.fault_at_once(cause, address)
            });
            if let Some(handler) = handler {
                self.leave(handler);
            }
        }
        self.trap_in_full(decoded, syndrome, saved)
    }

    #[inline(never)]
    fn trap_in_full(&self, decoded: Result<Trap, &'static str>, syndrome: Syndrome, saved: *mut Thread) -> ! {
        match decoded {
            Ok(trap) if syndrome.msr & msr::PR != 0 => self.leave(self.with_kernel(|kernel| {
                kernel.core.syndrome = syndrome;
                kernel.exception(trap)
            })),
            outcome => {
                let cause = outcome.err().unwrap_or("exception-in-kernel");
                // SAFETY: entry code has saved the registers there; what the interrupted kernel borrowed is
                // never used again.
                let context = unsafe { (*saved).context };
                self.die(cause, |machine| report::registers(machine, &context, syndrome))
            }
        }
    }

    /// Reports a panic of the kernel itself and ends the run. User input cannot lead here.
    pub fn panic(&self, info: &PanicInfo<'_>) -> ! {
        let stack = core::slice::from_ref(&self.boot.data);
        self.die("panic", |machine| {
            report::chain(machine, registers::stack_pointer(), stack);
            if let Some(location) = info.location() {
                let mut console = Console(machine);
                console.text("[fugue] text=panicked at ").text(location.file());
                console.text(":").decimal(location.line()).text("\n");
            }
        })
    }

    /// Ends the node's run with a report; without one if the report itself went wrong.
    #[cold]
    fn die(&self, cause: &str, more: impl FnOnce(&mut Hardware<B>)) -> ! {
        if !self.dying.swap(true, Ordering::Relaxed) {
            report::fatal(&mut self.hardware(), cause, more);
        }
        B::reset()
    }

    /// Lets `action` work on the kernel; the thread that goes on, or the idle one.
    #[inline(always)]
    fn with_kernel(
        &self,
        action: impl FnOnce(&mut Kernel<'_, Hardware<B>>) -> Option<ThreadId>,
    ) -> *mut Thread {
        self.attempt(action).unwrap_or_else(|| {
            // SAFETY: computes an address, and reads nothing.
            let idle = unsafe { &raw mut (*self.state.get()).idle };
            // SAFETY: the only borrow: interrupts are off, one core, no re-entry (see `Sync`).
            unsafe { (*idle).context.pc = (&raw const entry::fugue_idle).addr() as u32 };
            idle
        })
    }

    /// Lets `action` work on the kernel; the thread that it names.
    #[inline(always)]
    fn attempt(
        &self,
        action: impl FnOnce(&mut Kernel<'_, Hardware<B>>) -> Option<ThreadId>,
    ) -> Option<*mut Thread> {
        // SAFETY: the only borrow: interrupts are off, one core, no re-entry (see `Sync`).
        let objects = unsafe { &mut (*self.state.get()).objects };
        // SAFETY: the core page is pinned, `prepare_core` has filled it, and nothing else borrows it.
        let core = unsafe { &mut (*core_page()).core };
        let objects = objects.objects();
        let mut kernel = Kernel { tables: self.tables, objects, core, machine: self.hardware() };
        action(&mut kernel).map(|id| core::ptr::from_mut(kernel.thread(id)))
    }

    fn hardware(&self) -> Hardware<B> {
        // SAFETY: computes an address, and reads nothing.
        let floats = unsafe { &raw mut (*self.state.get()).floats };
        Hardware { devices: &self.boot.devices, window: self.slot(3), floats, board: PhantomData }
    }

    /// The kernel's own slots count down from the last.
    fn slot(&self, number: u8) -> u8 {
        tlb::ENTRIES as u8 - 1 - number
    }

    fn pin_devices(&self) {
        // SAFETY: STID 0 makes the entries the kernel's.
        unsafe { registers::set_mmucr(B::MMUCR) };
        for (index, page) in self.boot.devices.pages.iter().enumerate() {
            // SAFETY: 1. slots below text, data, core page and window, above the replaceable ones;
            // 2. the page is a device of the kernel's, for the supervisor alone.
            unsafe { registers::write_tlb(self.slot(4 + index as u8), page) };
        }
    }
}

/// What an exception is, or why no kernel goes on after it. Calls and interrupts have entries of their own.
#[inline(always)]
fn decode(vector: u32, esr: u32, dear: u32, pc: u32) -> Result<Trap, &'static str> {
    let store = esr & msr::ESR_ST != 0;
    let fault = |cause| Ok(Trap::Fault { cause, address: None });
    match vector {
        2 => {
            let cause = if store { Cause::StoreDenied } else { Cause::LoadDenied };
            Ok(Trap::Fault { cause, address: Some(dear) })
        }
        3 => Ok(Trap::Fault { cause: Cause::FetchDenied, address: Some(pc) }),
        5 => Ok(Trap::Fault { cause: Cause::Alignment, address: Some(dear) }),
        6 if esr & msr::ESR_PPR != 0 => fault(Cause::Privileged),
        6 if esr & msr::ESR_PTR != 0 => fault(Cause::Trap),
        6 => fault(Cause::Illegal),
        7 => fault(Cause::FloatUnavailable),
        9 => fault(Cause::Illegal), // another auxiliary processor's
        13 => {
            let cause = if store { Cause::StoreUnmapped } else { Cause::LoadUnmapped };
            Ok(Trap::Miss { address: dear, cause })
        }
        14 => Ok(Trap::Miss { address: pc, cause: Cause::FetchUnmapped }),
        0 => Err("critical-interrupt"),
        1 => Err("machine-check"),
        11 => Err("fixed-interval-timer"),
        12 => Err("watchdog"),
        _ => Err("debug-exception"),
    }
}

/// Points IVPR and the IVORs at the vectors: all in the first 64 KiB of the kernel's text.
fn point_vectors(fast_path: bool) {
    let base = (&raw const entry::fugue_vectors).addr() as u32;
    // SAFETY: the vectors stand in the first 64 KiB of the kernel's text, which is pinned.
    unsafe { registers::set_ivpr(base & 0xFFFF_0000) };
    let general = |number: u32| (base & 0xFFFF) + number * VECTOR_BYTES;
    let fast = (&raw const fast::fugue_fast_vector).addr() as u32 & 0xFFFF;
    let call = if fast_path { fast } else { general(8) };
    let data_miss = (&raw const miss::fugue_data_miss).addr() as u32 & 0xFFFF;
    let fetch_miss = (&raw const miss::fugue_fetch_miss).addr() as u32 & 0xFFFF;
    macro_rules! ivors {
        ($($spr:literal: $offset:expr),* $(,)?) => {$(
            // SAFETY: the vector exists.
            unsafe {
                asm!(concat!("mtspr ", $spr, ", {}"), in(reg) $offset, options(nomem, nostack));
            }
        )*};
    }
    ivors!("400": general(0), "401": general(1), "402": general(2), "403": general(3));
    ivors!("404": general(4), "405": general(5), "406": general(6), "407": general(7));
    ivors!("408": call, "409": general(9), "410": general(10), "411": general(11));
    ivors!("412": general(12), "413": data_miss, "414": fetch_miss, "415": general(15));
}
