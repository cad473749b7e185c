//! Cycles in small directed graphs.

/// One shortest cycle through each part of the graph in which everything reaches everything, as the
/// edges to follow. Edges are `(from, to)`; the result holds their positions. Each cycle begins at its
/// earliest edge.
pub(crate) fn cycles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = vec![];
    let mut covered = vec![false; nodes];
    for (index, &(from, to)) in edges.iter().enumerate() {
        if covered[from] || covered[to] {
            continue;
        }
        let Some(back) = path(nodes, edges, to, from) else { continue };
        let cycle: Vec<usize> = std::iter::once(index).chain(back).collect();
        // Whatever this cycle reaches and is reached from is one knot: cutting it is one repair.
        for (node, covered) in covered.iter_mut().enumerate() {
            *covered |= path(nodes, edges, from, node).is_some() && path(nodes, edges, node, from).is_some();
        }
        found.push(cycle);
    }
    found
}

/// The shortest way from one node to another, as positions of edges; empty if they are the same.
fn path(nodes: usize, edges: &[(usize, usize)], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut reached_by: Vec<Option<usize>> = vec![None; nodes];
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            break;
        }
        for (index, &(start, end)) in edges.iter().enumerate() {
            if start == at && end != from && reached_by[end].is_none() {
                reached_by[end] = Some(index);
                queue.push_back(end);
            }
        }
    }
    let mut way = vec![];
    let mut at = to;
    while at != from {
        let edge = reached_by[at]?;
        way.push(edge);
        at = edges[edge].0;
    }
    way.reverse();
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_have_none() {
        assert!(cycles(4, &[(0, 1), (1, 2), (0, 2), (3, 2)]).is_empty());
        assert!(cycles(0, &[]).is_empty());
    }

    #[test]
    fn a_ring_is_followed_from_its_first_edge() {
        assert_eq!(cycles(3, &[(1, 2), (2, 0), (0, 1)]), [[0, 1, 2]]);
        assert_eq!(cycles(1, &[(0, 0)]), [[0]]);
    }

    #[test]
    fn the_shortest_cycle_stands_for_a_knot() {
        // 0 -> 1 -> 2 -> 0 with the short cut 1 -> 0.
        assert_eq!(cycles(3, &[(0, 1), (1, 2), (2, 0), (1, 0)]), [[0, 3]]);
    }

    #[test]
    fn separate_rings_are_told_apart() {
        assert_eq!(cycles(4, &[(0, 1), (1, 0), (2, 3), (3, 2), (1, 2)]), [[0, 1], [2, 3]]);
    }
}
