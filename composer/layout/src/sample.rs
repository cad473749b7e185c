//! Systems for tests, built by hand: layout is tested without the passes before it.

use composer_model::*;
use composer_syntax::{FileId, SourceMap, Span};
use ppc440::tlb::Attributes;

/// What the sample's clients are wired by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wiring {
    /// `console`, `alice` and `bob`, each in a domain of its own.
    Call,
    /// `alice` and `console` in one domain; no `bob`.
    Direct,
}

/// Makes origins: line `n` is the n-th ten bytes of the file.
#[derive(Clone, Copy, Debug)]
struct Lines(FileId);

impl Lines {
    fn at(self, line: u32) -> Origin {
        let start = line as usize * 10;
        Origin { span: Span::new(self.0, start, start + 9), line }
    }
}

/// QEMU's board, as its file describes it.
fn board(lines: Lines, file: FileId) -> Board {
    let uart = |name: &str, at, irq, line| Device {
        name: name.to_owned(),
        compatible: "ns16550".to_owned(),
        at,
        size: 8,
        irq: Some(irq),
        attributes: Attributes::I | Attributes::G,
        grantable: true,
        origin: lines.at(line),
    };
    Board {
        name: "qemu".to_owned(),
        name_origin: lines.at(3),
        about: "QEMU's bamboo machine.".to_owned(),
        file,
        file_name: "platform-qemu/board.ron".to_owned(),
        package: "platform-qemu".to_owned(),
        module: "platform_qemu".to_owned(),
        type_name: "Bamboo".to_owned(),
        directory: "/checkout/platform-qemu".into(),
        cpu: Cpu::Ppc440Ep,
        cores: 1,
        time_base: 400_000_000,
        memory: vec![Memory {
            name: "ram".to_owned(),
            at: 0,
            size: 128 << 20,
            larger: vec![],
            origin: lines.at(12),
        }],
        reserved: vec![Reserved {
            name: "device-tree".to_owned(),
            at: 0x0180_0000,
            size: 0x1_0000,
            why: "QEMU writes its device tree here".to_owned(),
            origin: lines.at(17),
        }],
        devices: vec![uart("uart0", 0xEF60_0300, 0, 22), uart("uart1", 0xEF60_0400, 1, 23)],
        dcrs: vec![],
        interrupts: Controller { compatible: "uic".to_owned(), lines: 32 },
        stand_ins: vec![],
        ram_attributes: Attributes::empty(),
        kernel: KernelPlace {
            at: 0,
            text: 256 << 10,
            data: 256 << 10,
            entry: None,
            console: DeviceId(0),
            origin: lines.at(32),
        },
        run: Run::Nowhere { why: "a sample".to_owned() },
    }
}

fn component(name: &str, type_name: &str, active: bool) -> Component {
    Component {
        name: name.to_owned(),
        module: name.to_owned(),
        type_name: type_name.to_owned(),
        directory: format!("/checkout/components/{name}").into(),
        active,
        fpu: false,
        pointers: vec![],
    }
}

fn instance(name: &str, component: usize, domain: usize, origin: Origin) -> Instance {
    Instance {
        name: name.to_owned(),
        origin,
        component: ComponentId(component),
        domain: DomainId(domain),
        requires: vec![],
        provides: vec![],
        devices: vec![],
        memory: vec![],
        timers: vec![],
        grants: vec![],
        vm: None,
        optional: vec![],
        config: vec![],
        stack: 4096,
    }
}

/// A guest with so much memory.
pub(crate) fn vm(system: &System, memory: u64) -> Vm {
    let origin = system.origin;
    Vm {
        memory,
        guest: Guest::Recipe { name: "linux-guest".to_owned(), variant: "default".to_owned() },
        command_line: "quiet".to_owned(),
        weight: 1,
        on_reset: Reaction::Stop,
        on_panic: None,
        on_death: Reaction::Stop,
        disks: vec![],
        console: false,
        entropy: false,
        virtio: VirtioVersion::Modern,
        mac: None,
        origin,
        memory_origin: origin,
        guest_origin: origin,
    }
}

