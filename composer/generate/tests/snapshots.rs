//! Generated files and lowered systems, held to what they were. `FUGUE_BLESS=1 cargo test` renews `expected/`;
//! what changed is then reviewed as any other change.

use std::path::{Path, PathBuf};
use std::{env, fs};

use composer_generate::Files;
use composer_layout::{
    DomainImage, GuestPayload, KernelNeeds, LinkedRights, LinkedSegment, Placed, Plan, StackNeed, window,
};
use composer_model::{Checkout, DomainId, InstanceId, System};

fn checkout() -> Checkout {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().expect("the checkout");
    Checkout::new(&root).with_components(root.join("composer/generate/tests/components"))
}

/// A spec of the checkout, planned, with programs of fixed sizes placed.
fn prepared(spec: &str, platform: Option<&str>) -> (System, Plan, Placed) {
    let checkout = checkout();
    let loaded = composer_model::load(&checkout, &checkout.root().join(spec), platform);
    let told: Vec<_> = loaded.diagnostics.iter().map(|found| found.one_line(&loaded.sources)).collect();
    let system = loaded.system.unwrap_or_else(|| panic!("{}", told.join("\n")));
    let (system, plan) = composer_layout::plan_growing(system).expect("it fits");
    let plan = plan.with_guests(&system, payloads(&system));
    let images: Vec<_> = (0..system.domains.len()).map(image).collect();
    let placed = composer_layout::place(&system, &plan, &images, &KernelNeeds::of(&system)).expect("it fits");
    (system, plan, placed)
}

/// What each guest starts with.
fn payloads(system: &System) -> Vec<GuestPayload> {
    let guests = system.instances.iter().enumerate().filter(|(_, instance)| instance.vm.is_some());
    let payload = |instance| GuestPayload {
        instance: InstanceId(instance),
        kernel: 0x48_0123,
        load: 0,
        entry: 0,
        initrd: Some(0x32_0100),
    };
    guests.map(|(instance, _)| payload(instance)).collect()
}

/// A linked domain, as the linker script lays it out.
fn image(domain: usize) -> DomainImage {
    let constants = window::TEXT + window::SEGMENT_ALIGNMENT;
    let segment = |name: &str, virt, load, bytes, write, execute| LinkedSegment {
        name: name.to_owned(),
        virt,
        load,
        file_bytes: bytes,
        memory_bytes: bytes,
        rights: LinkedRights { read: true, write, execute },
    };
    DomainImage {
        domain: DomainId(domain),
        entry: window::TEXT as u32 + 0x40,
        segments: vec![
            segment("text", window::TEXT, window::TEXT, 0x2400, false, true),
            segment("rodata", constants, constants, 0x600, false, false),
            segment("data", window::DATA, constants + 0x600, 0x10, true, false),
        ],
        stack: StackNeed::Bounded { bytes: 0, path: vec![] },
    }
}

fn files(spec: &str, platform: Option<&str>) -> Files {
    let (system, plan, placed) = prepared(spec, platform);
    let mut files = composer_generate::domains(&system, &plan, &checkout());
    files.extend(composer_generate::kernel(&system, &plan, &placed, &checkout()));
    files
}

/// Compares files with those of a folder in `expected/`, and reports all that differ.
fn compare(folder: &str, files: &Files) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(folder);
    if env::var_os("FUGUE_BLESS").is_some() {
        fs::remove_dir_all(&root).ok();
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        return;
    }
    let differ: Vec<_> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(*text))
        .map(|(path, text)| format!("{}:\n{text}", path.display()))
        .collect();
    assert!(differ.is_empty(), "{folder} differs (FUGUE_BLESS=1 renews it):\n{}", differ.join("\n"));
}

#[test]
fn hello_with_calls() {
    compare("hello-call", &files("system-specs/hello.ron", None));
}

#[test]
fn hello_with_a_direct_wire() {
    compare("hello-direct", &files("composer/generate/tests/specs/hello-direct.ron", None));
}

#[test]
fn every_kind_of_port() {
    compare("ports", &files("composer/generate/tests/specs/ports.ron", None));
}

#[test]
fn rings_beside_calls() {
    let mut files = files("composer/generate/tests/specs/rings.ron", None);
    files.retain(|path, _| path.ends_with("main.rs") && !path.starts_with("kernel"));
    compare("rings", &files);
}

#[test]
fn a_guest_in_a_virtual_machine() {
    let mut files = files("composer/generate/tests/specs/guest.ron", None);
    files.retain(|path, _| path.starts_with("vm0") || path.starts_with("kernel"));
    compare("guest", &files);
}

#[test]
fn hello_on_blue_gene() {
    let mut files = files("system-specs/hello.ron", Some("bgp"));
    files.retain(|path, _| path.starts_with("kernel"));
    compare("hello-bgp", &files);
}

#[test]
fn lowered_systems() {
    let mut files = Files::new();
    for (name, spec) in [
        ("hello-call", "system-specs/hello.ron"),
        ("hello-direct", "composer/generate/tests/specs/hello-direct.ron"),
    ] {
        let (_, plan, placed) = prepared(spec, None);
        let pretty = ron::ser::PrettyConfig::new().struct_names(true);
        let text = |value: &dyn Fn() -> ron::Result<String>| value().expect("serialises") + "\n";
        let program = text(&|| ron::ser::to_string_pretty(&plan.program, pretty.clone()));
        let kernel = text(&|| ron::ser::to_string_pretty(&placed.kernel, pretty.clone()));
        files.insert(PathBuf::from(format!("{name}.program.ron")), program);
        files.insert(PathBuf::from(format!("{name}.kernel.ron")), kernel);
    }
    compare("lowered", &files);
}

#[test]
fn every_unsafe_block_that_is_generated_says_why_it_is_sound() {
    let mut blocks = 0;
    for spec in ["hello-direct", "ports", "rings", "guest"] {
        for (path, text) in files(&format!("composer/generate/tests/specs/{spec}.ron"), None) {
            let lines: Vec<_> = text.lines().collect();
            for pair in lines.windows(2).filter(|pair| pair[1].contains("unsafe {")) {
                let reason = pair[0].trim().strip_prefix("// SAFETY:").unwrap_or_default();
                assert!(!reason.is_empty(), "{}: {}", path.display(), pair[1]);
                blocks += 1;
            }
        }
    }
    assert!(blocks > 0, "the specs have unsafe blocks");
}

#[test]
fn nothing_generated_names_this_machine() {
    let root = checkout().root().display().to_string();
    for (path, text) in files("system-specs/hello.ron", None) {
        assert!(!text.contains(&root), "{}", path.display());
    }
}

#[test]
fn every_line_of_the_spec_that_states_something_is_named() {
    let files = files("system-specs/hello.ron", None);
    let mains: String =
        files.iter().filter(|(path, _)| path.ends_with("main.rs")).map(|(_, text)| text.as_str()).collect();
    let spec = fs::read_to_string(checkout().root().join("system-specs/hello.ron")).expect("the spec");
    for (number, line) in spec.lines().enumerate() {
        let states = ["\"console\": (", "devices:", "priority:", "wires:", "config:"];
        if states.iter().any(|word| line.contains(word)) && !line.trim_start().starts_with("//") {
            assert!(mains.contains(&format!("hello.ron:{}", number + 1)), "no line comes from {line:?}");
        }
    }
}
