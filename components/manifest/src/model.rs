//! What a manifest says.

use composer_syntax::{FileId, Keyed, Size, Span, Spanned};

/// A component as its `component.ron` describes it. Holding one proves that its names are good and fit
/// each other; whether its interfaces exist is for composer to see.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub file: FileId,
    /// A short place that stands for the whole: the word `Component` or the bracket.
    pub head: Span,
    /// The component's name: its directory, its cargo package and the word in specs.
    pub name: Spanned<String>,
    /// The Rust type in the crate's root; it has one parameter, `P: Ports`.
    pub type_name: Spanned<String>,
    /// What the component is for, in a sentence.
    pub about: Option<Spanned<String>>,
    /// Ports that other instances may use.
    pub provides: Keyed<InterfaceReference>,
    /// Ports that the spec must join to a provider.
    pub requires: Keyed<InterfaceReference>,
    /// What a spec can set.
    pub config: Keyed<ConfigField>,
    /// Ports for devices of the board.
    pub devices: Keyed<DevicePort>,
    /// Ports for memory.
    pub memory: Keyed<MemoryPort>,
    /// Ports for timers.
    pub timers: Keyed<TimerPort>,
    /// Ports for authorities.
    pub grants: Keyed<GrantKind>,
    /// Whether the component has a thread.
    pub activity: Activity,
    /// The port of a virtual machine, if it runs one: the word `vm` at the place of its `true`.
    pub vm: Option<Spanned<String>>,
    /// Whether it wants the floating-point unit: its domain is then compiled for it.
    pub fpu: bool,
    /// What kinds of pointer calls go through, by the function in whose source they stand.
    pub pointers: Keyed<Vec<PointerKind>>,
}

/// An interface and its version, written `"Console@1"`, or `Optional("Console@1")` where a spec may leave the port
/// unwired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceReference {
    /// The trait's name.
    pub name: String,
    /// The version, from 1.
    pub version: u32,
    /// Whether a spec may leave the required port unwired.
    pub is_optional: bool,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl std::fmt::Display for InterfaceReference {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}@{}", self.name, self.version)
    }
}

/// A field of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigField {
    /// Its type, range and default.
    pub kind: ConfigKind,
    /// Where the kind stands.
    pub span: Span,
}

/// The type of a config field. Without a default the spec must set the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigKind {
    /// `U32(default: 3, min: 1, max: 1000)`: a `u32`.
    U32 {
        /// The value if the spec sets none; it lies in the range.
        default: Option<u32>,
        /// The least value.
        min: u32,
        /// The greatest value.
        max: u32,
    },
    /// `Bool(default: true)`: a `bool`.
    Bool {
        /// The value if the spec sets none.
        default: Option<bool>,
    },
    /// `Str(default: "hello")`: a `&'static str`.
    Str {
        /// The value if the spec sets none.
        default: Option<String>,
    },
    /// `Choice(default: false)`: an associated type of `Ports` that is `runtime::On` or `runtime::Off`. What is off is
    /// not in the program.
    Choice {
        /// The value if the spec sets none.
        default: Option<bool>,
    },
}

impl ConfigKind {
    /// Whether a spec may leave the field out.
    pub fn has_default(&self) -> bool {
        match self {
            Self::U32 { default, .. } => default.is_some(),
            Self::Bool { default } | Self::Choice { default } => default.is_some(),
            Self::Str { default } => default.is_some(),
        }
    }

    /// The Rust type of its field in `Config`; none for a choice, which is a type in `Ports`.
    pub fn rust_type(&self) -> Option<&'static str> {
        match self {
            Self::U32 { .. } => Some("u32"),
            Self::Bool { .. } => Some("bool"),
            Self::Str { .. } => Some("&'static str"),
            Self::Choice { .. } => None,
        }
    }
}

/// A port for a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicePort {
    /// The programming model that the board's device must have, as device trees name it.
    pub compatible: Spanned<String>,
}

/// A port for memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryPort {
    /// How much the component needs; never zero.
    pub size: Spanned<Size>,
    /// Whether the component may learn where it lies, to tell a device.
    pub dma: bool,
}

/// A port for a timer. There is nothing to say about one yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerPort;

/// An authority that a spec must hand to an instance by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// To end the node's run.
    Halt,
    /// To stop and restart another domain, and to see what it is at.
    Control,
    /// To see what another domain is at.
    Observe,
    /// To read and write the registers of another domain's thread.
    Debug,
    /// To use a range of device control registers.
    Dcr,
    /// To read the kernel's trace.
    Trace,
}

impl GrantKind {
    /// All kinds, by the words that manifests and specs have for them.
    pub const ALL: [(&'static str, Self); 6] = [
        ("Halt", Self::Halt),
        ("Control", Self::Control),
        ("Observe", Self::Observe),
        ("Debug", Self::Debug),
        ("Dcr", Self::Dcr),
        ("Trace", Self::Trace),
    ];

    /// The words alone.
    pub const WORDS: [&'static str; 6] = ["Halt", "Control", "Observe", "Debug", "Dcr", "Trace"];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// What a component may do that has it: `to …`.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Halt => "to end the node's run",
            Self::Control => "to stop and restart another domain",
            Self::Observe => "to see what another domain is at",
            Self::Debug => "to read and write another domain's registers",
            Self::Dcr => "to use device control registers",
            Self::Trace => "to read the kernel's trace",
        }
    }
}

