//! Derives the component's ports and configuration from its manifest.
fn main() {
    manifest::build();
}
