//! The spec as written: every field with its place, nothing looked up and nothing judged beyond its shape.

mod budget;
mod read;
mod vm;

use composer_syntax::{Address, Keyed, Size, Span, Spanned, Value};
use manifest::GrantKind;

use crate::system::{OnFault, WireKind};

pub(crate) use budget::BudgetText;
pub(crate) use read::read;
pub(crate) use vm::{DiskText, GuestText, VmText, Weight};

/// A field of a struct in the spec.
#[derive(Clone, Debug)]
pub(crate) enum Field<T> {
    /// It is not there.
    Absent,
    /// It is there and unusable. Its problem is reported; nothing else should be said about it.
    Bad,
    /// It is there.
    Given(T),
}

impl<T> Field<T> {
    /// The value, if it is usable.
    pub(crate) fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Bad => None,
        }
    }

    /// Whether nothing stands there, not even something wrong.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A map in a field; its span is that of the map with its braces.
pub(crate) type Map<T> = Field<Spanned<Keyed<T>>>;

impl<T> Map<T> {
    /// The usable entries.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &composer_syntax::Entry<T>> {
        self.given().into_iter().flat_map(|map| map.value.iter())
    }

    /// Whether `key` is not there, as far as the map can be read.
    pub(crate) fn lacks(&self, key: &str) -> bool {
        match self {
            Self::Absent => true,
            Self::Bad => false,
            Self::Given(map) => !map.value.mentions(key),
        }
    }
}

/// A `System(…)`.
#[derive(Clone, Debug)]
pub(crate) struct SpecText {
    /// `name`.
    pub(crate) name: Field<Spanned<String>>,
    /// `platform`.
    pub(crate) platform: Field<Spanned<String>>,
    /// `regions`.
    pub(crate) regions: Map<RegionText>,
    /// `instances`.
    pub(crate) instances: Map<InstanceText>,
    /// `kernel`.
    pub(crate) kernel: Field<KernelText>,
}

/// What the spec says of the kernel.
#[derive(Clone, Debug)]
pub(crate) struct KernelText {
    /// `fast_path`.
    pub(crate) fast_path: Field<bool>,
}

/// A region.
#[derive(Clone, Debug)]
pub(crate) struct RegionText {
    /// `size`.
    pub(crate) size: Field<Spanned<Size>>,
    /// `at`: a physical address.
    pub(crate) at: Field<Spanned<Address>>,
    /// `reason`: why there.
    pub(crate) reason: Field<Spanned<String>>,
}

/// An instance.
#[derive(Clone, Debug)]
pub(crate) struct InstanceText {
    /// `component`.
    pub(crate) component: Field<Spanned<String>>,
    /// `domain`.
    pub(crate) domain: Field<Spanned<String>>,
    /// `wires`: by required port.
    pub(crate) wires: Map<WireText>,
    /// `config`: by field of the manifest.
    pub(crate) config: Map<Value>,
    /// `devices`: by device port, the board's device.
    pub(crate) devices: Map<Spanned<String>>,
    /// `memory`: by memory port, the region.
    pub(crate) memory: Map<Spanned<String>>,
    /// `grants`: by grant port.
    pub(crate) grants: Map<GrantText>,
    /// `fault_handler`: who is asked first when the domain faults.
    pub(crate) fault_handler: Field<Spanned<String>>,
    /// `on_fault`.
    pub(crate) on_fault: Field<Spanned<OnFault>>,
    /// `priority`.
    pub(crate) priority: Field<Spanned<Priority>>,
    /// `budget`.
    pub(crate) budget: Field<Spanned<BudgetText>>,
    /// `vm`.
    pub(crate) vm: Field<Spanned<VmText>>,
    /// `stack`.
    pub(crate) stack: Field<Spanned<Size>>,
    /// `tlb`.
    pub(crate) tlb: Field<Spanned<TlbText>>,
}

/// How a domain's pages come into the TLB, where a spec says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlbText {
    /// `Pinned`: all of them, at its start.
    Pinned,
}

/// A priority from 0 to [`Priority::HIGHEST`]; the higher runs first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Priority(pub(crate) u8);

impl Priority {
    /// The highest that the kernel has a queue for.
    pub(crate) const HIGHEST: u8 = 31;
    /// Of a domain that states none.
    pub(crate) const DEFAULT: Self = Self(10);
}

/// `Call("console")`, or `Ring(to: "console", slots: 16)`.
#[derive(Clone, Debug)]
pub(crate) struct WireText {
    /// The whole value.
    pub(crate) span: Span,
    /// The word that says how.
    pub(crate) kind: Spanned<WireKind>,
    /// `"instance"` or `"instance.port"`.
    pub(crate) target: Spanned<String>,
    /// Slots of a ring; none for another kind.
    pub(crate) slots: Option<Slots>,
}

/// How many slots a ring has: a power of two up to [`Slots::MOST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slots(pub(crate) u32);

impl Slots {
    /// The most that a ring can have.
    pub(crate) const MOST: u32 = abi::ring::MOST_SLOTS;
    /// Of a ring that does not say.
    pub(crate) const DEFAULT: Self = Self(8);
}

/// A grant.
#[derive(Clone, Debug)]
pub(crate) struct GrantText {
    /// The whole value.
    pub(crate) span: Span,
    /// What it says.
    pub(crate) authority: AuthorityText,
}

/// What a grant says.
#[derive(Clone, Debug)]
pub(crate) enum AuthorityText {
    /// `Halt`.
    Halt,
    /// `Control("instance or domain")`.
    Control(Spanned<String>),
    /// `Observe("instance or domain")`.
    Observe(Spanned<String>),
    /// `Debug("instance or domain")`.
    Debug(Spanned<String>),
    /// `Dcr("range of the board")`.
    Dcr(Spanned<String>),
    /// `Trace`.
    Trace,
}

impl AuthorityText {
    /// The kind of port that it fits.
    pub(crate) fn kind(&self) -> GrantKind {
        match self {
            Self::Halt => GrantKind::Halt,
            Self::Control(_) => GrantKind::Control,
            Self::Observe(_) => GrantKind::Observe,
            Self::Debug(_) => GrantKind::Debug,
            Self::Dcr(_) => GrantKind::Dcr,
            Self::Trace => GrantKind::Trace,
        }
    }

    /// The domain that it is over, by its name.
    pub(crate) fn domain(&self) -> Option<&Spanned<String>> {
        match self {
            Self::Control(name) | Self::Observe(name) | Self::Debug(name) => Some(name),
            Self::Halt | Self::Dcr(_) | Self::Trace => None,
        }
    }
}
