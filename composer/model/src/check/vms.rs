//! Virtual machines: who has one, how much memory it gets, and what runs in it.

use composer_payload::Recipe;
use composer_syntax::{Code, Diagnostic, Diagnostics, Size, Spanned, quoted, unknown_name};

use crate::draft::{Draft, Instance};
use crate::spec::{Field, GuestText, VmText};
use crate::system::Guest;

/// The least RAM of a guest: a page of the processor that Linux starts in.
const LEAST: u64 = 16 << 20;
/// The most: what the monitor's window holds.
const MOST: u64 = 512 << 20;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for instance in &draft.instances {
        let Some(manifest) = instance.manifest else { continue };
        match (&manifest.vm, &instance.text.vm) {
            (Some(port), Field::Absent) => found.push(missing(instance, port)),
            (None, Field::Given(vm)) => found.push(needless(instance, vm)),
            (Some(_), Field::Given(vm)) => {
                found.extend(vm.value.memory.given().and_then(memory));
                if let Some(guest) = vm.value.guest.given() {
                    runs(draft, guest, found);
                }
            }
            _ => {}
        }
    }
}

fn missing(instance: &Instance<'_>, port: &Spanned<String>) -> Diagnostic {
    let name = &instance.key.value;
    Diagnostic::error(Code::MissingVm, format!("`{name}` runs a virtual machine, and nothing says which"))
        .primary(instance.key.span, "the field `vm` is missing")
        .secondary(port.span, "its component asks for one here")
        .help("add `vm: (memory: \"256 MiB\", guest: Recipe(\"linux-guest\"), command_line: \"console=ttyS0,115200\")`")
}

fn needless(instance: &Instance<'_>, vm: &Spanned<VmText>) -> Diagnostic {
    let name = &instance.key.value;
    let component = instance.manifest.map(|manifest| &manifest.name);
    let diagnostic = Diagnostic::error(Code::NeedlessVm, format!("`{name}` runs no virtual machine"))
        .primary(vm.span, "this is for nobody");
    let diagnostic = match component {
        Some(component) => diagnostic.secondary(component.span, "its manifest has no `vm: true`"),
        None => diagnostic,
    };
    diagnostic.help("remove `vm`, or name a component that runs virtual machines, such as `vmm`")
}

fn memory(memory: &Spanned<Size>) -> Option<Diagnostic> {
    let bytes = memory.value.0;
    if bytes.is_power_of_two() && (LEAST..=MOST).contains(&bytes) {
        return None;
    }
    let nearest = Size(bytes.clamp(LEAST, MOST).next_power_of_two());
    let message = format!("a guest cannot have {} of memory", memory.value);
    Some(
        Diagnostic::error(Code::GuestMemory, message)
            .primary(memory.span, format!("expected a power of two, {} to {}", Size(LEAST), Size(MOST)))
            .note("guest and host addresses agree in all bits below the size, so that the largest pages translate them")
            .fix(format!("write `{nearest}`"), memory.span, quoted(&nearest.to_string())),
    )
}

fn runs(draft: &Draft<'_>, guest: &GuestText, found: &mut Diagnostics) {
    match guest {
        GuestText::Recipe { name, variant } => recipe(draft, name, variant.as_ref(), found),
        GuestText::Files { kernel, initrd } => {
            for file in std::iter::once(kernel).chain(initrd) {
                if !draft.folder.join(&file.value).is_file() {
                    found.push(missing_file(file, "a guest starts with it"));
                }
            }
        }
    }
}

pub(super) fn missing_file(file: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::error(Code::GuestFile, format!("there is no file `{}`", file.value))
        .primary(file.span, why)
        .note("a path without a slash in front starts at the spec's folder")
}

fn recipe(
    draft: &Draft<'_>,
    name: &Spanned<String>,
    variant: Option<&Spanned<String>>,
    found: &mut Diagnostics,
) {
    let known = composer_payload::recipe::names(draft.checkout);
    if !known.contains(&name.value) {
        let shown = name.as_ref().map(String::as_str);
        return found.push(unknown_name(
            Code::UnknownName,
            "recipe",
            shown,
            true,
            known.iter().map(String::as_str),
        ));
    }
    // What is wrong with a recipe is told when it is carried out.
    let Ok(recipe) = Recipe::load(draft.checkout, &name.value) else { return };
    let shown =
        variant.map_or(Spanned::new(Guest::VARIANT, name.span), |one| one.as_ref().map(String::as_str));
    if recipe.variants.get(shown.value).is_none() {
        let what = format!("variant of `{}`:", name.value);
        found.push(unknown_name(Code::UnknownName, &what, shown, variant.is_some(), recipe.variants.keys()));
    }
}
