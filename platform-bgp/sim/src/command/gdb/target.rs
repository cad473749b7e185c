//! What gdb can ask of a node.

use super::registers::{File, Ppc450};
use super::{Hears, core_of};
use bgp_sim::Node;
use bgp_sim::core::Activity;
use gdbstub::common::{Signal, Tid};
use gdbstub::outputln;
use gdbstub::target::ext::base::BaseOps;
use gdbstub::target::ext::base::multithread::{
    MultiThreadBase, MultiThreadResume, MultiThreadResumeOps, MultiThreadSchedulerLocking,
    MultiThreadSchedulerLockingOps, MultiThreadSingleStep, MultiThreadSingleStepOps,
};
use gdbstub::target::ext::breakpoints::{
    Breakpoints, BreakpointsOps, HwBreakpoint, HwBreakpointOps, SwBreakpoint, SwBreakpointOps,
};
use gdbstub::target::ext::monitor_cmd::{ConsoleOutput, MonitorCmd, MonitorCmdOps};
use gdbstub::target::ext::thread_extra_info::{ThreadExtraInfo, ThreadExtraInfoOps};
use gdbstub::target::{Target, TargetError, TargetResult};
use std::convert::Infallible;

/// A node under a debugger.
pub(super) struct Debuggee<'a> {
    pub(super) node: &'a mut Node,
    pub(super) hears: &'a mut dyn Hears,
    /// The core that goes one instruction; else all go on.
    pub(super) stepping: Option<usize>,
    /// The exit status, once the node has ended.
    pub(super) status: Option<u8>,
}

/// The thread that a core is.
pub(super) fn thread_of(core: usize) -> Tid {
    Tid::new(core + 1).unwrap_or(Tid::MIN)
}

/// What gdb is told of an access that is not possible: EFAULT.
const NO_MEMORY: TargetError<Infallible> = TargetError::Errno(14);

impl<'a> Debuggee<'a> {
    pub(super) fn new(node: &'a mut Node, hears: &'a mut dyn Hears) -> Self {
        Self { node, hears, stepping: None, status: None }
    }

    /// Goes over what a core sees at an address, piece by piece of one page: a physical address and a range of bytes.
    /// Answers how many bytes went well.
    fn pieces(
        &mut self,
        core: usize,
        start: u32,
        bytes: usize,
        mut each: impl FnMut(&mut Node, u64, std::ops::Range<usize>) -> bool,
    ) -> usize {
        let mut done = 0;
        while done < bytes {
            let address = start.wrapping_add(done as u32);
            let left = 0x400 - (address as usize & 0x3FF);
            let next = (done + left).min(bytes);
            let Some(physical) = self.node.cores[core].look_up(address) else { break };
            if !each(self.node, physical, done..next) {
                break;
            }
            done = next;
        }
        done
    }

    fn stops(&mut self) -> &mut std::collections::BTreeSet<u32> {
        &mut self.node.bus.debugger.get_or_insert_default().breakpoints
    }
}

impl Target for Debuggee<'_> {
    type Arch = Ppc450;
    type Error = Infallible;

    fn base_ops(&mut self) -> BaseOps<'_, Ppc450, Infallible> {
        BaseOps::MultiThread(self)
    }

    fn support_breakpoints(&mut self) -> Option<BreakpointsOps<'_, Self>> {
        Some(self)
    }

    fn support_monitor_cmd(&mut self) -> Option<MonitorCmdOps<'_, Self>> {
        Some(self)
    }
}

