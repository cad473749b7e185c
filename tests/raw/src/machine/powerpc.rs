//! The entries as machine code.
//!
//! ```text
//! r1 ──▶ Registers      all that the program sees; its `stack` has the real stack pointer
//! stack  96 bytes       r2, CR, r13 to r31 of the caller
//! ```

#![expect(unsafe_code, reason = "all registers at once are beyond what a compiler keeps track of")]

use core::arch::{asm, naked_asm};

use crate::{Entry, Registers};

/// Saves what the caller's compiler relies on and loads all registers but r1, which points at them.
macro_rules! load {
    () => {
        "stwu 1, -96(1)
        stw 2, 8(1)
        stmw 13, 16(1)
        mflr 0
        stw 0, 100(1)
        mfcr 0
        stw 0, 12(1)
        stw 1, 144(3)
        mr 1, 3
        lwz 0, 128(1)
        mtcr 0
        lwz 0, 132(1)
        mtlr 0
        lwz 0, 136(1)
        mtctr 0
        lwz 0, 140(1)
        mtxer 0
        lwz 0, 0(1)
        lmw 2, 8(1)"
    };
}

/// Stores all registers and goes back to the caller.
macro_rules! store {
    () => {
        "stw 0, 0(1)
        stmw 2, 8(1)
        mfcr 0
        stw 0, 128(1)
        mflr 0
        stw 0, 132(1)
        mfctr 0
        stw 0, 136(1)
        mfxer 0
        stw 0, 140(1)
        lwz 1, 144(1)
        lwz 2, 8(1)
        lmw 13, 16(1)
        lwz 0, 12(1)
        mtcr 0
        lwz 0, 100(1)
        mtlr 0
        addi 1, 1, 96
        blr"
    };
}

// A soft-float assembler refuses floating-point instructions by name: 50 is `lfd`, 54 `stfd`, both at r1; then
// `mtfsf 0xff, 0` and `mffs 0`.

/// Loads FPSCR and the floating-point registers. FPSCR is the lower word of what is read at 144.
macro_rules! load_float {
    () => {
        ".long (50 << 26) | (1 << 16) | 144
        .long 0xFDFE058E
        .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        .long (50 << 26) | (\\number << 21) | (1 << 16) | (152 + 8 * \\number)
        .endr"
    };
}

/// Stores them. `stack` stands where `stfd` would put FPSCR, so r0 carries it over.
macro_rules! store_float {
    () => {
        ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        .long (54 << 26) | (\\number << 21) | (1 << 16) | (152 + 8 * \\number)
        .endr
        stw 0, 0(1)
        lwz 0, 144(1)
        .long 0xFC00048E
        .long (54 << 26) | (1 << 16) | 144
        stw 0, 144(1)
        lwz 0, 0(1)"
    };
}

macro_rules! entries {
    ($($name:ident: $($code:expr),+;)+) => {$(
        #[unsafe(naked)]
        extern "C" fn $name(_: *mut Registers) {
            naked_asm!($($code),+)
        }
    )+};
}

entries! {
    call: load!(), "sc", store!();
    spin: load!(), "2: bdnz 2b", store!();
    read: load!(), "lwz 3, 0(4)", store!();
    write: load!(), "stw 3, 0(4)", store!();
    jump: load!(), "bctrl", store!();
    reserve: load!(), "lwarx 3, 0, 4", store!();
    trap: load!(), "trap", store!();
    illegal: load!(), ".long 0", store!();
    privileged: load!(), "mfmsr 3", store!();
    float: load!(), ".long 0xFC000090", store!();
    float_call: load!(), load_float!(), "sc", store_float!(), store!();
    float_spin: load!(), load_float!(), "2: bdnz 2b", store_float!(), store!();
    float_illegal: load!(), load_float!(), ".long 0", store_float!(), store!();
    float_trap: load!(), load_float!(), "trap", store_float!(), store!();
    float_look: load!(), store_float!(), store!();
}

/// Loads all registers, executes the entry's instruction, and stores all registers.
pub fn enter(entry: Entry, registers: &mut Registers) {
    let code = match entry {
        Entry::Call => call,
        Entry::Spin => spin,
        Entry::Load => read,
        Entry::Store => write,
        Entry::Jump => jump,
        Entry::Reserve => reserve,
        Entry::Trap => trap,
        Entry::Illegal => illegal,
        Entry::Privileged => privileged,
        Entry::Float => float,
        Entry::FloatCall => float_call,
        Entry::FloatSpin => float_spin,
        Entry::FloatIllegal => float_illegal,
        Entry::FloatTrap => float_trap,
        Entry::FloatLook => float_look,
    };
    code(registers);
}

/// USPRG0 and SPRG4 to SPRG7: the special registers that a user program can read and no thread's registers hold.
pub fn user_registers() -> [u32; 5] {
    let (usprg0, sprg4, sprg5, sprg6, sprg7);
    // SAFETY: all five are the user's to read.
    unsafe {
        asm!(
            "mfspr {0}, 256",
            "mfspr {1}, 260",
            "mfspr {2}, 261",
            "mfspr {3}, 262",
            "mfspr {4}, 263",
            out(reg) usprg0,
            out(reg) sprg4,
            out(reg) sprg5,
            out(reg) sprg6,
            out(reg) sprg7,
            options(nomem, nostack, preserves_flags),
        );
    }
    [usprg0, sprg4, sprg5, sprg6, sprg7]
}

/// Writes USPRG0.
pub fn leave_mark(mark: u32) {
    // SAFETY: USPRG0 is the user's to write, and no compiler uses it.
    unsafe { asm!("mtspr 256, {0}", in(reg) mark, options(nomem, nostack, preserves_flags)) };
}
