//! A node with everything loaded and started, or read from a checkpoint.

use super::above::Above;
use super::{Resume, Run};
use bgp_sim::loader::Loaded;
use bgp_sim::personality::Description;
use bgp_sim::{Configuration, Node, boot, checkpoint, loader};
use std::path::Path;

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// A mistake in a file.
fn of<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> String {
    move |error| format!("{}: {error}", path.display())
}

impl Run {
    /// The node, and the I/O node above it if there is one.
    pub(super) fn node(&self) -> Result<(Node, Option<Above>), String> {
        let mut description = self.description()?;
        if self.io_node_above {
            description = description.below_io_node();
        }
        let configuration = Configuration {
            dram: u64::from(description.memory) << 20,
            io_node: description.is_io_node(),
            pace: self.pace,
            quantum: self.quantum,
            lenient: self.conduct.allow_unmodelled,
            ..Configuration::default()
        };
        let mut node = Node::new(configuration);
        boot::describe(&mut node, &description);
        let mut image =
            loader::load(&mut node.bus.memory, &read(&self.image)?, self.raw_at).map_err(of(&self.image))?;
        if let Some(entry) = self.entry {
            image.entry = u32::try_from(entry).map_err(|_| "--entry: cores begin below 4 GiB")?;
        }
        for (path, address) in self.load.iter().chain(&self.device_tree) {
            loader::place(&mut node.bus.memory, *address, &read(path)?).map_err(of(path))?;
        }
        self.start(&mut node, &description, &image)?;
        let above = || Above::new(&mut node, &description, self.ethernet.as_ref());
        let above = self.io_node_above.then(above).transpose()?;
        Ok((node, above))
    }

    fn description(&self) -> Result<Description, String> {
        let Some(path) = &self.describe else {
            let card = if self.io_node { 0 } else { 4 };
            return Ok(Description { memory: self.memory, card, ..Description::default() });
        };
        let text = String::from_utf8(read(path)?).map_err(of(path))?;
        Description::from_ron(&text).map_err(of(path))
    }

    fn start(&self, node: &mut Node, description: &Description, image: &Loaded) -> Result<(), String> {
        if self.reset.iter().any(|core| *core > 3) {
            return Err("--reset: a node has cores 0 to 3".to_owned());
        }
        if self.direct {
            let ramdisk = self.initrd.as_deref().map(read).transpose()?;
            boot::direct(node, description, image, ramdisk.as_deref(), &self.append)
                .map_err(|error| format!("--initrd: {error}"))?;
        } else if self.services {
            boot::enter_with_services(node, image).map_err(|error| format!("--services: {error}"))?;
        } else if self.reset.is_empty() {
            let argument = self.device_tree.as_ref().map_or(self.argument, |(_, address)| *address);
            let argument = u32::try_from(argument).map_err(|_| "r3 has 32 bits")?;
            boot::enter(node, image, argument);
        } else {
            boot::reset(node, &self.reset);
        }
        for (number, value) in &self.register {
            node.cores[0].registers.gpr[*number] = *value;
        }
        Ok(())
    }
}

impl Resume {
    /// The node.
    pub(super) fn node(&self) -> Result<Node, String> {
        let mut node = checkpoint::read(&read(&self.file)?).map_err(of(&self.file))?;
        node.bus.reports.allowed |= self.conduct.allow_unmodelled;
        Ok(node)
    }
}
