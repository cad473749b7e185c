//! A virtual machine as written.

use composer_syntax::{Decode, Diagnostics, Fields, Size, Spanned, Value, ValueKind, Variant};

use super::Field;
use super::read::{field, required};

/// `(memory: "256 MiB", guest: Recipe("linux-guest"), command_line: "console=ttyS0")`.
#[derive(Clone, Debug)]
pub(crate) struct VmText {
    /// `memory`: the guest's RAM.
    pub(crate) memory: Field<Spanned<Size>>,
    /// `guest`: what runs in it.
    pub(crate) guest: Field<GuestText>,
    /// `command_line`: of the guest's kernel.
    pub(crate) command_line: Field<Spanned<String>>,
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
        };
        fields.close();
        Some(vm)
    }
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
