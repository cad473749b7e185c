//! The tree's nodes (section 8.8), in its order.

use super::{Handle, Tree, interface, interrupts};
use crate::devices::mailbox::{ALERT, TO_HOST, TO_HOST_BYTES};
use crate::personality::Description;
use crate::time::FREQUENCY;
use vm_fdt::Error;

/// The largest size that a cell can say in whole pages.
const MOST: u64 = 0xFFFF_F000;
/// Where firmware has the SRAM.
const SRAM: u32 = 0xFFFF_8000;
/// Numbers of interrupts that the controller knows.
const INTERRUPTS: u32 = 0x140;
/// The largest frame of Ethernet over the collective: 254 fragments.
const FRAME: u32 = 240 * 254;

/// Everything in the root but what the boot loader adds.
pub(super) fn root(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    tree.text("model", "ibm,bluegene/p")?;
    tree.text("compatible", "ibm,bluegene/p")?;
    tree.numbers(&[("#address-cells", 2), ("#size-cells", 1), ("dcr-parent", Handle::Processor as u32)])?;
    processors(tree)?;
    memories(tree, description)?;
    tree.node("interrupt-controller", |tree| {
        tree.text("compatible", "ibm,bgic")?;
        tree.empty("interrupt-controller")?;
        tree.numbers(&[("#interrupt-cells", 1), ("#address-cells", 0), ("cell-index", 0)])?;
        tree.cells("reg", &[7, 0x3000_0000, 0x1000])?;
        tree.cells("interrupts", &[INTERRUPTS])?;
        tree.handle(Handle::Interrupts)
    })?;
    tree.node("upc", |tree| {
        tree.text("compatible", "ibm,bgp-upc")?;
        tree.cells("reg", &[7, 0x1000_0000, 0x1000, 7, 0x1000_1000, 0x1000])?;
        tree.empty("interrupts")
    })?;
    tree.node("plb", |tree| {
        tree.text("compatible", "ibm,plb4")?;
        tree.numbers(&[("#address-cells", 2), ("#size-cells", 1)])?;
        tree.empty("ranges")?;
        collective(tree, description)?;
        if description.is_io_node() {
            ethernet(tree, description)?;
        } else {
            torus(tree, description)?;
        }
        kittyhawk(tree, description)
    })?;
    tree.node("jtag", |tree| (0..4).try_for_each(|number| console(tree, number)))
}

fn processors(tree: &mut Tree) -> Result<(), Error> {
    tree.node("cpus", |tree| {
        tree.numbers(&[("#address-cells", 1), ("#size-cells", 0)])?;
        (0..4).try_for_each(|number| {
            tree.node(&format!("PowerPC,450@{number}"), |tree| {
                tree.text("device_type", "cpu")?;
                tree.numbers(&[
                    ("reg", number),
                    ("clock-frequency", FREQUENCY as u32),
                    ("timebase-frequency", FREQUENCY as u32),
                    ("i-cache-line-size", 32),
                    ("d-cache-line-size", 32),
                    ("i-cache-size", 0x8000),
                    ("d-cache-size", 0x8000),
                ])?;
                tree.empty("dcr-controller")?;
                tree.text("dcr-access-method", "native")?;
                if number == 0 { tree.handle(Handle::Processor) } else { Ok(()) }
            })
        })
    })
}

fn memories(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    let size = (u64::from(description.memory) << 20).min(MOST) as u32;
    for (name, kind, reg) in [
        ("memory", "memory", [0, 0, size]),
        ("scratch-memory", "edram", [4, 0, 0x0080_0000]),
        ("zero-memory", "zero-memory", [5, 0, 0x1_0000]),
    ] {
        tree.node(name, |tree| {
            tree.text("device_type", kind)?;
            tree.cells("reg", &reg)
        })?;
    }
    Ok(())
}

fn collective(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    tree.node("tree", |tree| {
        tree.text("compatible", "ibm,bgp-tree")?;
        tree.cells("dcr-reg", &[0xC00, 0x80])?;
        tree.cells("reg", &[6, 0x1000_0000, 0x400, 6, 0x1100_0000, 0x400])?;
        tree.numbers(&[("nodeid", description.rank), ("interrupt-parent", Handle::Interrupts as u32)])?;
        let routes: Vec<u8> = description.routes.iter().flat_map(|route| route.to_be_bytes()).collect();
        tree.bytes("routes", &routes)?;
        tree.cells("interrupts", &interrupts::collective())?;
        tree.handle(Handle::Collective)
    })
}

