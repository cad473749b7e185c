//! The kernel against a model of it: both are driven with the same traps, and must agree on everything that a
//! domain, a device or a report can show.
//!
//! This is also where the decoding of system calls is fuzzed: numbers, slots, tags and words are random.

mod reference;
mod systems;

use super::node::Node;
use crate::list::ThreadId;
use crate::objects::Run;
use crate::tables::Tables;
use crate::tests::node::Trap;
use crate::timers::TIMER_REST;
use abi::{Call, Cause, Kind, Rights};
use proptest::prelude::*;
use reference::{Model, State};

/// Slots of the TLB that are replaced: few, so that they soon are.
const SLOTS: u8 = 3;

/// What time may pass in a step: of a budget, it is a good part.
const LONG: u64 = if systems::BUDGETS { 900 } else { 100 };

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// The running thread makes a call that it may make.
    Fitting { choice: usize, registers: [u32; 13] },
    /// It makes any call, by any slot.
    Any { number: u32, slot: u32, registers: [u32; 13] },
    /// It touches an address that the TLB does not hold.
    Miss { address: u32, fetch: bool },
    /// It does something forbidden.
    Fault,
    /// The device raises its line, or the line is looked at without.
    Interrupt { raised: bool },
    /// Time passes, and the decrementer says so.
    Time { passes: u64 },
    /// Time passes, and the kernel hears of it when it is next entered.
    Pass { passes: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let registers = any::<[u32; 13]>();
    prop_oneof![
        120 => (any::<usize>(), registers)
            .prop_map(|(choice, registers)| Step::Fitting { choice, registers }),
        3 => (0_u32..25, 0_u32..24, registers)
            .prop_map(|(number, slot, registers)| Step::Any { number, slot, registers }),
        8 => (0x0F_F000_u32..0x11_1000, any::<bool>())
            .prop_map(|(address, fetch)| Step::Miss { address, fetch }),
        3 => Just(Step::Fault),
        8 => any::<bool>().prop_map(|raised| Step::Interrupt { raised }),
        8 => (0..LONG).prop_map(|passes| Step::Time { passes }),
        4 => (0..LONG).prop_map(|passes| Step::Pass { passes }),
    ]
}

/// How often a call is chosen among those that a thread may make. Ends are rare, so that something happens before.
const fn weight(call: Call) -> usize {
    match call {
        Call::Call => 12,
        Call::ReplyRecv => 16,
        Call::Recv | Call::Wait => 4,
        Call::Signal => 2,
        Call::TimerArm => 3,
        Call::HaltNode | Call::Stop | Call::Exit | Call::Fail => 0,
        Call::WriteRegister => 3,
        _ => 1,
    }
}

/// Both, side by side.
struct Pair {
    node: Node,
    model: Model,
}

impl Pair {
    fn started(tables: &'static Tables) -> Self {
        let mut pair = Self { node: Node::of(tables, SLOTS), model: Model::started(tables) };
        // The last of the range is not there.
        let dcr = u32::from(systems::FIRST_DCR);
        pair.node.machine.dcrs.extend([(dcr, 7), (dcr + 1, 8)]);
        pair.model.dcrs.clone_from(&pair.node.machine.dcrs);
        // Whatever a thread holds, nobody else is to see.
        for index in 0..tables.threads.len() {
            let context = &mut pair.node.threads[index + 1].context;
            let mark = 0x1100_0000 * (index as u32 + 1);
            for (number, register) in (2..).zip(&mut context.gpr[2..]) {
                *register = mark | number;
            }
            (context.cr, context.lr, context.ctr, context.xer) = (mark | 32, mark | 33, mark | 34, mark | 35);
            pair.model.threads[index].context = *context;
        }
        pair
    }

    fn apply(&mut self, step: &Step) {
        // The idle loop makes no call, and neither misses nor faults.
        let idles = self.model.current.is_none();
        if idles && matches!(step, Step::Any { .. } | Step::Miss { .. } | Step::Fault) {
            return;
        }
        let trap = match *step {
            Step::Fitting { choice, registers } => {
                let Some(calls) = self.fitting().filter(|calls| !calls.is_empty()) else { return };
                let (number, slot) = calls[choice % calls.len()];
                self.load(number, slot, registers);
                Trap::Call
            }
            Step::Any { number, slot, registers } => {
                self.load(number, slot, registers);
                Trap::Call
            }
            Step::Miss { address, fetch } => {
                Trap::Miss { address, cause: if fetch { Cause::FetchUnmapped } else { Cause::LoadUnmapped } }
            }
            Step::Fault => Trap::Fault { cause: Cause::Illegal, address: None },
            Step::Interrupt { raised } => {
                self.node.machine.pending = if raised { vec![systems::LINE] } else { vec![] };
                self.model.raised_lines.clone_from(&self.node.machine.pending);
                Trap::Interrupt
            }
            Step::Time { passes } | Step::Pass { passes } => {
                self.node.machine.now += passes;
                self.model.now += passes;
                if let Step::Pass { .. } = step {
                    return;
                }
                Trap::Timer
            }
        };
        self.node.trap(trap);
        self.model.handle(trap, SLOTS);
    }

