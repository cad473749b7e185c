//! The deepest path through a graph.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Graph;
use crate::{Depth, Frame, Need, Step, Unknown};

/// The deepest of the paths from any of the entries.
pub(crate) fn of(graph: &Graph, entries: &[usize]) -> Need {
    if let Some(unknown) = obstacle(graph, entries) {
        return Need::Unknown(unknown);
    }
    let mut search = Search { graph, known: BTreeMap::new() };
    let budget = graph.limits.clone();
    let deepest = entries.iter().copied().max_by_key(|&entry| search.below(entry, &budget));
    Need::Bounded(deepest.map_or_else(Depth::default, |entry| search.path(entry, budget)))
}

/// What keeps the depth from having a bound.
fn obstacle(graph: &Graph, entries: &[usize]) -> Option<Unknown> {
    let mut walk = Walk { graph, done: BTreeSet::new(), open: Vec::new() };
    // Those with a limit are looked at from each other's ends: they may lie on cycles.
    let mut waiting: Vec<usize> = entries.to_vec();
    while let Some(from) = waiting.pop() {
        if let Some(unknown) = walk.from(from, &mut waiting) {
            return Some(unknown);
        }
    }
    None
}

/// A search for cycles, depth first.
struct Walk<'a> {
    graph: &'a Graph,
    done: BTreeSet<usize>,
    /// The path from where the search began, each with whether a pointer leads there.
    open: Vec<(usize, bool)>,
}

impl Walk<'_> {
    fn from(&mut self, start: usize, waiting: &mut Vec<usize>) -> Option<Unknown> {
        // Positions in the lists of edges, so that the path needs no recursion here.
        let mut next = vec![0];
        if self.done.contains(&start) {
            return None;
        }
        self.open = vec![(start, false)];
        while let (Some(&(node, _)), Some(position)) = (self.open.last(), next.last_mut()) {
            let edges = &self.graph.nodes[node].edges;
            let about = &self.graph.nodes[node];
            if *position == 0 && about.frame.is_none() {
                return Some(Unknown::Frame(about.name.clone()));
            }
            if *position == 0
                && let Some(call) = &about.unsaid
            {
                return Some(Unknown::Pointer(call.clone()));
            }
            let Some(edge) = edges.get(*position) else {
                self.done.insert(node);
                self.open.pop();
                next.pop();
                continue;
            };
            *position += 1;
            if self.graph.limits.contains_key(&edge.to) {
                if !self.done.contains(&edge.to) && self.open[0].0 != edge.to && !waiting.contains(&edge.to) {
                    waiting.push(edge.to);
                }
            } else if let Some(first) = self.open.iter().position(|&(open, _)| open == edge.to) {
                return Some(self.cycle(first, edge.indirect));
            } else if !self.done.contains(&edge.to) {
                self.open.push((edge.to, edge.indirect));
                next.push(0);
            }
        }
        None
    }

    fn cycle(&self, first: usize, closes: bool) -> Unknown {
        let steps = self.open[first..].iter().enumerate().map(|(index, &(node, indirect))| Step {
            function: self.graph.nodes[node].name.clone(),
            indirect: if index == 0 { closes } else { indirect },
        });
        Unknown::Recursion(steps.collect())
    }
}

/// How often each function with a limit may still be entered.
type Budget = BTreeMap<usize, u32>;

/// The depth below each function, by what is left of the limits.
struct Search<'a> {
    graph: &'a Graph,
    known: BTreeMap<(usize, Vec<u32>), (u64, Option<usize>)>,
}

impl Search<'_> {
    /// Bytes from a function's frame on, itself included.
    fn below(&mut self, node: usize, budget: &Budget) -> u64 {
        self.best(node, budget).0
    }

    /// The same, and the callee that makes it so.
    fn best(&mut self, node: usize, budget: &Budget) -> (u64, Option<usize>) {
        let Some(budget) = entered(node, budget) else { return (0, None) };
        let key = (node, budget.values().copied().collect::<Vec<_>>());
        if let Some(&found) = self.known.get(&key) {
            return found;
        }
        let graph = self.graph;
        let mut deepest = (0, None);
        for edge in &graph.nodes[node].edges {
            let below = self.below(edge.to, &budget);
            if below > deepest.0 {
                deepest = (below, Some(edge.to));
            }
        }
        let found = (u64::from(graph.nodes[node].frame.unwrap_or(0)) + deepest.0, deepest.1);
        self.known.insert(key, found);
        found
    }

    fn path(&mut self, entry: usize, mut budget: Budget) -> Depth {
        let mut depth = Depth { bytes: self.below(entry, &budget), path: Vec::new() };
        let mut next = Some(entry);
        while let Some(node) = next {
            let about = &self.graph.nodes[node];
            depth.path.push(Frame { function: about.name.clone(), bytes: about.frame.unwrap_or(0) });
            next = self.best(node, &budget).1;
            budget = entered(node, &budget).unwrap_or_default();
        }
        depth
    }
}

