use proptest::prelude::*;

use super::*;
use crate::tui::glyph::Glyphs;
use crate::tui::graph::Node;

fn graph(names: &[&str], edges: &[(usize, usize)]) -> Graph {
    let mut nodes: Vec<Node> = names.iter().map(|name| Node { name: (*name).to_owned(), ..Node::default() }).collect();
    for (from, to) in edges {
        nodes[*from].next.push(*to);
    }
    Graph { nodes, top: Scope { start: 0, states: (0..names.len()).collect() } }
}

/// The drawing as text, boxes with plain borders.
fn text(graph: &Graph, glyphs: &Glyphs) -> String {
    let drawn = boxes(graph, None).expect("few states");
    let mut cells = vec![vec![" "; drawn.size.0]; drawn.size.1];
    for (y, row) in cells.iter_mut().enumerate() {
        for (x, cell) in row.iter_mut().enumerate() {
            *cell = drawn.grid.sign((x, y), glyphs).map_or(" ", |(sign, _)| sign);
        }
    }
    for state in &drawn.states {
        let ((x, y), (width, height)) = (state.at, state.size);
        for row in &mut cells[y..y + height] {
            row[x..x + width].fill("#");
        }
    }
    cells.iter().map(|row| row.concat().trim_end().to_owned() + "\n").collect()
}

#[test]
fn a_choice_spreads_and_joins() {
    let graph = graph(&["Ask", "Yes", "No", "Join"], &[(0, 1), (0, 2), (1, 3), (2, 3)]);
    let expected = "          ################
          ################
          ################
        ╭─────────┴──────────╮
        ▼                    ▼
";
    let found = text(&graph, &Glyphs::UNICODE);
    assert!(found.contains("┴") && found.contains("┬"), "{found}");
    assert_eq!(found.matches('▼').count(), 3, "{found}");
    assert_eq!(found.lines().count(), expected.lines().count() + 8, "{found}");
    assert!(text(&graph, &Glyphs::ASCII).is_ascii());
}

#[test]
fn a_loop_leads_up_beside_the_line_down() {
    let graph = graph(&["Submit", "Wait", "Check", "Done"], &[(0, 1), (1, 2), (2, 1), (2, 3)]);
    let found = text(&graph, &Glyphs::UNICODE);
    assert!(found.contains("▲") && found.matches('▼').count() == 3, "{found}");
}

#[test]
fn the_way_of_an_error_is_dashed_and_start_and_ends_are_known() {
    let mut graph = graph(&["Try", "Then", "Other", "Mend"], &[(0, 1), (1, 2)]);
    graph.nodes[0].catch = vec![3];
    assert!(!text(&graph, &Glyphs::UNICODE).contains('╌'), "only those of the selected state are drawn");
    for (glyphs, level, upright) in [(Glyphs::UNICODE, '╌', '┆'), (Glyphs::ASCII, '~', ':')] {
        let drawn = boxes(&graph, Some(0)).expect("few states");
        let cells = (0..drawn.size.1).flat_map(|y| (0..drawn.size.0).map(move |x| (x, y)));
        let dashed =
            cells.filter_map(|cell| drawn.grid.sign(cell, &glyphs)).filter(|(sign, _)| sign.contains([level, upright]));
        let of: Vec<_> = dashed.flat_map(|(_, edges)| edges.iter().map(|edge| drawn.edges[*edge].to)).collect();
        assert!(!of.is_empty() && of.iter().all(|to| *to == 3), "{of:?}");
    }
    let drawn = boxes(&graph, None).expect("few states");
    let signs: Vec<_> =
        drawn.states.iter().map(|state| (state.node, state.starts, state.ends, state.catchers)).collect();
    assert_eq!(signs, [(0, true, false, 1), (1, false, false, 0), (2, false, true, 0), (3, false, true, 0)]);
}

#[test]
fn nested_scopes_are_inside_of_their_box_and_fold() {
    let mut graph = graph(&["Both", "Left", "Right", "Then"], &[(0, 3)]);
    graph.top.states = vec![0, 3];
    graph.nodes[0].scopes = vec![Scope { start: 1, states: vec![1] }, Scope { start: 2, states: vec![2] }];
    let drawn = boxes(&graph, None).expect("few states");
    let of = |node: usize| drawn.states.iter().find(|state| state.node == node).expect("drawn");
    for inner in [1, 2] {
        let (inner, outer) = (of(inner), of(0));
        assert!(inner.at.0 > outer.at.0 && inner.at.0 + inner.size.0 < outer.at.0 + outer.size.0);
        assert!(inner.at.1 > outer.at.1 && inner.at.1 + inner.size.1 < outer.at.1 + outer.size.1);
    }
    graph.nodes[0].folded = true;
    assert_eq!(boxes(&graph, None).expect("few states").states.len(), 2);
}

#[test]
fn very_many_states_are_not_drawn() {
    let names = vec!["A"; MOST + 1];
    assert_eq!(boxes(&graph(&names, &[]), None), None);
    assert_eq!(boxes(&Graph::default(), None).expect("nothing").size, (0, 0));
}

proptest! {
    /// Boxes do not touch, lines lead around them and end beside their target.
    #[test]
    fn lines_lead_around_boxes(edges in proptest::collection::vec((0usize..9, 0usize..9), 0..20)) {
        let names = ["a", "bb", "a long name of a state", "d", "e", "f", "g", "h", "i"];
        let graph = graph(&names, &edges);
        let drawn = boxes(&graph, Some(0)).expect("few states");
        prop_assert_eq!(drawn.states.len(), names.len());
        let inside = |state: &StateBox, (x, y): Cell| {
            (state.at.0..state.at.0 + state.size.0).contains(&x) && (state.at.1..state.at.1 + state.size.1).contains(&y)
        };
        for (number, state) in drawn.states.iter().enumerate() {
            prop_assert!(state.at.0 + state.size.0 <= drawn.size.0 && state.at.1 + state.size.1 <= drawn.size.1);
            for other in &drawn.states[number + 1..] {
                let apart = |a: usize, a_size: usize, b: usize, b_size: usize| a + a_size < b || b + b_size < a;
                let apart_x = apart(state.at.0, state.size.0, other.at.0, other.size.0);
                let apart_y = apart(state.at.1, state.size.1, other.at.1, other.size.1);
                prop_assert!(apart_x || apart_y, "{:?} {:?}", state, other);
            }
        }
        for y in 0..drawn.size.1 {
            for x in 0..drawn.size.0 {
                if drawn.grid.sign((x, y), &Glyphs::UNICODE).is_some() {
                    prop_assert!(!drawn.states.iter().any(|state| inside(state, (x, y))), "a line in a box");
                }
            }
        }
        let lines: std::collections::HashSet<(usize, usize)> =
            edges.iter().copied().filter(|(from, to)| from != to).collect();
        prop_assert_eq!(drawn.edges.len(), lines.len());
    }
}
