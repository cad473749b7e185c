//! The two images of `composer bench` differ in budgets and tracing alone.

use std::fs;
use std::path::Path;

/// What the second image has beside the first.
const BUDGET: &str = r#"budget: (time: "1 s", period: "10 s"),"#;
const WITNESS: &str = r#""witness": (component: "bench-witness", grants: {"trace": Trace}),"#;

fn spec(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(name);
    let text = fs::read_to_string(path).expect("a spec");
    text[text.find("System(").expect("a system")..].to_owned()
}

#[test]
fn the_second_image_has_budgets_and_tracing_and_nothing_else() {
    let services = spec("bench-services.ron");
    let domains = services.matches("component: \"bench-").count() - 1;
    assert_eq!(services.matches(BUDGET).count(), domains, "every domain but the witness has a budget");
    let without: Vec<&str> =
        services.lines().filter(|line| ![BUDGET, WITNESS].contains(&line.trim())).collect();
    let without =
        without.join("\n").replace(&format!("{BUDGET} "), "").replace("benchmarks-services", "benchmarks");
    assert_eq!(without, spec("bench.ron").trim_end());
}
