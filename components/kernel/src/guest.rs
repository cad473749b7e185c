//! Threads that are guests: a monitor's thread becomes one by a system call, and is itself again when that ends.
//!
//! A thread is a guest while its MSR has the bit of translation space 1, so the way out of the kernel tells it by what
//! it loads anyway. Its own registers stay in its context; the guest's are in the state page. [`vcpu`](crate::vcpu)
//! decides what becomes of the guest; here it is a thread among threads: signals, floating-point
//! registers, the end of its domain's life.

use crate::arch::GUEST_MSR;
use crate::checked::{at, object};
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{Run as Doing, State};
use crate::tables;
use crate::tlb::Tlb;
use crate::vcpu::{Interrupt, Next, Run, Trap, VcpuMachine};
use abi::vcpu::VcpuCounter;
use abi::{Badge, Cause, Status, Tag};
use ppc440::msr;
use ppc440::tlb::{Page, SPACE_1};

/// Who goes on after a trap of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// A guest, whose state page is mapped.
    Guest {
        /// Its thread.
        thread: ThreadId,
        /// What PID holds while it runs.
        pid: u8,
        /// The same for both of the guest's states, supervisor and user, while its PID and its spaces stay; 0 where
        /// that takes more than another PID.
        pids: [u8; 2],
        /// What MSR holds.
        msr: u32,
    },
    /// A thread, perhaps as a guest after all that is due; or nobody.
    Thread(Option<ThreadId>),
}

/// The machine of a core, as a virtual CPU needs it.
#[derive(Debug)]
pub(crate) struct VcpuCore<'a, M> {
    machine: &'a mut M,
    tlb: &'a mut Tlb,
}

impl<M: Machine> VcpuMachine for VcpuCore<'_, M> {
    fn take_slot(&mut self) -> u8 {
        self.tlb.take()
    }

    fn load_alias(&mut self, slot: u8, pid: u8, page: &Page) {
        let page = Page { word0: page.word0 | SPACE_1, ..*page };
        self.machine.load_page(slot, pid, &page);
    }

    fn drop_slot(&mut self, slot: u8) {
        self.machine.drop_slot(slot);
    }
}

impl<N: Node> Kernel<N> {
    /// The thread becomes a guest, until its call through a slot ends.
    pub(crate) fn run_vcpu(&mut self, id: ThreadId, index: u16, slot: u32) -> Result<(), Cause> {
        self.own_vcpu(id, index)?;
        let State { core, guest, .. } = self.state();
        (core.run_thread, core.run_slot) = (Some(id), slot);
        if core::mem::take(&mut guest.exit.floats) != 0 {
            self.core().float_owner.take_if(|owner| *owner == id);
            self.thread(id).fixed.msr &= !msr::FP;
            let State { guest, .. } = self.node.state();
            self.machine.take_floats(id, &guest.floats);
        }
        self.thread(id).fixed.msr |= msr::IS;
        Ok(())
    }

    /// Where a guest's data at an effective address lie.
    pub(crate) fn translate_guest(&mut self, id: ThreadId, index: u16, address: u32) -> Result<(), Cause> {
        self.own_vcpu(id, index)?;
        let found = self.on_vcpu(index, |run| run.translate(address));
        let mut words = [0; abi::MESSAGE_WORDS];
        if let Some((physical, rights)) = found {
            [words[0], words[1], words[2], words[3]] = [1, (physical >> 32) as u32, physical as u32, rights];
        }
        self.thread(id).context.deliver(Status::Ok, Badge(0), Tag::default(), words);
        Ok(())
    }

    /// A virtual CPU is its thread's alone. Shows the kernel its state page.
    fn own_vcpu(&mut self, id: ThreadId, index: u16) -> Result<(), Cause> {
        if at(self.tables().vcpus, index).thread != id.number() {
            return Err(Cause::WrongObject);
        }
        self.show(index);
        Ok(())
    }

