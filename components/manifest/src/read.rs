//! From a file to a [`Manifest`].

use composer_syntax::{
    Code, Decode, Diagnostic, Diagnostics, Fields, FileId, Size, SourceMap, Spanned, Value, ValueKind,
    Variant, parse, wrong_type,
};

use crate::check;
use crate::model::{
    Activity, ConfigField, ConfigKind, DevicePort, GrantKind, InterfaceReference, Manifest, MemoryPort,
    PointerKind, TimerPort,
};

/// What a file was read into.
#[derive(Clone, Debug)]
pub struct Read {
    /// The manifest, if nothing is wrong with it.
    pub manifest: Option<Manifest>,
    /// What is wrong, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

impl Manifest {
    /// Reads the manifest in `file`. `directory` is the name of the directory in which the file stands.
    pub fn read(sources: &SourceMap, file: FileId, directory: &str) -> Read {
        let parsed = parse(sources, file);
        let mut found = Diagnostics::new();
        found.extend(parsed.diagnostics);
        let read = parsed.value.and_then(|value| decode(&value, directory, &mut found));
        if let Some((manifest, _)) = &read {
            check::check(manifest, directory, &mut found);
        }
        let whole = read.filter(|(_, whole)| *whole && !found.has_errors());
        Read { manifest: whole.map(|(manifest, _)| manifest), diagnostics: found.into_sorted() }
    }
}

/// The manifest, and whether it is whole. Where a part that it must have cannot be read, something that
/// passes every check stands in for it, so that the rest is checked in the same run.
fn decode(value: &Value, directory: &str, found: &mut Diagnostics) -> Option<(Manifest, bool)> {
    let mut fields = Fields::open(value, "Component", found)?;
    let head = fields.head();
    let name = fields.required("name");
    let type_name = fields.required("type");
    let about = fields.optional("about");
    let provides = fields.map("provides");
    let requires = fields.map("requires");
    let config = fields.map("config");
    let devices = fields.map("devices");
    let memory = fields.map("memory");
    let timers = fields.map("timers");
    let grants = fields.map("grants");
    let vm: Option<Spanned<bool>> = fields.optional("vm");
    let fpu = fields.or("fpu", false);
    let pointers = fields.map("pointers");
    let activity = activity(&mut fields);
    fields.close();
    let whole = name.is_some() && type_name.is_some() && activity.is_some();
    let stand_in = Activity::Passive { stack: Spanned::new(Size(1), head) };
    let manifest = Manifest {
        file: value.span.file,
        head,
        name: name.unwrap_or_else(|| Spanned::new(directory.to_owned(), head)),
        type_name: type_name.unwrap_or_else(|| Spanned::new("Unread".to_owned(), head)),
        about,
        provides,
        requires,
        config,
        devices,
        memory,
        timers,
        grants,
        activity: activity.unwrap_or(stand_in),
        vm: vm.filter(|vm| vm.value).map(|vm| Spanned::new("vm".to_owned(), vm.span)),
        fpu,
        pointers,
    };
    Some((manifest, whole))
}

struct Thread {
    stack: Spanned<Size>,
}

impl Decode for Thread {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Thread", found)?;
        let stack = fields.required("stack");
        fields.close();
        Some(Thread { stack: stack? })
    }
}

fn activity(fields: &mut Fields<'_, '_>) -> Option<Activity> {
    // One that cannot be read or is misspelt is reported as such, and not as missing.
    let stated = fields.raw("stack").is_some()
        || fields.raw("threads").is_some_and(is_no_map)
        || fields.nearly_has("threads")
        || fields.nearly_has("stack");
    let threads = fields.map::<Thread>("threads");
    let stack = fields.optional::<Spanned<Size>>("stack");
    for thread in threads.iter().filter(|thread| thread.key.value != "main") {
        let message = format!("a component has no thread `{}`", thread.key.value);
        let fix = (threads.len() == 1).then_some(thread.key.span);
        let mut diagnostic = Diagnostic::error(Code::BadThreads, message)
            .primary(thread.key.span, "the one thread is called `main`");
        if let Some(span) = fix {
            diagnostic = diagnostic.fix("write `main`", span, "\"main\"");
        }
        fields.found().push(diagnostic);
    }
    let main = threads.get("main");
    if let (Some(main), Some(stack)) = (main, stack) {
        fields.found().push(
            Diagnostic::error(Code::BadThreads, "a component with a thread states no `stack` beside it")
                .primary(stack.span, "what a passive component's methods need")
                .secondary(main.key.span, "the thread has a stack of its own"),
        );
    }
    if !stated && threads.keys().next().is_none() {
        let head = fields.head();
        fields.found().push(
            Diagnostic::error(Code::BadThreads, "the component states neither `threads` nor `stack`")
                .primary(head, "one of the two is missing")
                .help("an active component has `threads: {\"main\": (stack: \"4 KiB\")}`")
                .help("a passive one says what its methods need on the thread that drives it: `stack: \"2 KiB\"`"),
        );
    }
    match (main, stack) {
        (Some(main), _) => Some(Activity::Active { stack: main.value.stack }),
        (None, Some(stack)) => Some(Activity::Passive { stack }),
        (None, None) => None,
    }
}

