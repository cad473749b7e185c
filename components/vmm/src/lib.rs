//! The virtual machine monitor: it loads a guest, runs it, and is every device that the guest sees.
//!
//! One instance has one machine of one virtual CPU. The kernel runs it; the crate [`processor`] does in this domain what
//! a guest asks of its processor rarely. What touches a device is left to the monitor, which completes it:
//!
//! ```text
//!            ┌───────────────── exit ─────────────────┐
//!   guest ───┤ mfdcr, mtdcr   → devices, uic          ├──▶ lines of the UIC, and the next run
//!            │ load, store    → access, devices, uart │
//!            │ reset          → boot, by policy       │
//!            └────────────────────────────────────────┘
//!   console, timer, network ── signal ──▶ uart, virtio
//!   others ── call ──▶ lifecycle: stop, resume, reset
//! ```
//!
//! Nothing here is trusted by anybody: whatever the guest does, it can harm this domain at most, and this domain holds
//! no more than the guest's memory, its disks, a console, a timer and maybe a network.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

pub mod access;
pub mod boot;
pub mod costs;
pub mod debugger;
pub mod device_tree;
pub mod devices;
pub mod exits;
pub mod interrupt;
pub mod lifecycle;
pub mod monitor;
pub mod panic;
pub mod policy;
pub mod report;
pub mod uart;
pub mod uic;

use interfaces::machine;
use runtime::{Active, Client, Clients, WireError};

use debugger::Debugged;
use monitor::{End, Monitor};
use policy::{Next, Policy};
use processor::Processor;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The machine as the monitor has it.
type Machine<P> = Debugged<Processor<<P as Ports>::Vm, <P as Ports>::Clock>, <P as Ports>::Debugger>;

/// The monitor, wired.
type Wired<P> = Monitor<
    Machine<P>,
    <P as Ports>::Console,
    <P as Ports>::Flush,
    <P as Ports>::Network,
    <P as Ports>::Costs,
>;

/// The monitor of one machine.
pub struct Vmm<P: Ports> {
    monitor: Wired<P>,
    clients: P::MachineClients,
    config: Config,
}

impl<P: Ports> Component<P> for Vmm<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        let vm = Debugged::new(Processor::new(wires.vm, wires.clock), wires.debugger);
        let monitor = Monitor::new(vm, wires.console, wires.flush, wires.network);
        Self { monitor, clients: wires.machine_clients, config }
    }
}

impl<P: Ports> Vmm<P> {
    /// The guest has ended by itself: what the spec wants then. Whether that leaves anything to do.
    fn follow(&mut self, end: End, policy: &mut Policy) -> Result<bool, WireError> {
        if self.config.stats {
            self.monitor.report_statistics()?;
        }
        self.monitor.report_costs()?;
        if let End::Died(why) = end {
            self.monitor.report_death(why)?;
        }
        let (next, restarts) = policy.follow(end);
        self.monitor.report_end(end, next, restarts)?;
        if next == Next::Fail {
            runtime::fail(None, "the guest has stopped");
        }
        self.monitor.life.ended(end, next == Next::Restart);
        for client in (0..self.clients.count()).map(Client) {
            self.clients.signal(client, machine::ENDED);
        }
        // Without anybody who could start it again, the monitor ends with its guest.
        Ok(next == Next::Restart || self.clients.count() > 0)
    }
}

impl<P: Ports> Active for Vmm<P> {
    fn run(&mut self) -> Result<(), WireError> {
        if let Err(error) = self.monitor.join_network() {
            self.monitor.say("the network gives the guest no address")?;
            return Err(error);
        }
        let mut policy = self.monitor.policy();
        if self.monitor.vm().waits() {
            self.monitor.say("waits for a debugger")?;
        }
        loop {
            if self.monitor.life.is_due()
                && let Err(error) = self.monitor.boot()
            {
                self.monitor.say(error)?;
                return Err(WireError::Malformed);
            }
            if !self.monitor.life.goes_on() {
                self.monitor.rest()?;
                continue;
            }
            let end = self.monitor.run()?;
            if end != End::Ordered && !self.follow(end, &mut policy)? {
                return Ok(());
            }
        }
    }
}