fn domain(name: &str, instances: &[usize], active: Option<usize>, priority: u8, origin: Origin) -> Domain {
    Domain {
        name: name.to_owned(),
        origin,
        instances: instances.iter().copied().map(InstanceId).collect(),
        active: active.map(InstanceId),
        priority,
        priority_origin: None,
        fault_handler: None,
        on_fault: OnFault::Halt,
        budget: None,
        stack: 4096 * instances.len() as u64,
        stack_origin: None,
        pinned: None,
        fpu: false,
    }
}

fn config(name: &str, value: ConfigValue, origin: Origin) -> ConfigField {
    ConfigField { name: name.to_owned(), value, origin }
}

/// The shipped `hello`, in either wiring.
pub(crate) fn hello(wiring: Wiring) -> System {
    let mut sources = SourceMap::new();
    let spec = Lines(sources.add("system-specs/hello.ron", " ".repeat(400)));
    let board_file = sources.add("platform-qemu/board.ron", " ".repeat(400));
    let (kind, clients) = match wiring {
        Wiring::Call => (WireKind::Call, [("alice", 13), ("bob", 19)].as_slice()),
        Wiring::Direct => (WireKind::Direct, [("alice", 13)].as_slice()),
    };
    let wire = |number: usize| Wire {
        client: InstanceId(number + 1),
        port: "console".to_owned(),
        provider: InstanceId(0),
        provided: 0,
        number: number as u32,
        interface: InterfaceId(0),
        kind,
        slots: 0,
        origin: spec.at(clients[number].1 + 3),
    };
    let mut console = instance("console", 0, 0, spec.at(8));
    console.devices = vec![DeviceUse { port: "uart".to_owned(), device: DeviceId(0), origin: spec.at(10) }];
    console.provides = vec![Provided {
        port: "console".to_owned(),
        interface: Some(InterfaceId(0)),
        clients: (0..clients.len()).map(WireId).collect(),
        handles: vec![],
    }];
    console.config = vec![config("prefix", ConfigValue::Bool(true), spec.at(8))];
    let greeter = |(number, (name, line)): (usize, &(&str, u32))| {
        let domain = if wiring == Wiring::Call { number + 1 } else { 0 };
        let mut greeter = instance(name, 1, domain, spec.at(*line));
        greeter.requires = vec![WireId(number)];
        let greeting = ConfigValue::Str(format!("hello from {name}"));
        greeter.config = vec![
            config("rounds", ConfigValue::U32(3), spec.at(*line)),
            config("greeting", greeting, spec.at(*line + 4)),
        ];
        greeter
    };
    let domains = match wiring {
        Wiring::Call => vec![
            domain("console", &[0], None, 20, spec.at(8)),
            domain("alice", &[1], Some(1), 10, spec.at(13)),
            domain("bob", &[2], Some(2), 10, spec.at(19)),
        ],
        Wiring::Direct => vec![domain("alice", &[0, 1], Some(1), 20, spec.at(13))],
    };
    System {
        name: "hello".to_owned(),
        origin: spec.at(5),
        spec: spec.0,
        spec_name: "hello.ron".to_owned(),
        board: board(Lines(board_file), board_file),
        components: vec![component("console", "Uart16550", false), component("greeter", "Greeter", true)],
        interfaces: vec![Interface {
            name: "Console".to_owned(),
            module: "console".to_owned(),
            version: 1,
            events: vec!["READABLE".to_owned()],
            buffer: 256,
            request: 256,
            answer: 64,
        }],
        domains,
        instances: std::iter::once(console).chain(clients.iter().enumerate().map(greeter)).collect(),
        wires: (0..clients.len()).map(wire).collect(),
        regions: vec![],
        kernel: composer_model::KernelOptions { fast_path: true },
    }
}

/// A region of the spec, used by instance `user`.
pub(crate) fn region(system: &mut System, name: &str, size: u64, at: Option<u64>, user: usize) {
    let lines = Lines(system.spec);
    let pin = at.map(|at| Pin { at, reason: "a test says so".to_owned(), origin: lines.at(31) });
    let users = vec![InstanceId(user)];
    system.regions.push(Region { name: name.to_owned(), origin: lines.at(30), size, pin, users });
    let region = RegionId(system.regions.len() - 1);
    let memory = MemoryUse { port: name.to_owned(), region, dma: false, origin: lines.at(30) };
    system.instances[user].memory.push(memory);
}
