use proptest::prelude::*;

use super::*;
use crate::config::Theme;
use crate::tui::glyph::Glyphs;
use crate::tui::style::{Depth, Styles};
use crate::value::diff::diff;
use crate::value::read;

fn tree(text: &str) -> JsonTree {
    JsonTree::new(read(text).expect("valid JSON"))
}

fn lines(tree: &JsonTree) -> Vec<String> {
    let styles = Styles::new(&Theme::load("mono", None).expect("a theme"), Depth::None).expect("styles");
    let line =
        |at| tree.spans(at, &styles, &Glyphs::UNICODE).iter().map(|span| span.content.as_ref()).collect::<String>();
    (0..tree.rows().len()).map(line).collect()
}

const ORDER: &str = r#"{"id": "o-1", "items": [{"n": 1}, {"n": 2}], "none": {}, "ok": null}"#;

#[test]
fn the_first_level_is_unfolded_and_the_rest_on_demand() {
    let mut tree = tree(ORDER);
    let first = ["▾ { 4 keys }", "    id: \"o-1\"", "  ▸ items: [ 2 items ]", "    none: {}", "    ok: null"];
    assert_eq!(lines(&tree), first);
    tree.unfold(2);
    tree.toggle(3);
    assert_eq!(
        lines(&tree)[2..6],
        ["  ▾ items: [ 2 items ]", "    ▾ 0: { 1 key }", "        n: 1", "    ▸ 1: { 1 key }"]
    );
    assert_eq!(tree.json_path(4), "$.items[0].n");
    assert_eq!(tree.value(4), Some(&Value::from(1)));
    assert_eq!((tree.rows()[3].next, tree.rows()[4].parent), (Some(5), Some(3)));
    assert_eq!(tree.fold(4), 3, "a scalar has nothing to fold");
    assert_eq!(tree.fold(2), 2);
    assert_eq!(lines(&tree), first);
}

#[test]
fn folds_stay_when_the_value_changes() {
    let mut tree = tree(ORDER);
    tree.unfold(2);
    tree.set_value(read(r#"{"items": [{"n": 3}], "new": 1}"#).expect("valid"));
    assert_eq!(lines(&tree), ["▾ { 2 keys }", "  ▾ items: [ 1 item ]", "    ▸ 0: { 1 key }", "    new: 1"]);
}

#[test]
fn long_arrays_and_texts_open_in_parts() {
    let items: Vec<Value> = (0..2500usize).map(Value::from).collect();
    let mut tree = JsonTree::new(Value::from(items));
    assert_eq!(tree.rows().len(), 1 + PAGE + 1);
    assert_eq!(lines(&tree).last().map(String::as_str), Some("    … 1500 more"));
    tree.unfold(PAGE + 1);
    assert_eq!(tree.rows().len(), 1 + 2 * PAGE + 1);
    assert_eq!(tree.path(PAGE + 1), [Step::Index(PAGE)]);

    let text = "line\n".repeat(1000) + &"é".repeat(450);
    let mut tree = JsonTree::new(Value::from([text.as_str(), "short"].map(Value::from).to_vec()));
    assert!(lines(&tree)[1].ends_with("… 5900 bytes"), "{}", lines(&tree)[1]);
    tree.unfold(1);
    assert_eq!(tree.rows().len(), 1 + 1 + PAGE + 1 + 1, "a page of lines, and how many more");
    tree.unfold(PAGE + 2);
    assert_eq!(tree.rows().len(), 1 + 1 + 1000 + 3 + 1);
    assert_eq!(tree.value(5), Some(&Value::from(text)), "a part of a text stands for the text");
    assert_eq!(tree.rows()[2].open, None);
}

#[test]
fn text_is_found_also_where_it_is_folded() {
    let mut tree = tree(r#"{"a": {"Name": "x"}, "b": [1, {"c": "the name"}, 21]}"#);
    let paths = |tree: &JsonTree, text| tree.find(text, 10).iter().map(|path| json_path(path)).collect::<Vec<_>>();
    assert_eq!(paths(&tree, "name"), ["$.a.Name", "$.b[1].c"]);
    assert_eq!(paths(&tree, "Name"), ["$.a.Name"]);
    assert_eq!(paths(&tree, "1"), ["$.b[0]", "$.b[2]"]);
    assert_eq!(paths(&tree, ""), Vec::<String>::new());
    assert_eq!(tree.find("n", 1).len(), 1);
    let found = tree.find("the name", 1);
    let row = tree.reveal(&found[0]);
    assert_eq!(lines(&tree)[row], "        c: \"the name\"");
}

#[test]
fn an_item_far_behind_is_revealed() {
    let items: Vec<Value> = (0..5000usize).map(Value::from).collect();
    let mut tree = JsonTree::new(Value::from(items));
    let row = tree.reveal(&[Step::Index(3210)]);
    assert_eq!(tree.value(row), Some(&Value::from(3210)));
    assert_eq!(tree.reveal(&[Step::Key("no".into())]), 0, "what does not exist leads to what does");
}

#[test]
fn differences_are_marked_on_the_way_to_them() {
    let before = read(r#"{"a": {"b": 1}, "gone": 1, "same": 1}"#).expect("valid");
    let after = read(r#"{"a": {"b": 2}, "same": 1, "new": 1}"#).expect("valid");
    let difference = diff(&before, &after, 10);
    let mut tree = JsonTree::new(after);
    tree.set_marks(&difference, Side::After);
    tree.unfold(1);
    let marks: String = lines(&tree).iter().filter_map(|line| line.chars().next()).collect();
    assert_eq!(marks, "··~ +");
    let mut tree = JsonTree::new(before);
    tree.set_marks(&difference, Side::Before);
    let marks: String = lines(&tree).iter().filter_map(|line| line.chars().next()).collect();
    assert_eq!(marks, "··- ");
}

proptest! {
    /// Whatever is unfolded and folded, rows link to their parents and siblings.
    #[test]
    fn links_hold(actions in proptest::collection::vec((0usize..40, any::<bool>()), 0..30)) {
        let mut tree = tree(r#"{"a": [1, [2, {"b": {"c": []}}], {"d": {}}], "e": {"f": {"g": {"h": 1}}}, "i": "j"}"#);
        for (at, unfold) in actions {
            if unfold {
                tree.unfold(at);
            } else {
                tree.fold(at);
            }
            for (at, row) in tree.rows().iter().enumerate() {
                let parent = row.parent.map(|parent| &tree.rows()[parent]);
                prop_assert_eq!(row.depth, parent.map_or(0, |parent| parent.depth + 1));
                prop_assert!(parent.is_none_or(|parent| parent.open == Some(true)));
                if let Some(next) = row.next {
                    prop_assert!(next > at && tree.rows()[next].parent == row.parent);
                    prop_assert!(tree.rows()[at + 1..next].iter().all(|inner| inner.depth > row.depth));
                }
                prop_assert_eq!(tree.row_of(&tree.path(at)), at);
            }
        }
    }
}
