//! From RON to the spec as written.

use composer_syntax::{Code, Decode, Diagnostic, Diagnostics, Fields, Spanned, Value, ValueKind, Variant};
use manifest::GrantKind;

use super::{
    AuthorityText, Field, GrantText, InstanceText, KernelText, Priority, RegionText, SpecText, TlbText,
    WireText,
};
use crate::spec::Slots;
use crate::system::{OnFault, WireKind};

/// Reads a whole spec. `None` only for what is no `System(…)` at all, after a report.
pub(crate) fn read(value: &Value, found: &mut Diagnostics) -> Option<SpecText> {
    SpecText::decode(value, found)
}

/// The field `name`, told apart by what stands there.
pub(super) fn field<T: Decode>(fields: &mut Fields<'_, '_>, name: &'static str) -> Field<T> {
    match (fields.raw(name).is_some(), fields.optional(name)) {
        (_, Some(value)) => Field::Given(value),
        (true, None) => Field::Bad,
        (false, None) => Field::Absent,
    }
}

/// As [`field`], and reports that it is absent. Then it counts as bad, for it is dealt with.
pub(super) fn required<T: Decode>(fields: &mut Fields<'_, '_>, name: &'static str) -> Field<T> {
    match fields.required(name) {
        Some(value) => Field::Given(value),
        None => Field::Bad,
    }
}

impl Decode for SpecText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "System", found)?;
        let spec = Self {
            name: required(&mut fields, "name"),
            platform: required(&mut fields, "platform"),
            regions: field(&mut fields, "regions"),
            instances: required(&mut fields, "instances"),
            kernel: field(&mut fields, "kernel"),
        };
        fields.close();
        Some(spec)
    }
}

impl Decode for KernelText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Kernel", found)?;
        let kernel = Self { fast_path: field(&mut fields, "fast_path") };
        fields.close();
        Some(kernel)
    }
}

impl Decode for RegionText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Region", found)?;
        let region = Self {
            size: required(&mut fields, "size"),
            at: field(&mut fields, "at"),
            reason: field(&mut fields, "reason"),
        };
        fields.close();
        Some(region)
    }
}

impl Decode for InstanceText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Instance", found)?;
        let instance = Self {
            component: required(&mut fields, "component"),
            domain: field(&mut fields, "domain"),
            wires: field(&mut fields, "wires"),
            config: field(&mut fields, "config"),
            devices: field(&mut fields, "devices"),
            memory: field(&mut fields, "memory"),
            grants: field(&mut fields, "grants"),
            fault_handler: field(&mut fields, "fault_handler"),
            on_fault: field(&mut fields, "on_fault"),
            priority: field(&mut fields, "priority"),
            budget: field(&mut fields, "budget"),
            vm: field(&mut fields, "vm"),
            stack: field(&mut fields, "stack"),
            tlb: field(&mut fields, "tlb"),
        };
        fields.close();
        Some(instance)
    }
}

impl Decode for WireText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        if let ValueKind::Text(target) = &value.kind {
            found.push(bare_target(value, target));
            return None;
        }
        let variant = Variant::open(value, "kind of wire", &WireKind::ALL.map(|(name, _)| name), found)?;
        let (_, kind) = WireKind::ALL.into_iter().find(|(name, _)| *name == variant.name())?;
        let (target, slots) = match (kind, &value.kind) {
            // A name alone stands without the names of fields, as for the other kinds.
            (WireKind::Ring, ValueKind::Struct { .. }) => ring(variant, found)?,
            (WireKind::Ring, _) => (variant.single(found)?, Some(Slots::DEFAULT)),
            _ => (variant.single(found)?, None),
        };
        Some(Self { span: value.span, kind: Spanned::new(kind, variant.name_span()), target, slots })
    }
}

