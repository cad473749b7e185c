//! A kernel that is one program of the recipe: a guest without an operating system.

use std::path::PathBuf;

use super::kernel::{UIMAGE, VMLINUX};
use super::{Bench, Plan, copy, read};
use crate::cache::{Kind, write};
use crate::error::{Error, failed};
use crate::image::{Image, uimage};

pub(super) fn make(bench: &mut Bench<'_>, plan: &Plan) -> Result<PathBuf, Error> {
    let name = bench.recipe.kernel.name();
    let programs = bench.recipe.programs.iter().zip(&plan.programs);
    let inputs = programs.filter(|(program, _)| program.key.value == name).map(|(_, inputs)| inputs).next();
    let folder = inputs.and_then(|inputs| bench.cache.find(Kind::Program, inputs));
    let program =
        folder.ok_or_else(|| Error::new(failed(format!("`{name}` is no program in C"))))?.join(name);
    let image = Image::read(&read(&program)?).map_err(|bad| {
        Error::new(failed(format!("the program `{name}` is no kernel: {bad}")).help(bad.cure()))
    })?;
    bench.cache.keep(Kind::Kernel, &plan.kernel, |new| {
        copy(&program, &new.join(VMLINUX))?;
        write(&new.join(UIMAGE), &uimage::write(&image, name))
    })
}
