//! Fault handlers: which provided port a domain's faults arrive at.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry, Spanned, unknown_name};
use manifest::{InterfaceReference, Manifest};

use super::wires::named_port;
use super::{Domain, HandlerUse, Instance, at};
use crate::spec::SpecText;

/// The interface that a handler speaks, by whose method 0 the kernel hands over a fault.
const INTERFACE: &str = "FaultHandler@1";

/// The handlers of all domains, as far as they are known and speak the right interface.
pub(super) fn resolve<'a>(
    instances: &[Instance<'a>],
    domains: &[Domain<'a>],
    spec: &SpecText,
    found: &mut Diagnostics,
) -> Vec<HandlerUse<'a>> {
    let mut handlers = vec![];
    for (domain, about) in domains.iter().enumerate() {
        // Members that state another are reported as that.
        let stated = about.instances.iter().find_map(|&one| instances[one].text.fault_handler.given());
        let Some(name) = stated else { continue };
        handlers.extend(handler(instances, domain, name, spec, found));
    }
    handlers
}

fn handler<'a>(
    instances: &[Instance<'a>],
    domain: usize,
    name: &'a Spanned<String>,
    spec: &SpecText,
    found: &mut Diagnostics,
) -> Option<HandlerUse<'a>> {
    let (instance, explicit) = match name.value.split_once('.') {
        Some((instance, port)) => (instance, Some(port)),
        None => (name.value.as_str(), None),
    };
    let Some(provider) = instances.iter().position(|one| one.key.value == instance) else {
        // A name that stands for something unreadable is not unknown.
        if spec.instances.lacks(instance) {
            let known = instances.iter().map(|one| one.key.value.as_str());
            let shown = Spanned::new(instance, name.span);
            let quoted = explicit.is_none();
            found.push(unknown_name(Code::UnknownName, "instance", shown, quoted, known));
        }
        return None;
    };
    let manifest = instances[provider].manifest?;
    let provided = match explicit {
        Some(port) => named_port(manifest, name, instance, port, found)?,
        None => match manifest.provides.iter().position(|port| speaks(&port.value)) {
            Some(port) => port,
            None => {
                found.push(no_handler(manifest, name, instance));
                return None;
            }
        },
    };
    let port = at(&manifest.provides, provided);
    if !speaks(&port.value) {
        found.push(other_interface(port, name, instance));
        return None;
    }
    Some(HandlerUse { domain, provider, provided, name })
}

fn speaks(interface: &InterfaceReference) -> bool {
    interface.to_string() == INTERFACE
}

fn no_handler(manifest: &Manifest, name: &Spanned<String>, instance: &str) -> Diagnostic {
    let component = &manifest.name.value;
    let message = format!("`{instance}`, a `{component}`, provides no `{INTERFACE}`");
    Diagnostic::error(Code::InterfaceMismatch, message)
        .primary(name.span, "cannot handle faults")
        .secondary(manifest.name.span, "its ports are declared in this manifest")
        .help(format!("name an instance whose component has `{INTERFACE}` among its `provides`"))
}

fn other_interface(port: &Entry<InterfaceReference>, name: &Spanned<String>, instance: &str) -> Diagnostic {
    let message = format!("`{instance}.{}` speaks `{}`, not `{INTERFACE}`", port.key.value, port.value);
    Diagnostic::error(Code::InterfaceMismatch, message)
        .primary(name.span, "cannot handle faults")
        .secondary(port.value.span, format!("`{}` is provided here", port.value))
}
