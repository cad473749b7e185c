//! How one instance is built.

use composer_layout::lowered::{
    Authority, Calls, Config, Device, Grant, Instance, Provided, Reach, Reaction, Required, Ringed, Slice,
    Value, VirtualMachine, WireBuffer,
};
use serde::Serialize;

use super::ring::RingView;
use super::wiring::{Scope, authority, client_type};
use crate::literals;
use crate::names::snake;

/// Why it is sound to reach a wire's buffer.
const BUFFER_SAFETY: &str = "composer maps this buffer, readable and writable, for this wire alone.";
/// Why it is sound to reach a device.
const DEVICE_SAFETY: &str = "composer maps these registers for this instance alone, uncached and guarded.";
/// Why it is sound to reach a region.
const MEMORY_SAFETY: &str = "composer maps this memory, readable and writable; nothing here refers to it.";

/// Why it is sound to run a guest.
const VM_SAFETY: &str =
    "composer maps the state of this virtual CPU there, for this instance and the kernel alone.";
/// Why it is sound to read the trace's ring.
const TRACE_SAFETY: &str = "composer maps this ring, readable; it is only read.";

/// What the template prints of an instance.
#[derive(Debug, Serialize)]
pub(super) struct InstanceView {
    pub(super) name: String,
    pub(super) local: String,
    component: String,
    type_name: String,
    wiring: String,
    place: String,
    buffers: Vec<Let>,
    wires_at: Vec<WireAt>,
    rings_at: Vec<RingAt>,
    devices: Vec<DeviceAt>,
    vm: Option<VmView>,
    flags: Vec<Let>,
    clients: Vec<Clients>,
    fields: Vec<Field>,
    config: Vec<Field>,
    /// The place of all of the configuration, if it has one.
    config_place: Option<String>,
    /// What the server of each called port needs, by the port's number.
    #[serde(skip)]
    pub(super) served: Vec<Served>,
    /// Whether nothing stands before the instance itself.
    bare: bool,
    /// Whether something that it is given waits through its domain's inbox.
    #[serde(skip)]
    pub(super) waits: bool,
}

/// A port that other domains use.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) number: u16,
    pub(super) module: String,
    /// Whether some of its clients call.
    pub(super) called: bool,
    pub(super) buffers: Vec<(Option<WireBuffer>, String)>,
    pub(super) rings: Vec<ServedRing>,
    pub(super) port: String,
}

/// A ring of such a port.
#[derive(Debug)]
pub(super) struct ServedRing {
    pub(super) ring: RingView,
    pub(super) client: u16,
    pub(super) slot: u32,
    pub(super) bits: u32,
    pub(super) place: String,
}

