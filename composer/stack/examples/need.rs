//! x
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let t = std::time::Instant::now();
        let need = if path.contains("kernel") { composer_stack::kernel(&bytes) } else { composer_stack::domain(&bytes) };
        println!("{path} {:?} {:#?}", t.elapsed(), need);
    }
}
