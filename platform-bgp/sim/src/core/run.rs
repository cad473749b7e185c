//! The loop that executes instructions.

use super::bits::{debug, msr};
use super::fast::Flow;
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use crate::debugger::Stop;
use crate::memory::{CodePage, Decoded};
use crate::report::Unmodelled;
use serde::{Deserialize, Serialize};

/// What a core does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    /// It executes instructions.
    Running,
    /// MSR\[WE\] is set: it waits for an interrupt.
    Waiting,
    /// Nobody has started it.
    Parked,
}

/// Why a core stopped running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paused {
    /// The time is reached.
    Limit,
    /// The next instruction concerns other cores, which must catch up first.
    Cut,
    /// It waits for an interrupt.
    Waiting,
    /// A debugger wants it to stop here.
    Stopped,
    /// It asks for a reset (1 core, 2 chip, 3 system), by DBCR0 or by its watchdog.
    Reset(u32),
    /// The next instruction does what is not modelled.
    Unmodelled(Box<Unmodelled>),
}

/// Why the inner loop ended.
enum Left {
    /// Another page, or as many instructions as allowed.
    Page,
    Leave(Decoded),
    Illegal,
    Undecoded,
    Failed(Fault),
}

impl Core {
    /// When a waiting core is woken, if ever: at once by an interrupt that is pending, else by a timer.
    pub(crate) fn wait_ends(&self, bus: &Bus) -> Option<u64> {
        let now = self.clock.time();
        let (state, lines) = (self.registers.msr, bus.lines(self.number));
        let enabled = |bit: u32| state & bit != 0;
        if lines.external && enabled(msr::EE)
            || lines.critical && enabled(msr::CE)
            || lines.machine_check && enabled(msr::ME)
        {
            return Some(now.max(bus.devices.time()));
        }
        // Looking changes nothing that software could tell.
        let (decrementer, interval, watchdog) = self.timers.clone().pending(now);
        if (decrementer || interval) && enabled(msr::EE) || watchdog && enabled(msr::CE) {
            return Some(now);
        }
        self.timers.next(now)
    }

    /// Lets the time pass that a waiting core waits.
    pub(crate) fn end_wait(&mut self, bus: &Bus) {
        if self.activity == Activity::Waiting
            && let Some(end) = self.wait_ends(bus)
        {
            self.clock.wait_until(end);
        }
    }

    /// Runs until a time. Instructions that others see are executed only up to `horizon`, the least time of the
    /// other cores: at a later one the core pauses before it.
    pub fn run(&mut self, bus: &mut Bus, limit: u64, horizon: u64) -> Paused {
        self.lookaside.follow(bus.memory.epoch());
        for frame in bus.memory.reserved_by_others(self.number) {
            self.lookaside.forget_writes(frame);
        }
        loop {
            self.lines = bus.lines(self.number);
            if let Some(exception) = self.interrupt() {
                self.activity = Activity::Running;
                self.enter(bus, exception);
            }
            if self.timers.asks_for_reset() {
                return Paused::Reset(self.timers.control() >> 28 & 3);
            }
            if self.activity != Activity::Running {
                return Paused::Waiting;
            }
            // The instruction before may have had a device send something, or plan something.
            let limit = limit.min(bus.devices.next());
            let now = self.clock.time();
            if now >= limit {
                return Paused::Limit;
            }
            let until = self.timers.next(now).map_or(limit, |timer| timer.min(limit));
            let mut budget = self.clock.instructions_until(until).max(1);
            let stop = bus
                .debugger
                .as_ref()
                .map(|stops| stops.at(self.number, self.registers.pc, self.clock.instructions()));
            if stop == Some(Stop::Here) {
                return Paused::Stopped;
            }
            if stop == Some(Stop::Near) || bus.observes() || self.watches_instructions() {
                budget = 1;
            } else if stop.is_none() {
                let until_due = self.spin.until_due(self.clock.instructions());
                if until_due == 0 {
                    if let Some(paused) = self.spin(bus, budget, horizon) {
                        return paused;
                    }
                    continue;
                }
                budget = budget.min(until_due);
            }
            if let Some(paused) = self.stretch(bus, budget, horizon) {
                return paused;
            }
        }
    }

    /// Executes up to so many instructions, and at most until something has to be looked at again.
    pub(super) fn stretch(&mut self, bus: &mut Bus, budget: u64, horizon: u64) -> Option<Paused> {
        if let Some(exception) = self.before_instruction() {
            self.enter(bus, exception);
            return None;
        }
        let page = match self.code_page(bus) {
            Ok(page) => page,
            Err(fault) => return self.not_fetched(bus, fault),
        };
        if bus.observes()
            && let Some(decoded) = page.get(self.registers.pc)
        {
            bus.observe_instruction(self, decoded);
        }
        if self.watches_instructions()
            && let Some(decoded) = page.get(self.registers.pc)
            && let Some(op) = decoded.op()
            && let Some(exception) = self.before_branch(op, decoded.word())
        {
            self.enter(bus, exception);
            return None;
        }
        let (left, done) = self.page(bus, &page, budget);
        self.clock.complete(done);
        if done != 0
            && self.watches_instructions()
            && let Some(exception) = self.after_instruction()
        {
            self.enter(bus, exception);
            return None;
        }
        match left {
            Left::Page => None,
            Left::Undecoded => match self.decode_next(bus, &page) {
                Ok(_) => None,
                Err(fault) => self.not_fetched(bus, fault),
            },
            Left::Illegal => self.failed(bus, Self::illegal().into(), horizon, None),
            Left::Leave(decoded) => self.leave(bus, decoded, horizon),
            Left::Failed(fault) => {
                let decoded = page.get(self.registers.pc);
                self.failed(bus, fault, horizon, decoded)
            }
        }
    }

