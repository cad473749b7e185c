//! What an initial file system holds.

use composer_syntax::{Code, Decode, Diagnostic, Diagnostics, Keyed, Spanned, Value, Variant, unknown_name};

use super::Program;

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Permission bits, if the recipe says them.
    pub mode: Option<u32>,
    /// What it is.
    pub what: What,
}

/// What a path stands for, without its permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An empty folder.
    Directory,
    /// A character device.
    Device {
        /// Its driver's number.
        major: u32,
        /// The device's.
        minor: u32,
    },
    /// A symbolic link to a path.
    Link(String),
    /// A file of the recipe's folder.
    File(String),
    /// A program of the recipe.
    Program {
        /// Its name.
        name: Spanned<String>,
        /// Whether links lead to it from all names by which it can be called.
        links: bool,
    },
    /// A file or folder that was left where a program was built.
    Left {
        /// The program.
        program: Spanned<String>,
        /// The path there.
        path: String,
    },
}

const KINDS: [&str; 6] = ["Directory", "Device", "Link", "File", "Program", "Left"];

impl Decode for Content {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "kind of file", &KINDS, found)?;
        if variant.name() == "Link" {
            return Some(Self { mode: None, what: What::Link(variant.single(found)?) });
        }
        let mut fields = variant.fields(found)?;
        let mode = if variant.name() == "Left" { None } else { fields.optional("mode") };
        let what = match variant.name() {
            "Directory" => Some(What::Directory),
            "Device" => {
                let (major, minor) = (fields.required("major"), fields.required("minor"));
                major.zip(minor).map(|(major, minor)| What::Device { major, minor })
            }
            "File" => fields.required("from").map(What::File),
            "Program" => {
                let links = fields.or("links", false);
                fields.required("name").map(|name| What::Program { name, links })
            }
            _ => {
                let (program, path) = (fields.required("program"), fields.required("path"));
                program.zip(path).map(|(program, path)| What::Left { program, path })
            }
        };
        fields.close();
        Some(Self { mode, what: what? })
    }
}

/// Holds contents to the programs that there are, and paths to their form.
pub(super) fn check(contents: &Keyed<Content>, programs: &Keyed<Program>, found: &mut Diagnostics) {
    for entry in contents {
        let path = &entry.key;
        let sound = |part: &str| !matches!(part, "" | "." | "..");
        if !path.value.split('/').all(sound) {
            found.push(
                Diagnostic::error(Code::WrongType, format!("`{}` is no path from the root", path.value))
                    .primary(path.span, "names between single slashes, without a slash in front"),
            );
        }
        let program = match &entry.value.what {
            What::Program { name, .. } => name,
            What::Left { program, .. } => program,
            _ => continue,
        };
        if !programs.mentions(&program.value) {
            let name = Spanned::new(program.value.as_str(), program.span);
            found.push(unknown_name(Code::UnknownName, "program:", name, true, programs.keys()));
        }
    }
}