/// `Ring(to: "console", slots: 16)`.
fn ring(variant: Variant<'_>, found: &mut Diagnostics) -> Option<(Spanned<String>, Option<Slots>)> {
    let mut fields = variant.fields(found)?;
    let target = fields.required("to");
    let slots = match (fields.raw("slots").is_some(), fields.optional("slots")) {
        (_, Some(slots)) => Some(slots),
        // It is there and no number of slots.
        (true, None) => None,
        (false, None) => Some(Slots::DEFAULT),
    };
    fields.close();
    Some((target?, Some(slots?)))
}

impl Decode for Slots {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let ValueKind::Integer(integer) = value.kind else {
            return composer_syntax::wrong_type(value, "an integer", found);
        };
        let stated = integer.signed().and_then(|number| u32::try_from(number).ok());
        let slots = stated.filter(|slots| slots.is_power_of_two() && *slots <= Self::MOST);
        if slots.is_none() {
            let nearest = match stated {
                Some(stated) if stated <= Self::MOST => stated.next_power_of_two(),
                _ if integer.negative => 1,
                _ => Self::MOST,
            };
            found.push(
                Diagnostic::error(Code::BadNumber, "a ring cannot have so many slots")
                    .primary(value.span, format!("expected a power of two, 1 to {}", Self::MOST))
                    .fix(format!("write `{nearest}`"), value.span, nearest.to_string()),
            );
        }
        slots.map(Self)
    }
}

/// The likeliest slip: the provider's name without a word that says how it is reached.
fn bare_target(value: &Value, target: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongType, "expected `Call(…)`, `Direct(…)` or `Ring(…)`, found a string")
        .primary(value.span, "a wire says how it reaches its provider")
        .fix("write `Call(…)`", value.span, format!("Call({})", composer_syntax::quoted(target)))
}

impl Decode for GrantText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "grant", &GrantKind::WORDS, found)?;
        let authority = match variant.name() {
            "Halt" => variant.unit(found).map(|()| AuthorityText::Halt),
            "Trace" => variant.unit(found).map(|()| AuthorityText::Trace),
            "Observe" => variant.single(found).map(AuthorityText::Observe),
            "Debug" => variant.single(found).map(AuthorityText::Debug),
            "Dcr" => variant.single(found).map(AuthorityText::Dcr),
            _ => variant.single(found).map(AuthorityText::Control),
        };
        Some(Self { span: value.span, authority: authority? })
    }
}

impl Decode for OnFault {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "reaction to a fault", &["Halt", "HaltNode", "Restart"], found)?;
        if variant.name() == "Restart" {
            let mut fields = variant.fields(found)?;
            let max: Option<Spanned<u32>> = fields.required("max");
            fields.close();
            return restart(max?, found);
        }
        variant.unit(found)?;
        Some(if variant.name() == "Halt" { Self::Halt } else { Self::HaltNode })
    }
}

/// A domain that restarts never is one that halts; that has a word of its own.
fn restart(max: Spanned<u32>, found: &mut Diagnostics) -> Option<OnFault> {
    if max.value == 0 {
        found.push(
            Diagnostic::error(Code::BadNumber, "a domain that restarts does so at least once")
                .primary(max.span, "expected more than 0")
                .help("write `on_fault: Halt` for one that does not"),
        );
        return None;
    }
    Some(OnFault::Restart { max: max.value })
}

impl Decode for TlbText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        Variant::open(value, "use of the TLB", &["Pinned"], found)?.unit(found)?;
        Some(Self::Pinned)
    }
}

impl Decode for Priority {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let ValueKind::Integer(integer) = value.kind else {
            return composer_syntax::wrong_type(value, "an integer", found);
        };
        let priority = integer.signed().and_then(|number| u8::try_from(number).ok());
        let priority = priority.filter(|&priority| priority <= Self::HIGHEST);
        if priority.is_none() {
            let message = format!("the priority must be from 0 to {}", Self::HIGHEST);
            let nearest = if integer.negative { 0 } else { Self::HIGHEST };
            found.push(
                Diagnostic::error(Code::BadNumber, message)
                    .primary(value.span, format!("expected 0 to {}; the higher runs first", Self::HIGHEST))
                    .fix(format!("write `{nearest}`"), value.span, nearest.to_string()),
            );
        }
        priority.map(Self)
    }
}