/// Whether a component has a thread. Stacks are never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It runs: `threads: {"main": (stack: "4 KiB")}`.
    Active {
        /// Its thread's stack.
        stack: Spanned<Size>,
    },
    /// It is driven by calls and notifications: `stack: "2 KiB"`.
    Passive {
        /// What its methods need on the stack of the thread that drives it.
        stack: Spanned<Size>,
    },
}

impl Activity {
    /// The stack, whichever it is.
    pub fn stack(&self) -> Spanned<Size> {
        match *self {
            Self::Active { stack } | Self::Passive { stack } => stack,
        }
    }
}

/// A kind of pointer through which a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointerKind {
    /// `Fn`: a `fn` pointer.
    Function,
    /// `Dyn("Unit")`: a `dyn` reference to a trait, by its path or the end of that.
    Dyn(String),
}

/// What a port is a port for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind<'m> {
    /// A required interface: an associated type that is the interface's trait.
    Requires(&'m InterfaceReference),
    /// A provided interface: an associated type that knows the port's clients.
    Provides(&'m InterfaceReference),
    /// A device.
    Device(&'m DevicePort),
    /// Memory.
    Memory(&'m MemoryPort),
    /// A timer.
    Timer,
    /// An authority.
    Grant(GrantKind),
    /// A virtual machine.
    Vm,
    /// A choice of the configuration: a type, and no field of `Wires`.
    Choice(&'m ConfigKind),
}

impl Manifest {
    /// All ports by name, in the order in which `Ports` and `Wires` have them: required, provided,
    /// devices, memory, timers, grants, the virtual machine, each in the order of the manifest.
    pub fn ports(&self) -> Vec<(&Spanned<String>, PortKind<'_>)> {
        let mut ports = Vec::new();
        ports.extend(self.requires.iter().map(|entry| (&entry.key, PortKind::Requires(&entry.value))));
        ports.extend(self.provides.iter().map(|entry| (&entry.key, PortKind::Provides(&entry.value))));
        ports.extend(self.devices.iter().map(|entry| (&entry.key, PortKind::Device(&entry.value))));
        ports.extend(self.memory.iter().map(|entry| (&entry.key, PortKind::Memory(&entry.value))));
        ports.extend(self.timers.iter().map(|entry| (&entry.key, PortKind::Timer)));
        ports.extend(self.grants.iter().map(|entry| (&entry.key, PortKind::Grant(entry.value))));
        ports.extend(self.vm.iter().map(|name| (name, PortKind::Vm)));
        ports
    }

    /// What `Ports` has a type for: the ports, then the choices of the configuration.
    pub fn types(&self) -> Vec<(&Spanned<String>, PortKind<'_>)> {
        let choices =
            self.config.iter().filter(|field| matches!(field.value.kind, ConfigKind::Choice { .. }));
        let mut types = self.ports();
        types.extend(choices.map(|field| (&field.key, PortKind::Choice(&field.value.kind))));
        types
    }

    /// Whether the component has a thread of its own.
    pub fn is_active(&self) -> bool {
        matches!(self.activity, Activity::Active { .. })
    }

    /// The crate as Rust paths write it: the name with `_` for `-`.
    pub fn module(&self) -> String {
        self.name.value.replace('-', "_")
    }
}

impl PortKind<'_> {
    /// The port's field in `Wires`: `console`, or `console_clients` for a provided one.
    pub fn field_name(&self, port: &str) -> String {
        match self {
            Self::Provides(_) => format!("{port}_clients"),
            _ => port.to_owned(),
        }
    }

    /// Whether the field in `Wires` is there only if the spec wires the port.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Requires(interface) if interface.is_optional)
    }

    /// The port's associated type in `Ports`: `Console`, or `ConsoleClients` for a provided one.
    pub fn type_name(&self, port: &str) -> String {
        crate::to_upper_camel(&self.field_name(port))
    }

    /// What the associated type must be, as a path.
    pub fn bound(&self) -> String {
        match self {
            Self::Requires(interface) => format!("::interfaces::{}", interface.name),
            Self::Provides(_) => "::runtime::Clients".to_owned(),
            Self::Device(_) => "::runtime::Device".to_owned(),
            Self::Memory(memory) if memory.dma => "::runtime::DmaMemory".to_owned(),
            Self::Memory(_) => "::runtime::Memory".to_owned(),
            Self::Timer => "::runtime::Timer".to_owned(),
            Self::Grant(GrantKind::Halt) => "::runtime::Halt".to_owned(),
            Self::Grant(GrantKind::Control) => "::runtime::Control".to_owned(),
            Self::Grant(GrantKind::Observe) => "::runtime::Observe".to_owned(),
            Self::Grant(GrantKind::Debug) => "::runtime::Registers".to_owned(),
            Self::Grant(GrantKind::Dcr) => "::runtime::Dcr".to_owned(),
            Self::Grant(GrantKind::Trace) => "::runtime::Trace".to_owned(),
            Self::Vm => "::runtime::vm::VirtualMachine".to_owned(),
            Self::Choice(_) => "::runtime::Choice".to_owned(),
        }
    }
}