    /// The calls that the running thread may make, each as often as its weight.
    fn fitting(&self) -> Option<Vec<(u32, u32)>> {
        let thread = self.model.current?;
        let domain = self.node.tables.threads[thread].domain as usize;
        let caps = self.node.tables.domains[domain].caps;
        let slots = |call, kind, right: Rights| {
            (0_u32..)
                .zip(caps)
                .filter(move |(_, cap)| cap.want(kind, right).is_ok())
                .map(move |(slot, _)| (call, slot))
        };
        let own = |calls: [Call; 2], slot: u32| calls.map(|call| (call, slot));
        let all = slots(Call::Call, Kind::Endpoint, Rights::CALL)
            .chain(own([Call::Recv, Call::ReplyRecv], 1 + 2 * thread as u32))
            .chain(own([Call::Wait, Call::Poll], 2 + 2 * thread as u32))
            .chain(slots(Call::Signal, Kind::Notification, Rights::SIGNAL))
            .chain(slots(Call::TimerArm, Kind::Timer, Rights::USE))
            .chain(slots(Call::TimerCancel, Kind::Timer, Rights::USE))
            .chain(slots(Call::IrqAck, Kind::Irq, Rights::USE))
            .chain(slots(Call::Restart, Kind::Domain, Rights::CONTROL))
            .chain(slots(Call::Inspect, Kind::Domain, Rights::OBSERVE))
            .chain(slots(Call::Counters, Kind::Domain, Rights::OBSERVE))
            .chain(slots(Call::ReadRegisters, Kind::Thread, Rights::OBSERVE))
            .chain(slots(Call::WriteRegister, Kind::Thread, Rights::CONTROL))
            .chain(slots(Call::Locate, Kind::Region, Rights::OBSERVE))
            .chain(slots(Call::DcrRead, Kind::Dcr, Rights::OBSERVE))
            .chain(slots(Call::DcrWrite, Kind::Dcr, Rights::USE))
            .chain([(Call::Null, 0), (Call::Yield, 0)]);
        Some(all.flat_map(|(call, slot)| vec![(call as u32, slot); weight(call)]).collect())
    }

    /// Gives both the registers of a call.
    fn load(&mut self, number: u32, slot: u32, mut registers: [u32; 13]) {
        let Some(thread) = self.model.current else { return };
        let context = &mut self.model.threads[thread].context;
        if number == Call::TimerArm as u32 {
            // A deadline that comes, now or soon.
            registers[3] = 0;
            registers[4] = (self.model.now as u32).wrapping_add(registers[4] % 200).saturating_sub(50);
            registers[5] = 0;
            registers[6] = (registers[6] % 300).saturating_sub(200);
        }
        if number == Call::ReplyRecv as u32 {
            // An answer to a fault, now and then one that makes it go on.
            registers[3] %= 3;
            registers[4] &= if registers[4] & 0x40 == 0 { !0 } else { !3 };
            registers[12] &= if registers[12] & 0x10 == 0 { !0 } else { 0xF };
        }
        if [Call::ReadRegisters, Call::DcrRead, Call::DcrWrite].contains(&Call::ALL[number as usize % 23]) {
            registers[3] %= if number == Call::ReadRegisters as u32 { 50 } else { 3 };
        }
        if number == Call::WriteRegister as u32 {
            registers[3] %= 37;
            registers[4] &= !3;
        }
        context.gpr[0] = number;
        context.gpr[3..13].copy_from_slice(&registers[3..]);
        context.gpr[11] = slot;
        self.node.threads[thread + 1].context = *context;
    }

