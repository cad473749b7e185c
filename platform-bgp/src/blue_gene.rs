//! The board as the kernel drives it.
#![expect(unsafe_code, reason = "drives the BIC, the mailbox and the reset")]

use crate::bic::{self, Line, TARGET_CORE_0, TARGET_NONE};
use crate::mailbox;
use core::arch::asm;
use core::sync::atomic::{Ordering, fence};
use kernel::arch::registers;
use kernel::board::Board;
use kernel::tables::Devices;

/// A Blue Gene/P node.
#[derive(Debug)]
pub struct BlueGene;

/// DBCR0\[RST\]: system reset.
const SYSTEM_RESET: u32 = 0x3000_0000;

impl Board for BlueGene {
    const NAME: &'static str = "bgp";

    // U2SWOAE: stores to pages with U2 do not allocate in the L1, which all coherent memory here needs.
    const MMUCR: u32 = 0x0020_0000;

    fn init(devices: &Devices) {
        for group in 0..u32::from(bic::GROUPS) {
            for number in 0..4 {
                write(devices.interrupts + bic::targets(group, number), 0);
            }
            write(devices.interrupts + bic::status_clear(group), u32::MAX);
        }
    }

    fn write_console(devices: &Devices, byte: u8) {
        let entry = devices.console + mailbox::DESCRIPTORS + mailbox::FROM_CORE_0 * mailbox::DESCRIPTOR_BYTES;
        let Some(offset) = mailbox::box_of(read(entry)) else {
            return; // the service node offers no box
        };
        let place = devices.console + offset;
        write(place + mailbox::DATA, u32::from(byte) << 24);
        write(place + mailbox::RESULT, 0);
        fence(Ordering::SeqCst);
        // Command and length are one word, so that the box is complete when the command appears.
        write(place + mailbox::COMMAND, u32::from(mailbox::PRINT) << 16 | 1);
        fence(Ordering::SeqCst);
        // SAFETY: the register raises the alert and nothing else.
        unsafe { write_dcr(mailbox::ALERT_SET, mailbox::ALERT_FROM_CORE_0) };
        let acknowledged = u32::from(mailbox::ACKNOWLEDGED) << 16;
        for _ in 0..mailbox::PATIENCE {
            if read(place + mailbox::COMMAND) & acknowledged != 0 {
                return;
            }
        }
    }

    fn pending_irq(devices: &Devices) -> Option<u16> {
        let group = read(devices.interrupts + bic::HIERARCHY).leading_zeros();
        if group >= bic::GROUPS.into() {
            return None;
        }
        bic::first(group, read(devices.interrupts + bic::masked_status(group)))
    }

    fn mask_irq(devices: &Devices, line: u16) {
        set_target(devices, line, TARGET_NONE);
    }

    fn unmask_irq(devices: &Devices, line: u16) {
        if let Some(line) = Line::new(line) {
            write(devices.interrupts + line.status_clear(), line.mask());
        }
        set_target(devices, line, TARGET_CORE_0);
    }

    fn access_dcr(number: u32, written: Option<u32>) -> Option<u32> {
        let Some(value) = written else {
            // SAFETY: composer grants ranges of `board.ron` only; their registers exist.
            return Some(unsafe { read_dcr(number) });
        };
        // SAFETY: as for reading; a spec that grants a register to a domain answers for what is written.
        unsafe { write_dcr(number, value) };
        Some(0)
    }

    fn reset() -> ! {
        loop {
            // SAFETY: the node's run ends here.
            unsafe { registers::set_dbcr0(SYSTEM_RESET) };
        }
    }
}

fn set_target(devices: &Devices, line: u16, code: u32) {
    if let Some(line) = Line::new(line) {
        let address = devices.interrupts + line.target();
        write(address, line.with_target(read(address), code));
    }
}

fn read(address: u32) -> u32 {
    // SAFETY: callers name registers in the pages that the kernel pinned for the board's devices.
    unsafe { (address as *const u32).read_volatile() }
}

fn write(address: u32, value: u32) {
    // SAFETY: as for `read`; each caller writes what the device's description says.
    unsafe { (address as *mut u32).write_volatile(value) }
}

/// Reads the DCR of any number; cores from the 450 on have the indexed form.
///
/// # Safety
///
/// The core implements `mfdcrx`, the register exists, and reading it does what the caller expects.
#[inline(always)]
unsafe fn read_dcr(number: u32) -> u32 {
    let value: u32;
    // SAFETY: the caller answers for core and register. `mfdcrx value, number` (31/259), which LLVM does not
    // know for this processor.
    unsafe {
        asm!(".long 0x7C000206 | {value} << 21 | {number} << 16", value = out(reg) value, number = in(reg) number, options(nostack));
    }
    value
}

/// Writes the DCR of any number; cores from the 450 on have the indexed form.
///
/// # Safety
///
/// The core implements `mtdcrx`, the register exists, and the caller knows what the value does.
#[inline(always)]
unsafe fn write_dcr(number: u32, value: u32) {
    // SAFETY: the caller answers for core, register and value. `mtdcrx number, value` (31/387), which
    // LLVM does not know for this processor.
    unsafe {
        asm!(".long 0x7C000306 | {value} << 21 | {number} << 16", value = in(reg) value, number = in(reg) number, options(nostack));
    }
}
