//! The kernel of an image: the one place that holds its mutable state.
//!
//! Everything here is generic over the image, and the image is a constant. So whatever leads to its tables and objects
//! is an address in an instruction, and the kernel's functions hand each other nothing but what they work on.
#![expect(unsafe_code, reason = "hands out the kernel's state, once a trap, and enters threads")]

use super::core_page::core_page;
use super::entry::{self, IDLE_MSR, VECTOR_BYTES};
use super::float::FloatState;
use super::hardware::Hardware;
use super::{fast, miss, registers};
use crate::board::Board;
use crate::kernel::{Core, FATAL_EXIT_CODE, Kernel};
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{Aside, Domain, State, Syndrome, Thread, Timer};
use crate::report;
use crate::tables::{Boot, Tables};
use crate::tlb::{Entry, Tlb};
use abi::Cause;
use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering};
use ppc440::msr;
use ppc440::tlb::ENTRIES;

/// A kernel with its board and its storage; [`image!`](crate::image!) makes the one of an image.
pub trait System: Sized + 'static {
    /// The board.
    type Board: Board;

    /// Tables and storage.
    fn image() -> &'static Image;

    /// Storage of virtual CPUs.
    #[cfg(feature = "vm")]
    fn vcpus() -> *mut [crate::vcpu::Vcpu];
}

/// Tables and storage of a kernel. Each array of objects has as many as `Tables` says, or more: a power of two.
#[expect(missing_docs, reason = "as in `State`")]
pub struct Image {
    pub tables: &'static Tables,
    pub boot: &'static Boot,
    /// A map without pages, for what runs outside every domain.
    pub nowhere: &'static [Entry],
    pub threads: *mut [Thread],
    pub domains: *mut [Domain],
    pub timers: *mut [Timer],
    pub asides: *mut [Aside],
    pub broken: *mut [bool],
    /// The saved floating-point registers of every thread; none where no domain may use them.
    pub floats: *mut [FloatState],
}

// SAFETY: the storage is only borrowed by `Here`, of which there is one at a time: one core, interrupts off, and
// no entry calls another. An exception in between borrows nothing and ends the run.
unsafe impl Sync for Image {}

/// Part of the storage of an image, which alone leads there.
pub struct Shared<T>(UnsafeCell<T>);

// SAFETY: as for `Image`.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Storage.
    pub const fn new(content: T) -> Self {
        Self(UnsafeCell::new(content))
    }

    /// Where it lies.
    pub const fn get(&'static self) -> *mut T {
        self.0.get()
    }
}

/// The node of an image, while the kernel works on it.
pub struct Here<S>(PhantomData<S>);

impl<S: System> Node for Here<S> {
    type Machine = Hardware<S>;

    fn tables(&self) -> &'static Tables {
        S::image().tables
    }

    #[inline(always)]
    fn state(&mut self) -> State<'_> {
        let image = S::image();
        State {
            // SAFETY: nothing else borrows the storage, see `Image`, and this borrow ends before the next begins.
            threads: unsafe { &mut *image.threads },
            // SAFETY: as above.
            domains: unsafe { &mut *image.domains },
            // SAFETY: as above.
            timers: unsafe { &mut *image.timers },
            // SAFETY: as above.
            asides: unsafe { &mut *image.asides },
            // SAFETY: as above.
            broken: unsafe { &mut *image.broken },
            #[cfg(feature = "vm")]
            // SAFETY: as above.
            vcpus: unsafe { &mut *S::vcpus() },
            #[cfg(feature = "vm")]
            // SAFETY: as above.
            pool: unsafe { &mut (*core_page()).guest.pool },
            #[cfg(feature = "vm")]
            // SAFETY: as above; besides, a state page is mapped there from the start, and whoever shares it does not
            // run meanwhile.
            guest: unsafe { &mut *super::vcpu::state_page() },
            // SAFETY: as above; besides, the core page is pinned, and `prepare_core` has filled it.
            core: unsafe { &mut (*core_page()).core },
        }
    }
}

/// The kernel, for the length of one trap.
pub fn kernel<S: System>() -> Kernel<Here<S>> {
    Kernel { node: Here(PhantomData), machine: Hardware(PhantomData) }
}

/// Leaves the kernel, to a thread or to the idle one. Entry code calls the kernel's functions without a way back:
/// nothing of their frames is needed again.
#[inline(always)]
pub fn leave(next: Option<ThreadId>) -> ! {
    // SAFETY: the kernel has chosen the thread, and is done with it.
    unsafe { entry::fugue_resume(next) }
}

/// Goes on from the board's first instructions: the kernel's three pages are pinned, the stack is
/// the core's, interrupts are off. Starts every domain and never returns.
#[inline(always)]
pub fn boot<S: System>() -> ! {
    let image = S::image();
    prepare_core(image);
    let mut kernel = kernel::<S>();
    // Below text, data, core page and window.
    for (number, page) in (4..).zip(image.boot.devices.pages) {
        kernel.machine.load_page(slot(number), 0, page);
    }
    #[cfg(feature = "vm")]
    super::vcpu::prepare::<S>();
    point_vectors(image.tables.fast_path);
    S::Board::init(&image.boot.devices);
    report::banner(&mut kernel.machine, image.tables, S::Board::NAME);
    kernel.start();
    leave(kernel.choose())
}

