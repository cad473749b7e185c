//! What the portable kernel needs from the machine. On the node `arch` implements it over the board; on
//! the host a recording twin does, so that all logic runs under `cargo test`.

use crate::list::ThreadId;
use crate::objects::State;
use crate::tables::Tables;
use ppc440::tlb::Page;

/// One node, for the length of one trap: what its spec decided, what has become of it, and its machine.
///
/// On the node every answer is a constant address, so a kernel is nothing but its type: no function is handed it.
pub trait Node {
    /// The hardware.
    type Machine: Machine;

    /// What the spec decided.
    fn tables(&self) -> &'static Tables;

    /// The objects and the core.
    fn state(&mut self) -> State<'_>;
}

/// The machine under one core. All calls happen with interrupts off.
pub trait Machine {
    /// The constant bits of MMUCR.
    const MMUCR: u32;

    /// The time base, in ticks.
    fn now(&self) -> u64;

    /// Asks for a timer interrupt once the time base has reached `deadline`; for none with `None`.
    fn set_deadline(&mut self, deadline: Option<u64>);

    /// Writes a TLB entry of translation space 0, in place of whatever the slot held.
    fn load_page(&mut self, slot: u8, pid: u8, page: &Page);

    /// Invalidates the entries of an address space in the first `slots` slots.
    fn drop_space(&mut self, pid: u8, slots: u8);

    /// The line of an interrupt that asks for service and is not masked.
    fn pending_irq(&mut self) -> Option<u16>;

    /// Keeps a line from interrupting.
    fn mask_irq(&mut self, line: u16);

    /// Clears a line's latched state and lets it interrupt again.
    fn unmask_irq(&mut self, line: u16);

    /// Writes a byte to the console by polling.
    fn write_console(&mut self, byte: u8);

    /// Reads an aligned word of memory by its physical address. Only reports use it.
    fn read_physical(&mut self, address: u64) -> u32;

    /// Reads a device control register, or writes what is given to it and answers 0, if the board has it.
    fn access_dcr(&mut self, number: u32, written: Option<u32>) -> Option<u32>;

    /// Saves the floating-point registers of a thread, if it owns them, and loads another's.
    fn switch_float(&mut self, from: Option<ThreadId>, to: ThreadId);

    /// Clears the saved floating-point registers of a thread.
    fn clear_float(&mut self, thread: ThreadId);

    /// Writes words of the trace's ring, at an address of the kernel's.
    fn write_trace(&mut self, address: u32, words: &[u32]);

    /// Invalidates an entry of the TLB.
    #[cfg(feature = "vm")]
    fn drop_slot(&mut self, slot: u8);

    /// Shows the kernel a virtual CPU: maps its state page.
    #[cfg(feature = "vm")]
    fn show_vcpu(&mut self, index: u16);

    /// Has the processor trap after each of a guest's instructions, or no more.
    #[cfg(feature = "vm")]
    fn step(&mut self, steps: bool);

    /// Copies the saved floating-point registers of a thread, with FPSCR behind the last.
    #[cfg(feature = "vm")]
    fn give_floats(&mut self, thread: ThreadId, floats: &mut [u64; 33]);

    /// Replaces them.
    #[cfg(feature = "vm")]
    fn take_floats(&mut self, thread: ThreadId, floats: &[u64; 33]);

    /// Ends the node's run. On the node it does not return.
    fn halt(&mut self);
}