    /// Everything that shows.
    fn agree(&mut self) -> Result<(), TestCaseError> {
        let Self { node, model } = self;
        prop_assert_eq!(node.core.current.map(ThreadId::index), model.current, "who runs");
        prop_assert_eq!(node.core.halted, model.halted.is_some(), "whether the node has ended");
        let priorities = model.priorities();
        for (index, (real, wanted)) in node.threads[1..].iter().zip(&model.threads).enumerate() {
            prop_assert_eq!(real.context, wanted.context, "registers of {}", index);
            prop_assert_eq!(real.counters, wanted.counters, "counters of {}", index);
            let (run, peer) = match wanted.state {
                #[cfg(feature = "budget")]
                State::Able if wanted.parked => (Run::Spent, None),
                State::Able if model.current == Some(index) => (Run::Running, None),
                State::Able => (Run::Ready, None),
                State::Receiving => (Run::Receiving, None),
                State::Waiting => (Run::Waiting, None),
                State::Calling { server, taken: true, .. } => (Run::AwaitingReply, Some(server)),
                State::Calling { server, taken: false, .. } => (Run::Queued, Some(server)),
                State::Ended => (Run::Stopped, None),
                State::Broken if model.halted.is_some() => continue,
                State::Broken => return Err(TestCaseError::fail("a fault that nobody follows")),
            };
            prop_assert_eq!(real.run, run, "what {} does", index);
            prop_assert_eq!(real.peer.map(ThreadId::index), peer, "whom {} waits for", index);
            if run != Run::Stopped {
                prop_assert_eq!(real.signals, wanted.signals, "bits of {}", index);
                let debt = model.owed(index);
                let found = real.owes.or(real.handles).map(ThreadId::index);
                prop_assert_eq!(found, debt, "debt of {}", index);
                // The assembly must not let a caller run that has nothing left; one that had may stand there still.
                let aside =
                    |caller: &usize| model.threads[*caller].fault.is_some() || model.is_spent(*caller);
                if debt.is_some_and(|caller| aside(&caller)) {
                    prop_assert_eq!(real.owes, None, "a debt of {} that the assembly would pay", index);
                } else if !systems::BUDGETS {
                    prop_assert_eq!(real.handles, None, "what {} handles", index);
                }
                prop_assert_eq!(real.faulted, wanted.fault.is_some(), "whether {} waits for help", index);
                prop_assert_eq!(real.priority, priorities[index], "priority of {}", index);
            }
        }
        let running: Vec<bool> =
            node.domains.iter().zip(node.tables.domains).map(|(domain, _)| domain.running).collect();
        prop_assert_eq!(running, model.running.clone(), "domains that run");
        for (number, (domain, _)) in node.domains.iter().zip(node.tables.domains).enumerate() {
            prop_assert_eq!(domain.generation, model.generations[number], "generation of {}", number);
            prop_assert_eq!(domain.faults, model.faults[number], "faults of {}", number);
            let caps = node.tables.domains[number].caps.len();
            let broken = |slot: &u32| node.broken[domain.first_slot as usize + *slot as usize];
            let broken: Vec<_> = (0..caps as u32).filter(broken).map(|slot| (number as u16, slot)).collect();
            let wanted = model.broken.iter().filter(|(owner, _)| *owner as usize == number);
            prop_assert_eq!(&broken, &wanted.copied().collect::<Vec<_>>(), "broken slots of {}", number);
            for (thread, table) in node.threads[1..].iter().zip(node.tables.threads) {
                if table.domain as usize == number {
                    let visible = if broken.is_empty() { caps as u32 } else { 0 };
                    prop_assert_eq!(thread.fixed.cap_count, visible, "slots that the assembly sees");
                }
            }
        }
        let periods: Vec<_> = node.timers.iter().map(|timer| timer.period).collect();
        prop_assert_eq!(&periods, &model.periods, "periods");
        let deadlines: Vec<_> = node.timers.iter().map(|timer| timer.deadline).collect();
        prop_assert_eq!(&deadlines, &model.deadlines, "deadlines");
        if let Some(first) = model.deadlines.iter().flatten().min() {
            prop_assert!(
                node.machine.deadline.is_some_and(|asked| asked <= (*first).max(model.now + TIMER_REST)),
                "a deadline nobody is woken for"
            );
        }
        prop_assert_eq!(&node.machine.unmasked, &model.open_lines, "lines that may interrupt");
        let tlb = (0_u8..).zip(&node.machine.tlb);
        let tlb = tlb.filter_map(|(slot, entry)| entry.map(|(pid, page)| (slot, (pid, page.virt()))));
        prop_assert_eq!(tlb.collect::<std::collections::BTreeMap<_, _>>(), model.tlb.clone(), "TLB");
        let reports = std::mem::take(&mut node.machine.console);
        let reports: Vec<&str> = reports.lines().filter(|line| line.contains(" cause=")).collect();
        let wanted = std::mem::take(&mut model.reports);
        prop_assert_eq!(reports.len(), wanted.len(), "reports");
        for (line, (cause, domain)) in reports.iter().zip(wanted) {
            let start = format!("[fugue] cause={} domain={domain} ", cause.name());
            prop_assert!(line.starts_with(&start), "`{}` and not `{}`", line, start);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn kernel_and_model_agree(
        system in 0..systems::systems().len(),
        steps in proptest::collection::vec(step(), 0..150),
    ) {
        let mut pair = Pair::started(&systems::systems()[system]);
        pair.agree()?;
        for step in steps {
            pair.apply(&step);
            pair.agree()?;
            if pair.node.core.halted {
                break; // on the node, `halt` does not return
            }
        }
    }
}
