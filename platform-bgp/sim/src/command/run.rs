//! Running an image.

use super::{Run, counters};
use bgp_sim::devices::mailbox::Kind;
use bgp_sim::personality::Description;
use bgp_sim::time::FREQUENCY;
use bgp_sim::trace::Text;
use bgp_sim::{Configuration, Event, Node, boot, loader};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Virtual cycles between looks at the conditions to stop for.
const SLICE: u64 = 1_000_000;

/// Exit statuses.
const ENDED: u8 = 0;
const UNEXPECTED: u8 = 1;
const BOUND: u8 = 2;
const UNMODELLED: u8 = 3;

/// What a reset of the whole system means to whoever runs the image: it has ended.
const SYSTEM: u32 = 3;

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn create(path: &Path) -> Result<BufWriter<File>, String> {
    let file = File::create(path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(BufWriter::new(file))
}

impl Run {
    /// Runs, and answers the exit status.
    pub(crate) fn execute(self) -> Result<u8, String> {
        let mut node = self.node()?;
        let end = self.until_end(&mut node);
        for report in &node.bus.reported {
            eprintln!("bgp-sim: not modelled: {report}");
        }
        if let Some(path) = &self.counters {
            let text = format!("{:#}\n", counters::counters(&node));
            std::fs::write(path, text)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
        Ok(end)
    }

    /// A node with everything loaded and started.
    fn node(&self) -> Result<Node, String> {
        let configuration = Configuration {
            dram: u64::from(self.memory) << 20,
            io_node: self.io_node,
            pace: self.pace,
            quantum: self.quantum,
            lenient: self.lenient,
            ..Configuration::default()
        };
        let mut node = Node::new(configuration);
        let card = if self.io_node { 0 } else { 4 };
        boot::describe(&mut node, &Description { memory: self.memory, card, ..Description::default() });
        let image = loader::load(&mut node.bus.memory, &read(&self.image)?, self.raw_at)
            .map_err(|error| format!("{}: {error}", self.image.display()))?;
        for (path, address) in &self.load {
            loader::place(&mut node.bus.memory, *address, &read(path)?)
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        if self.reset.is_empty() {
            boot::enter(&mut node, &image, self.argument as u32);
        } else {
            if self.reset.iter().any(|core| *core > 3) {
                return Err("a node has cores 0 to 3".to_owned());
            }
            boot::reset(&mut node, &self.reset);
        }
        if !self.trace.is_empty() {
            let into: Box<dyn Write + Send> = match &self.trace_to {
                Some(path) => Box::new(create(path)?),
                None => Box::new(std::io::stderr()),
            };
            node.bus.observe_with(Some(Box::new(Text::new(self.filter(), into))));
        }
        Ok(node)
    }

    fn until_end(&self, node: &mut Node) -> u8 {
        let mut said = Vec::new();
        let bound = self.time.map_or(u64::MAX, |time| time.saturating_mul(FREQUENCY / 1000));
        let mut time = 0_u64;
        loop {
            // Near a bound on instructions the slices become small enough to hit it to the instruction, for one core.
            let mut slice = SLICE;
            if let Some(limit) = self.instructions {
                slice = slice.min((limit - node.instructions()).div_ceil(4).max(1));
            }
            time = time.saturating_add(slice).min(bound);
            for event in node.run_until(time) {
                match event {
                    Event::Message(message) => self.hear(message.kind, &mut said),
                    Event::Unmodelled(what) => {
                        eprintln!("bgp-sim: not modelled: {what}");
                        return UNMODELLED;
                    }
                    Event::Reset { core, kind } => {
                        if kind != SYSTEM {
                            eprintln!("bgp-sim: core {core} asked for a reset of kind {kind}");
                        }
                        return self.end(&said);
                    }
                    Event::Undeliverable(sent) => {
                        eprintln!("bgp-sim: node 0 sent what no network carries: {:02x?}", sent.parcel);
                        return UNMODELLED;
                    }
                    Event::Idle => {
                        eprintln!("bgp-sim: every core waits, and nothing will wake any");
                        return self.end(&said);
                    }
                }
            }
            if self.expect.is_some() && self.end(&said) == ENDED {
                return ENDED;
            }
            let all = self.instructions.is_some_and(|limit| node.instructions() >= limit);
            if all || time >= bound {
                return if self.expect.is_some() { BOUND } else { ENDED };
            }
        }
    }

    /// Shows what a core told the service node.
    fn hear(&self, kind: Kind, said: &mut Vec<u8>) {
        match kind {
            Kind::Print(text) => {
                let mut out = std::io::stdout().lock();
                // A console that nobody listens to any more does not stop the node.
                let _ = out.write_all(&text).and_then(|()| out.flush());
                said.extend(text);
            }
            Kind::EventText(text) => eprintln!("bgp-sim: RAS event: {}", String::from_utf8_lossy(&text)),
            Kind::Event(data) => eprintln!("bgp-sim: RAS event: {data:02x?}"),
            Kind::Other(command, data) => eprintln!("bgp-sim: message {command}: {data:02x?}"),
        }
    }

    /// The status at the end: whether what was expected was said.
    fn end(&self, said: &[u8]) -> u8 {
        match &self.expect {
            Some(text) if !said.windows(text.len().max(1)).any(|window| window == text.as_bytes()) => {
                UNEXPECTED
            }
            _ => ENDED,
        }
    }
}
