//! Special-purpose registers, by the PPC440 user's manual, register summary.

use abi::vcpu::{Exit, ExitReason, VcpuCounter, VcpuState};
use runtime::Timer;
use runtime::vm::VirtualMachine;

use crate::Processor;
use crate::instruction::Flow;
use crate::timers::{TCR, WRC};

/// DBCR0\[RST\].
const RESET: u32 = 0x3000_0000;
/// MMUCR: SWOA, U1TE, U2SWOAE, DULXE, IULXE, STS, STID.
const MMUCR: u32 = 0x016D_00FF;

/// A register that is stored and read back, with the bits that it has.
fn stored(state: &mut VcpuState, spr: u32) -> Option<(&mut u32, u32)> {
    let all = u32::MAX;
    let at = |first: u32| (spr - first) as usize;
    Some(match spr {
        1 => (&mut state.xer, all),
        8 => (&mut state.lr, all),
        9 => (&mut state.ctr, all),
        26 | 27 => (&mut state.srr[at(26)], all),
        48 => (&mut state.pid, 0xFF),
        54 => (&mut state.decar, all),
        58 | 59 => (&mut state.csrr[at(58)], all),
        61 => (&mut state.dear, all),
        62 => (&mut state.esr, all),
        63 => (&mut state.ivpr, 0xFFFF_0000),
        256 => (&mut state.usprg0, all),
        272..=279 => (&mut state.sprg[at(272)], all),
        308..=310 => (&mut state.dbcr[at(308)], all),
        312..=319 => (&mut state.compare[at(312)], all),
        340 => (&mut state.tcr, TCR),
        400..=415 => (&mut state.ivor[at(400)], 0xFFF0),
        570 | 571 => (&mut state.mcsrr[at(570)], all),
        880..=887 => (&mut state.victims[at(880)], all),
        888 => (&mut state.ccr[1], all),
        912..=919 => (&mut state.victims[at(912) + 8], all),
        920 => (&mut state.victims[17], all),
        921 => (&mut state.victims[16], all),
        946 => (&mut state.mmucr, MMUCR),
        947 => (&mut state.ccr[0], all),
        _ => return None,
    })
}

/// Counts a move from or to a register.
fn count(state: &mut VcpuState, spr: u32) {
    state.count(match spr {
        22 | 54 | 336 | 340 => VcpuCounter::TimerRegister,
        284 | 285 => VcpuCounter::TimeBase,
        _ => VcpuCounter::Spr,
    });
}

impl<V: VirtualMachine, C: Timer> Processor<V, C> {
    /// Reads a register; none if there is none of this number to read.
    pub(crate) fn read_register(&mut self, spr: u32) -> Option<u32> {
        if matches!(spr, 22 | 336) {
            self.settle();
        }
        let now = self.clock.now();
        let state = self.vm.state();
        count(state, spr);
        if let Some((register, bits)) = stored(state, spr) {
            return Some(*register & bits);
        }
        Some(match spr {
            22 => self.timers.decrementer(now),
            260..=263 => state.sprg[(spr - 256) as usize],
            268 => now as u32,
            269 => (now >> 32) as u32,
            286 => state.pir,
            287 => state.pvr,
            304 => state.dbsr,
            336 => state.tsr,
            572 => state.mcsr,
            // RSTCFG, and what the cache's debug instructions read.
            923..=927 | 979 | 1011 => 0,
            _ => return None,
        })
    }

    /// Writes a register; none if there is none of this number to write.
    pub(crate) fn write_register(&mut self, spr: u32, value: u32) -> Option<Flow> {
        // What these held before counts up to now.
        if matches!(spr, 22 | 54 | 336 | 340) {
            self.settle();
        }
        let now = self.clock.now();
        let state = self.vm.state();
        if spr == 48 {
            state.count(VcpuCounter::Pid);
        } else {
            count(state, spr);
        }
        let sticky = if spr == 340 { state.tcr & WRC } else { 0 };
        if let Some((register, bits)) = stored(state, spr) {
            *register = value & bits | sticky;
            if spr == 308 && value & RESET != 0 {
                let exit = Exit { detail: (value & RESET) >> 28, ..Exit::default() };
                return Some(Flow::Leave(self.exit(ExitReason::Reset, exit)));
            }
            return Some(Flow::On);
        }
        match spr {
            22 => self.timers.set_decrementer(now, value),
            304 => state.dbsr &= !value,
            336 => state.tsr &= !value,
            572 => state.mcsr &= !value,
            284 | 285 | 1011 => {}
            _ => return None,
        }
        Some(Flow::On)
    }
}
