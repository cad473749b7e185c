//! What is counted, in words.

use abi::vcpu::VcpuCounter;

/// Name and meaning of each counter, in order of [`VcpuCounter`]. The monitor's own line has the same names.
pub(super) const COUNTERS: [(&str, &str); 29] = [
    ("msr", "moves from and to MSR, wrtee, wrteei"),
    ("spr", "moves from and to special-purpose registers, PID and timers apart"),
    ("return", "rfi, rfci, rfmci"),
    ("tlb_write", "tlbwe; a whole flush loop counts as one"),
    ("tlb_read", "tlbre, tlbsx"),
    ("flush_loop", "flush loops that were completed at once"),
    ("pid", "writes of PID"),
    ("timer_register", "moves from and to timers"),
    ("cache", "privileged cache instructions"),
    ("time_base", "writes of the time base, which are ignored"),
    ("adjacent", "instructions that were emulated in the trap of the one before"),
    ("refill", "misses of the hardware's TLB that the guest's answered"),
    ("guest_miss", "misses that became the guest's own"),
    ("system_call", "system calls of the guest"),
    ("program", "program interrupts of the guest"),
    ("storage", "storage interrupts of the guest"),
    ("alignment", "alignment interrupts of the guest"),
    ("float", "loads of the floating-point registers"),
    ("timer", "timer interrupts of the guest"),
    ("external", "external interrupts of the guest"),
    ("idle", "times that the guest waited"),
    ("exit_dcr", "exits to the monitor for a device control register"),
    ("exit_access", "exits to the monitor for an access to what is not RAM"),
    ("exit_signal", "exits to the monitor by a signal"),
    ("exit_other", "exits to the monitor for any other reason"),
    ("interrupted", "interrupts of the node while the guest ran"),
    ("dropped", "entries of the hardware's TLB that were dropped"),
    ("generations", "times that all of the guests' entries were dropped at once"),
    ("exit_instruction", "instructions that the monitor completed, those of device control registers apart"),
];
const _: () = assert!(COUNTERS.len() == VcpuCounter::ExitInstruction as usize + 1);
