//! The device tree that boot loaders hand to kernels (section 8.8), for kernels that are started without one.
//!
//! Cells have the values of the original, whose figures are all hexadecimal, but for the size of cache lines: there it
//! says 50, a slip that nobody reads, and here 32 (open question 23).

mod interrupts;
mod nodes;
mod personality;

use crate::personality::{Description, Mac};
use std::ops::Range;
use vm_fdt::{Error, FdtReserveEntry, FdtWriter};

/// Handles by which nodes name each other.
#[derive(Clone, Copy, Debug)]
enum Handle {
    Processor = 1,
    Interrupts,
    Collective,
    Torus,
    Mal,
    Xgmii,
}

/// What a kernel is told besides what the node is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// The command line.
    pub command_line: &'a str,
    /// Where the initial ramdisk is.
    pub initrd: Option<Range<u64>>,
}

/// A tree under construction.
struct Tree(FdtWriter);

impl Tree {
    /// A node with what `fill` puts into it.
    fn node(&mut self, name: &str, fill: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        let node = self.0.begin_node(name)?;
        fill(self)?;
        self.0.end_node(node)
    }

    fn text(&mut self, name: &str, value: &str) -> Result<(), Error> {
        self.0.property_string(name, value)
    }

    fn cells(&mut self, name: &str, cells: &[u32]) -> Result<(), Error> {
        self.0.property_array_u32(name, cells)
    }

    /// Several properties of a cell each.
    fn numbers(&mut self, numbers: &[(&str, u32)]) -> Result<(), Error> {
        numbers.iter().try_for_each(|(name, number)| self.0.property_u32(name, *number))
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.0.property(name, bytes)
    }

    fn empty(&mut self, name: &str) -> Result<(), Error> {
        self.0.property_null(name)
    }

    /// The handle by which others name the node, under the name of then and that of today.
    fn handle(&mut self, handle: Handle) -> Result<(), Error> {
        self.numbers(&[("linux,phandle", handle as u32), ("phandle", handle as u32)])
    }
}

/// A device tree of a node.
///
/// # Panics
/// If the command line contains a zero: no other value here can be refused.
pub fn generate(description: &Description, chosen: &Chosen<'_>) -> Vec<u8> {
    write(description, chosen).expect("names and values are right, and the command line is text")
}

fn write(description: &Description, chosen: &Chosen<'_>) -> Result<Vec<u8>, Error> {
    let initrd = chosen.initrd.clone().filter(|range| !range.is_empty());
    let reserved = initrd
        .iter()
        .map(|range| FdtReserveEntry::new(range.start, range.end - range.start))
        .collect::<Result<Vec<_>, _>>()?;
    let mut tree = Tree(FdtWriter::new_with_mem_reserv(&reserved)?);
    let root = tree.0.begin_node("")?;
    nodes::root(&mut tree, description)?;
    personality::write(&mut tree, description)?;
    tree.node("chosen", |tree| {
        tree.text("bootargs", chosen.command_line)?;
        if let Some(range) = &initrd {
            tree.numbers(&[
                ("linux,initrd-start", range.start as u32),
                ("linux,initrd-end", range.end as u32),
            ])?;
        }
        Ok(())
    })?;
    tree.0.end_node(root)?;
    tree.0.finish()
}

/// The address of a node's interface to a network of Kittyhawk (section 8.9): over the collective for network 1, over
/// the torus for the others.
pub fn interface(description: &Description, network: u32) -> Mac {
    let card = description.card;
    let half = if description.is_io_node() { card & 1 } else { card.saturating_sub(4) >> 4 & 1 };
    let shared = (description.pset.size / 16).saturating_sub(1);
    let place = (description.midplane << 5 | description.node_card << 1 | half) & !shared;
    let rack = (description.rack.0 << 4 | description.rack.1) as u8;
    let [_, a, b, c] = description.rank.to_be_bytes();
    let [x, y, z] = description.torus.coordinates;
    Mac(if network == 1 { [2, rack, place as u8, a, b, c] } else { [6, rack, place as u8, x, y, z] })
}

#[cfg(test)]
mod tests;
