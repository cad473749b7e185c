//! A program in C, compiled in one step.

use std::path::PathBuf;

use super::Bench;
use crate::cache::{Kind, remove};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::tool::{Job, Shop};

pub(super) fn make(
    bench: &mut Bench<'_>,
    inputs: &Fingerprint,
    name: &str,
    sources: &[&String],
    flags: &[String],
) -> Result<PathBuf, Error> {
    let cache = bench.cache;
    let work = cache.work("program", inputs);
    let compiler = bench.cross("gcc");
    let compiled = |name: &&&String| [".c", ".S"].iter().any(|ending| name.ends_with(ending));
    let sources: Vec<PathBuf> = sources.iter().filter(compiled).map(|name| bench.own(name)).collect();
    let folder = bench.recipe.folder.clone();
    let mut shop = Shop::new(bench.tools, work.join("log"), bench.watch)?;
    let place = cache.keep(Kind::Program, inputs, |new| {
        let output = new.join(name);
        // `-s` leaves the symbols out: a path of this machine would be among them.
        let job = Job::new(&compiler, &folder).args(flags).args(["-s", "-o"]).args([&output]).args(&sources);
        shop.quietly(&job)
    })?;
    remove(&work)?;
    Ok(place)
}
