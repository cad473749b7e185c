//! A node for tests: any tables, over a machine that records.

use crate::kernel::{Core, Kernel};
use crate::list::ThreadId;
use crate::machine::Node as Inner;
use crate::objects::{Aside, Domain, Run, State, Thread, Timer};
use crate::tables::Tables;
use crate::testing::Recorder;
use crate::tlb::{Tlb, find};
use abi::{Call, Cause, Counter, Status, Tag};

/// Why the kernel is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trap {
    Call,
    Timer,
    Interrupt,
    Miss { address: u32, cause: Cause },
    Fault { cause: Cause, address: Option<u32> },
}

/// Storage that fits its tables, one core and its machine.
pub(super) struct Node {
    pub(super) tables: &'static Tables,
    pub(super) threads: Vec<Thread>,
    pub(super) domains: Vec<Domain>,
    pub(super) timers: Vec<Timer>,
    pub(super) asides: Vec<Aside>,
    pub(super) broken: Vec<bool>,
    #[cfg(feature = "vm")]
    pub(super) vcpus: Vec<crate::vcpu::Vcpu>,
    #[cfg(feature = "vm")]
    pub(super) pool: crate::vcpu::spaces::Pool,
    #[cfg(feature = "vm")]
    pub(super) guest: Box<abi::vcpu::VcpuState>,
    pub(super) core: Core,
    pub(super) machine: Recorder,
}

impl Kernel<Parts<'_>> {
    /// What the assembly does for a miss.
    fn missed(&mut self, address: u32, cause: Cause) -> Option<ThreadId> {
        let current = self.core().current?;
        let domain = self.domain_of(current);
        let Some(page) = find(domain.map.padded, address) else {
            return self.exception(cause, Some(address));
        };
        let fetch = cause == Cause::FetchUnmapped;
        self.thread(current).count(if fetch { Counter::FetchMisses } else { Counter::DataMisses });
        self.node.state().core.tlb.load(&mut self.machine, domain.pid, page);
        Some(current)
    }
}

/// What the kernel works on, but for the machine.
pub(super) struct Parts<'a> {
    tables: &'static Tables,
    state: State<'a>,
}

impl<'a> Inner for Parts<'a> {
    type Machine = &'a mut Recorder;

    fn tables(&self) -> &'static Tables {
        self.tables
    }

    fn state(&mut self) -> State<'_> {
        State {
            threads: self.state.threads,
            domains: self.state.domains,
            timers: self.state.timers,
            asides: self.state.asides,
            broken: self.state.broken,
            #[cfg(feature = "vm")]
            vcpus: self.state.vcpus,
            #[cfg(feature = "vm")]
            pool: self.state.pool,
            #[cfg(feature = "vm")]
            guest: self.state.guest,
            core: self.state.core,
        }
    }
}

/// As many objects as the next power of two.
fn objects<T: Clone>(object: T, count: usize) -> Vec<T> {
    vec![object; count.next_power_of_two()]
}

impl Node {
    /// A node that has started, and may replace so many slots of its TLB.
    pub(super) fn of(tables: &'static Tables, slots: u8) -> Self {
        let mut node = Self {
            tables,
            threads: objects(Thread::INITIAL, tables.threads.len() + 1),
            domains: objects(Domain::INITIAL, tables.domains.len()),
            timers: objects(Timer::INITIAL, tables.timers.len()),
            asides: objects(Aside::INITIAL, tables.threads.len() + 1),
            broken: objects(false, tables.slots()),
            #[cfg(feature = "vm")]
            vcpus: objects(crate::vcpu::Vcpu::new(0), tables.vcpus.len()),
            #[cfg(feature = "vm")]
            pool: crate::vcpu::spaces::Pool::EMPTY,
            #[cfg(feature = "vm")]
            guest: Box::new(abi::vcpu::VcpuState::ZERO),
            core: Core { tlb: Tlb::new(slots), ..Core::INITIAL },
            machine: Recorder::default(),
        };
        node.with(|kernel| {
            kernel.start();
            kernel.choose();
        });
        node
    }

    pub(super) fn with<R>(&mut self, action: impl FnOnce(&mut Kernel<Parts<'_>>) -> R) -> R {
        action(&mut Kernel {
            node: Parts {
                tables: self.tables,
                state: State {
                    threads: &mut self.threads,
                    domains: &mut self.domains,
                    timers: &mut self.timers,
                    asides: &mut self.asides,
                    broken: &mut self.broken,
                    #[cfg(feature = "vm")]
                    vcpus: &mut self.vcpus,
                    #[cfg(feature = "vm")]
                    pool: &mut self.pool,
                    #[cfg(feature = "vm")]
                    guest: &mut self.guest,
                    core: &mut self.core,
                },
            },
            machine: &mut self.machine,
        })
    }

    /// The running thread makes a system call; says who runs next.
    pub(super) fn call(&mut self, call: Call, slot: u32, tag: Tag, words: &[u32]) -> Option<ThreadId> {
        self.raw(call as u32, slot, tag, words)
    }

    pub(super) fn raw(&mut self, number: u32, slot: u32, tag: Tag, words: &[u32]) -> Option<ThreadId> {
        self.with(|kernel| {
            let current = kernel.core().current.expect("a thread runs");
            let gpr = &mut kernel.thread(current).context.gpr;
            gpr[0] = number;
            gpr[11] = slot;
            gpr[12] = tag.bits();
            gpr[3..3 + words.len()].copy_from_slice(words);
            kernel.called()
        })
    }

    pub(super) fn trap(&mut self, trap: Trap) -> Option<ThreadId> {
        self.with(|kernel| {
            // Entry code does this.
            let mut count = |counter| {
                if let Some(current) = kernel.core().current {
                    kernel.thread(current).count(counter);
                }
            };
            match trap {
                Trap::Call => kernel.called(),
                Trap::Timer => {
                    count(Counter::Timers);
                    kernel.timer()
                }
                Trap::Interrupt => {
                    count(Counter::Interrupts);
                    kernel.interrupt()
                }
                Trap::Miss { address, cause } => kernel.missed(address, cause),
                Trap::Fault { cause, address } => kernel.exception(cause, address),
            }
        })
    }

    pub(super) fn gpr(&mut self, id: ThreadId) -> [u32; 32] {
        self.threads[id.place()].context.gpr
    }

    pub(super) fn status(&mut self, id: ThreadId) -> Status {
        Status::from_number(self.gpr(id)[0]).expect("a status")
    }

    pub(super) fn run(&mut self, id: ThreadId) -> Run {
        self.threads[id.place()].run
    }
}
