//! What traces show of a small program.

use super::*;
use crate::core::tlb::{self, Entry};
use crate::observe::Observer;
use crate::{Configuration, Node};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// Somewhere to write that can be read afterwards.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `li 4,0x500; mtdcrx 4,3; lis 5,0x100; lwz 6,0(5); sc; b .`, once on each of two cores: a DCR, a device (the BIC), an
/// exception.
fn traced(observer: impl FnOnce(Page) -> Box<dyn Observer>) -> String {
    let program = [0x3880_0500_u32, 0x7C64_0306, 0x3CA0_0100, 0x80C5_0000, 0x4400_0002, 0x4800_0000];
    let mut node = Node::new(Configuration::default());
    let bytes: Vec<u8> = program.iter().flat_map(|word| word.to_be_bytes()).collect();
    assert!(node.bus.memory.copy_in(0x1000, &bytes));
    for core in &mut node.cores[..2] {
        core.tlb.set(0, Entry::new(0, 0, 7, tlb::SX | tlb::SW | tlb::SR));
        core.tlb.set(1, Entry::new(0x0100_0000, 0x7_3000_0000, 1, tlb::I | tlb::G | tlb::SR));
        core.registers.pc = 0x1000;
        core.registers.special.ivor[8] = 0x2000;
    }
    assert!(node.bus.memory.copy_in(0x2000, &0x4800_0000_u32.to_be_bytes()));
    node.start(0);
    node.start(1);
    let page = Page::default();
    node.bus.observe_with(Some(observer(page.clone())));
    assert_eq!(node.run_until(1000), []);
    let mut observer = node.bus.observe_with(None).expect("it observed");
    observer.finish();
    let bytes = page.0.lock().expect("nobody panics").clone();
    String::from_utf8(bytes).expect("text")
}

fn all() -> Filter {
    Filter { instructions: true, exceptions: true, devices: true, dcrs: true, ..Filter::default() }
}

#[test]
fn text_has_a_line_for_each() {
    let first = Filter { cores: vec![0], addresses: vec![0x1000..=0x1014], ..all() };
    let text = traced(|page| Box::new(Text::new(first, page)));
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    assert_eq!(lines[0], "0 0 00001000 38800500 addi    r4,0,1280");
    assert!(lines.contains(&"1 0 00001004 mtdcr 0x500 0x00000000"), "{text}");
    assert!(lines.contains(&"3 0 0000100c read 0x730000000 00000000"), "{text}");
    assert!(lines.iter().any(|line| line.contains("exception system call")), "{text}");
}

#[test]
fn filters_leave_out_what_does_not_pass() {
    let kinds = Filter { dcrs: true, ..Filter::default() };
    let text = traced(|page| Box::new(Text::new(kinds, page)));
    assert_eq!(text.lines().count(), 2, "{text}");
    let nowhere = Filter { addresses: vec![0x4000..=0x5000], ..all() };
    assert_eq!(traced(|page| Box::new(Text::new(nowhere, page))), "");
    let other = Filter { cores: vec![1], ..all() };
    let text = traced(|page| Box::new(Text::new(other, page)));
    assert!(!text.is_empty() && text.lines().all(|line| line.split_whitespace().nth(1) == Some("1")));
}

#[test]
fn the_trace_event_format_is_json_with_cores_as_threads() {
    let few = Filter { addresses: vec![0x1000..=0x1010], ..all() };
    let text = traced(|page| Box::new(Chrome::new(few, page)));
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let events = document["traceEvents"].as_array().expect("events");
    let count = |category: &str| events.iter().filter(|event| event["cat"] == category).count();
    assert_eq!((count("instruction"), count("dcr"), count("device")), (10, 2, 2), "{text}");
    assert_eq!(events.iter().filter(|event| event["ph"] == "M").count(), 4);
    let device = events.iter().find(|event| event["cat"] == "device").expect("one");
    assert_eq!((device["name"].as_str(), device["ph"].as_str()), (Some("read 0x730000000"), Some("X")));
    assert!(device["ts"].as_f64().is_some_and(|time| time > 0.0 && time < 1.0));
}
