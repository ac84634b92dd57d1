//! Going from match to match in values, folded or not.

use std::ops::ControlFlow;

use crate::tui::widgets::json_tree::JsonTree;
use crate::value::Value;
use crate::value::diff::Step;

/// Where `text` is found next in `trees`: from row `row` of tree `at`, forward or backward, round the end. Gives the
/// tree and the path in it.
pub(super) fn next(
    trees: &[&JsonTree],
    text: &str,
    forward: bool,
    (at, row): (usize, usize),
) -> Option<(usize, Vec<Step>)> {
    let wanted = text.to_lowercase();
    let tree = trees.get(at)?;
    let here = (at, order(tree.value(0)?, &tree.path(row)));
    // The one to go to, and the one behind the end or before the start.
    let (mut found, mut round) = (None, None);
    for (number, tree) in trees.iter().enumerate() {
        let flow = tree.each(&wanted, &mut |places, path| {
            let is_after = (number, places) > (here.0, here.1.as_slice());
            let is_before = (number, places) < (here.0, here.1.as_slice());
            let place = || Some((number, path.to_vec()));
            if forward && is_after {
                found = place();
                return ControlFlow::Break(());
            }
            if !forward && is_before {
                found = place();
            }
            if !forward || round.is_none() {
                round = place();
            }
            // Once there is one before, what comes after the cursor does not matter.
            if !forward && !is_before && found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if flow.is_break() {
            break;
        }
    }
    found.or(round)
}

/// The positions among siblings on the way along `path`: in the order of these are the rows.
fn order(root: &Value, path: &[Step]) -> Vec<usize> {
    let mut value = Some(root);
    let mut places = Vec::with_capacity(path.len());
    for step in path {
        let (place, inner) = match (step, value) {
            (Step::Index(index), Some(Value::Array(items))) => (Some(*index), items.get(*index)),
            (Step::Key(key), Some(Value::Object(object))) => {
                (object.keys().position(|known| known == key), object.get(key))
            }
            _ => (None, None),
        };
        places.push(place.unwrap_or(usize::MAX));
        value = inner;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::diff::json_path;
    use crate::value::read;

    #[test]
    fn from_match_to_match_over_several_values() {
        let first = JsonTree::new(read(r#"{"b": {"x": "one"}, "a": ["One", 2]}"#).expect("valid"));
        let second = JsonTree::new(read(r#""one more""#).expect("valid"));
        let trees = [&first, &second];
        let walk =
            |at, forward| next(&trees, "ONE", forward, at).map(|(tree, path)| format!("{tree} {}", json_path(&path)));
        let a = first.rows().iter().position(|row| row.step == Some(Step::Key("a".into()))).expect("a row");
        assert_eq!(walk((0, 0), true).as_deref(), Some("0 $.b.x"));
        assert_eq!(walk((0, a), true).as_deref(), Some("0 $.a[0]"));
        assert_eq!(walk((0, a), false).as_deref(), Some("0 $.b.x"));
        assert_eq!(walk((1, 0), true).as_deref(), Some("0 $.b.x"), "round the end");
        assert_eq!(walk((0, 0), false).as_deref(), Some("1 $"), "round the start");
        assert_eq!(next(&trees, "none", true, (0, 0)), None);
        assert_eq!(next(&[], "one", true, (0, 0)), None);
    }
}
