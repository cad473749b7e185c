//! Lists the pages, so that adding a code takes its page and nothing else.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=pages");
    let pages = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("pages");
    let mut names: Vec<String> = fs::read_dir(&pages)
        .expect("the pages are there")
        .map(|entry| entry.expect("a page's name").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let code = name.trim_end_matches(".md");
        let _ = writeln!(list, "    ({code:?}, include_str!({:?})),", pages.join(&name));
    }
    list += "]\n";
    let out = Path::new(&env::var("OUT_DIR").expect("set by cargo")).join("pages.rs");
    fs::write(out, list).expect("the list can be written");
}
