//! What a guest writes to the small devices, and what the tree of devices is made of: properties of any input.

use std::collections::VecDeque;

use abi::vcpu::{LINE_CRITICAL, LINE_EXTERNAL};
use proptest::prelude::*;
use virtual_device::{VirtualDevice, Width};
use vmm::device_tree::{Full, Writer};
use vmm::uart::Uart;
use vmm::uic::{REGISTERS, Uic};

/// An interrupt controller, input by input.
#[derive(Clone, Copy, Default)]
struct Input {
    is_active: bool,
    status: bool,
    enable: bool,
    critical: bool,
    polarity: bool,
    is_edge: bool,
}

#[derive(Clone, Debug)]
enum Act {
    Write(u32, u32),
    Set(u32, bool),
    SetSeveral(u32, u32),
    Reset,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..REGISTERS + 3, any::<u32>()).prop_map(|(register, value)| Act::Write(register, value)),
        4 => (0..32_u32, any::<bool>()).prop_map(|(input, active)| Act::Set(input, active)),
        2 => (any::<u32>(), any::<u32>()).prop_map(|(inputs, active)| Act::SetSeveral(inputs, active)),
        1 => Just(Act::Reset),
    ]
}

impl Input {
    fn set(&mut self, active: bool) {
        match (self.is_active, active) {
            (false, true) => self.status = true,
            (true, false) if !self.is_edge => self.status = false,
            _ => {}
        }
        self.is_active = active;
    }

    fn write(&mut self, register: u32, bit: bool) {
        match register {
            0 => self.status = self.status && !bit || self.is_active && !self.is_edge,
            1 => self.status |= bit,
            2 => self.enable = bit,
            3 => self.critical = bit,
            4 => self.polarity = bit,
            5 => {
                self.is_edge = bit;
                self.status |= self.is_active && !bit;
            }
            _ => {}
        }
    }

    fn pending(&self) -> bool {
        self.status && self.enable
    }
}

/// A register of all inputs; the first stands leftmost.
fn word(inputs: &[Input; 32], bit: impl Fn(&Input) -> bool) -> u32 {
    inputs.iter().fold(0, |word, input| word << 1 | u32::from(bit(input)))
}

/// The bit of an input in such a register.
fn bit_of(word: u32, input: usize) -> bool {
    word << input >> 31 != 0
}

proptest! {
    #[test]
    fn the_interrupt_controller_is_thirty_two_inputs(acts in prop::collection::vec(act(), 1..200)) {
        let mut uic = Uic::new();
        let mut inputs = [Input::default(); 32];
        let mut base = 0;
        for act in acts {
            match act {
                Act::Write(register, value) => {
                    prop_assert_eq!(uic.write(register, value).is_some(), register < REGISTERS);
                    for (place, input) in inputs.iter_mut().enumerate() {
                        input.write(register, bit_of(value, place));
                    }
                    if register == 8 {
                        base = value & !2;
                    }
                }
                Act::Set(input, active) => {
                    uic.set_input(input, active);
                    inputs[input as usize].set(active);
                }
                Act::SetSeveral(which, active) => {
                    uic.set_inputs(which, active);
                    for (place, input) in inputs.iter_mut().enumerate() {
                        if bit_of(which, place) {
                            input.set(bit_of(active, place));
                        }
                    }
                }
                Act::Reset => {
                    uic.reset();
                    base = 0;
                    for input in &mut inputs {
                        *input = Input { is_active: input.is_active, status: input.is_active, ..Input::default() };
                    }
                }
            }
            let mut critical = (0..32).filter(|&place| inputs[place].pending() && inputs[place].critical);
            let first = if base & 1 != 0 { critical.next() } else { critical.next_back() };
            let ahead = |place: usize| if base & 1 != 0 { place } else { 31 - place } as u32;
            let expected = [
                word(&inputs, |input| input.status),
                word(&inputs, |input| input.status),
                word(&inputs, |input| input.enable),
                word(&inputs, |input| input.critical),
                word(&inputs, |input| input.polarity),
                word(&inputs, |input| input.is_edge),
                word(&inputs, Input::pending),
                first.map_or(0, |place| (base & !3).wrapping_add(512 * ahead(place))),
                base,
            ];
            for (register, value) in expected.into_iter().enumerate() {
                prop_assert_eq!(uic.read(register as u32), Some(value), "register {}", register);
            }
            prop_assert_eq!(uic.read(REGISTERS), None);
            let line = |is_critical, line| {
                let asks = inputs.iter().any(|input| input.pending() && input.critical == is_critical);
                if asks { line } else { 0 }
            };
            prop_assert_eq!(uic.lines(), line(false, LINE_EXTERNAL) | line(true, LINE_CRITICAL));
        }
    }
}

