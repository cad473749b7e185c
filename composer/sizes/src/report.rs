//! The measures, as people and programs read them.

use std::fmt;

use serde::Serialize;

use crate::{Bytes, Module};

/// Code lines that a kernel without virtualisation may have.
pub const LINES_BOUND: u64 = 4000;
/// Code lines that one with it may have.
pub const VIRTUAL_LINES_BOUND: u64 = 6000;
/// Bytes of instructions that a kernel without virtualisation may have.
pub const TEXT_BOUND: u64 = 24 << 10;
/// Bytes that one with it may have.
pub const VIRTUAL_TEXT_BOUND: u64 = 48 << 10;

/// Code lines that a virtual machine monitor may have.
pub const MONITOR_LINES_BOUND: u64 = 8000;

/// How large a kernel and a monitor are, and where unsafe code stands in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// Bytes of a linked kernel without virtualisation.
    pub kernel: Bytes,
    /// Bytes of one with it.
    pub virtualised: Bytes,
    /// The crates that it consists of.
    pub parts: Vec<Part>,
    /// The crates that a virtual machine monitor consists of.
    pub monitor: Vec<Part>,
    /// Modules with unsafe code.
    pub modules: Vec<Module>,
}

/// A crate of the kernel or of the monitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Its folder.
    pub folder: String,
    /// Its code lines, tests and virtualisation apart.
    pub lines: usize,
    /// Its code lines of virtualisation.
    pub virtualisation: usize,
}

/// A measure that has a bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// What is measured (`kernel.text`).
    pub name: &'static str,
    /// How much it is.
    pub value: u64,
    /// `bytes` or `lines`.
    pub unit: &'static str,
    /// How much it may be.
    pub bound: u64,
}

impl Sizes {
    /// The measures that have a bound.
    pub fn bounds(&self) -> [Bound; 5] {
        let lines = self.parts.iter().map(|part| part.lines as u64).sum();
        let whole = lines + self.parts.iter().map(|part| part.virtualisation as u64).sum::<u64>();
        let monitor = self.monitor.iter().map(|part| part.lines as u64).sum();
        let bound = |name, value, unit, bound| Bound { name, value, unit, bound };
        [
            bound("kernel.text", self.kernel.text, "bytes", TEXT_BOUND),
            bound("kernel.text.vm", self.virtualised.text, "bytes", VIRTUAL_TEXT_BOUND),
            bound("kernel.lines", lines, "lines", LINES_BOUND),
            bound("kernel.lines.vm", whole, "lines", VIRTUAL_LINES_BOUND),
            bound("vmm.lines", monitor, "lines", MONITOR_LINES_BOUND),
        ]
    }

    /// What is beyond its bound, in words; none if all hold.
    pub fn beyond(&self) -> Option<String> {
        let bounds = self.bounds().into_iter().filter(|one| one.value > one.bound);
        let said: Vec<String> = bounds
            .map(|one| format!("`{}` has {} {}, more than {}", one.name, one.value, one.unit, one.bound))
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in self.bounds() {
            writeln!(out, "{:24}{:>8} {:6} at most {}", one.name, one.value, one.unit, one.bound)?;
        }
        for (name, bytes) in [("kernel.constants", self.kernel.constants), ("kernel.data", self.kernel.data)]
        {
            writeln!(out, "{name:24}{bytes:>8} bytes")?;
        }
        for part in self.parts.iter().chain(&self.monitor) {
            writeln!(out, "  {:22}{:>8} lines", part.folder, part.lines + part.virtualisation)?;
        }
        let width = self.modules.iter().map(|module| module.path.len()).max().unwrap_or(0).max(13);
        writeln!(out, "\n{:width$}  unsafe blocks  with SAFETY  other unsafe", "module")?;
        let mut all = Module { path: "all".to_owned(), ..Module::default() };
        for module in &self.modules {
            all.blocks += module.blocks;
            all.noted += module.noted;
            all.others += module.others;
        }
        self.modules.iter().chain([&all]).try_for_each(|module| {
            let Module { path, blocks, noted, others } = module;
            writeln!(out, "{path:width$}  {blocks:>13}  {noted:>11}  {others:>12}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(text: u64, lines: usize) -> Sizes {
        let part = |lines| Part { folder: "components/kernel".to_owned(), lines, virtualisation: 5 };
        Sizes {
            kernel: Bytes { text, constants: 10, data: 20 },
            virtualised: Bytes { text: 2 * text, constants: 10, data: 20 },
            parts: vec![part(lines), part(1)],
            monitor: vec![part(7), part(8)],
            modules: vec![Module { path: "a.rs".to_owned(), blocks: 3, noted: 2, others: 1 }],
        }
    }

    #[test]
    fn bounds_hold_up_to_themselves() {
        assert_eq!(sizes(24 << 10, 3999).beyond(), None);
        let said = sizes((24 << 10) + 1, 4000).beyond().expect("both are beyond");
        assert_eq!(
            said,
            "`kernel.text` has 24577 bytes, more than 24576; `kernel.text.vm` has 49154 bytes, more than 49152; \
             `kernel.lines` has 4001 lines, more than 4000"
        );
    }

    #[test]
    fn the_table_adds_up() {
        let text = sizes(100, 200).to_string();
        assert!(text.starts_with("kernel.text                  100 bytes  at most 24576\n"), "{text}");
        assert!(text.contains("kernel.text.vm               200 bytes  at most 49152\n"), "{text}");
        assert!(text.contains("kernel.lines                 201 lines  at most 4000\n"), "{text}");
        assert!(text.contains("kernel.lines.vm              211 lines  at most 6000\n"), "{text}");
        assert!(text.contains("vmm.lines                     15 lines  at most 8000\n"), "{text}");
        assert!(text.ends_with("all                        3            2             1\n"), "{text}");
    }
}