fn torus(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    tree.node("torus", |tree| {
        tree.text("compatible", "ibm,bgp-torus")?;
        tree.cells("dcr-reg", &[0xC80, 0x180])?;
        tree.cells("reg", &[6, 0, 0x4000, 6, 0x0114_0000, 0x8000, 6, 0x0115_0000, 0x8000])?;
        tree.cells("coordinates", &description.torus.coordinates.map(u32::from))?;
        tree.cells("dimension", &description.torus.size.map(u32::from))?;
        tree.numbers(&[("interrupt-parent", Handle::Interrupts as u32)])?;
        tree.cells("interrupts", &interrupts::torus())?;
        tree.handle(Handle::Torus)
    })
}

/// The ten-gigabit Ethernet of I/O nodes.
fn ethernet(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    let interrupts = ("interrupt-parent", Handle::Interrupts as u32);
    tree.node("mcmal", |tree| {
        tree.text("compatible", "ibm,tomal")?;
        tree.cells("dcr-reg", &[0x180, 0x62])?;
        tree.numbers(&[("num-tx-chans", 2), ("num-rx-chans", 2), interrupts])?;
        tree.cells("interrupts", &[0x100, 0x101])?;
        tree.cells("reg", &[7, 0x2000_0000, 0x4000])?;
        tree.handle(Handle::Mal)
    })?;
    tree.node("opb", |tree| {
        tree.text("compatible", "ibm,opb")?;
        tree.numbers(&[("#address-cells", 2), ("#size-cells", 1), ("clock-frequency", 0x85)])?;
        tree.empty("ranges")?;
        tree.node("emac-xgmii@720000000", |tree| {
            tree.text("compatible", "ibm,xgmii")?;
            tree.cells("reg", &[7, 0x2000_5000, 0x20])?;
            tree.handle(Handle::Xgmii)
        })?;
        tree.node("ethernet@720004000", |tree| {
            tree.text("device_type", "network")?;
            tree.text("compatible", "ibm,xemac")?;
            tree.cells("interrupts", &[0x120])?;
            tree.cells("reg", &[7, 0x2000_4000, 0x1000])?;
            tree.cells("mal-tx-channel", &[0, 1])?;
            tree.text("phy-mode", "xgmii")?;
            tree.numbers(&[
                interrupts,
                ("linux,network-index", 0),
                ("mal-device", Handle::Mal as u32),
                ("mal-rx-channel", 0),
                ("cell-index", 0),
                ("max-frame-size", 0x233A),
                ("rx-fifo-size", 0x2000),
                ("tx-fifo-size", 0x2000),
                ("phy-map", 0xA),
                ("xgmii-device", Handle::Xgmii as u32),
                ("xgmii-channel", 0),
            ])?;
            tree.bytes("local-mac-address", &description.ethernet.mac.0)
        })
    })
}

/// Kittyhawk's Ethernet and terminal over the networks.
fn kittyhawk(tree: &mut Tree, description: &Description) -> Result<(), Error> {
    let below = ("tree-device", Handle::Collective as u32);
    tree.node("ethernet@0", |tree| {
        tree.text("device_type", "network")?;
        tree.text("compatible", "ibm,kittyhawk")?;
        tree.numbers(&[
            ("linux,network-index", 1),
            below,
            ("tree-route", 0),
            ("tree-channel", 0),
            ("network-id", 1),
            ("link-protocol", 1),
            ("bridge-vector", description.io_node_rank),
            ("frame-size", FRAME.min(description.ethernet.mtu.into())),
        ])?;
        tree.bytes("local-mac-address", &interface(description, 1).0)
    })?;
    tree.node("tty", |tree| {
        tree.text("device_type", "tty")?;
        tree.text("compatible", "ibm,kittyhawk")?;
        tree.numbers(&[
            ("num", 0x256),
            ("link-protocol", 0x10),
            ("tree-route", 0xF),
            ("tree-channel", 0),
            below,
        ])?;
        if description.is_io_node() {
            Ok(())
        } else {
            tree.numbers(&[("torus-device", Handle::Torus as u32)])
        }
    })
}

/// A core's mailbox to the service node.
fn console(tree: &mut Tree, core: u32) -> Result<(), Error> {
    tree.node(&format!("console{core}"), |tree| {
        tree.cells("reg", &[0, SRAM + TO_HOST + core * TO_HOST_BYTES, TO_HOST_BYTES - 8])?;
        tree.cells("dcr-reg", &[0x417, 0x418])?;
        tree.cells("dcr-mask", &[ALERT >> core; 2])
    })
}
