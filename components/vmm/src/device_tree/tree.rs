//! The guest's machine as a tree: a `bamboo` with what the monitor has of it, and no more.
//!
//! Names and properties are those that Linux's `44x` platform looks for (`arch/powerpc/platforms/44x`, binding documents
//! beside it); the facts are the monitor's.

use heapless::Vec;

use super::{Full, Writer};
use crate::devices::{UART_BASE, UART_INPUT, UIC_BASE, VIRTIO_BASE, VIRTIO_INPUT, WINDOWS};
use crate::{uart, uic};

/// The most bytes that a tree has.
pub const BYTES: usize = 4096;

/// The interrupt controller's handle: what other nodes name it by.
const UIC_HANDLE: u32 = 1;
/// The processor's handle.
const PROCESSOR_HANDLE: u32 = 2;
/// Interrupt sense: a level, active high.
const LEVEL_HIGH: u32 = 4;
/// Bytes of a cache line, and of each cache.
const LINE_BYTES: u32 = 32;
const CACHE_BYTES: u32 = 32 << 10;
/// The UART's clock in hertz, as on `bamboo`; no figure depends on it.
const UART_CLOCK: u32 = 11_059_200;

/// What differs from machine to machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Bytes of RAM from guest-physical address 0.
    pub memory_bytes: u32,
    /// Ticks of the time base in a second, and the processor's clock.
    pub frequency: u32,
    /// The kernel's command line.
    pub command_line: &'a str,
    /// Guest-physical address of the first file system's first byte, and that behind its last.
    pub initrd: Option<(u32, u32)>,
    /// The virtio devices: which of their windows are there.
    pub virtio: [bool; WINDOWS],
}

/// Names of the virtio devices' nodes, window after window.
const VIRTIO_NODES: [&str; WINDOWS] = [
    "virtio@ef700000",
    "virtio@ef700200",
    "virtio@ef700400",
    "virtio@ef700600",
    "virtio@ef700800",
    "virtio@ef700a00",
    "virtio@ef700c00",
];
const _: () =
    assert!(VIRTIO_BASE == 0xEF70_0000 && virtio::WINDOW_BYTES == 0x200, "the nodes' names hold it");

/// Writes the tree.
///
/// # Errors
///
/// [`Full`] if it has no room: the command line is too long.
pub fn write(facts: &Facts<'_>) -> Result<Vec<u8, BYTES>, Full> {
    let mut tree = Writer::new();
    tree.begin("");
    tree.cells("#address-cells", &[2]);
    tree.cells("#size-cells", &[1]);
    tree.texts("model", &["amcc,bamboo"]);
    tree.texts("compatible", &["amcc,bamboo"]);
    tree.cells("dcr-parent", &[PROCESSOR_HANDLE]);

    tree.begin("aliases");
    tree.texts("serial0", &["/plb/opb/serial@ef600300"]);
    tree.end();

    processor(&mut tree, facts);

    tree.begin("memory");
    tree.texts("device_type", &["memory"]);
    tree.cells("reg", &[0, 0, facts.memory_bytes]);
    tree.end();

    interrupt_controller(&mut tree);

    tree.begin("plb");
    tree.texts("compatible", &["ibm,plb-440ep", "ibm,plb-440gp", "ibm,plb4"]);
    tree.cells("#address-cells", &[2]);
    tree.cells("#size-cells", &[1]);
    tree.flag("ranges");
    tree.begin("opb");
    tree.texts("compatible", &["ibm,opb-440ep", "ibm,opb-440gp", "ibm,opb"]);
    tree.cells("#address-cells", &[1]);
    tree.cells("#size-cells", &[1]);
    tree.cells("ranges", &[0, 0, 0, 0x8000_0000, 0x8000_0000, 0, 0x8000_0000, 0x8000_0000]);
    serial(&mut tree);
    for (number, name) in (0..).zip(VIRTIO_NODES).filter(|(number, _)| facts.virtio[*number as usize]) {
        tree.begin(name);
        tree.texts("compatible", &["virtio,mmio"]);
        tree.cells("reg", &[VIRTIO_BASE as u32 + number * virtio::WINDOW_BYTES, virtio::WINDOW_BYTES]);
        tree.cells("interrupt-parent", &[UIC_HANDLE]);
        tree.cells("interrupts", &[VIRTIO_INPUT + number, LEVEL_HIGH]);
        tree.end();
    }
    tree.end();
    tree.end();

    tree.begin("chosen");
    tree.texts("bootargs", &[facts.command_line]);
    tree.texts("linux,stdout-path", &["/plb/opb/serial@ef600300"]);
    if let Some((start, end)) = facts.initrd {
        tree.cells("linux,initrd-start", &[start]);
        tree.cells("linux,initrd-end", &[end]);
    }
    tree.end();

    tree.end();
    tree.finish()
}

fn processor(tree: &mut Writer<BYTES>, facts: &Facts<'_>) {
    tree.begin("cpus");
    tree.cells("#address-cells", &[1]);
    tree.cells("#size-cells", &[0]);
    tree.begin("cpu@0");
    tree.texts("device_type", &["cpu"]);
    tree.texts("model", &["PowerPC,440EP"]);
    tree.cells("reg", &[0]);
    tree.cells("clock-frequency", &[facts.frequency]);
    tree.cells("timebase-frequency", &[facts.frequency]);
    tree.cells("i-cache-line-size", &[LINE_BYTES]);
    tree.cells("d-cache-line-size", &[LINE_BYTES]);
    tree.cells("i-cache-size", &[CACHE_BYTES]);
    tree.cells("d-cache-size", &[CACHE_BYTES]);
    tree.flag("dcr-controller");
    tree.texts("dcr-access-method", &["native"]);
    tree.cells("phandle", &[PROCESSOR_HANDLE]);
    tree.end();
    tree.end();
}

fn interrupt_controller(tree: &mut Writer<BYTES>) {
    tree.begin("interrupt-controller0");
    tree.texts("compatible", &["ibm,uic-440ep", "ibm,uic"]);
    tree.flag("interrupt-controller");
    tree.cells("cell-index", &[0]);
    tree.cells("dcr-reg", &[UIC_BASE, uic::REGISTERS]);
    tree.cells("#address-cells", &[0]);
    tree.cells("#size-cells", &[0]);
    tree.cells("#interrupt-cells", &[2]);
    tree.cells("phandle", &[UIC_HANDLE]);
    tree.end();
}

fn serial(tree: &mut Writer<BYTES>) {
    tree.begin("serial@ef600300");
    tree.texts("device_type", &["serial"]);
    tree.texts("compatible", &["ns16550"]);
    tree.cells("reg", &[UART_BASE as u32, uart::BYTES]);
    tree.cells("virtual-reg", &[UART_BASE as u32]);
    tree.cells("clock-frequency", &[UART_CLOCK]);
    tree.cells("current-speed", &[115_200]);
    tree.cells("interrupt-parent", &[UIC_HANDLE]);
    tree.cells("interrupts", &[UART_INPUT, LEVEL_HIGH]);
    tree.end();
}

const _: () = assert!(UART_BASE == 0xEF60_0300, "the node's name holds it");
