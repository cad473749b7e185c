//! A virtual machine as written.

use composer_syntax::{
    Code, Decode, Diagnostic, Diagnostics, Fields, Size, Spanned, Value, ValueKind, Variant,
};

use super::read::{field, required};
use super::{Field, Map};
use crate::system::{Reaction, VirtioVersion};

/// `(memory: "256 MiB", guest: Recipe("linux-guest"), command_line: "console=ttyS0")`.
#[derive(Clone, Debug)]
pub(crate) struct VmText {
    /// `memory`: the guest's RAM.
    pub(crate) memory: Field<Spanned<Size>>,
    /// `guest`: what runs in it.
    pub(crate) guest: Field<GuestText>,
    /// `command_line`: of the guest's kernel.
    pub(crate) command_line: Field<Spanned<String>>,
    /// `weight`: its part of the core among machines of its priority.
    pub(crate) weight: Field<Weight>,
    /// `on_reset`: what follows when the guest resets its machine.
    pub(crate) on_reset: Field<Reaction>,
    /// `on_panic`: what follows when it does so in a panic.
    pub(crate) on_panic: Field<Reaction>,
    /// `on_death`: what follows when the guest cannot go on.
    pub(crate) on_death: Field<Reaction>,
    /// `disks`: by the names that the guest finds on them.
    pub(crate) disks: Map<Spanned<DiskText>>,
    /// `console`: whether there is a virtio console.
    pub(crate) console: Field<bool>,
    /// `entropy`: whether there is a source of entropy.
    pub(crate) entropy: Field<bool>,
    /// `virtio`: the version of all such devices.
    pub(crate) virtio: Field<VirtioVersion>,
    /// `mac`: the address of its network device.
    pub(crate) mac: Field<Spanned<String>>,
}

/// A machine's part of the core, against the weights of other machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weight(pub(crate) u32);

impl Weight {
    /// The heaviest. Slices of a turn in proportion 1 to 100 can still be told apart from their changes.
    pub(crate) const MOST: u32 = 100;
    /// Of a machine that says nothing.
    pub(crate) const DEFAULT: Self = Self(1);
}

/// A disk.
#[derive(Clone, Debug)]
pub(crate) enum DiskText {
    /// `File("data.ext4")`, or `File(path: "data.ext4", read_only: true)`.
    File {
        /// The file.
        path: Spanned<String>,
        /// Whether the guest may not write.
        read_only: bool,
    },
    /// `Blank("8 MiB")`: zeros at first.
    Blank(Spanned<Size>),
}

/// What runs in a virtual machine.
#[derive(Clone, Debug)]
pub(crate) enum GuestText {
    /// `Recipe("linux-guest")`, or `Recipe(name: "linux-guest", variant: "bench")`.
    Recipe {
        /// The recipe.
        name: Spanned<String>,
        /// Its variant, if one is named.
        variant: Option<Spanned<String>>,
    },
    /// `Files(kernel: "vmlinux", initrd: "initrd.cpio")`.
    Files {
        /// The kernel's file.
        kernel: Spanned<String>,
        /// The first file system's.
        initrd: Option<Spanned<String>>,
    },
}

impl Decode for VmText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "VirtualMachine", found)?;
        let vm = Self {
            memory: required(&mut fields, "memory"),
            guest: required(&mut fields, "guest"),
            command_line: field(&mut fields, "command_line"),
            weight: field(&mut fields, "weight"),
            on_reset: field(&mut fields, "on_reset"),
            on_panic: field(&mut fields, "on_panic"),
            on_death: field(&mut fields, "on_death"),
            disks: field(&mut fields, "disks"),
            console: field(&mut fields, "console"),
            entropy: field(&mut fields, "entropy"),
            virtio: field(&mut fields, "virtio"),
            mac: field(&mut fields, "mac"),
        };
        fields.close();
        Some(vm)
    }
}

impl Decode for Weight {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let ValueKind::Integer(integer) = value.kind else {
            return composer_syntax::wrong_type(value, "an integer", found);
        };
        let stated = integer.signed().and_then(|number| u32::try_from(number).ok());
        let weight = stated.filter(|weight| (1..=Self::MOST).contains(weight));
        if weight.is_none() {
            let nearest = if integer.negative || stated == Some(0) { 1 } else { Self::MOST };
            found.push(
                Diagnostic::error(Code::BadNumber, "a machine cannot have this weight")
                    .primary(value.span, format!("expected 1 to {}", Self::MOST))
                    .note("a weight counts against those of other machines of the same priority")
                    .fix(format!("write `{nearest}`"), value.span, nearest.to_string()),
            );
        }
        weight.map(Self)
    }
}

impl Decode for Reaction {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "reaction to a guest's end", &["Restart", "Stop", "Fail"], found)?;
        if variant.name() != "Restart" {
            variant.unit(found)?;
            return Some(if variant.name() == "Stop" { Self::Stop } else { Self::Fail });
        }
        if matches!(value.kind, ValueKind::Name(_)) {
            return Some(Self::Restart { max: None });
        }
        let mut fields = variant.fields(found)?;
        let max: Option<Spanned<u32>> = fields.required("max");
        fields.close();
        restart(max?, found)
    }
}

/// A machine that restarts never is one that stops; that has a word of its own.
fn restart(max: Spanned<u32>, found: &mut Diagnostics) -> Option<Reaction> {
    if max.value == 0 {
        found.push(
            Diagnostic::error(Code::BadNumber, "a machine that restarts does so at least once")
                .primary(max.span, "expected more than 0")
                .help("write `Stop` for one that does not"),
        );
        return None;
    }
    Some(Reaction::Restart { max: Some(max.value) })
}

impl Decode for GuestText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "guest", &["Recipe", "Files"], found)?;
        if variant.name() == "Recipe" && !matches!(value.kind, ValueKind::Struct { .. }) {
            return Some(Self::Recipe { name: variant.single(found)?, variant: None });
        }
        let mut fields = variant.fields(found)?;
        let guest = if variant.name() == "Recipe" {
            let (name, variant) = (fields.required("name"), fields.optional("variant"));
            name.map(|name| Self::Recipe { name, variant })
        } else {
            let (kernel, initrd) = (fields.required("kernel"), fields.optional("initrd"));
            kernel.map(|kernel| Self::Files { kernel, initrd })
        };
        fields.close();
        guest
    }
}

impl Decode for DiskText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "disk", &["File", "Blank"], found)?;
        if variant.name() == "Blank" {
            return variant.single(found).map(Self::Blank);
        }
        if !matches!(value.kind, ValueKind::Struct { .. }) {
            return Some(Self::File { path: variant.single(found)?, read_only: false });
        }
        let mut fields = variant.fields(found)?;
        let (path, read_only) = (fields.required("path"), fields.or("read_only", false));
        fields.close();
        path.map(|path| Self::File { path, read_only })
    }
}

impl Decode for VirtioVersion {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "version of virtio", &["Legacy", "Modern"], found)?;
        variant.unit(found)?;
        Some(if variant.name() == "Legacy" { Self::Legacy } else { Self::Modern })
    }
}