#[derive(Debug, Serialize)]
struct Let {
    local: String,
    safety: Option<&'static str>,
    value: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct WireAt {
    local: String,
    slot: u32,
    buffer: String,
    events: String,
    gone: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct RingAt {
    local: String,
    memory: RingView,
    server: u32,
    wake: String,
    events: String,
    gone: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct DeviceAt {
    local: String,
    base: String,
    size: u32,
    irq: u32,
    bits: String,
    place: String,
}

/// The port of a virtual machine: names of locals, and what they are made of.
#[derive(Debug, Serialize)]
struct VmView {
    memory: String,
    memory_address: String,
    memory_bytes: String,
    kernel: String,
    kernel_address: String,
    kernel_bytes: String,
    load: String,
    entry: String,
    initrd: Option<String>,
    initrd_address: String,
    initrd_bytes: String,
    at: String,
    slot: u32,
    state: String,
    command_line: String,
    devices: String,
    /// The local that holds the disks; empty if there are none.
    disks: String,
    disk: Vec<DiskView>,
    number: u32,
    frequency: String,
    calls: String,
    slice: String,
    on_reset: String,
    on_panic: String,
    on_death: String,
    place: String,
}

/// A disk of a guest.
#[derive(Debug, Serialize)]
struct DiskView {
    local: String,
    name: String,
    read_only: bool,
    address: String,
    bytes: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct Clients {
    local: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    value: String,
    place: String,
}

#[derive(Debug, Serialize)]
struct Field {
    name: String,
    safety: Option<&'static str>,
    value: String,
    place: String,
}

impl Field {
    fn new(name: &str, value: String, place: &str) -> Self {
        Self { name: name.to_owned(), safety: None, value, place: place.to_owned() }
    }
}

impl Scope<'_> {
    /// Everything that builds an instance, in the order of the manifest's kinds of ports.
    pub(super) fn instance(&mut self, instance: &Instance) -> InstanceView {
        let (local, wiring) = self.names[instance.name.as_str()].clone();
        let values = || instance.config.iter().filter(|field| !matches!(field.value, Value::Choice(_)));
        let mut view = InstanceView {
            name: instance.name.clone(),
            local,
            component: instance.module.clone(),
            type_name: instance.type_name.clone(),
            wiring,
            place: instance.place.clone(),
            buffers: vec![],
            wires_at: vec![],
            rings_at: vec![],
            devices: vec![],
            vm: None,
            flags: vec![],
            clients: vec![],
            fields: vec![],
            config: instance.config.iter().filter_map(config).collect(),
            config_place: values().next().map(|first| first.place.clone()),
            served: vec![],
            bare: false,
            waits: false,
        };
        view.config_place.take_if(|place| values().any(|field| field.place != *place));
        for required in &instance.requires {
            self.required(instance, required, &mut view);
        }
        for optional in &instance.optional {
            match view.fields.iter_mut().find(|field| field.name == optional.port) {
                Some(field) => field.value = format!("Some({})", field.value),
                None => view.fields.push(Field::new(&optional.port, "None".to_owned(), &instance.place)),
            }
        }
        for provided in &instance.provides {
            self.provided(instance, provided, &mut view);
        }
        for device in &instance.devices {
            self.device(instance, device, &mut view);
        }
        self.kernel_objects(instance, &mut view);
        if let Some(vm) = &instance.vm {
            self.vm(instance, vm, &mut view);
        }
        view.bare = view.buffers.is_empty()
            && view.wires_at.is_empty()
            && view.rings_at.is_empty()
            && view.devices.is_empty()
            && view.vm.is_none()
            && view.flags.is_empty()
            && view.clients.is_empty();
        view
    }

    fn required(&mut self, instance: &Instance, required: &Required, view: &mut InstanceView) {
        match required {
            Required::Call(wire) => {
                let stem = format!("{}_{}", snake(&instance.name), snake(&wire.port));
                let buffer = wire.buffer.map(|buffer| {
                    let local = self.locals.declare(&format!("{stem}_buffer"));
                    view.buffers.push(self.buffer(local.clone(), buffer, &wire.place));
                    local
                });
                self.imports.add("Bits");
                self.imports.add("WireAt");
                self.imports.add_if(buffer.is_none(), "Buffer");
                let local = self.locals.declare(&format!("{stem}_at"));
                let value = format!(
                    "{}::new(CallWire::new(inbox, {local}))",
                    client_type(&wire.module, &wire.interface)
                );
                view.waits = true;
                view.fields.push(Field::new(&wire.port, value, &wire.place));
                view.wires_at.push(WireAt {
                    local,
                    slot: wire.slot,
                    buffer: buffer.unwrap_or_else(|| "Buffer::EMPTY".to_owned()),
                    events: literals::bits(wire.events),
                    gone: literals::bits(wire.gone),
                    place: wire.place.clone(),
                });
            }
            Required::Ring(wire) => self.ring_at(instance, wire, view),
            Required::Direct { port, provider, client, place } => {
                self.imports.add("Client");
                let provider = &self.names[provider.as_str()].0;
                let flags = &self.flags[&(instance.name.as_str(), port.as_str())];
                let value = format!("Direct::new(inbox, &{provider}, Client({client}), &{flags})");
                view.waits = true;
                view.fields.push(Field::new(port, value, place));
            }
        }
    }

    fn ring_at(&mut self, instance: &Instance, wire: &Ringed, view: &mut InstanceView) {
        self.imports.add("Bits");
        self.imports.add("RingAt");
        let stem = format!("{}_{}", snake(&instance.name), snake(&wire.port));
        let memory = self.ring(&stem, &wire.module, wire.ring);
        let local = self.locals.declare(&format!("{stem}_at"));
        let client = client_type(&wire.module, &wire.interface);
        let value = format!("{client}::new(RingWire::new(inbox, {local}))");
        view.waits = true;
        view.fields.push(Field::new(&wire.port, value, &wire.place));
        view.rings_at.push(RingAt {
            local,
            memory,
            server: wire.slot,
            wake: literals::bits(wire.wake),
            events: literals::bits(wire.events),
            gone: literals::bits(wire.gone),
            place: wire.place.clone(),
        });
    }

    fn buffer(&mut self, local: String, buffer: WireBuffer, place: &str) -> Let {
        self.imports.add("Buffer");
        let value =
            format!("unsafe {{ Buffer::at({}, {}) }}", literals::address(buffer.address), buffer.size);
        Let { local, safety: Some(BUFFER_SAFETY), value, place: place.to_owned() }
    }

    fn provided(&mut self, instance: &Instance, provided: &Provided, view: &mut InstanceView) {
        let field = format!("{}_clients", provided.port);
        let stem = format!("{}_{}", snake(&instance.name), snake(&provided.port));
        let mut entries = Vec::new();
        let mut buffers = Vec::new();
        let mut rings = Vec::new();
        let mut called = false;
        for client in &provided.clients {
            let name = literals::text(&client.name);
            let value = match &client.reach {
                Reach::Call { first_slot, events, buffer } => {
                    called = true;
                    buffers.push((*buffer, client.place.clone()));
                    format!("ClientEntry::called({name}, Slot({first_slot}), {events})")
                }
                Reach::Ring { first_slot, events, slot, bits, client: number, ring } => {
                    buffers.push((None, client.place.clone()));
                    let module = provided.module.as_deref().expect("a port that is used has an interface");
                    let ring = self.ring(&format!("{}_{stem}", snake(&client.name)), module, *ring);
                    rings.push(ServedRing {
                        ring,
                        client: *number,
                        slot: *slot,
                        bits: *bits,
                        place: client.place.clone(),
                    });
                    format!("ClientEntry::called({name}, Slot({first_slot}), {events})")
                }
                Reach::Direct { port } => {
                    self.imports.add("EventFlags");
                    buffers.push((None, client.place.clone()));
                    // The client's wire names the same flags.
                    let local = self.flags[&(client.name.as_str(), port.as_str())].clone();
                    let value = "EventFlags::new()".to_owned();
                    view.flags.push(Let {
                        local: local.clone(),
                        safety: None,
                        value,
                        place: client.place.clone(),
                    });
                    format!("ClientEntry::direct({name}, &{local})")
                }
            };
            entries.push(Entry { value, place: client.place.clone() });
        }
        let table = if entries.is_empty() {
            "&[]".to_owned()
        } else {
            self.imports.add("ClientEntry");
            let local = self.locals.declare(&format!("{stem}_clients"));
            view.clients.push(Clients { local: local.clone(), entries });
            format!("&{local}")
        };
        view.fields.push(Field::new(&field, format!("ClientTable::new({table})"), &instance.place));
        if let (Some(number), Some(module)) = (provided.number, &provided.module) {
            let module = module.clone();
            view.served.push(Served { number, module, called, buffers, rings, port: stem });
        }
    }

    fn device(&mut self, instance: &Instance, device: &Device, view: &mut InstanceView) {
        self.imports.add("Bits");
        self.imports.add("DeviceAt");
        let local = self.locals.declare(&format!("{}_{}_at", snake(&instance.name), snake(&device.port)));
        let value = format!("unsafe {{ MmioDevice::at(inbox, {local}) }}");
        view.waits = true;
        let safety = Some(DEVICE_SAFETY);
        view.fields.push(Field { safety, ..Field::new(&device.port, value, &device.place) });
        view.devices.push(DeviceAt {
            local,
            base: literals::address(device.base),
            size: device.size,
            irq: device.interrupt.map_or(0, |interrupt| interrupt.slot),
            bits: literals::bits(device.interrupt.map_or(0, |interrupt| interrupt.bits)),
            place: device.place.clone(),
        });
    }

    fn kernel_objects(&mut self, instance: &Instance, view: &mut InstanceView) {
        for memory in &instance.memory {
            let buffer =
                format!("unsafe {{ Buffer::at({}, {}) }}", literals::address(memory.base), memory.size);
            let value = match memory.region_slot {
                Some(slot) => {
                    self.imports.add("Slot");
                    format!("DmaBuffer::new({buffer}, Slot({slot}))")
                }
                None => buffer,
            };
            let safety = Some(MEMORY_SAFETY);
            view.fields.push(Field { safety, ..Field::new(&memory.port, value, &memory.place) });
        }
        for timer in &instance.timers {
            self.imports.add("Bits");
            let bits = literals::bits(timer.bits);
            let frequency = literals::count(timer.frequency);
            let value = format!("KernelTimer::new(inbox, Slot({}), Bits({bits}), {frequency})", timer.slot);
            view.waits = true;
            view.fields.push(Field::new(&timer.port, value, &timer.place));
        }
        for grant in &instance.grants {
            let value = self.grant(grant, view);
            let safety = matches!(grant.authority, Authority::Trace(_)).then_some(TRACE_SAFETY);
            view.fields.push(Field { safety, ..Field::new(&grant.port, value, &grant.place) });
        }
    }
}

impl InstanceView {
    /// Whether it runs a guest.
    pub(super) fn runs_guest(&self) -> bool {
        self.vm.is_some()
    }
}

impl Scope<'_> {
    /// The port of a virtual machine.
    fn vm(&mut self, instance: &Instance, vm: &VirtualMachine, view: &mut InstanceView) {
        self.imports.add("Slot");
        let mut local = |what: &str| self.locals.declare(&format!("{}_{what}", snake(&instance.name)));
        let (memory, kernel, at) = (local("memory"), local("kernel"), local("at"));
        let initrd = vm.initrd.map(|_| local("initrd"));
        let disk: Vec<DiskView> = vm
            .disks
            .iter()
            .map(|disk| DiskView {
                local: local(&format!("disk_{}", snake(&disk.name))),
                name: literals::text(&disk.name),
                read_only: disk.read_only,
                address: literals::address(disk.image.address),
                bytes: literals::count(disk.image.size.into()),
                place: disk.place.clone(),
            })
            .collect();
        let disks = if disk.is_empty() { String::new() } else { local("disks") };
        self.imports.add_if(vm.disks.iter().any(|disk| !disk.read_only), "Buffer");
        let value = format!("unsafe {{ vm::Vm::at(inbox, &arrived, {memory}, {at}) }}");
        view.waits = true;
        view.fields.push(Field { safety: Some(VM_SAFETY), ..Field::new("vm", value, &vm.place) });
        let (initrd_address, initrd_bytes) = vm.initrd.map_or((0, 0), |image| (image.address, image.size));
        view.vm = Some(VmView {
            memory,
            memory_address: literals::address(vm.memory.start as u32),
            memory_bytes: literals::count(vm.memory.size),
            kernel,
            kernel_address: literals::address(vm.kernel.address),
            kernel_bytes: literals::count(vm.kernel.size.into()),
            load: literals::address(vm.load),
            entry: literals::address(vm.entry),
            initrd,
            initrd_address: literals::address(initrd_address),
            initrd_bytes: literals::count(initrd_bytes.into()),
            at,
            slot: vm.slot,
            state: literals::address(vm.state),
            command_line: literals::text(&vm.command_line),
            devices: devices(vm),
            disks,
            disk,
            number: vm.number,
            frequency: literals::count(vm.frequency),
            calls: vm.calls.map_or_else(|| "None".to_owned(), |calls| self.calls(calls)),
            slice: vm.slice.map_or_else(|| "None".to_owned(), |slice| self.slice(slice)),
            on_reset: reaction(vm.on_reset),
            on_panic: vm
                .on_panic
                .map_or_else(|| "None".to_owned(), |on_panic| format!("Some({})", reaction(on_panic))),
            on_death: reaction(vm.on_death),
            place: vm.place.clone(),
        });
    }

    /// How a machine's monitor learns of calls.
    fn calls(&mut self, calls: Calls) -> String {
        self.imports.add("Bits");
        let bits = literals::bits(calls.bits);
        format!("Some(vm::Calls {{ endpoint: Slot({}), bits: Bits({bits}) }})", calls.endpoint)
    }

    /// A machine's turns with its equals.
    fn slice(&mut self, slice: Slice) -> String {
        self.imports.add("Bits");
        let Slice { timer, bits, ticks } = slice;
        let (bits, ticks) = (literals::bits(bits), literals::count(ticks));
        format!("Some(vm::Slice {{ timer: Slot({timer}), bits: Bits({bits}), ticks: {ticks} }})")
    }

    /// The value of a grant.
    fn grant(&mut self, grant: &Grant, view: &mut InstanceView) -> String {
        let (type_name, slot) = (authority(&grant.authority), grant.slot);
        match &grant.authority {
            Authority::Control { bits, .. } => {
                self.imports.add("Bits");
                view.waits = true;
                format!("{type_name}::new(inbox, Slot({slot}), Bits({}))", literals::bits(*bits))
            }
            Authority::Trace(ring) => {
                self.imports.add("Buffer");
                let (address, size) = (literals::address(ring.start as u32), ring.size);
                format!("{type_name}::new(unsafe {{ Buffer::at({address}, {size}) }})")
            }
            _ => {
                self.imports.add("Slot");
                format!("{type_name}::new(Slot({slot}))")
            }
        }
    }
}

fn reaction(reaction: Reaction) -> String {
    match reaction {
        Reaction::Restart { max: u32::MAX } => "vm::Reaction::ALWAYS".to_owned(),
        Reaction::Restart { max } => format!("vm::Reaction::Restart {{ max: {max} }}"),
        Reaction::Stop => "vm::Reaction::Stop".to_owned(),
        Reaction::Fail => "vm::Reaction::Fail".to_owned(),
    }
}

/// A field of `Config`; none for what is a type.
/// The value that says which devices a guest has.
fn devices(vm: &VirtualMachine) -> String {
    let VirtualMachine { console, entropy, modern, .. } = vm;
    let mac = match vm.mac {
        Some(bytes) => format!("Some([{}])", bytes.map(|byte| format!("{byte:#04x}")).join(", ")),
        None => "None".to_owned(),
    };
    format!("vm::Devices {{ is_modern: {modern}, console: {console}, entropy: {entropy}, mac: {mac} }}")
}

fn config(field: &Config) -> Option<Field> {
    let value = match &field.value {
        Value::U32(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Str(value) => literals::text(value),
        Value::Choice(_) => return None,
    };
    Some(Field::new(&field.name, value, &field.place))
}
