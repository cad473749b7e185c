//! A node: four cores, and what they share, in virtual time.
//!
//! The cores take turns in one thread. The one that is furthest behind runs, up to the end of its quantum: a
//! multiple of a fixed number of cycles. Before an instruction that the others see or that sees the others
//! (devices, DCRs, `stwcx.`, `msync`) it pauses until it is the furthest behind itself. Nothing depends on the
//! host, so a run is the same each time, to the bit.

use crate::bus::Bus;
use crate::core::{Activity, Core, Paused};
use crate::devices::{Devices, SRAM, SRAM_BYTES, mailbox};
use crate::memory::Memory;
use crate::network::{Arrival, Loopback, Network, Place, Sent};
use crate::report::{Access, Unmodelled};
use crate::time::{Clock, Pace};
use serde::{Deserialize, Serialize};

/// Cores of a node.
pub const CORES: usize = 4;

/// What a node is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Bytes of DRAM: 2 or 4 GiB on the real machine.
    pub dram: u64,
    /// It is an I/O node.
    pub io_node: bool,
    /// How long instructions take.
    pub pace: Pace,
    /// Cycles in a quantum.
    pub quantum: u64,
    /// What is not modelled is reported once a site, and the run goes on.
    pub lenient: bool,
    /// Where it is among nodes.
    pub place: Place,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            dram: 2 << 30,
            io_node: false,
            pace: Pace::default(),
            quantum: 2000,
            lenient: false,
            place: Place::default(),
        }
    }
}

/// What happened in a node that concerns whoever runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A core told the service node something.
    Message(mailbox::Message),
    /// A core's next instruction does what is not modelled; the node has stopped before it.
    Unmodelled(Box<Unmodelled>),
    /// Something was met, for the first time at its site, that is not modelled, and the run goes on: that was allowed.
    Allowed(Box<Unmodelled>),
    /// A core stands where a debugger wants it to. The node has stopped.
    Stopped {
        /// Which core.
        core: usize,
    },
    /// A core asked for a reset: 1 of itself, 2 of the chip, 3 of the system. The node has stopped.
    Reset {
        /// Which core.
        core: usize,
        /// Of what.
        kind: u32,
    },
    /// No core will ever run again, unless something arrives from another node: none has a timer to wake it. The
    /// node has stopped.
    Idle,
    /// The network has no way for what the node has sent. The node has stopped.
    Undeliverable(Box<Sent>),
}

impl Event {
    /// Whether the node can go no further.
    pub const fn stops(&self) -> bool {
        !matches!(self, Self::Message(_) | Self::Allowed(_))
    }
}

/// A node.
#[derive(Serialize, Deserialize)]
pub struct Node {
    configuration: Configuration,
    /// The cores.
    pub cores: Vec<Core>,
    /// Memory and devices.
    pub bus: Bus,
    /// What the node's networks lead to; `None`: to itself.
    #[serde(skip)]
    network: Option<Box<dyn Network>>,
}

impl Node {
    /// A node whose cores are all parked, with nothing in its memory.
    pub fn new(configuration: Configuration) -> Self {
        let mut memory = Memory::new();
        memory.add(0, configuration.dram);
        memory.add(SRAM, SRAM_BYTES);
        let clock = Clock::new(configuration.pace);
        let mut bus = Bus::new(memory, Devices::new(configuration.io_node, configuration.place));
        bus.reports.allowed = configuration.lenient;
        Self {
            cores: (0..CORES).map(|number| Core::new(number, clock.clone())).collect(),
            bus,
            configuration,
            network: None,
        }
    }

    /// Connects the node to other nodes, from now on. A node that was read from a checkpoint has to be connected again.
    pub fn connect(&mut self, network: Box<dyn Network>) {
        self.network = Some(network);
    }

    /// Has something arrive from another node. Its time must not be before that up to which the node has run.
    pub fn deliver(&mut self, arrival: Arrival) {
        self.bus.devices.port.arrivals.add(arrival);
    }

    /// Hands what the devices have sent to the network. Answers what it could not take.
    fn send(&mut self) -> Option<Sent> {
        let mut loopback = Loopback { coordinates: self.configuration.place.coordinates };
        let network = self.network.as_deref_mut().unwrap_or(&mut loopback);
        let port = &mut self.bus.devices.port;
        while let Some(sent) = port.take_outgoing() {
            if let Err(refused) = network.send(sent, &mut port.arrivals) {
                return Some(refused);
            }
        }
        None
    }

    /// What it is made of.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Starts a core where its registers are.
    pub fn start(&mut self, core: usize) {
        let now = self.time();
        let core = &mut self.cores[core];
        core.clock.wait_until(now);
        core.activity = Activity::Running;
        core.refresh();
    }

    /// Derives what is not kept in a checkpoint: after a node was read from one.
    pub fn refresh(&mut self) {
        for core in &mut self.cores {
            core.refresh();
        }
    }

    /// How far the node is: where its furthest core is.
    pub fn time(&self) -> u64 {
        self.cores.iter().map(Core::time).max().unwrap_or(0)
    }

    /// Instructions that all cores have completed.
    pub fn instructions(&self) -> u64 {
        self.cores.iter().map(|core| core.clock.instructions()).sum()
    }

