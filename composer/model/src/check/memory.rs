//! Stacks and regions are large enough, and pinned for a reason to where a page can begin.

use composer_syntax::{Address, Code, Diagnostic, Diagnostics, Size, quoted};

use crate::draft::{Draft, Instance, Region, at};
use crate::spec::Field;

/// Where a region can begin.
const PAGE: u64 = 4096;
/// One past the last address that a TLB entry can hold.
const END: u64 = 1 << 36;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    for region in &draft.regions {
        found.extend(size(region));
        found.extend(pin(region));
        found.extend(reason(region));
    }
    for memory in &draft.memory {
        found.extend(too_small(draft, memory));
    }
    for instance in &draft.instances {
        found.extend(stack(instance));
    }
}

/// Whether a region of this size, at this address if at any, has none of the mistakes that are told here.
pub(crate) fn is_placeable(size: u64, at: Option<u64>) -> bool {
    let at = at.unwrap_or_default();
    size > 0 && at.is_multiple_of(PAGE) && at.checked_add(size).is_some_and(|end| end <= END)
}

fn stack(instance: &Instance<'_>) -> Option<Diagnostic> {
    let stated = instance.text.stack.given()?;
    if stated.value.0 == 0 {
        return Some(zero("stack", stated.span));
    }
    let needed = instance.manifest?.activity.stack();
    (stated.value < needed.value).then(|| {
        let message = format!("the stack of `{}` is smaller than its component needs", instance.key.value);
        Diagnostic::warning(Code::SmallStack, message)
            .primary(stated.span, format!("{} here", stated.value))
            .secondary(needed.span, format!("the component asks for {}", needed.value))
            .note("a stack that overflows stops the domain")
            .fix(format!("write `{}`", needed.value), stated.span, quoted(&needed.value.to_string()))
    })
}

fn zero(what: &str, span: composer_syntax::Span) -> Diagnostic {
    Diagnostic::error(Code::BadNumber, format!("the {what} has no bytes"))
        .primary(span, "expected more than 0")
}

fn size(region: &Region<'_>) -> Option<Diagnostic> {
    let size = region.text.size.given()?;
    match size.value.0 {
        0 => Some(zero("region", size.span)),
        bytes if bytes > END => Some(
            Diagnostic::error(Code::BadNumber, "the region is larger than the address space")
                .primary(size.span, format!("expected at most {}", Size(END))),
        ),
        _ => None,
    }
}

fn pin(region: &Region<'_>) -> Option<Diagnostic> {
    let at = region.text.at.given()?;
    let size = region.text.size.given().map_or(0, |size| size.value.0);
    let diagnostic =
        Diagnostic::error(Code::BadPin, format!("the region `{}` cannot be placed there", region.key.value));
    if at.value.0 % PAGE != 0 {
        let below = Address(at.value.0 - at.value.0 % PAGE);
        let right = quoted(&below.to_string());
        return Some(
            diagnostic
                .primary(at.span, format!("{} is not a multiple of {}", at.value, Size(PAGE)))
                .note("memory is protected in pages, which begin at multiples of their size")
                .fix(format!("write `{below}`"), at.span, right),
        );
    }
    let end = at.value.0.saturating_add(size);
    (end > END).then(|| diagnostic.primary(at.span, "it would end beyond the processor's 36-bit addresses"))
}

fn reason(region: &Region<'_>) -> Option<Diagnostic> {
    let name = &region.key.value;
    let is_empty = region.text.reason.given().is_some_and(|reason| reason.value.trim().is_empty());
    match (&region.text.at, &region.text.reason) {
        (Field::Given(at), reason) if is_empty || reason.is_absent() => Some(
            Diagnostic::error(Code::MissingField, format!("the region `{name}` is pinned without a `reason`"))
                .primary(at.span, "why here?")
                .note("composer chooses free addresses by itself; who insists on one says why, and the map shows it")
                .help("add `reason: \"…\"`, or remove `at`"),
        ),
        (Field::Absent, Field::Given(reason)) => Some(
            Diagnostic::error(Code::MissingField, format!("the region `{name}` has a `reason` but no `at`"))
                .primary(reason.span, "the reason for which address?")
                .help("add `at: \"0x…\"`, or remove `reason`"),
        ),
        _ => None,
    }
}

fn too_small(draft: &Draft<'_>, memory: &crate::draft::MemoryUse<'_>) -> Option<Diagnostic> {
    let port = at(&draft.instances[memory.instance].manifest?.memory, memory.port);
    let region = &draft.regions[memory.region];
    let size = region.text.size.given()?;
    let needed = port.value.size.value;
    // A region without bytes is reported as that.
    (size.value < needed && size.value.0 > 0).then(|| {
        let message = format!(
            "`{}.{}` needs {needed}, but the region `{}` has {}",
            draft.name(memory.instance),
            port.key.value,
            region.key.value,
            size.value
        );
        let right = quoted(&needed.to_string());
        Diagnostic::error(Code::RegionTooSmall, message)
            .primary(size.span, format!("{} are too few", size.value))
            .secondary(memory.name.span, "given to the port here")
            .secondary(port.value.size.span, format!("which needs {needed}"))
            .fix(format!("write `{needed}`"), size.span, right)
    })
}
