//! The state in which firmware leaves a node (sections 4.1, 8.3 to 8.6), for images that are started without any.
//!
//! - [`enter`]: an image that brings what it needs, on core 0;
//! - [`enter_with_services`]: the same with the service firmware, which keeps the other cores until they are taken;
//! - [`direct()`]: a kernel, with device tree and ramdisk, as a boot loader starts it, on all cores;
//! - [`reset`]: whatever the SRAM holds, at the reset vector.

mod direct;

pub use direct::direct;

use crate::core::Core;
use crate::core::tlb::{self, Entry};
use crate::devices::{SRAM, mailbox};
use crate::loader::{Error, Loaded};
use crate::node::{CORES, Configuration, Node};
use crate::personality::Description;
use crate::services::{self, Facts};

/// Offset of the personality in the SRAM.
const PERSONALITY: u64 = 0x7800;
/// Offset of the mailboxes' descriptors.
const DESCRIPTORS: u64 = 0x7FD0;

/// Supervisors may do everything.
const RIGHTS: u32 = tlb::SX | tlb::SW | tlb::SR;
/// U2: with MMUCR\[U2SWOAE\], stores do not allocate in the L1.
const U2: u32 = 0x2000;
/// Attributes of coherent memory (section 1.2).
const COHERENT: u32 = tlb::M | tlb::WL1 | U2;
/// The TLB entry that maps the service firmware: the last but one, where kernels that keep it have it as well.
const SERVICES: u32 = tlb::ENTRIES as u32 - 2;
const DEVICE: u32 = tlb::I | tlb::G;

/// Effective and physical address, code of the size, attributes: where firmware maps the devices, and what it
/// keeps mapped (section 4.1).
const MAPPED: [(u32, u64, u32, u32); 12] = [
    (0xFFF9_0000, 0x5_0000_0000, 3, 0),
    (0xFFFA_0000, 0x5_0001_0000, 3, 0),
    (0xFFFB_0000, 0x6_0114_0000, 3, DEVICE),
    (0xFFFC_0000, 0x6_0115_0000, 3, DEVICE),
    (0xFFFD_0000, 0x6_0000_0000, 2, DEVICE),
    (0xFFFD_4000, 0x7_2000_0000, 2, DEVICE),
    (0xFFFD_C000, 0x6_1000_0000, 0, DEVICE),
    (0xFFFD_D000, 0x6_1100_0000, 0, DEVICE),
    (0xFFFD_E000, 0x7_3000_0000, 1, DEVICE),
    (0xFFFF_0000, 0x7_FFFF_0000, 2, DEVICE),
    (0xFFFF_4000, 0x7_FFFF_4000, 2, DEVICE),
    // 32 KiB of SRAM: two pages of 16 KiB, this and the next.
    (0xFFFF_8000, 0x7_FFFF_8000, 2, COHERENT),
];

/// Writes the personality and the table of mailboxes into the SRAM, as the service system does before reset, and sets
/// up the collective as firmware leaves it: boot loaders expect that in every case (section 11.1).
pub fn describe(node: &mut Node, description: &Description) {
    node.bus.devices.collective.set_up(description.rank, &description.routes, description.wired());
    let memory = &mut node.bus.memory;
    memory.copy_in(SRAM + PERSONALITY, &description.bytes());
    for core in 0..4_u16 {
        // To the core: 4 KiB for core 0 alone. To the host: 256 bytes each.
        let to_core = if core == 0 { [0x10, 0x00, 0x10, 0x00] } else { [0; 4] };
        let [high, low] = (mailbox::TO_HOST as u16 + mailbox::TO_HOST_BYTES as u16 * core).to_be_bytes();
        let place = SRAM + DESCRIPTORS + 8 * u64::from(core);
        memory.copy_in(place, &to_core);
        memory.copy_in(place + 4, &[high, low, 1, 0]);
    }
}

/// Puts a core into the state that firmware leaves: low memory mapped to itself, the devices where firmware has them,
/// interrupts off. Memory is mapped in pages of 16 MiB: 48 MiB, which all known images live with, and more where the
/// image is larger.
fn hand_over(core: &mut Core, end: u64) {
    let mut number = 0;
    let mut map = |entry: Entry| {
        core.tlb.set(number, entry);
        number += 1;
    };
    for page in 0..end.div_ceil(16 << 20).clamp(3, 16) as u32 {
        map(Entry::new(page << 24, u64::from(page) << 24, 7, COHERENT | RIGHTS));
    }
    for (effective, physical, size, attributes) in MAPPED {
        map(Entry::new(effective, physical, size, attributes | RIGHTS));
    }
    map(Entry::new(0xFFFF_C000, 0x7_FFFF_C000, 2, COHERENT | RIGHTS));
    core.reset_page = false;
    core.registers.special.mmucr = 0x0020_0000;
}

/// Starts a core at an address, with arguments in r3 and r4.
fn start(node: &mut Node, number: usize, entry: u32, arguments: [u32; 2]) {
    let core = &mut node.cores[number];
    core.registers.pc = entry;
    core.registers.gpr[3] = arguments[0];
    core.registers.gpr[4] = arguments[1];
    node.start(number);
}

/// Starts core 0 at a loaded image's entry, in the state that firmware leaves. Cores 1 to 3 stay parked.
pub fn enter(node: &mut Node, image: &Loaded, argument: u32) {
    hand_over(&mut node.cores[0], image.end);
    start(node, 0, image.entry, [argument, image.entry]);
}

/// Starts core 0 at a loaded image's entry, as the service firmware does: r3 points at its descriptor, and cores 1 to 3
/// wait in it until they are taken (sections 8.5 to 8.7).
///
/// # Errors
/// The node has less memory than the firmware needs.
pub fn enter_with_services(node: &mut Node, image: &Loaded) -> Result<(), Error> {
    let Configuration { dram, io_node, .. } = *node.configuration();
    let installed = services::install(&mut node.bus.memory, Facts { dram, io_node })
        .ok_or(Error::NoMemory { physical: 0, bytes: services::BYTES.into() })?;
    for core in &mut node.cores {
        hand_over(core, image.end);
        core.tlb.set(SERVICES, installed.entry(COHERENT | RIGHTS));
    }
    start(node, 0, image.entry, [installed.descriptor, image.entry]);
    for number in 1..CORES {
        start(node, number, installed.waiting, [0, 0]);
    }
    Ok(())
}

/// Starts cores at the reset vector, as after reset; what is in the SRAM runs.
pub fn reset(node: &mut Node, cores: &[usize]) {
    for core in cores {
        node.start(*core);
    }
}

#[cfg(test)]
mod tests;
