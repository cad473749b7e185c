//! The device tree with which QEMU's own board runs the kernel natively.

use std::path::{Path, PathBuf};

use super::{Bench, Plan, read};
use crate::cache::{Kind, remove};
use crate::error::Error;
use crate::fingerprint::{Fingerprint, Inputs};
use crate::recipe::Recipe;
use crate::tool::{Job, Shop};

/// The only name by which QEMU's board looks for its tree.
pub(crate) const FILE: &str = "bamboo.dtb";

/// What it is made of.
pub(super) fn inputs(recipe: &Recipe) -> Result<Fingerprint, Error> {
    let source = read(&recipe.folder.join(&recipe.device_tree))?;
    Ok(Inputs::of("tree", 1).file(Path::new(&recipe.device_tree), &source).fingerprint())
}

pub(super) fn make(bench: &mut Bench<'_>, plan: &Plan) -> Result<PathBuf, Error> {
    let source = bench.own(&bench.recipe.device_tree);
    let cache = bench.cache;
    let work = cache.work("tree", &plan.tree);
    let folder = bench.recipe.folder.clone();
    let mut shop = Shop::new(bench.tools, work.join("log"), bench.watch)?;
    let place = cache.keep(Kind::Tree, &plan.tree, |new| {
        let output = new.join(FILE);
        let job = Job::new("dtc", &folder).args(["-q", "-I", "dts", "-O", "dtb", "-o"]);
        shop.quietly(&job.args([&output, &source]))
    })?;
    remove(&work)?;
    Ok(place)
}
