//! The nearest known name to a mistyped one.

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to turn one word
/// into the other (the distance of Damerau and Levenshtein, in its restricted form).
pub fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    // Row i holds the distances of the first i letters of `from` to each beginning of `to`.
    let mut before: Vec<usize> = vec![];
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for i in 1..=from.len() {
        let mut next = vec![i; to.len() + 1];
        for j in 1..=to.len() {
            let replaced = row[j - 1] + usize::from(from[i - 1] != to[j - 1]);
            next[j] = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

/// The candidate that was most likely meant by `name`: the closest, if no more than a third of the
/// letters differ (at least one may). Letters' case counts half as much as a letter would: `call` is
/// near `Call`. Of equally close ones the first wins.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody mistypes a name of this length, and the distance costs the product of both lengths.
    if name.len() > 64 {
        return None;
    }
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && candidate.len() <= 64)
        .map(|candidate| {
            let halves = distance(name, candidate) + distance(&lower, &candidate.to_lowercase());
            (halves, candidate)
        })
        .filter(|(halves, candidate)| {
            let letters = name.chars().count().max(candidate.chars().count());
            *halves <= 2 * (letters / 3).max(1) || lower == candidate.to_lowercase()
        })
        .min_by_key(|(halves, _)| *halves)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("priotity", "priority"), 1);
        assert_eq!(distance("wrise", "wires"), 2);
        assert_eq!(distance("devcies", "devices"), 1);
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("piority", ["name", "priority"]), Some("priority"));
        assert_eq!(nearest("call", ["Call", "Direct"]), Some("Call"));
        assert_eq!(nearest("CONSOLE", ["console"]), Some("console"));
        assert_eq!(nearest("bub", ["alice", "bob"]), Some("bob"));
        assert_eq!(nearest("zebra", ["alice", "bob"]), None);
        assert_eq!(nearest("a", ["b"]), Some("b"));
    }
}