#[derive(Clone, Debug)]
enum Use {
    Load(u32, Width),
    Store(u32, Width, u32),
    Type(u8),
    Drain,
    Reset,
}

fn width() -> impl Strategy<Value = Width> {
    prop_oneof![8 => Just(Width::Byte), 1 => Just(Width::Half), 1 => Just(Width::Word)]
}

fn use_of_uart() -> impl Strategy<Value = Use> {
    prop_oneof![
        6 => (0..8_u32, width()).prop_map(|(offset, width)| Use::Load(offset, width)),
        6 => (0..8_u32, width(), any::<u32>()).prop_map(|(offset, width, value)| {
            Use::Store(offset, width, value & (u32::MAX >> (32 - 8 * width.bytes())))
        }),
        8 => any::<u8>().prop_map(Use::Type),
        1 => Just(Use::Drain),
        1 => Just(Use::Reset),
    ]
}

/// What a register of the UART says, without a load that changes anything: none of 3, 4 and 7 does.
fn control(uart: &mut Uart, register: u32) -> u8 {
    uart.read(register, Width::Byte, &mut ()) as u8
}

proptest! {
    #[test]
    fn a_uart_loses_no_byte_and_makes_none(uses in prop::collection::vec(use_of_uart(), 1..300)) {
        let mut uart = Uart::new();
        // What has been typed and not read, and what has been sent and not shown.
        let (mut typed, mut sent) = (VecDeque::new(), Vec::new());
        let mut fifos = 0_u8;
        for each in uses {
            let (is_divisor, is_loop) = (control(&mut uart, 3) & 0x80 != 0, control(&mut uart, 4) & 0x10 != 0);
            match each {
                Use::Load(offset, width) => {
                    let value = uart.read(offset, width, &mut ());
                    prop_assert!(width == Width::Word || value >> (8 * width.bytes()) == 0);
                    if offset == 0 && !is_divisor {
                        let first = value >> (8 * (width.bytes() - 1));
                        prop_assert_eq!(first, typed.pop_front().unwrap_or(0).into());
                    }
                    if offset <= 5 && offset + width.bytes() > 5 {
                        // Line status: something waits, and the transmitter is empty.
                        let status = value >> (8 * (offset + width.bytes() - 6)) & 0xFF;
                        prop_assert_eq!(status & 0x61, 0x60 | u32::from(!typed.is_empty()));
                    }
                }
                Use::Store(offset, width, value) => {
                    // Registers follow each other: what the first byte says holds for the second.
                    let (mut is_divisor, mut is_loop) = (is_divisor, is_loop);
                    for place in 0..width.bytes() {
                        let byte = (value >> (8 * (width.bytes() - 1 - place))) as u8;
                        match offset + place {
                            0 if !is_divisor && is_loop => {
                                let room = if fifos & 1 != 0 { 16 } else { 1 };
                                typed.extend((typed.len() < room).then_some(byte));
                            }
                            0 if !is_divisor => {
                                if byte == b'\n' && sent.last() == Some(&b'\r') {
                                    sent.pop();
                                }
                                sent.push(byte);
                            }
                            2 => {
                                if (byte ^ fifos) & 1 != 0 || byte & 2 != 0 {
                                    typed.clear();
                                }
                                fifos = if byte & 1 != 0 { byte } else { 0 };
                            }
                            3 => is_divisor = byte & 0x80 != 0,
                            4 => is_loop = byte & 0x10 != 0,
                            _ => {}
                        }
                    }
                    uart.write(offset, width, value, &mut ());
                }
                Use::Type(byte) => {
                    if uart.room() > 0 {
                        uart.receive(byte);
                        typed.push_back(byte);
                    }
                }
                Use::Drain => {
                    uart.clear_output();
                    sent.clear();
                }
                Use::Reset => {
                    VirtualDevice::<()>::reset(&mut uart);
                    typed.clear();
                    fifos = 0;
                }
            }
            prop_assert_eq!(uart.output(), &sent[..]);
            prop_assert_eq!(uart.is_line_whole(), sent.len() == 256 || sent.last() == Some(&b'\n'));
            // A full buffer is emptied before the guest runs on.
            if uart.is_line_whole() {
                uart.clear_output();
                sent.clear();
            }
            let depth = if fifos & 1 != 0 { 16 } else { 1 };
            let is_loop = control(&mut uart, 4) & 0x10 != 0;
            prop_assert_eq!(uart.room(), if is_loop { 0 } else { depth - typed.len() });
            // The interrupt is there just when one is identified; to identify it may end it.
            let asks = VirtualDevice::<()>::interrupt(&uart);
            prop_assert_eq!(control(&mut uart, 2) & 1 == 0, asks);
        }
    }
}

