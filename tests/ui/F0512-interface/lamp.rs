#[interface(version = 1)]
pub trait Lamp {
    fn switch(&self, on: bool) -> Result<(), WireError>;
    fn name(&mut self, text: &[u8]) -> Result<(), WireError>;
}
