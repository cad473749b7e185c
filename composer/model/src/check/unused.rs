//! What a spec declares and nothing uses.

use composer_syntax::{Code, Diagnostic, Diagnostics};
use manifest::Manifest;

use crate::draft::{Draft, Instance};

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for (index, instance) in draft.instances.iter().enumerate() {
        let Some(manifest) = instance.manifest else { continue };
        let wired = draft.wires.iter().any(|wire| wire.provider == index)
            || draft.handlers.iter().any(|handler| handler.provider == index);
        // A driver that offers nothing may do its work on interrupts and ticks alone.
        let woken =
            manifest.provides.is_empty() && !(manifest.devices.is_empty() && manifest.timers.is_empty());
        if !manifest.is_active() && !wired && !woken {
            found.push(never_entered(instance, manifest));
        }
    }
    for (index, region) in draft.regions.iter().enumerate() {
        if draft.memory.iter().all(|memory| memory.region != index) {
            found.push(
                Diagnostic::warning(
                    Code::UnusedRegion,
                    format!("the region `{}` is never used", region.key.value),
                )
                .primary(region.key.span, "no instance's `memory` names it")
                .help("give it to a memory port, or remove it"),
            );
        }
    }
}

fn never_entered(instance: &Instance<'_>, manifest: &Manifest) -> Diagnostic {
    let ports: Vec<String> = manifest.provides.keys().map(|port| format!("`{port}`")).collect();
    let label = match ports.is_empty() {
        true => "it provides nothing and has no thread".to_owned(),
        false => format!("no wire ends at its {}", ports.join(" or ")),
    };
    Diagnostic::warning(Code::UnusedInstance, format!("nothing ever enters `{}`", instance.key.value))
        .primary(instance.key.span, label)
        .secondary(manifest.name.span, "it is passive: it has no thread of its own")
        .help("wire a client to it, or remove it")
}
