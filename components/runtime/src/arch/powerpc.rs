//! System calls, the time base and the start of a domain on the PowerPC 440.
//!
//! The kernel preserves r1, r2 and r13 to r31, so a stub declares only the ABI's volatile registers as
//! clobbered, by name: `clobber_abi` and floating-point registers stop LLVM on a soft-float target. Words
//! that are not sent stay uninitialised and cost no instruction; the kernel hands them on as zero.

#![expect(unsafe_code, reason = "system calls and the start code are machine instructions")]

use core::arch::{asm, global_asm, naked_asm};
use core::mem::MaybeUninit;

use abi::{Call, Slot, Words};

use crate::{Answer, Message};

/// What a message leaves in a register: a word, or whatever is there.
pub(crate) type Register = MaybeUninit<u32>;

/// A register that carries no word.
pub(crate) const ABSENT: Register = MaybeUninit::uninit();

/// A register that carries a word.
#[inline(always)]
pub(crate) const fn register(word: u32) -> Register {
    MaybeUninit::new(word)
}

/// The words of a message; those that it does not have are zero.
pub(crate) fn words(message: &Message) -> Words {
    let mut words = Words::default();
    for (word, register) in words.iter_mut().zip(message.registers()).take(message.tag().words()) {
        // SAFETY: the first `tag().words()` registers of a message are present: its constructors see to it.
        *word = unsafe { register.assume_init() };
    }
    words
}

macro_rules! enter {
    ($call:expr, $slot:expr, $message:expr, $($lost:tt),*) => {{
        let sent = $message.registers();
        let (status, badge, tag): (u32, u32, u32);
        let mut words: Words = [0; 8];
        // SAFETY: the kernel changes no register but those named here, and no memory of this domain: it may
        // only run others that share buffers with it, which are accessed as volatile.
        unsafe {
            asm!(
                "sc",
                inlateout("r0") $call as u32 => status,
                inlateout("r3") sent[0] => words[0],
                inlateout("r4") sent[1] => words[1],
                inlateout("r5") sent[2] => words[2],
                inlateout("r6") sent[3] => words[3],
                inlateout("r7") sent[4] => words[4],
                inlateout("r8") sent[5] => words[5],
                inlateout("r9") sent[6] => words[6],
                inlateout("r10") sent[7] => words[7],
                inlateout("r11") $slot.0 => badge,
                inlateout("r12") $message.tag().bits() => tag,
                lateout("cr0") _, lateout("cr1") _, lateout("cr5") _, lateout("cr6") _, lateout("cr7") _,
                lateout("ctr") _, lateout("xer") _,
                $(lateout($lost) _,)*
                options(nostack),
            );
        }
        Answer { status, words, badge, tag }
    }};
}

/// Enters the kernel with a message and returns the registers that it leaves. For every call but `Call` and
/// those of [`receive`].
#[inline(always)]
pub(crate) fn system_call(call: Call, slot: Slot, message: &Message) -> Answer {
    enter!(call, slot, message,)
}

/// The same for `Call` and `VcpuRun`, which lose LR.
#[inline(always)]
pub(crate) fn call(call: Call, slot: Slot, message: &Message) -> Answer {
    enter!(call, slot, message, "lr")
}

/// The same for `Recv` and `ReplyRecv`, which lose LR and all of CR: a server's loop needs neither, and the
/// kernel need not keep them.
#[inline(always)]
pub(crate) fn receive(call: Call, slot: Slot, message: &Message) -> Answer {
    enter!(call, slot, message, "cr2", "cr3", "cr4", "lr")
}

/// Enters the kernel with a call that does not return.
pub(crate) fn leave(call: Call, slot: Slot, words: [u32; 2]) -> ! {
    // SAFETY: the kernel ends this thread. Should it come back all the same, the thread spins here rather
    // than run on.
    unsafe {
        asm!(
            "sc",
            "2: b 2b",
            in("r0") call as u32,
            in("r3") words[0],
            in("r4") words[1],
            in("r11") slot.0,
            in("r12") 2,
            options(noreturn, nostack),
        );
    }
}

