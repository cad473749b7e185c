//! The kernel, unmodified, from the distribution's source package.
//!
//! The source is 1.5 GB when unpacked and takes seconds to unpack: it is there only while the kernel is
//! compiled. Object files outlive an interruption, and the next run goes on with them; when the kernel is
//! finished, they go too.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Bench, Plan, copy, jobs, read, read_text, room, source};
use crate::cache::{Kind, make as make_folder, remove, write};
use crate::error::{Error, failed};
use crate::fingerprint::Fingerprint;
use crate::image::{Image, uimage};
use crate::kconfig;
use crate::recipe::Package;
use crate::tool::{Job, Shop};
use crate::watch::Count;

/// The kernel with its symbols, as a debugger reads it.
pub(crate) const VMLINUX: &str = "vmlinux";
/// The kernel as QEMU's board loads it.
pub(crate) const UIMAGE: &str = "uImage";
/// Its symbols.
pub(crate) const SYMBOLS: &str = "System.map";
/// Its configuration, for people.
const CONFIG: &str = "config";

/// What source and object files take.
const ROOM: u64 = 2 << 30;

/// What the kernel tells of its making. The same source gives the same kernel, whenever and wherever.
const MAKER: [(&str, &str); 4] = [
    ("KBUILD_BUILD_TIMESTAMP", "2026-01-01 00:00:00 UTC"),
    ("KBUILD_BUILD_USER", "fugue"),
    ("KBUILD_BUILD_HOST", "composer"),
    ("KBUILD_BUILD_VERSION", "1"),
];

pub(super) fn make(
    bench: &mut Bench<'_>,
    plan: &Plan,
    kernel: &Package,
    source: &Fingerprint,
) -> Result<PathBuf, Error> {
    let cache = bench.cache;
    cache.forget_others("source", source)?;
    cache.forget_others("kernel", &plan.kernel)?;
    let source = cache.work("source", source);
    let work = cache.work("kernel", &plan.kernel);
    let objects = work.join("objects");
    make_folder(&objects)?;
    if !source.is_dir() {
        room(&work, ROOM, &kernel.package)?;
    }
    let cross = bench.cross("");
    let fragments = kernel
        .fragments
        .iter()
        .map(|name| read_text(&bench.own(name)))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    let mut shop = Shop::new(bench.tools, work.join("log"), bench.watch)?;
    source::unpack(&mut shop, &kernel.archive, &source)?;
    let kbuild = |target: &str| {
        let variables = [
            format!("O={}", objects.display()),
            format!("ARCH={}", kernel.architecture),
            format!("CROSS_COMPILE={cross}"),
            target.to_owned(),
        ];
        let job = Job::new("make", &source).args(variables);
        MAKER.iter().fold(job, |job, (name, value)| job.set(name, *value))
    };
    // The mark says that an interrupted run had the configuration whole.
    let configured = work.join("configured");
    if !configured.is_file() {
        shop.watch().step("Configuring", &kernel.package);
        shop.quietly(&kbuild(&kernel.config))?;
        let config = objects.join(".config");
        write(&config, kconfig::merge(&read_text(&config)?, &fragments).as_bytes())?;
        shop.quietly(&kbuild("olddefconfig"))?;
        took(&read_text(&config)?, &fragments, &kernel.package)?;
        write(&configured, b"")?;
    }
    compile(&mut shop, &kbuild(VMLINUX).args([jobs()]), &kernel.package, kernel.objects)?;
    let place = cache.keep(Kind::Kernel, &plan.kernel, |new| keep(&objects, new, &kernel.package))?;
    remove(&source)?;
    remove(&work)?;
    Ok(place)
}

/// Compiles, and counts the files.
fn compile(shop: &mut Shop<'_>, job: &Job<'_>, what: &str, about: Option<u32>) -> Result<(), Error> {
    let start = Instant::now();
    shop.watch().step("Compiling", what);
    let of = about.map(|about| about as usize);
    let mut done = 0;
    shop.run(job, &mut |line, watch| {
        let compiles = ["CC", "AS", "HOSTCC"].contains(&line.split_whitespace().next().unwrap_or_default());
        if compiles && line.starts_with("  ") {
            done += 1;
            watch.count(&Count { word: "Compiling", what, done, of, elapsed: start.elapsed() });
        }
    })
}

/// A line that a configuration does not have is a fact of the guest that is not so.
fn took(config: &str, fragments: &str, package: &str) -> Result<(), Error> {
    let lost = kconfig::lost(config, fragments);
    if lost.is_empty() {
        return Ok(());
    }
    let diagnostic =
        failed(format!("the configuration of `{package}` does not take some lines of the fragment"));
    let diagnostic = lost.iter().fold(diagnostic, |diagnostic, line| diagnostic.note((*line).to_owned()));
    Err(Error::new(
        diagnostic.help("another line that they depend on is missing, or the kernel has them no more"),
    ))
}

fn keep(objects: &Path, new: &Path, package: &str) -> Result<(), Error> {
    for name in [VMLINUX, SYMBOLS] {
        copy(&objects.join(name), &new.join(name))?;
    }
    copy(&objects.join(".config"), &new.join(CONFIG))?;
    let image = Image::read(&read(&new.join(VMLINUX))?)
        .map_err(|bad| Error::new(failed(format!("the kernel that was made cannot be used: {bad}"))))?;
    write(&new.join(UIMAGE), &uimage::write(&image, package))
}
