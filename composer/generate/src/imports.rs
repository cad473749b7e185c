//! The `use` of what a generated main takes from `runtime`.

use std::collections::BTreeSet;

/// The longest line.
const WIDTH: usize = 110;

/// Names that are imported.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    names: BTreeSet<&'static str>,
}

impl Imports {
    /// Type names that a generated main may import or that the language brings: what it declares must be
    /// called otherwise.
    pub(crate) const TYPES: [&'static str; 45] = [
        "Active",
        "Badge",
        "Bits",
        "Buffer",
        "CallWire",
        "Client",
        "ClientEntry",
        "ClientTable",
        "DeviceAt",
        "DcrRange",
        "Direct",
        "DmaBuffer",
        "DomainControl",
        "DomainObserver",
        "EventFlags",
        "Inbox",
        "KernelTimer",
        "MmioDevice",
        "NodeHalt",
        "Off",
        "On",
        "Passive",
        "PhantomData",
        "RefCell",
        "RingAt",
        "RingMemory",
        "RingServer",
        "RingWire",
        "Signals",
        "Slot",
        "ThreadRegisters",
        "TraceRing",
        "Unwired",
        "WireAt",
        "WireError",
        "Option",
        "Some",
        "None",
        "Result",
        "Ok",
        "Err",
        "Self",
        "Box",
        "String",
        "Vec",
    ];

    /// Imports a name.
    pub(crate) fn add(&mut self, name: &'static str) {
        self.names.insert(name);
    }

    /// Imports a name if it is used.
    pub(crate) fn add_if(&mut self, used: bool, name: &'static str) {
        if used {
            self.add(name);
        }
    }

    /// The item, with lines as rustfmt fills them, without the last line's end.
    pub(crate) fn print(&self, from: &str) -> String {
        let names: Vec<_> = self.names.iter().copied().collect();
        if let [name] = names[..] {
            return format!("use {from}::{name};");
        }
        let single = format!("use {from}::{{{}}};", names.join(", "));
        if single.len() <= WIDTH {
            return single;
        }
        let mut lines = vec!["   ".to_owned()];
        for name in names {
            let line = lines.last().expect("at least one");
            if line.len() + 1 + name.len() + 1 > WIDTH {
                lines.push("   ".to_owned());
            }
            let line = lines.last_mut().expect("at least one");
            line.push(' ');
            line.push_str(name);
            line.push(',');
        }
        format!("use {from}::{{\n{}\n}};", lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_filled() {
        let mut imports = Imports::default();
        imports.add("Slot");
        assert_eq!(imports.print("runtime"), "use runtime::Slot;");
        imports.add("Bits");
        assert_eq!(imports.print("runtime"), "use runtime::{Bits, Slot};");
        Imports::TYPES[..27].iter().for_each(|name| imports.add(name));
        let text = imports.print("runtime");
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.starts_with("use runtime::{\n    Active, Badge, Bits,"), "{text}");
    }
}
