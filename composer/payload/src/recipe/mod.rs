//! Recipes: how a payload is made, as `payload.ron` in a folder of `apps` tells it.
//!
//! ```text
//! Payload ─┬─ Kernel: source package, configuration, fragments; or a program
//!          ├─ programs: Busybox, C
//!          ├─ device tree, for native runs
//!          └─ variants: what the initial file system holds
//! ```

mod contents;
mod program;

use std::path::{Path, PathBuf};

use composer_syntax::{
    Code, Decode, Diagnostic, Diagnostics, Fields, Keyed, SourceMap, Spanned, Value, nearest, parse,
    unknown_name,
};

pub use contents::{Content, What};
pub use program::{Kind, Program};

use crate::error::Error;

/// The file that makes a folder of `apps` a payload.
const FILE: &str = "payload.ron";

/// A recipe, read.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The name: its folder's.
    pub name: String,
    /// Where its files lie.
    pub folder: PathBuf,
    /// One line for people.
    pub about: String,
    /// What the names of the cross compiler and its kin begin with.
    pub compiler: String,
    /// The kernel.
    pub kernel: Kernel,
    /// Programs by name.
    pub programs: Keyed<Program>,
    /// The source of the device tree with which QEMU runs the kernel natively.
    pub device_tree: String,
    /// Initial file systems by name.
    pub variants: Keyed<Variant>,
}

/// How a kernel is made.
#[derive(Clone, Debug)]
pub enum Kernel {
    /// From the source that a package of the distribution holds.
    Package(Package),
    /// It is this program of the recipe, a guest without an operating system.
    Program(Spanned<String>),
}

impl Kernel {
    /// What people know it by.
    pub fn name(&self) -> &str {
        match self {
            Self::Package(package) => &package.package,
            Self::Program(name) => &name.value,
        }
    }
}

/// A kernel's source, and what is made of it.
#[derive(Clone, Debug)]
pub struct Package {
    /// The package.
    pub package: String,
    /// The archive that it installs.
    pub archive: PathBuf,
    /// The kernel's word for the processor.
    pub architecture: String,
    /// The configuration of the kernel's own that all starts from.
    pub config: String,
    /// Files with further lines for it.
    pub fragments: Vec<String>,
    /// About how many files are compiled.
    pub objects: Option<u32>,
}

/// One initial file system.
#[derive(Clone, Debug)]
pub struct Variant {
    /// One line for people.
    pub about: String,
    /// Paths and what they stand for.
    pub contents: Keyed<Content>,
}

impl Decode for Kernel {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        if value.name().is_some_and(|name| name.value == "Program") {
            let known = composer_syntax::Variant::open(value, "kind of kernel", &["Program"], found)?;
            return known.single(found).map(Self::Program);
        }
        Package::decode(value, found).map(Self::Package)
    }
}

impl Decode for Package {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Kernel", found)?;
        let package = fields.required("package");
        let archive: Option<String> = fields.required("archive");
        let architecture = fields.required("architecture");
        let config = fields.required("config");
        let fragments = fields.or("fragments", vec![]);
        let objects = fields.optional("objects");
        fields.close();
        Some(Self {
            package: package?,
            archive: PathBuf::from(archive?),
            architecture: architecture?,
            config: config?,
            fragments,
            objects,
        })
    }
}

impl Decode for Variant {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Variant", found)?;
        let about = fields.required("about");
        let contents = fields.map("contents");
        fields.close();
        Some(Self { about: about?, contents })
    }
}

impl Recipe {
    /// Reads the recipe of this name below a checkout's root.
    ///
    /// # Errors
    ///
    /// [`Code::UnknownPayload`], and everything that is wrong with the file.
    pub fn load(root: &Path, name: &str) -> Result<Self, Error> {
        let folder = root.join("apps").join(name);
        if !folder.join(FILE).is_file() {
            let known = names(root);
            return Err(Error::new(unknown("payload", name, &known)));
        }
        let mut sources = SourceMap::new();
        let file = sources.load(format!("apps/{name}/{FILE}"), &folder.join(FILE)).map_err(Error::new)?;
        let parsed = parse(&sources, file);
        let mut found = Diagnostics::new();
        parsed.diagnostics.into_iter().for_each(|one| found.push(one));
        let recipe = parsed.value.as_ref().and_then(|value| Self::decode(name, &folder, value, &mut found));
        let diagnostics = found.into_sorted();
        match recipe {
            Some(recipe) if diagnostics.is_empty() => Ok(recipe),
            _ => Err(Error { sources, diagnostics, output: None }),
        }
    }

    fn decode(name: &str, folder: &Path, value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Payload", found)?;
        let about = fields.required("about");
        let compiler = fields.required("compiler");
        let kernel: Option<Kernel> = fields.required("kernel");
        let programs: Keyed<Program> = fields.map("programs");
        let device_tree = fields.required("device_tree");
        let variants: Keyed<Variant> = fields.map("variants");
        fields.close();
        if let Some(Kernel::Program(name)) = &kernel
            && !programs.mentions(&name.value)
        {
            let name = Spanned::new(name.value.as_str(), name.span);
            found.push(unknown_name(Code::UnknownName, "program:", name, true, programs.keys()));
        }
        for variant in &variants {
            contents::check(&variant.value.contents, &programs, found);
        }
        Some(Self {
            name: name.to_owned(),
            folder: folder.to_path_buf(),
            about: about?,
            compiler: compiler?,
            kernel: kernel?,
            programs,
            device_tree: device_tree?,
            variants,
        })
    }

    /// A variant by name.
    ///
    /// # Errors
    ///
    /// [`Code::UnknownPayload`].
    pub fn variant(&self, name: &str) -> Result<&Variant, Error> {
        let known: Vec<String> = self.variants.keys().map(str::to_owned).collect();
        let what = format!("variant of `{}` called", self.name);
        let found = self.variants.get(name).map(|entry| &entry.value);
        found.ok_or_else(|| Error::new(unknown(&what, name, &known)))
    }
}

/// The names of all recipes below a checkout's root, sorted.
pub fn names(root: &Path) -> Vec<String> {
    let Ok(entries) = root.join("apps").read_dir() else { return vec![] };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join(FILE).is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

fn unknown(what: &str, name: &str, known: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownPayload, format!("there is no {what} `{name}`"));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.help("the folder `apps` of this checkout holds no recipe"),
        None => diagnostic.help(format!("there are {}", known.join(", "))),
    }
}