/// What is left once a function is entered; none if it cannot be.
fn entered(node: usize, budget: &Budget) -> Option<Budget> {
    let mut left = budget.clone();
    if let Some(often) = left.get_mut(&node) {
        *often = often.checked_sub(1)?;
    }
    Some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Call;
    use crate::graph::{Edge, Node};

    /// Functions by their frames and callees.
    fn graph(functions: &[(u32, &[usize])]) -> Graph {
        let nodes = functions.iter().enumerate().map(|(index, (frame, callees))| Node {
            name: format!("f{index}"),
            frame: Some(*frame),
            edges: callees.iter().map(|&to| Edge { to, indirect: false }).collect(),
            unsaid: None,
        });
        Graph { nodes: nodes.collect(), limits: BTreeMap::new() }
    }

    fn bounded(need: Need) -> (u64, Vec<String>) {
        match need {
            Need::Bounded(depth) => {
                (depth.bytes, depth.path.into_iter().map(|frame| frame.function).collect())
            }
            Need::Unknown(why) => panic!("{why}"),
        }
    }

    #[test]
    fn the_deepest_path_wins() {
        let graph = graph(&[(16, &[1, 2]), (64, &[3]), (32, &[3, 1]), (8, &[])]);
        assert_eq!(bounded(of(&graph, &[0])), (120, ["f0", "f2", "f1", "f3"].map(str::to_owned).to_vec()));
        assert_eq!(bounded(of(&graph, &[3, 1])), (72, ["f1", "f3"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn recursion_is_shown_and_unreachable_recursion_is_none() {
        let graph = graph(&[(16, &[1]), (16, &[2]), (16, &[1]), (16, &[3])]);
        let step = |name: &str| Step { function: name.to_owned(), indirect: false };
        let cycle = Unknown::Recursion(vec![step("f1"), step("f2")]);
        assert_eq!(of(&graph, &[0]), Need::Unknown(cycle));
        assert_eq!(of(&graph, &[3]), Need::Unknown(Unknown::Recursion(vec![step("f3")])));
        let mut broken = graph;
        broken.nodes[2].edges.clear();
        assert_eq!(bounded(of(&broken, &[0])).0, 48);
    }

    #[test]
    fn a_limit_bounds_a_cycle() {
        // 1 calls 2, which ends in 3 (limited), which calls 1 again.
        let mut graph = graph(&[(16, &[1]), (16, &[2]), (16, &[3]), (100, &[1, 4]), (1, &[])]);
        assert!(matches!(of(&graph, &[0]), Need::Unknown(Unknown::Recursion(_))));
        graph.limits.insert(3, 1);
        assert_eq!(bounded(of(&graph, &[0])).0, 16 + 2 * 16 + 100 + 2 * 16);
        graph.limits.insert(3, 2);
        assert_eq!(bounded(of(&graph, &[0])).0, 16 + 3 * 32 + 200);
    }

    #[test]
    fn a_cycle_behind_a_limited_function_is_found() {
        let mut graph = graph(&[(16, &[1]), (16, &[2]), (16, &[2])]);
        graph.limits.insert(1, 1);
        assert!(matches!(of(&graph, &[0]), Need::Unknown(Unknown::Recursion(_))));
    }

    #[test]
    fn a_call_of_which_nobody_says_what_it_reaches_is_no_bound() {
        let mut graph = graph(&[(16, &[1]), (16, &[]), (16, &[])]);
        let call = Call { function: "a::f1".into(), at: 0x10_0008, place: None };
        graph.nodes[2].unsaid = Some(call.clone());
        assert_eq!(bounded(of(&graph, &[0])).0, 32, "nothing leads there");
        graph.nodes[1].unsaid = Some(call.clone());
        assert_eq!(of(&graph, &[0]), Need::Unknown(Unknown::Pointer(call)));
    }

    #[test]
    fn a_frame_without_size_is_no_bound() {
        let mut graph = graph(&[(16, &[1]), (16, &[])]);
        graph.nodes[1].frame = None;
        assert_eq!(of(&graph, &[0]), Need::Unknown(Unknown::Frame("f1".into())));
    }
}