    fn show(&mut self, index: u16) -> &'static tables::Vcpu {
        let table = at(self.tables().vcpus, index);
        if core::mem::replace(&mut self.core().vcpu, index) != index {
            self.core().run_thread = None;
            self.machine.show_vcpu(index);
        }
        table
    }

    /// Works on the virtual CPU that is shown.
    #[inline(always)]
    fn on_vcpu<T>(
        &mut self,
        index: u16,
        action: impl FnOnce(&mut Run<'_, VcpuCore<'_, N::Machine>>) -> T,
    ) -> T {
        let table = at(self.tables().vcpus, index);
        let State { core, vcpus, pool, guest, .. } = self.node.state();
        let machine = &mut VcpuCore { machine: &mut self.machine, tlb: &mut core.tlb };
        action(&mut Run { vcpu: object(vcpus, index), state: guest, table, pool, machine })
    }

    /// The virtual CPU of a thread.
    pub(crate) fn vcpu_of(&self, id: ThreadId) -> Option<u16> {
        let place = self.tables().vcpus.iter().position(|vcpu| vcpu.thread == id.number());
        place.map(|place| place as u16)
    }

    /// Handles a trap of the guest that runs, with a PID of the hardware's that the assembly may have changed.
    pub fn guest_trapped(&mut self, trap: Trap, pid: u8) -> Leave {
        let Some(id) = self.core().current else { return Leave::Thread(None) };
        let index = self.core().vcpu;
        if trap.interrupt == Interrupt::DEBUG {
            self.machine.step(false);
        }
        let State { guest, .. } = self.state();
        let next = if trap.interrupt == Interrupt::FLOAT_UNAVAILABLE && guest.msr & msr::FP != 0 {
            guest.count(VcpuCounter::Float);
            self.load_float(id);
            Next::Enter
        } else {
            self.on_vcpu(index, |run| {
                if run.vcpu.hardware_pid != pid {
                    run.select_context();
                }
                run.trap(trap)
            })
        };
        let runs_again = self.core().run_thread;
        let leave = self.follow(id, index, next);
        if next == Next::Exit {
            // Since the guest was entered, nothing has happened that its next run would have to look at.
            self.core().run_thread = runs_again;
        }
        leave
    }

    /// Does what is due before the current thread goes on as a guest.
    pub fn resume_guest(&mut self) -> Leave {
        let Some(id) = self.core().current else { return Leave::Thread(None) };
        let Some(index) = self.vcpu_of(id) else { return self.end_run(id, 0) };
        self.show(index);
        let bits = core::mem::take(&mut self.thread(id).signals);
        if bits != 0 {
            return self.end_run(id, bits);
        }
        let next = self.on_vcpu(index, |run| run.prepare());
        self.follow(id, index, next)
    }

    /// What follows, by the virtual CPU's own judgement.
    fn follow(&mut self, id: ThreadId, index: u16, next: Next) -> Leave {
        if next == Next::Exit {
            if self.state().guest.exit.floats != 0 {
                self.give_floats(id);
            }
            return self.end_run(id, 0);
        }
        let (pid, steps, pids) = self.on_vcpu(index, |run| {
            let steps = run.is_stepping();
            // What a single step changes is the general path's to see.
            let pids = if steps { [0; 2] } else { run.hardware_pids() };
            (run.vcpu.hardware_pid, steps, pids)
        });
        if steps {
            self.machine.step(true);
        }
        let State { guest, .. } = self.state();
        let (wanted, exceptions) = (guest.msr & msr::FP, guest.msr & msr::FE);
        let floats = self.thread(id).fixed.msr & wanted;
        let step = if steps { msr::DE } else { 0 };
        Leave::Guest { thread: id, pid, pids, msr: GUEST_MSR | floats | exceptions | step }
    }

    /// The thread's call ends.
    fn end_run(&mut self, id: ThreadId, bits: u32) -> Leave {
        self.core().run_thread = None;
        let thread = self.thread(id);
        thread.fixed.msr &= !msr::IS;
        thread.context.answer_bits(Status::Ok, bits);
        Leave::Thread(Some(id))
    }

    /// Puts the guest's floating-point registers into the mapped page.
    fn give_floats(&mut self, id: ThreadId) {
        if self.core().float_owner == Some(id) {
            self.machine.switch_float(Some(id), id);
        }
        let State { guest, .. } = self.node.state();
        self.machine.give_floats(id, &mut guest.floats);
    }

    /// Somebody calls a monitor's thread, which serves between two runs: this one ends, or the next at once.
    pub(crate) fn end_run_for_caller(&mut self, server: ThreadId) {
        if let Some(index) = self.vcpu_of(server) {
            self.signal(server, at(self.tables().vcpus, index).calls);
        }
    }

    /// A monitor's thread has nobody to serve: it never waits for a call, because its guest is to run. Its debts stand
    /// in `handles`, so that no reply in assembly makes it wait either.
    pub(crate) fn leave_receiving(&mut self, server: ThreadId) {
        if self.vcpu_of(server).is_some() {
            let thread = self.thread(server);
            thread.run = Doing::Running;
            thread.context.answer_bits(Status::Notified, 0);
        }
    }

    /// The thread ends: nothing of its guest is kept.
    pub(crate) fn forget_guest(&mut self, id: ThreadId) {
        self.thread(id).fixed.msr &= !msr::IS;
        if let Some(index) = self.vcpu_of(id) {
            self.show(index);
            self.core().run_thread = None;
            self.on_vcpu(index, |run| run.forget());
        }
    }
}