/// Keeps accesses to devices in program order (`mbar`).
#[inline(always)]
pub(crate) fn order_device_access() {
    // SAFETY: a barrier changes nothing but the order of accesses.
    unsafe { asm!("mbar", options(nostack, preserves_flags)) };
}

/// Copies blocks of eight words, which another domain or a guest may change meanwhile.
///
/// # Safety
///
/// Both pointers are multiples of four; as many blocks of 32 bytes are mapped behind each, readable and writable; and the
/// two do not overlap.
#[inline(always)]
pub(crate) unsafe fn copy_blocks(to: *mut u32, from: *const u32, blocks: usize) {
    if blocks == 0 {
        return;
    }
    // SAFETY: what is read and written is the caller's promise. r29 to r31, which LLVM keeps to itself, are put back.
    unsafe {
        asm!(
            "mtctr  5",
            "mr     5, 29",
            "mr     6, 30",
            "mr     7, 31",
            "2: lmw 24, 0(4)",
            "addi   4, 4, 32",
            "stmw   24, 0(3)",
            "addi   3, 3, 32",
            "bdnz   2b",
            "mr     29, 5",
            "mr     30, 6",
            "mr     31, 7",
            inlateout("r3") to => _,
            inlateout("r4") from => _,
            inlateout("r5") blocks => _,
            lateout("r6") _, lateout("r7") _,
            lateout("r24") _, lateout("r25") _, lateout("r26") _, lateout("r27") _, lateout("r28") _,
            lateout("ctr") _,
            options(nostack, preserves_flags),
        );
    }
}

/// The time base. The upper half is read twice, until no carry lies between the two halves.
#[inline]
pub(crate) fn time() -> u64 {
    let (upper, lower): (u32, u32);
    // SAFETY: reading the time base has no side effect; user mode may.
    unsafe {
        asm!(
            "2: mftbu {upper}",
            "mftbl {lower}",
            "mftbu {again}",
            "cmplw cr0, {upper}, {again}",
            "bne- cr0, 2b",
            upper = out(reg) upper,
            lower = out(reg) lower,
            again = out(reg) _,
            out("cr0") _,
            options(nomem, nostack),
        );
    }
    u64::from(upper) << 32 | u64::from(lower)
}

/// Where a domain's thread starts, with r1 at the top of its stack, where it ends the back chain.
///
/// It copies `.data` from the read-only image and clears `.bss`, at the first start as at every later one,
/// then calls the generated `main`, which does not return.
#[unsafe(naked)]
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    naked_asm!(
        // Copy .data, word by word.
        "    lis     3, __data_start@ha",
        "    la      3, __data_start@l(3)",
        "    lis     4, __data_end@ha",
        "    la      4, __data_end@l(4)",
        "    lis     5, __data_load@ha",
        "    la      5, __data_load@l(5)",
        "2:  cmplw   3, 4",
        "    bge     3f",
        "    lwz     0, 0(5)",
        "    stw     0, 0(3)",
        "    addi    3, 3, 4",
        "    addi    5, 5, 4",
        "    b       2b",
        // Clear .bss.
        "3:  lis     3, __bss_start@ha",
        "    la      3, __bss_start@l(3)",
        "    lis     4, __bss_end@ha",
        "    la      4, __bss_end@l(4)",
        "    li      0, 0",
        "4:  cmplw   3, 4",
        "    bge     5f",
        "    stw     0, 0(3)",
        "    addi    3, 3, 4",
        "    b       4b",
        // The end of the back chain: RAM may hold anything before the first start and after an earlier life.
        "5:  stw     0, 0(1)",
        "    stw     0, 4(1)",
        // A frame of its own, so that main can save its link register above.
        "    stwu    1, -16(1)",
        "    bl      main",
        // Only a main that breaks its type comes back.
        "    trap",
        ".size _start, . - _start",
    )
}

// A note for composer, which bounds a thread's stack: a guard in `end` lets this function run once.
global_asm!(
    ".pushsection .fugue.stack, \"\", @progbits",
    ".long {report}, 1",
    ".popsection",
    report = sym crate::end::report_panic,
);