    /// The inner loop: instructions of one page. Answers how many were completed.
    #[inline(always)]
    fn page(&mut self, bus: &mut Bus, page: &CodePage, budget: u64) -> (Left, u64) {
        let mut pc = self.registers.pc;
        let mut left = budget;
        let why = loop {
            let Some(decoded) = page.get(pc) else { break Left::Undecoded };
            let Some(op) = decoded.op() else { break Left::Illegal };
            let flow = self.execute(bus, op, decoded.word(), pc);
            // Asked first and alone: a jump over a table would be mispredicted more often.
            if matches!(flow, Flow::Next) {
                pc = pc.wrapping_add(4);
                left -= 1;
                if pc & 0xFFF == 0 || left == 0 {
                    break Left::Page;
                }
                continue;
            }
            match flow {
                Flow::Next => unreachable!("asked before"),
                Flow::Jump(target) => {
                    let same = (target ^ pc) & 0xFFFF_F000 == 0;
                    pc = target;
                    left -= 1;
                    if !same || left == 0 {
                        break Left::Page;
                    }
                }
                Flow::Leave => break Left::Leave(decoded),
                Flow::Failed(fault) => break Left::Failed(fault),
            }
        };
        self.registers.pc = pc;
        self.settle_float();
        (why, budget - left)
    }

    /// Executes the instruction for which the loop was left.
    fn leave(&mut self, bus: &mut Bus, decoded: Decoded, horizon: u64) -> Option<Paused> {
        let now = self.clock.time();
        self.in_order = now <= horizon;
        bus.at(now, self.number);
        let pc = self.registers.pc;
        let flow = match decoded.op() {
            Some(op) => self.system(bus, op, decoded.word()),
            None => Flow::Failed(Self::illegal().into()),
        };
        self.in_order = false;
        match flow {
            Flow::Next => self.registers.pc = pc.wrapping_add(4),
            Flow::Jump(target) => self.registers.pc = target,
            Flow::Leave => unreachable!("`system` knows every instruction that `execute` leaves"),
            Flow::Failed(fault) => return self.failed(bus, fault, horizon, None),
        }
        self.clock.complete(1);
        let reset = self.registers.special.dbcr[0] & debug::RST;
        if reset != 0 {
            return Some(Paused::Reset(reset >> 28));
        }
        if self.registers.msr & msr::WE != 0 {
            self.activity = Activity::Waiting;
        }
        None
    }

    /// Deals with an instruction that could not be fetched. Without one there is no going on.
    fn not_fetched(&mut self, bus: &mut Bus, fault: Fault) -> Option<Paused> {
        match fault {
            Fault::Unmodelled(what) => Some(Paused::Unmodelled(what)),
            other => self.failed(bus, other, u64::MAX, None),
        }
    }

    /// Deals with an instruction that did not complete. `again`: it may be repeated once the others have caught up.
    fn failed(
        &mut self,
        bus: &mut Bus,
        fault: Fault,
        horizon: u64,
        again: Option<Decoded>,
    ) -> Option<Paused> {
        match fault {
            Fault::Exception(exception) => {
                if exception == Exception::SystemCall {
                    self.registers.pc = self.registers.pc.wrapping_add(4);
                }
                self.clock.complete(1);
                self.enter(bus, exception);
                None
            }
            Fault::Unmodelled(what) => match bus.reports.meet(*what) {
                Err(what) => Some(Paused::Unmodelled(what)),
                Ok(()) => {
                    self.registers.pc = self.registers.pc.wrapping_add(4);
                    self.clock.complete(1);
                    None
                }
            },
            Fault::Cut => {
                let now = self.clock.time();
                let repeatable =
                    again.filter(|_| now <= horizon).and_then(|decoded| Some((decoded.op()?, decoded)));
                let Some((op, decoded)) = repeatable else { return Some(Paused::Cut) };
                self.repeat(bus, op, decoded, horizon)
            }
        }
    }

    /// Repeats an access to a device, now that it is this core's turn.
    fn repeat(&mut self, bus: &mut Bus, op: bgp_isa::Op, decoded: Decoded, horizon: u64) -> Option<Paused> {
        bus.at(self.clock.time(), self.number);
        self.spin.asked = true;
        self.in_order = true;
        let flow = self.execute(bus, op, decoded.word(), self.registers.pc);
        self.in_order = false;
        match flow {
            Flow::Next => {
                self.registers.pc = self.registers.pc.wrapping_add(4);
                self.clock.complete(1);
                None
            }
            Flow::Failed(fault) => self.failed(bus, fault, horizon, None),
            Flow::Jump(_) | Flow::Leave => unreachable!("only accesses to devices are repeated"),
        }
    }

    /// Takes an exception and tells whoever observes.
    fn enter(&mut self, bus: &mut Bus, exception: Exception) {
        bus.observe_exception(self, exception);
        self.take(exception);
        if let Some(event) = self.debug_event(debug::IRPT).filter(|_| exception.vector() != 15) {
            self.take(event);
        }
    }
}