/// A node: its name, its properties, the nodes in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    name: String,
    properties: Vec<(String, Vec<u8>)>,
    nodes: Vec<Node>,
}

fn node() -> impl Strategy<Value = Node> {
    let properties = || {
        let name = prop_oneof![3 => "[a-c,#-]{1,3}", 1 => "[a-z0-9,._+?#-]{1,31}"];
        prop::collection::vec((name, prop::collection::vec(any::<u8>(), 0..40)), 0..6)
    };
    let leaf = ("[a-z0-9@]{0,20}", properties()).prop_map(|(name, properties)| Node {
        name,
        properties,
        nodes: Vec::new(),
    });
    leaf.prop_recursive(4, 24, 4, move |inner| {
        ("[a-z0-9@]{0,20}", properties(), prop::collection::vec(inner, 0..4))
            .prop_map(|(name, properties, nodes)| Node { name, properties, nodes })
    })
}

fn write<const N: usize>(writer: &mut Writer<N>, node: &Node) {
    writer.begin(&node.name);
    for (name, value) in &node.properties {
        writer.property(name, value);
    }
    for inner in &node.nodes {
        write(writer, inner);
    }
    writer.end();
}

/// A reader by the specification, from a place on; the node there, and where it ends.
fn read(tree: &[u8], mut at: usize) -> (Node, usize) {
    let word = |at: usize| u32::from_be_bytes(tree[at..at + 4].try_into().unwrap()) as usize;
    let text =
        |at: usize| std::ffi::CStr::from_bytes_until_nul(&tree[at..]).unwrap().to_str().unwrap().to_owned();
    assert_eq!(word(at), 1);
    let mut node = Node { name: text(at + 4), properties: Vec::new(), nodes: Vec::new() };
    at += 4 + (node.name.len() + 4) / 4 * 4;
    loop {
        match word(at) {
            1 => {
                let (inner, end) = read(tree, at);
                node.nodes.push(inner);
                at = end;
            }
            2 => return (node, at + 4),
            3 => {
                let (bytes, name) = (word(at + 4), text(word(12) + word(at + 8)));
                node.properties.push((name, tree[at + 12..at + 12 + bytes].to_vec()));
                at += 12 + bytes.div_ceil(4) * 4;
            }
            other => panic!("token {other} at {at}"),
        }
    }
}

proptest! {
    #[test]
    fn a_tree_is_read_back_or_does_not_fit(node in node()) {
        let mut large = Writer::<16384>::new();
        write(&mut large, &node);
        // Names have less room than the rest.
        if let Ok(tree) = large.finish() {
            let (found, end) = read(&tree, 56);
            prop_assert_eq!(&found, &node);
            prop_assert_eq!(&tree[end..end + 4], [0, 0, 0, 9]);
            let mut small = Writer::<256>::new();
            write(&mut small, &node);
            match small.finish() {
                Ok(same) => prop_assert_eq!(&same[..], &tree[..]),
                Err(Full) => prop_assert!(tree.len() > 256),
            }
        }
    }
}
