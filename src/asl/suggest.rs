//! What was probably meant by a misspelled name.

/// The candidate nearest to `word`, if it is near enough to be what was meant.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // The distance takes time with the product of both lengths; nobody misspells a text this long.
    if word.len() > 200 {
        return None;
    }
    let allowed = (word.chars().count() / 3).max(1);
    let scored =
        candidates.into_iter().filter(|c| c.len() <= 200).map(|candidate| (distance(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, found)| found)
}

/// Changes, insertions, deletions and swaps of neighbours between two texts; a difference in case alone counts nothing.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = last[j] + usize::from(x != y);
            let mut best = change.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y;
            if swapped {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_of_the_keyboard_and_wrong_case() {
        let names = ["ResultPath", "ResultSelector", "Result", "Next"];
        for (typed, meant) in
            [("Resultpath", "ResultPath"), ("RseultPath", "ResultPath"), ("Nxt", "Next"), ("next", "Next")]
        {
            assert_eq!(nearest(typed, names), Some(meant), "{typed}");
        }
    }

    #[test]
    fn does_not_guess_wildly() {
        assert_eq!(nearest("Banana", ["Next", "End", "Type"]), None);
        assert_eq!(nearest("", ["Next"]), None);
    }
}
