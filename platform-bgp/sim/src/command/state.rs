//! Where a node is, for a person.

use bgp_sim::Node;
use bgp_sim::core::Activity;
use bgp_sim::time::FREQUENCY;
use std::fmt::Write;

/// The node's time, and each core's registers, but for parked ones.
pub(super) fn text(node: &Node) -> String {
    let seconds = node.time() as f64 / FREQUENCY as f64;
    let mut text =
        format!("at {} cycles ({seconds:.6} s), {} instructions\n", node.time(), node.instructions());
    for core in &node.cores {
        let registers = &core.registers;
        // A string takes everything.
        let _ = match core.activity {
            Activity::Parked => writeln!(text, "core {}: parked", core.number),
            activity => writeln!(
                text,
                "core {}: {} at {:08x}, msr {:08x}, lr {:08x}, ctr {:08x}, cr {:08x}, xer {:08x}, pid {}",
                core.number,
                if activity == Activity::Waiting { "waits" } else { "runs" },
                registers.pc,
                registers.msr,
                registers.lr,
                registers.ctr,
                registers.cr,
                registers.xer.value(),
                registers.special.pid,
            ),
        };
        if core.activity == Activity::Parked {
            continue;
        }
        for (row, values) in registers.gpr.chunks(8).enumerate() {
            let values: Vec<String> = values.iter().map(|value| format!("{value:08x}")).collect();
            let _ = writeln!(text, "  r{:<2} {}", 8 * row, values.join(" "));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use bgp_sim::Configuration;

    #[test]
    fn parked_cores_have_no_registers_to_show() {
        let mut node = Node::new(Configuration::default());
        node.cores[2].registers.gpr[9] = 0xABCD;
        node.start(2);
        let text = text(&node);
        assert!(text.starts_with("at 0 cycles (0.000000 s), 0 instructions\ncore 0: parked\n"), "{text}");
        assert!(text.contains("core 2: runs at fffffffc, "), "{text}");
        assert!(text.contains("  r8  00000000 0000abcd "), "{text}");
        assert_eq!(text.matches("r24").count(), 1);
    }
}
