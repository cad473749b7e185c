//! `tlbwe`, `tlbre` and `tlbsx`, where assembly leaves them: the guest's TLB is the kernel's, so the monitor cannot.

use super::guest_tlb::SPACE;
use super::{Run, VcpuMachine};
use abi::vcpu::VcpuCounter;

impl<M: VcpuMachine> Run<'_, M> {
    /// Executes one of the three; false, and nothing is done, if it is another instruction.
    pub(super) fn execute(&mut self, word: u32) -> bool {
        let [target, first, second] = [21, 16, 11].map(|shift| (word >> shift & 31) as usize);
        let gpr = self.state.gpr;
        let counter = match (word >> 26, word >> 1 & 0x3FF) {
            (31, 914) => {
                let base = if first == 0 { 0 } else { gpr[first] };
                self.search_tlb(target, base.wrapping_add(gpr[second]), word & 1 != 0);
                VcpuCounter::TlbRead
            }
            (31, 946) if second < 3 => {
                let entry = self.vcpu.tlb.entry(gpr[first] as usize);
                if second == 0 {
                    self.state.mmucr = self.state.mmucr & !0xFF | entry.tid();
                }
                self.state.gpr[target] = entry.words()[second];
                VcpuCounter::TlbRead
            }
            // The loop that flushes the TLB needs two PIDs in assembly: it is tried again.
            (31, 978) if second == 0 && target == first && !self.is_stepping() && self.provide_pids(2) => {
                return true;
            }
            (31, 978) if second < 3 => {
                self.write_tlb(gpr[first] as usize, second, gpr[target]);
                VcpuCounter::TlbWrite
            }
            _ => return false,
        };
        self.state.count(counter);
        self.state.pc = self.state.pc.wrapping_add(4);
        true
    }

    pub(super) fn write_tlb(&mut self, index: usize, word: usize, value: u32) {
        if self.vcpu.tlb.write(index, word, value, self.state.mmucr as u8) {
            self.drop_aliases(index);
        }
    }

    /// `tlbsx`: without an entry the target, which the manual leaves undefined, stays as it is.
    fn search_tlb(&mut self, target: usize, address: u32, record: bool) {
        let space = self.state.mmucr & SPACE << 8 != 0;
        let found = self.vcpu.tlb.find(address, space, self.state.mmucr as u8);
        if let Some(index) = found {
            self.state.gpr[target] = index as u32;
        }
        if record {
            let equal = if found.is_some() { 2 } else { 0 };
            self.state.cr = self.state.cr & 0x0FFF_FFFF | (equal | self.state.xer >> 31) << 28;
        }
    }
}
