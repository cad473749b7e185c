//! Programs of an initial file system.

use composer_syntax::{Decode, Diagnostics, Value, Variant};

/// A program that a recipe makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// How.
    pub kind: Kind,
}

/// How a program is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Busybox, from the distribution's source package.
    Busybox {
        /// The source package.
        package: String,
        /// The file of it that is unpacked.
        archive: String,
        /// Its SHA-256, in hexadecimal: what is built is known before anything is fetched.
        sha256: String,
        /// A file with lines over busybox's default configuration.
        fragment: String,
    },
    /// A program in C.
    C {
        /// The file.
        source: String,
        /// Further files that it is made of. Those in C and in assembly are compiled along; headers and
        /// linker scripts are there for whoever names them.
        parts: Vec<String>,
        /// The compiler's flags.
        flags: Vec<String>,
    },
}

impl Decode for Program {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "kind of program", &["Busybox", "C"], found)?;
        let mut fields = variant.fields(found)?;
        let kind = match variant.name() {
            "Busybox" => {
                let package = fields.required("package");
                let archive = fields.required("archive");
                let sha256 = fields.required("sha256");
                let fragment = fields.required("fragment");
                fields.close();
                Kind::Busybox { package: package?, archive: archive?, sha256: sha256?, fragment: fragment? }
            }
            _ => {
                let source = fields.required("source");
                let parts = fields.or("parts", vec![]);
                let flags = fields.or("flags", vec![]);
                fields.close();
                Kind::C { source: source?, parts, flags }
            }
        };
        Some(Self { kind })
    }
}
