//! The fixed places in the address spaces that composer lays out.
//!
//! ```text
//! a domain's space                              the kernel's space
//! 0x0000_0000  nothing: null pointers fault
//! 0x0010_0000  text, then constants and the image of data
//! 0x2000_0000  data
//! 0x4000_0000  stack, buffers, memory; of a monitor: its guest's disks
//! 0x8000_0000  of a monitor: its guest's RAM
//! 0xC000_0000  of a monitor: its guest's kernel
//! 0xD000_0000  of a monitor: its guest's first file system
//! 0xE000_0000  devices
//! 0xF000_0000  (the kernel's)                   text and constants, then data
//! 0xFFF0_0000  (the kernel's)                   devices that the kernel drives or borrows
//! 0xFFFF_A000  (the kernel's)                   the state of the virtual CPU that runs
//! 0xFFFF_B000  (the kernel's)                   what a report reads of a domain
//! 0xFFFF_C000  (the kernel's)                   the data of this core
//! ```
//!
//! The last 32 KiB are reached by a signed displacement without a base register, so per-core data lies
//! there. Data has a place of its own, so that text can grow without moving a variable.

use crate::Range;

/// Where a domain's text begins; its constants follow.
pub const TEXT: u64 = 0x0010_0000;
/// Where a domain's data begins; its constants end below.
pub const DATA: u64 = 0x2000_0000;
/// Where a domain's stack, buffers and memory begin; its data ends below.
pub const DECLARED: u64 = 0x4000_0000;
/// Where the monitor of a virtual machine sees its guest's RAM; what else it declares ends below.
pub const GUEST_RAM: u64 = 0x8000_0000;
/// Where it sees its guest's kernel.
pub const GUEST_KERNEL: u64 = 0xC000_0000;
/// Where it sees its guest's first file system.
pub const GUEST_INITRD: u64 = 0xD000_0000;
/// Where a domain's devices begin.
pub const DEVICES: u64 = 0xE000_0000;
/// Where the kernel's text begins, in every space; a domain's addresses end below.
pub const KERNEL: u64 = 0xF000_0000;
/// Where the kernel maps the devices that it drives or borrows.
pub const KERNEL_DEVICES: u64 = 0xFFF0_0000;
/// Where the kernel sees the state of the virtual CPU that runs: one page of 4 KiB.
pub const VCPU: u64 = 0xFFFF_A000;
/// Where the kernel, for a report, maps what it reads of a domain: one page of 4 KiB.
pub const REPORT: u64 = 0xFFFF_B000;
/// Where each core sees its own data.
pub const CORE: u64 = 0xFFFF_C000;
/// Bytes of a core's data: one 16 KiB page.
pub const CORE_SIZE: u64 = 0x4000;
/// Bytes of the trace's ring: one 16 KiB page.
pub const TRACE: u64 = 0x4000;
/// Bytes of the kernel's stack, at the start of its data page: an overflow runs into text, which the
/// hardware protects, and not into a variable.
pub const KERNEL_STACK: u64 = 0x4000;
/// What the linker script aligns a domain's segments to.
pub const SEGMENT_ALIGNMENT: u64 = 0x1_0000;

const _: () = {
    assert!(TEXT < DATA && DATA < DECLARED && DECLARED < DEVICES && DEVICES < KERNEL);
    assert!(
        DECLARED < GUEST_RAM
            && GUEST_RAM < GUEST_KERNEL
            && GUEST_KERNEL < GUEST_INITRD
            && GUEST_INITRD < DEVICES
    );
    assert!(KERNEL_DEVICES < VCPU && VCPU < REPORT);
    assert!(KERNEL < KERNEL_DEVICES && KERNEL_DEVICES < REPORT && REPORT < CORE);
    assert!(CORE + CORE_SIZE == 1 << 32);
};

/// From one place up to the next.
fn between(start: u64, end: u64) -> Range {
    Range::new(start, end - start).expect("the places ascend")
}

/// Where a domain's text and constants may lie.
pub fn text() -> Range {
    between(TEXT, DATA)
}

/// Where a domain's data may lie.
pub fn data() -> Range {
    between(DATA, DECLARED)
}

/// Where what a domain declares may lie.
pub fn declared() -> Range {
    between(DECLARED, DEVICES)
}

/// Where a domain's devices may lie.
pub fn devices() -> Range {
    between(DEVICES, KERNEL)
}

/// Where the devices that the kernel drives or borrows may lie.
pub fn kernel_devices() -> Range {
    between(KERNEL_DEVICES, REPORT)
}

/// Where a guest's RAM may lie in its monitor's space.
pub fn guest_ram() -> Range {
    between(GUEST_RAM, GUEST_KERNEL)
}

/// Where a guest's kernel may lie in its monitor's space.
pub fn guest_kernel() -> Range {
    between(GUEST_KERNEL, GUEST_INITRD)
}

/// Where a guest's first file system may lie in its monitor's space.
pub fn guest_initrd() -> Range {
    between(GUEST_INITRD, DEVICES)
}

/// Where a guest's disks may lie in its monitor's space.
pub fn guest_disks() -> Range {
    between(DECLARED, GUEST_RAM)
}

/// Where the kernel sees the state of the virtual CPU that runs.
pub fn vcpu() -> Range {
    between(VCPU, REPORT)
}

/// Where the kernel, for a report, maps what it reads of a domain.
pub fn report() -> Range {
    between(REPORT, CORE)
}
