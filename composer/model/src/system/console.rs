//! Who shares the board's console.

use super::{ConfigValue, InstanceId, System};

/// The component whose keys this knows.
const CONSOLE: &str = "console";
/// The field of its config that says whether it has them.
const KEYS: &str = "keys";

impl System {
    /// The instance that owns the device on which the kernel begins: what is typed reaches it.
    fn console(&self) -> Option<InstanceId> {
        let device = self.board.kernel.console;
        let owns = |id: &InstanceId| self[*id].devices.iter().any(|owned| owned.device == device);
        (0..self.instances.len()).map(InstanceId).find(owns)
    }

    /// The clients among which keys behind Ctrl-A choose, in order of their numbers; none if the console knows no such
    /// keys.
    pub fn console_clients(&self) -> Option<Vec<&str>> {
        let console = self.console()?;
        let has_keys = self[console]
            .config
            .iter()
            .any(|field| field.name == KEYS && field.value == ConfigValue::Bool(true));
        let knows = self[self[console].component].name == CONSOLE && has_keys;
        knows.then(|| self.clients_of(console).map(|(_, wire)| self[wire.client].name.as_str()).collect())
    }
}
