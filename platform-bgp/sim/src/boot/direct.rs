//! Kernels started as a boot loader starts them (section 8.6), without one.

use super::{hand_over, start};
use crate::device_tree::{self, Chosen};
use crate::loader::{self, Error, Loaded};
use crate::node::{CORES, Node};
use crate::personality::Description;

/// Where the device tree goes, unless the kernel reaches further.
const TREE: u64 = 0x0100_0000;
/// The ramdisk goes below here.
const RAMDISK: u64 = 0x2000_0000;
/// A ramdisk may be wrapped as an image of U-Boot: its first bytes, and how many of them are header.
const WRAPPED: [u8; 4] = [0x27, 0x05, 0x19, 0x56];
const HEADER: usize = 64;

/// Starts a loaded kernel on all cores, as a boot loader does: r3 holds the address of a device tree on core 0, and
/// nothing of use on the others, which tell themselves apart by PIR (section 8.7).
///
/// # Errors
/// The ramdisk does not fit the node's memory.
pub fn direct(
    node: &mut Node,
    description: &Description,
    kernel: &Loaded,
    ramdisk: Option<&[u8]>,
    command_line: &str,
) -> Result<(), Error> {
    let mut chosen = Chosen { command_line, initrd: None };
    if let Some(bytes) = ramdisk {
        let bytes = if bytes.starts_with(&WRAPPED) { bytes.get(HEADER..).unwrap_or(&[]) } else { bytes };
        let top = RAMDISK.min(node.configuration().dram);
        let length = bytes.len() as u64;
        let first = top.checked_sub(length).ok_or(Error::NoMemory { physical: 0, bytes: length })? & !0xFFF;
        loader::place(&mut node.bus.memory, first, bytes)?;
        chosen.initrd = Some(first..first + length);
    }
    let tree = device_tree::generate(description, &chosen);
    let place = TREE.max(kernel.end.next_multiple_of(0x1000));
    loader::place(&mut node.bus.memory, place, &tree)?;
    for number in 0..CORES {
        let core = &mut node.cores[number];
        hand_over(core, place + tree.len() as u64);
        core.registers.gpr[5..8].fill(0);
        // The boot loader releases the others by the address that they jump to, plus one.
        let first = if number == 0 { place as u32 } else { kernel.entry + 1 };
        start(node, number, kernel.entry, [first, kernel.entry]);
    }
    Ok(())
}