fn is_no_map(value: &Value) -> bool {
    !matches!(value.kind, ValueKind::Map(_) | ValueKind::Tuple { .. })
}

impl Decode for InterfaceReference {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        if value.name().is_some_and(|name| name.value == "Optional") {
            let of: Self = Variant::open(value, "port", &["Optional"], found)?.single(found)?;
            return Some(Self { is_optional: true, ..of });
        }
        let text = Spanned::<String>::decode(value, found)?;
        let parts = text.value.split_once('@');
        let version = parts.and_then(|(_, version)| version.parse().ok()).filter(|version| *version > 0);
        if let (Some((name, _)), Some(version)) = (parts, version)
            && crate::is_upper_camel(name)
        {
            return Some(Self { name: name.to_owned(), version, is_optional: false, span: text.span });
        }
        let mut diagnostic =
            Diagnostic::error(Code::BadInterface, format!("`{}` names no interface", text.value))
                .primary(text.span, "expected a name and a version, such as \"Console@1\"");
        if parts.is_none() && crate::is_upper_camel(&text.value) {
            let right = format!("{}@1", text.value);
            diagnostic =
                diagnostic.fix(format!("write `{right}`"), text.span, composer_syntax::quoted(&right));
        }
        found.push(diagnostic);
        None
    }
}

impl Decode for ConfigField {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "kind of config field", &["U32", "Bool", "Str", "Choice"], found)?;
        let mut fields = variant.fields(found)?;
        let kind = match variant.name() {
            "U32" => {
                let default: Option<Spanned<u32>> = fields.optional("default");
                let min: Option<Spanned<u32>> = fields.optional("min");
                let max: Option<Spanned<u32>> = fields.optional("max");
                check::range(default, min, max, fields.found());
                ConfigKind::U32 {
                    default: default.map(|default| default.value),
                    min: min.map_or(0, |min| min.value),
                    max: max.map_or(u32::MAX, |max| max.value),
                }
            }
            "Bool" => ConfigKind::Bool { default: fields.optional("default") },
            "Choice" => ConfigKind::Choice { default: fields.optional("default") },
            _ => ConfigKind::Str { default: fields.optional("default") },
        };
        fields.close();
        Some(Self { kind, span: value.span })
    }
}

impl Decode for DevicePort {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Device", found)?;
        let compatible = fields.required("compatible");
        fields.close();
        Some(Self { compatible: compatible? })
    }
}

impl Decode for MemoryPort {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Memory", found)?;
        let size = fields.required("size");
        let dma = fields.or("dma", false);
        fields.close();
        Some(Self { size: size?, dma })
    }
}

impl Decode for TimerPort {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        match <()>::decode(value, &mut Diagnostics::new()) {
            Some(()) => Some(Self),
            None => wrong_type(value, "`()`", found),
        }
    }
}

impl Decode for PointerKind {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "kind of pointer", &["Fn", "Dyn"], found)?;
        if variant.name() == "Dyn" {
            return variant.single(found).map(Self::Dyn);
        }
        variant.unit(found)?;
        Some(Self::Function)
    }
}

impl Decode for GrantKind {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "grant", &Self::WORDS, found)?;
        variant.unit(found)?;
        Self::ALL.into_iter().find(|(word, _)| *word == variant.name()).map(|(_, kind)| kind)
    }
}
