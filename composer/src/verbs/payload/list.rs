//! `composer payload list`.

use composer_payload::{Cache, Recipe, Tools, recipe};
use serde::Serialize;

use super::super::output::{print, print_json};
use crate::exit::{self, End};
use crate::place;

/// One variant, for programs.
#[derive(Serialize)]
struct Row {
    name: String,
    variant: String,
    about: String,
    made: bool,
}

/// The document, for programs.
#[derive(Serialize)]
struct Document {
    schema: u32,
    payloads: Vec<Row>,
}

/// Lists recipes and their variants.
pub(super) fn list(as_json: bool) -> End {
    let checkout = place::checkout()?;
    let (cache, tools) = (Cache::of_user(), Tools::of_machine());
    let mut payloads = Vec::new();
    for name in recipe::names(checkout.root()) {
        let recipe = Recipe::load(checkout.root(), &name)?;
        if !as_json {
            print(&format!("{name}: {}\n", recipe.about));
        }
        for entry in &recipe.variants {
            let variant = entry.key.value.clone();
            // Where tools are missing nothing is made.
            let found = composer_payload::find(&recipe, &variant, &cache, &tools);
            let made = found.is_ok_and(|found| found.is_some());
            let about = entry.value.about.clone();
            if !as_json {
                print(&format!("  {variant:12} {}  {about}\n", if made { "made  " } else { "absent" }));
            }
            payloads.push(Row { name: name.clone(), variant, about, made });
        }
    }
    if as_json {
        print_json(&Document { schema: 1, payloads });
    }
    exit::OK
}