    /// Runs until every core has reached a time, or until something happens that stops the node.
    ///
    /// Cores stop at the end of the quantum in which the time lies, so that it makes no difference to a run in how
    /// many pieces it is made.
    pub fn run_until(&mut self, time: u64) -> Vec<Event> {
        let time = time.div_ceil(self.configuration.quantum).saturating_mul(self.configuration.quantum);
        let mut events = Vec::new();
        let mut held = [false; CORES];
        loop {
            events.extend(self.bus.devices.mailbox.messages.drain(..).map(Event::Message));
            if let Some(refused) = self.send() {
                events.push(Event::Undeliverable(Box::new(refused)));
                return events;
            }
            let report = self.report();
            events
                .extend(self.bus.reports.take_fresh().into_iter().map(|what| Event::Allowed(Box::new(what))));
            if let Some(report) = report {
                events.push(Event::Unmodelled(report));
                return events;
            }
            let Some((due, number)) = self.next(time, &held) else {
                if let Some(work) = self.bus.devices.next_work().filter(|work| *work < time) {
                    self.bus.devices.act(&mut self.bus.memory, work, work);
                    continue;
                }
                if self.is_idle() {
                    // A message that was left without an alert: nothing else would have it taken.
                    let now = self.time();
                    self.bus.devices.mailbox.poll(&mut self.bus.memory, now);
                    events.extend(self.bus.devices.mailbox.messages.drain(..).map(Event::Message));
                    events.push(Event::Idle);
                }
                return events;
            };
            let act = self.bus.devices.next();
            if act <= due {
                self.bus.devices.act(&mut self.bus.memory, act, due);
                continue;
            }
            let (limit, horizon) = self.turn(number, time, &held);
            let core = &mut self.cores[number];
            core.end_wait(&self.bus);
            held[number] = false;
            match core.run(&mut self.bus, limit, horizon) {
                Paused::Limit | Paused::Waiting => {}
                Paused::Cut => held[number] = true,
                Paused::Reset(kind) => {
                    events.extend(self.bus.devices.mailbox.messages.drain(..).map(Event::Message));
                    events.push(Event::Reset { core: number, kind });
                    return events;
                }
                Paused::Stopped => {
                    events.extend(self.bus.devices.mailbox.messages.drain(..).map(Event::Message));
                    events.push(Event::Stopped { core: number });
                    return events;
                }
                Paused::Unmodelled(what) => {
                    events.extend(self.bus.devices.mailbox.messages.drain(..).map(Event::Message));
                    events.push(Event::Unmodelled(what));
                    return events;
                }
            }
        }
    }

    /// Runs one core, whatever the others are at: for a debugger's step. `None`: nothing will ever wake it.
    pub(crate) fn run_alone(&mut self, number: usize) -> Option<Vec<Event>> {
        let due = self.due(&self.cores[number])?;
        while self.bus.devices.next() <= due {
            let act = self.bus.devices.next();
            self.bus.devices.act(&mut self.bus.memory, act, due);
        }
        let core = &mut self.cores[number];
        core.end_wait(&self.bus);
        let paused = core.run(&mut self.bus, u64::MAX, u64::MAX);
        let mut events: Vec<Event> =
            self.bus.devices.mailbox.messages.drain(..).map(Event::Message).collect();
        match paused {
            Paused::Reset(kind) => events.push(Event::Reset { core: number, kind }),
            Paused::Unmodelled(what) => events.push(Event::Unmodelled(what)),
            Paused::Limit | Paused::Cut | Paused::Waiting | Paused::Stopped => {}
        }
        Some(events)
    }

    /// Takes what devices met by themselves and is not modelled, told by the core that used a device last. Answers
    /// what stops the node.
    fn report(&mut self) -> Option<Box<Unmodelled>> {
        let Bus { devices, reports, .. } = &mut self.bus;
        let core = devices.core();
        let pc = self.cores[core].registers.pc;
        devices
            .unmodelled
            .drain(..)
            .find_map(|what| reports.meet(Unmodelled { core, pc, access: Access::Other(what) }).err())
    }

    /// Whether a core can ever do anything again.
    fn is_idle(&self) -> bool {
        self.bus.devices.next_work().is_none() && self.cores.iter().all(|core| self.due(core).is_none())
    }

    /// The time at which a core does something next; `None`: it waits for others.
    fn due(&self, core: &Core) -> Option<u64> {
        match core.activity {
            Activity::Running => Some(core.time()),
            Activity::Waiting => core.wait_ends(&self.bus),
            Activity::Parked => None,
        }
    }

    /// The core whose turn it is: the furthest behind, those before all others that wait for exactly that.
    fn next(&self, time: u64, held: &[bool; CORES]) -> Option<(u64, usize)> {
        self.cores
            .iter()
            .filter_map(|core| Some((self.due(core)?, !held[core.number], core.number)))
            .filter(|(due, _, _)| *due < time)
            .min()
            .map(|(due, _, number)| (due, number))
    }

    /// Up to when a core may run, and up to when it may do what others see.
    fn turn(&self, number: usize, time: u64, held: &[bool; CORES]) -> (u64, u64) {
        let others = || self.cores.iter().filter(move |core| core.number != number);
        let now = self.due(&self.cores[number]).unwrap_or(0);
        let quantum = self.configuration.quantum;
        let mut limit = time.min(self.bus.devices.next());
        if others().any(|core| self.due(core).is_some()) {
            limit = limit.min((now / quantum + 1) * quantum);
        }
        for core in others().filter(|core| held[core.number] && core.time() > now) {
            limit = limit.min(core.time());
        }
        let horizon = others().filter_map(|core| self.due(core)).min().unwrap_or(u64::MAX);
        (limit, horizon)
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Node")
            .field("cores", &self.cores)
            .field("bus", &self.bus)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod tests;
