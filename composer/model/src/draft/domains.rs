//! Which instances share a domain: those that direct wires join, and those that name the same one.

use composer_syntax::Spanned;

use super::{Domain, Instance, Wire};
use crate::system::WireKind;

/// Puts every instance into a domain; domains are in the order of their first instance.
pub(super) fn fuse<'a>(instances: &mut [Instance<'a>], wires: &[Wire<'a>]) -> Vec<Domain<'a>> {
    let mut groups = Groups::new(instances.len());
    for wire in wires.iter().filter(|wire| wire.is(WireKind::Direct)) {
        groups.join(wire.client, wire.provider);
    }
    for (index, instance) in instances.iter().enumerate() {
        if let Some(name) = stated(instance) {
            let first =
                instances.iter().position(|other| stated(other).is_some_and(|it| it.value == name.value));
            groups.join(first.unwrap_or(index), index);
        }
    }
    let mut members: Vec<(usize, Vec<usize>)> = vec![];
    for index in 0..instances.len() {
        let root = groups.root(index);
        match members.iter_mut().find(|(of, _)| *of == root) {
            Some((_, group)) => group.push(index),
            None => members.push((root, vec![index])),
        }
    }
    let mut domains = vec![];
    for (_, group) in members {
        for &one in &group {
            instances[one].domain = domains.len();
        }
        domains.push(Domain { name: name(instances, &group), instances: group });
    }
    domains
}

/// What a domain is called: as one of its instances says, else after its active instance, else after
/// its first.
fn name<'a>(instances: &[Instance<'a>], group: &[usize]) -> &'a Spanned<String> {
    let stated = group.iter().find_map(|&one| stated(&instances[one]));
    let active = || group.iter().copied().find(|&one| instances[one].is_active());
    stated.unwrap_or_else(|| instances[active().unwrap_or(group[0])].key)
}

/// The domain that an instance names.
fn stated<'a>(instance: &Instance<'a>) -> Option<&'a Spanned<String>> {
    instance.text.domain.given()
}

/// Disjoint groups of numbers; each is known by its smallest.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn root(&mut self, mut of: usize) -> usize {
        while self.parent[of] != of {
            self.parent[of] = self.parent[self.parent[of]];
            of = self.parent[of];
        }
        of
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
    }
}