/// Handles any other exception. Its registers were saved where the core page says, and the others are there already.
#[inline(always)]
pub fn trap<S: System>(vector: u32, msr: u32, esr: u32, dear: u32) -> ! {
    // SAFETY: the core page is pinned, and nothing else refers to it while the kernel runs.
    let saved = unsafe { (*core_page()).current };
    // SAFETY: entry code has just saved the registers there, and nothing borrows them yet.
    let pc = unsafe { (*saved).context.pc };
    let decoded = decode(vector, esr, dear, pc);
    let Some((cause, address)) = decoded.filter(|_| msr & msr::PR != 0) else {
        let name = decoded.map_or_else(|| fatal_name(vector), |_| "exception-in-kernel");
        let machine = &mut begin_death::<S>(name);
        // SAFETY: entry code has saved the registers there; what the interrupted kernel borrowed is
        // never used again.
        report::registers(machine, unsafe { &(*saved).context }, Syndrome { msr, esr, dear });
        end_death(machine)
    };
    leave(kernel::<S>().exception(cause, address))
}

/// Reports a panic of the kernel itself and ends the run. User input cannot lead here.
pub fn panic<S: System>(info: &PanicInfo<'_>) -> ! {
    let machine = &mut begin_death::<S>("panic");
    report::chain(machine, registers::stack_pointer(), core::slice::from_ref(&S::image().boot.data));
    if let Some(place) = info.location() {
        report::place(machine, place);
    }
    end_death(machine)
}

/// Begins the report with which the node's run ends; without one if the report itself went wrong.
#[cold]
#[inline(never)]
fn begin_death<S: System>(cause: &str) -> Hardware<S> {
    /// A report has begun. One core looks at it, with interrupts off.
    static DYING: AtomicBool = AtomicBool::new(false);
    if DYING.load(Ordering::Relaxed) {
        S::Board::reset()
    }
    DYING.store(true, Ordering::Relaxed);
    let mut machine = Hardware(PhantomData);
    report::fatal(&mut machine, cause);
    machine
}

/// Ends the report and the node's run.
#[cold]
#[inline(never)]
fn end_death<S: System>(machine: &mut Hardware<S>) -> ! {
    report::end(machine);
    report::halting(machine, FATAL_EXIT_CODE);
    S::Board::reset()
}

/// Fills the core page, so that an exception from here on finds somewhere to save registers.
fn prepare_core(image: &Image) {
    let idle: *mut Thread = image.threads.cast();
    // SAFETY: nothing borrows the objects before the kernel runs.
    unsafe { (*idle).fixed.msr = IDLE_MSR };
    // SAFETY: as above.
    unsafe { (*idle).fixed.map = image.nowhere.as_ptr().addr() as u32 };
    // SAFETY: as above.
    unsafe { (*idle).context.pc = (&raw const entry::fugue_idle).addr() as u32 };
    let page = core_page();
    // SAFETY: the core page is pinned and this core's own, and nothing refers to it yet.
    unsafe { (*page).current = idle };
    // SAFETY: as above.
    unsafe { (*page).threads = idle.addr() as u32 };
    // SAFETY: as above.
    unsafe { (*page).core = Core { tlb: Tlb::new(ENTRIES as u8 - image.boot.pinned()), ..Core::INITIAL } };
    // SAFETY: SPRG0 is the kernel's; the fast path finds its row there.
    unsafe { registers::set_sprg0((&raw const fast::fugue_clear).addr() as u32) };
}

/// A TLB slot of the kernel's own: they count down from the last.
pub(super) fn slot(number: u8) -> u8 {
    ENTRIES as u8 - 1 - number
}

/// What an exception of a domain is, and the address that it concerns; nothing for one after which no kernel goes on.
/// Calls and interrupts have entries of their own.
#[inline(always)]
fn decode(vector: u32, esr: u32, dear: u32, pc: u32) -> Option<(Cause, Option<u32>)> {
    let store = esr & msr::ESR_ST != 0;
    Some(match vector {
        2 if store => (Cause::StoreDenied, Some(dear)),
        2 => (Cause::LoadDenied, Some(dear)),
        3 => (Cause::FetchDenied, Some(pc)),
        5 => (Cause::Alignment, Some(dear)),
        6 if esr & msr::ESR_PPR != 0 => (Cause::Privileged, None),
        6 if esr & msr::ESR_PTR != 0 => (Cause::Trap, None),
        6 | 9 => (Cause::Illegal, None), // 9: another auxiliary processor's
        7 => (Cause::FloatUnavailable, None),
        13 if store => (Cause::StoreUnmapped, Some(dear)),
        13 => (Cause::LoadUnmapped, Some(dear)),
        14 => (Cause::FetchUnmapped, Some(pc)),
        _ => return None,
    })
}

/// The name of an exception that ends the run wherever it happens.
fn fatal_name(vector: u32) -> &'static str {
    match vector {
        0 => "critical-interrupt",
        1 => "machine-check",
        11 => "fixed-interval-timer",
        12 => "watchdog",
        _ => "debug-exception",
    }
}

/// Points IVPR and the IVORs at the vectors: all in the first 64 KiB of the kernel's text.
fn point_vectors(fast_path: bool) {
    let base = (&raw const entry::fugue_vectors).addr() as u32;
    // With guests, each path has a vector of its own behind the sixteen: one that the second window has, too.
    let path = |start: *const u8, number: u32| {
        if cfg!(feature = "vm") { base + number * VECTOR_BYTES } else { start.addr() as u32 }
    };
    // SAFETY: the vectors stand in the first 64 KiB of the kernel's text, which is pinned; each number has one.
    unsafe { registers::set_vectors(base, VECTOR_BYTES) };
    if fast_path {
        // SAFETY: it is a system call's.
        unsafe { registers::set_ivor8(path(&raw const fast::fugue_fast_vector, 16)) };
    }
    // SAFETY: it is a data miss's.
    unsafe { registers::set_ivor13(path(&raw const miss::fugue_data_miss, 17)) };
    // SAFETY: it is an instruction miss's.
    unsafe { registers::set_ivor14(path(&raw const miss::fugue_fetch_miss, 18)) };
}
