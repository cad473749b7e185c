//! Whose end is the end of a node's work.

use super::{Authority, Domain, OnFault, System};

/// A domain that works, and so can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The domain's name, as reports carry it.
    pub name: String,
    /// How often a fault starts it afresh; None if a fault is not its end, but the node's or a handler's to judge.
    pub restarts: Option<u32>,
}

impl System {
    /// The domains that do work of their own. When all of them have ended, what is left serves nobody.
    ///
    /// None of them if that end would not be seen or might not be the last word: a domain whose `run` returns while
    /// others may call it goes on serving them, and one that only serves may start another afresh.
    pub fn workers(&self) -> Vec<Worker> {
        let goes_on = |domain: &Domain| {
            // Clients within the domain call directly.
            let serves = self.clients_in(domain).any(|client| !domain.instances.contains(&client));
            let mut provided = domain.instances.iter().flat_map(|instance| &self[*instance].provides);
            domain.active.is_some() && (serves || provided.any(|port| !port.handles.is_empty()))
        };
        let revives = |domain: &Domain| {
            let mut grants = domain.instances.iter().flat_map(|instance| &self[*instance].grants);
            domain.active.is_none() && grants.any(|grant| matches!(grant.authority, Authority::Control(_)))
        };
        if self.domains.iter().any(|domain| goes_on(domain) || revives(domain)) {
            return Vec::new();
        }
        let active = self.domains.iter().filter(|domain| domain.active.is_some());
        active.map(|domain| Worker { name: domain.name.clone(), restarts: restarts(domain) }).collect()
    }

    fn clients_in(&self, domain: &Domain) -> impl Iterator<Item = super::InstanceId> {
        let instances = domain.instances.iter();
        instances.flat_map(|instance| self.clients_of(*instance)).map(|(_, wire)| wire.client)
    }
}

const fn restarts(domain: &Domain) -> Option<u32> {
    match domain.on_fault {
        _ if domain.fault_handler.is_some() => None,
        OnFault::Halt => Some(0),
        OnFault::Restart { max } => Some(max),
        OnFault::HaltNode => None,
    }
}
