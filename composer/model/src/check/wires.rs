//! Both ends of a wire speak the same interface, in the same version.

use composer_syntax::{Code, Diagnostic, Diagnostics, Entry};
use manifest::InterfaceReference;

use crate::draft::{Draft, Wire, same_interface};

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for wire in &draft.wires {
        let (required, provided) = (draft.required(wire), draft.provided(wire));
        if required.value.name != provided.value.name {
            found.push(other_interface(draft, wire, required, provided));
        } else if required.value.version != provided.value.version
            && known(draft, required)
            && known(draft, provided)
        {
            found.push(other_version(draft, wire, required, provided));
        }
    }
}

/// Whether there is this version of the interface. A manifest that names another is reported itself.
fn known(draft: &Draft<'_>, port: &Entry<InterfaceReference>) -> bool {
    draft.interfaces.iter().any(|one| one.name == port.value.name && one.version == port.value.version)
}

fn other_interface(
    draft: &Draft<'_>,
    wire: &Wire<'_>,
    required: &Entry<InterfaceReference>,
    provided: &Entry<InterfaceReference>,
) -> Diagnostic {
    let (needs, offers) = (&required.value.name, &provided.value.name);
    let message = format!(
        "`{}.{}` speaks `{needs}`, but `{}.{}` speaks `{offers}`",
        draft.name(wire.client),
        required.key.value,
        draft.name(wire.provider),
        provided.key.value,
    );
    let diagnostic = Diagnostic::error(Code::InterfaceMismatch, message)
        .primary(wire.text.target.span, format!("provides `{offers}`, not `{needs}`"))
        .secondary(required.value.span, format!("`{needs}` is required here"))
        .secondary(provided.value.span, format!("`{offers}` is provided here"));
    let fitting: Vec<&str> = (0..draft.instances.len())
        .filter(|&one| one != wire.client)
        .filter(|&one| {
            let manifest = draft.instances[one].manifest;
            manifest.is_some_and(|manifest| {
                manifest.provides.iter().filter(|port| same_interface(&port.value, &required.value)).count()
                    == 1
            })
        })
        .map(|one| draft.name(one))
        .collect();
    match fitting.as_slice() {
        [only] => diagnostic.fix(
            format!("wire it to `{only}`"),
            wire.text.target.span,
            composer_syntax::quoted(only),
        ),
        [] => diagnostic.help(format!("no instance provides `{needs}`: add one")),
        several => diagnostic.help(format!("`{needs}` is provided by {}", several.join(", "))),
    }
}

fn other_version(
    draft: &Draft<'_>,
    wire: &Wire<'_>,
    required: &Entry<InterfaceReference>,
    provided: &Entry<InterfaceReference>,
) -> Diagnostic {
    let (needs, offers) = (&required.value, &provided.value);
    let message = format!(
        "`{}` speaks `{}@{}`, but `{}` speaks version {}",
        draft.name(wire.client),
        needs.name,
        needs.version,
        draft.name(wire.provider),
        offers.version
    );
    Diagnostic::error(Code::VersionMismatch, message)
        .primary(wire.text.target.span, format!("provides version {}, not {}", offers.version, needs.version))
        .secondary(required.value.span, format!("version {} is required here", needs.version))
        .secondary(provided.value.span, format!("version {} is provided here", offers.version))
        .help("bring the older component up to the newer version, then its manifest")
}
