//! What users may ask for and get wrong: recipes, variants, kernels of their own.

use std::fs;

use composer_payload::{Error, Request, Silent};
use composer_syntax::Code;

use crate::workshop::{Workshop, vmlinux};

fn files(
    workshop: &Workshop,
    kernel: &[u8],
    initrd: Option<&[u8]>,
) -> Result<composer_payload::Payload, Error> {
    fs::write(workshop.at("own-kernel"), kernel).expect("written");
    if let Some(contents) = initrd {
        fs::write(workshop.at("own-initrd"), contents).expect("written");
    }
    let initrd = initrd.map(|_| workshop.at("own-initrd"));
    workshop.prepare(&Request::Files { kernel: workshop.at("own-kernel"), initrd }, &mut Silent)
}

#[test]
fn a_kernel_of_the_users_own_is_taken_as_it_is() {
    let workshop = Workshop::new();
    let payload = files(&workshop, &vmlinux(), Some(b"070701...")).expect("sound files");
    assert_eq!(payload.kernel.bytes, b"kernel");
    assert_eq!(payload.initrd.as_deref(), Some(&b"070701..."[..]));
    assert_eq!(payload.files.symbols, Some(payload.files.kernel.clone()));
    assert_eq!(payload.files.uimage, None);
    let without = files(&workshop, &vmlinux(), None).expect("a sound file");
    assert_ne!(payload.fingerprint, without.fingerprint);
    let uimage = composer_payload::image::uimage::write(&payload.kernel, "own");
    let other = files(&workshop, &uimage, None).expect("a sound file");
    assert_eq!((other.kernel.bytes, other.files.uimage), (payload.kernel.bytes, Some(other.files.kernel)));
}

#[test]
fn files_that_cannot_be_used_say_why_and_what_to_do() {
    let workshop = Workshop::new();
    let wrapped = composer_payload::image::uimage::write(
        &files(&workshop, &vmlinux(), None).expect("a sound file").kernel,
        "wrapped",
    );
    let kernel = vmlinux();
    let cases = [
        (&b"no kernel"[..], None, "neither a uImage nor an ELF program"),
        (&kernel[..88], None, "ends at byte 90"),
        (&kernel, Some(vec![]), "is empty"),
        (&kernel, Some(wrapped), "wrapped for U-Boot"),
    ];
    for (kernel, initrd, said) in cases {
        let error = files(&workshop, kernel, initrd.as_deref()).expect_err(said);
        let diagnostic = &error.diagnostics[0];
        assert!(error.is_users() && diagnostic.code == Code::BadPayload, "{diagnostic:?}");
        assert!(diagnostic.message.contains(said), "{}", diagnostic.message);
        assert!(!diagnostic.helps.is_empty());
    }
    let absent = Request::Files { kernel: workshop.at("absent"), initrd: None };
    let error = workshop.prepare(&absent, &mut Silent).expect_err("no file");
    assert_eq!(error.diagnostics[0].code, Code::CannotRead);
}

#[test]
fn names_that_nobody_knows_get_the_nearest() {
    let workshop = Workshop::new();
    let ask = |name: &str, variant: &str| {
        let request = Request::Recipe { name: name.into(), variant: variant.into() };
        let error = workshop.prepare(&request, &mut Silent).expect_err("unknown");
        assert_eq!(error.diagnostics[0].code, Code::UnknownPayload);
        error.diagnostics[0].helps[0].clone()
    };
    assert_eq!(ask("tets", "default"), "did you mean `test`?");
    assert_eq!(ask("test", "smal"), "did you mean `small`?");
    assert_eq!(ask("test", "enormous"), "there are default, small");
}

#[test]
fn all_mistakes_of_a_recipe_come_in_one_run() {
    let workshop = Workshop::new();
    workshop.edit("payload.ron", "Device(major: 5, minor: 1)", "Device(major: 5)");
    workshop.edit("payload.ron", "Program(name: \"hello\")", "Program(name: \"helo\")");
    workshop.edit("payload.ron", "\"init\": File", "\"/init\": File");
    workshop.edit("payload.ron", "device_tree:", "device_trees:");
    let error = workshop.made("default").0.expect_err("mistakes");
    let mut codes: Vec<Code> = error.diagnostics.iter().map(|one| one.code).collect();
    codes.sort();
    assert_eq!(
        codes,
        [Code::UnknownField, Code::WrongType, Code::MissingField, Code::UnknownName, Code::UnknownName]
    );
    assert!(error.is_users());
    let line = error.diagnostics[0].one_line(&error.sources);
    assert!(line.starts_with("apps/test/payload.ron:"), "{line}");
}