impl MultiThreadBase for Debuggee<'_> {
    fn read_registers(&mut self, registers: &mut File, thread: Tid) -> TargetResult<(), Self> {
        *registers = File::of(&mut self.node.cores[core_of(thread)]);
        Ok(())
    }

    fn write_registers(&mut self, registers: &File, thread: Tid) -> TargetResult<(), Self> {
        registers.give(&mut self.node.cores[core_of(thread)]);
        Ok(())
    }

    /// Devices are not read: that may change them.
    fn read_addrs(&mut self, start: u32, data: &mut [u8], thread: Tid) -> TargetResult<usize, Self> {
        let count = self.pieces(core_of(thread), start, data.len(), |node, physical, range| {
            node.bus.memory.copy_out(physical, &mut data[range])
        });
        if count == 0 && !data.is_empty() { Err(NO_MEMORY) } else { Ok(count) }
    }

    fn write_addrs(&mut self, start: u32, data: &[u8], thread: Tid) -> TargetResult<(), Self> {
        let count = self.pieces(core_of(thread), start, data.len(), |node, physical, range| {
            node.bus.memory.copy_in(physical, &data[range])
        });
        if count == data.len() { Ok(()) } else { Err(NO_MEMORY) }
    }

    fn list_active_threads(&mut self, is_active: &mut dyn FnMut(Tid)) -> Result<(), Infallible> {
        (0..self.node.cores.len()).for_each(|core| is_active(thread_of(core)));
        Ok(())
    }

    fn support_resume(&mut self) -> Option<MultiThreadResumeOps<'_, Self>> {
        Some(self)
    }

    fn support_thread_extra_info(&mut self) -> Option<ThreadExtraInfoOps<'_, Self>> {
        Some(self)
    }
}

impl ThreadExtraInfo for Debuggee<'_> {
    fn thread_extra_info(&self, thread: Tid, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let core = &self.node.cores[core_of(thread)];
        let does = match core.activity {
            Activity::Running => "runs",
            Activity::Waiting => "waits",
            Activity::Parked => "parked",
        };
        let text = format!("core {}, {does}", core.number);
        let count = text.len().min(buffer.len());
        buffer[..count].copy_from_slice(&text.as_bytes()[..count]);
        Ok(count)
    }
}

impl MultiThreadResume for Debuggee<'_> {
    fn resume(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn clear_resume_actions(&mut self) -> Result<(), Infallible> {
        self.stepping = None;
        Ok(())
    }

    fn set_resume_action_continue(&mut self, _: Tid, _: Option<Signal>) -> Result<(), Infallible> {
        Ok(())
    }

    fn support_single_step(&mut self) -> Option<MultiThreadSingleStepOps<'_, Self>> {
        Some(self)
    }

    fn support_scheduler_locking(&mut self) -> Option<MultiThreadSchedulerLockingOps<'_, Self>> {
        Some(self)
    }
}

impl MultiThreadSingleStep for Debuggee<'_> {
    fn set_resume_action_step(&mut self, thread: Tid, _: Option<Signal>) -> Result<(), Infallible> {
        self.stepping = Some(core_of(thread));
        Ok(())
    }
}

impl MultiThreadSchedulerLocking for Debuggee<'_> {
    /// A step is always one core's.
    fn set_resume_action_scheduler_lock(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Breakpoints for Debuggee<'_> {
    fn support_sw_breakpoint(&mut self) -> Option<SwBreakpointOps<'_, Self>> {
        Some(self)
    }

    fn support_hw_breakpoint(&mut self) -> Option<HwBreakpointOps<'_, Self>> {
        Some(self)
    }
}

/// No breakpoint is software that the node could see, and all are without number.
impl SwBreakpoint for Debuggee<'_> {
    fn add_sw_breakpoint(&mut self, address: u32, _: usize) -> TargetResult<bool, Self> {
        self.stops().insert(address);
        Ok(true)
    }

    fn remove_sw_breakpoint(&mut self, address: u32, _: usize) -> TargetResult<bool, Self> {
        Ok(self.stops().remove(&address))
    }
}

impl HwBreakpoint for Debuggee<'_> {
    fn add_hw_breakpoint(&mut self, address: u32, kind: usize) -> TargetResult<bool, Self> {
        self.add_sw_breakpoint(address, kind)
    }

    fn remove_hw_breakpoint(&mut self, address: u32, kind: usize) -> TargetResult<bool, Self> {
        self.remove_sw_breakpoint(address, kind)
    }
}

impl MonitorCmd for Debuggee<'_> {
    fn handle_monitor_cmd(&mut self, command: &[u8], mut out: ConsoleOutput<'_>) -> Result<(), Infallible> {
        match String::from_utf8_lossy(command).trim() {
            "state" => outputln!(out, "{}", super::super::state::text(self.node).trim_end()),
            _ => outputln!(out, "monitor state: the node's time, and the registers of all cores"),
        }
        Ok(())
    }
}
