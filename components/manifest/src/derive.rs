//! From a manifest to Rust.

use std::fmt::Write;

use crate::model::{ConfigKind, Manifest, PortKind};

impl Manifest {
    /// The text of `component.rs`: `Ports`, `Wires`, `Config`, `Component`, and a check that the
    /// component's type fits them, so that a mistake shows in the component's own crate.
    ///
    /// A component without ports has the field `ports: PhantomData<P>` in `Wires`.
    pub fn derive(&self) -> String {
        let mut text = String::from(
            "// Derived from component.ron by the build script; change the manifest instead.\n\n",
        );
        for part in [self.ports_trait(), self.wires(), self.config_type(), COMPONENT.to_owned(), self.proof()]
        {
            text += &part;
            text.push('\n');
        }
        text.pop();
        text
    }

    fn ports_trait(&self) -> String {
        let mut text = format!("/// The ports of `{}`: what the spec joins each to.\n", self.name.value);
        let ports = self.types();
        if ports.is_empty() {
            return text + "pub trait Ports {}\n";
        }
        text += "pub trait Ports {\n";
        for (port, kind) in ports {
            let _ = writeln!(text, "    /// {}", describe(&port.value, &kind));
            let _ = writeln!(text, "    type {}: {};", kind.type_name(&port.value), kind.bound());
        }
        text + "}\n"
    }

    fn wires(&self) -> String {
        let mut text = String::from("/// What the component is handed: one value for each port.\n");
        text += "pub struct Wires<P: Ports> {\n";
        let ports = self.ports();
        if ports.is_empty() {
            text += "    /// There are no ports.\n    pub ports: ::core::marker::PhantomData<P>,\n";
        }
        for (port, kind) in ports {
            let _ = writeln!(text, "    /// {}", describe(&port.value, &kind));
            let (field, type_name) = (kind.field_name(&port.value), kind.type_name(&port.value));
            let _ = match kind.is_optional() {
                true => writeln!(text, "    pub {field}: ::core::option::Option<P::{type_name}>,"),
                false => writeln!(text, "    pub {field}: P::{type_name},"),
            };
        }
        text + "}\n"
    }

    fn config_type(&self) -> String {
        let text = String::from("/// What the spec sets.\n#[derive(Clone, Copy, Debug)]\n");
        let mut fields = String::new();
        for field in &self.config {
            let kind = &field.value.kind;
            let Some(rust_type) = kind.rust_type() else { continue };
            let _ = writeln!(fields, "    /// {}", describe_config(&field.key.value, kind));
            let _ = writeln!(fields, "    pub {}: {rust_type},", field.key.value);
        }
        if fields.is_empty() {
            return text + "pub struct Config {}\n";
        }
        text + "pub struct Config {\n" + &fields + "}\n"
    }

    /// Rust checks generic functions as they stand, so nothing needs to call these.
    fn proof(&self) -> String {
        let type_name = &self.type_name.value;
        let activity = if self.is_active() { "Active" } else { "Passive" };
        let mut bounds = format!("        C: Component<P>,\n        C: ::runtime::{activity},\n");
        // Whoever has the thread serves by a part of itself.
        for port in self.provides.iter().filter(|_| !self.is_active()) {
            let _ = writeln!(bounds, "        C: ::interfaces::Serve{},", port.value.name);
        }
        format!(
            "// `{type_name}` is what the manifest says: the compiler proves it here, for any ports.\n\
             const _: () = {{\n    \
                 fn _fits<P: Ports, C>()\n    \
                 where\n\
                 {bounds}    \
                 {{\n    \
                 }}\n    \
                 fn _proof<P: Ports>() {{\n        \
                     _fits::<P, crate::{type_name}<P>>();\n    \
                 }}\n\
             }};\n"
        )
    }
}

const COMPONENT: &str = "\
/// How an instance comes to be: the generated main makes one and drives it.
pub trait Component<P: Ports>: Sized {
    /// An instance with its ports and its configuration.
    fn new(wires: Wires<P>, config: Config) -> Self;
}
";

fn describe(port: &str, kind: &PortKind<'_>) -> String {
    match kind {
        PortKind::Requires(interface) if interface.is_optional => {
            format!("The required port `{port}`: `{interface}`, if the spec wires it.")
        }
        PortKind::Requires(interface) => format!("The required port `{port}`: `{interface}`."),
        PortKind::Provides(interface) => format!("The clients of the provided port `{port}`: `{interface}`."),
        // The text is a person's; in a doc comment it must stay on its line and within its backquotes.
        PortKind::Device(device) => {
            let compatible: String = device
                .compatible
                .value
                .chars()
                .filter(|letter| !letter.is_control() && *letter != '`')
                .collect();
            format!("The device `{port}`: `{compatible}`.")
        }
        PortKind::Memory(memory) => format!("The memory `{port}`: at least {}.", memory.size.value),
        PortKind::Timer => format!("The timer `{port}`."),
        PortKind::Vm => "The virtual machine.".to_owned(),
        PortKind::Choice(kind) => describe_config(port, kind),
        PortKind::Grant(grant) => format!("The grant `{port}`: {}.", grant.purpose()),
    }
}

fn describe_config(name: &str, kind: &ConfigKind) -> String {
    let default = match kind {
        ConfigKind::U32 { default, .. } => default.map(|default| default.to_string()),
        ConfigKind::Bool { default } | ConfigKind::Choice { default } => {
            default.map(|default| default.to_string())
        }
        ConfigKind::Str { default } => default.as_ref().map(|default| format!("{default:?}")),
    };
    let range = match kind {
        ConfigKind::U32 { min, max, .. } if (*min, *max) != (0, u32::MAX) => format!(", from {min} to {max}"),
        _ => String::new(),
    };
    match default {
        Some(default) if default.contains('`') => format!("`{name}`{range}; it has a default."),
        Some(default) => format!("`{name}`{range}; `{default}` if the spec is silent."),
        None => format!("`{name}`{range}; the spec must set it."),
    }
}
