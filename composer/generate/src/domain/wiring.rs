//! What the ports of an instance are wired to, and under which names.

use std::collections::BTreeMap;

use composer_layout::lowered::{Authority, Domain, Instance, Required, Value};
use serde::Serialize;

use crate::imports::Imports;
use crate::names::{Names, upper_camel};

/// The names of one main, as they are declared.
pub(super) struct Scope<'a> {
    pub(super) domain: &'a Domain,
    /// Local and wiring of each instance.
    pub(super) names: BTreeMap<&'a str, (String, String)>,
    /// Event flags of each direct wire, by client and port: both ends name them.
    pub(super) flags: BTreeMap<(&'a str, &'a str), String>,
    pub(super) locals: Names,
    pub(super) imports: &'a mut Imports,
}

/// The type that joins an instance's ports.
#[derive(Debug, Serialize)]
pub(super) struct Wiring {
    name: String,
    instance: String,
    component: String,
    place: String,
    ports: Vec<PortType>,
}

#[derive(Debug, Serialize)]
struct PortType {
    name: String,
    bound: String,
    place: String,
}

impl Scope<'_> {
    /// The wiring of an instance: a type for each port.
    pub(super) fn wiring(&mut self, instance: &Instance) -> Wiring {
        let mut ports = Vec::new();
        let mut port = |name: &str, bound: String, place: &str| {
            ports.push(PortType { name: name.to_owned(), bound, place: place.to_owned() });
        };
        for required in &instance.requires {
            match required {
                Required::Call(wire) => {
                    self.imports.add("CallWire");
                    let bound = format!("{}<CallWire<'a>>", client_type(&wire.module, &wire.interface));
                    port(&upper_camel(&wire.port), bound, &wire.place);
                }
                Required::Ring(wire) => {
                    self.imports.add("RingWire");
                    let bound = format!("{}<RingWire<'a>>", client_type(&wire.module, &wire.interface));
                    port(&upper_camel(&wire.port), bound, &wire.place);
                }
                Required::Direct { port: name, provider, place, .. } => {
                    self.imports.add("Direct");
                    let bound = format!("Direct<'a, {}>", self.provider_type(provider));
                    port(&upper_camel(name), bound, place);
                }
            }
        }
        for unwired in instance.optional.iter().filter(|optional| !is_wired(instance, &optional.port)) {
            self.imports.add("Unwired");
            let bound = format!("{}<Unwired>", client_type(&unwired.module, &unwired.interface));
            port(&upper_camel(&unwired.port), bound, &instance.place);
        }
        for provided in &instance.provides {
            self.imports.add("ClientTable");
            let name = format!("{}Clients", upper_camel(&provided.port));
            port(&name, "ClientTable<'a>".to_owned(), &instance.place);
        }
        for device in &instance.devices {
            self.imports.add("MmioDevice");
            port(&upper_camel(&device.port), "MmioDevice<'a>".to_owned(), &device.place);
        }
        for memory in &instance.memory {
            self.imports.add("Buffer");
            self.imports.add_if(memory.region_slot.is_some(), "DmaBuffer");
            let bound = if memory.region_slot.is_some() { "DmaBuffer<'static>" } else { "Buffer<'static>" };
            port(&upper_camel(&memory.port), bound.to_owned(), &memory.place);
        }
        for timer in &instance.timers {
            self.imports.add("KernelTimer");
            port(&upper_camel(&timer.port), "KernelTimer<'a>".to_owned(), &timer.place);
        }
        for grant in &instance.grants {
            let bound = authority(&grant.authority);
            self.imports.add(bound);
            let lifetime = match grant.authority {
                Authority::Control { .. } => "<'a>",
                Authority::Trace(_) => "<'static>",
                _ => "",
            };
            port(&upper_camel(&grant.port), format!("{bound}{lifetime}"), &grant.place);
        }
        if let Some(vm) = &instance.vm {
            self.imports.add("vm");
            port("Vm", "vm::Vm<'a>".to_owned(), &vm.place);
        }
        for field in &instance.config {
            if let Value::Choice(is_on) = field.value {
                let bound = if is_on { "On" } else { "Off" };
                self.imports.add(bound);
                port(&upper_camel(&field.name), bound.to_owned(), &field.place);
            }
        }
        Wiring {
            name: self.names[instance.name.as_str()].1.clone(),
            instance: instance.name.clone(),
            component: instance.module.clone(),
            place: instance.place.clone(),
            ports,
        }
    }

    /// The type of an instance of this domain that provides.
    fn provider_type(&self, provider: &str) -> String {
        let about = self.domain.instances.iter().find(|instance| instance.name == provider);
        let about = about.expect("direct wires stay in their domain");
        format!("::{}::{}<{}<'a>>", about.module, about.type_name, self.names[provider].1)
    }
}

/// Whether a required port is wired.
pub(super) fn is_wired(instance: &Instance, port: &str) -> bool {
    instance.requires.iter().any(|required| match required {
        Required::Call(wire) => wire.port == port,
        Required::Ring(wire) => wire.port == port,
        Required::Direct { port: name, .. } => name == port,
    })
}

/// The client of an interface to another domain.
pub(super) fn client_type(module: &str, interface: &str) -> String {
    format!("interfaces::{module}::{interface}Client")
}

/// The type of a grant.
pub(super) fn authority(authority: &Authority) -> &'static str {
    match authority {
        Authority::Halt => "NodeHalt",
        Authority::Control { .. } => "DomainControl",
        Authority::Observe(_) => "DomainObserver",
        Authority::Debug(_) => "ThreadRegisters",
        Authority::Dcr(_) => "DcrRange",
        Authority::Trace(_) => "TraceRing",
    }
}
