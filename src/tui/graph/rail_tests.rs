use proptest::prelude::*;

use super::*;

/// A graph of `A: B C` lines: a state and what it leads to. `A!B` is a catcher, `A[` opens a nested scope (`A[P` a
/// Parallel's branch), `]` closes it, a state without target ends.
struct Sketch {
    graph: Graph,
    ids: HashMap<String, usize>,
}

impl Sketch {
    fn graph(text: &str) -> Graph {
        let mut sketch = Self { graph: Graph::default(), ids: HashMap::new() };
        let mut open: Vec<(usize, Scope)> = Vec::new();
        let mut scope = Scope::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line == "]" {
                let (owner, outer) = open.pop().expect("an open scope");
                let inner = std::mem::replace(&mut scope, outer);
                sketch.graph.nodes[owner].scopes.push(inner);
                continue;
            }
            if let Some((owner, kind)) = line.split_once('[') {
                let owner = sketch.id(owner);
                sketch.graph.nodes[owner].kind = if kind == "P" { Kind::Parallel } else { Kind::Map };
                open.push((owner, std::mem::take(&mut scope)));
                continue;
            }
            let id = sketch.line(line);
            if scope.states.is_empty() {
                scope.start = id;
            }
            scope.states.push(id);
        }
        sketch.graph.top = scope;
        sketch.graph
    }

    fn line(&mut self, line: &str) -> usize {
        let (name, targets) = line.split_once(':').unwrap_or((line, ""));
        let (name, catch) = name.split_once('!').unwrap_or((name, ""));
        let id = self.id(name);
        let next: Vec<_> = targets.split_whitespace().map(|target| self.id(target)).collect();
        let catch = catch.split_whitespace().map(|target| self.id(target)).collect();
        let node = &mut self.graph.nodes[id];
        if next.len() > 1 {
            node.kind = Kind::Choice;
        }
        (node.next, node.catch) = (next, catch);
        id
    }

    fn id(&mut self, name: &str) -> usize {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        self.graph.nodes.push(Node { name: name.to_owned(), ..Node::default() });
        self.ids.insert(name.to_owned(), self.graph.nodes.len() - 1);
        self.graph.nodes.len() - 1
    }
}

fn drawn(graph: &Graph, selected: Option<&str>, glyphs: &Glyphs) -> String {
    let selected = selected.and_then(|name| graph.nodes.iter().position(|node| node.name == name));
    rows(graph, selected, glyphs).iter().map(|row| row.text() + "\n").collect()
}

#[track_caller]
fn draws(sketch: &str, expected: &str) {
    let expected: String =
        expected.lines().skip(1).map(|line| line.strip_prefix("        ").unwrap_or(line).to_owned() + "\n").collect();
    let expected = expected.trim_end_matches([' ', '\n']).to_owned() + "\n";
    let found = drawn(&Sketch::graph(sketch), None, &Glyphs::UNICODE);
    assert_eq!(found, expected, "\n{found}");
}

#[test]
fn a_line() {
    draws(
        "A: B
         B: C
         C",
        "
        ○ start
        │ A
        │ B
        ◉ C",
    );
}

#[test]
fn a_loop_returns_by_name() {
    draws(
        "Submit: Wait
         Wait: Check
         Check: Done Wait
         Done",
        "
        ○ start
        │ Submit
        │ Wait
        ◇ Check ↺ Wait
        ◉ Done",
    );
}

#[test]
fn a_choice_that_joins() {
    draws(
        "Ask: Yes No
         Yes: Join
         No: Join
         Join",
        "
            ○ start
          ╭─◇ Ask
        ╭─┼─╯ Yes
        │ ╰▸┬ No
        ╰──▸◉ Join",
    );
}

#[test]
fn skipping_transitions_with_one_target_share_a_lane() {
    draws(
        "A: B Failed
         B: C Failed
         C: D Failed
         D
         Failed",
        "
          ○ start
        ╭─◇ A
        ├─◇ B
        ├─◇ C
        │ ◉ D
        ╰▸◉ Failed",
    );
}

#[test]
fn lanes_that_end_leave_their_column_to_others() {
    draws(
        "A: B C
         B: C
         C: D
         D: E F
         E: F
         F",
        "
          ○ start
        ╭─◇ A
        │ │ B
        ╰▸│ C
        ╭─◇ D
        │ │ E
        ╰▸◉ F",
    );
}

#[test]
fn a_parallel_with_two_branches() {
    draws(
        "Fulfil: Done
         Fulfil[P
         Reserve: Ship
         Ship
         ]
         Fulfil[P
         Invoice
         ]
         Done",
        "
        ○ start
        ├─╮ Fulfil
        │ ├─┬ Reserve
        │ │ ╰ Ship
        │ ╰── Invoice
        ◉ Done",
    );
}

#[test]
fn a_map_that_ends_the_run() {
    draws(
        "Get: Each
         Each
         Each[M
         Render: Send
         Send
         ]",
        "
        ○ start
        │ Get
        ╰─╮ Each
          │ Render
          ╰ Send",
    );
}

const NESTED: &str = "A: Out Failed
    Out: Last
    Out[P
    P1: P2
    P1[M
    M1: M2 M3
    M2
    M3
    ]
    P2
    ]
    Out[P
    Q1
    ]
    Last
    Failed";

#[test]
fn nested_scopes_with_lanes_of_their_own() {
    draws(
        NESTED,
        "
          ○ start
        ╭─◇ A
        │ ├─╮ Out
        │ │ ├─┬─╮ P1
        │ │ │ │ ╭─◇ M1
        │ │ │ │ │ ╰ M2
        │ │ │ │ ╰▸─ M3
        │ │ │ ╰ P2
        │ │ ╰── Q1
        │ ◉ Last
        ╰▸◉ Failed",
    );
}

#[test]
fn folded_scopes_are_one_row_and_say_where_to_click() {
    let mut graph = Sketch::graph(NESTED);
    let out = graph.nodes.iter().position(|node| node.name == "Out").expect("present");
    graph.nodes[out].folded = true;
    let found = drawn(&graph, None, &Glyphs::UNICODE);
    assert_eq!(found, "  ○ start\n╭─◇ A\n│ ├─▸ Out\n│ ◉ Last\n╰▸◉ Failed\n");
    let rows = rows(&graph, None, &Glyphs::UNICODE);
    let row = rows.iter().find(|row| row.node == Some(out)).expect("drawn");
    assert_eq!((row.fold.clone(), row.name_columns()), (2..5, 6..9));
    assert!(rows.iter().filter(|row| row.node != Some(out)).all(|row| row.fold.is_empty()));
}

#[test]
fn catchers_are_counted_and_drawn_for_the_selected_state() {
    let sketch = "A!Repair Failed: B
        B!Repair: C
        C
        Repair: Failed
        Failed";
    let graph = Sketch::graph(sketch);
    let plain = "○ start\n│ A ↯2\n│ B ↯1\n◉ C\n│ Repair\n◉ Failed\n";
    assert_eq!(drawn(&graph, None, &Glyphs::UNICODE), plain);
    let selected = "    ○ start\n╭─┬─┤ A ↯2\n│ │ │ B ↯1\n│ │ ◉ C\n│ ╰▸┬ Repair\n╰──▸◉ Failed\n";
    assert_eq!(drawn(&graph, Some("A"), &Glyphs::UNICODE), selected);
}

#[test]
fn a_state_that_repeats_itself_and_one_that_nothing_leads_to() {
    draws(
        "A: A
         Lost: A
         B",
        "
        ○ start
        ╰ A ↺ A
        ─ Lost ↺ A
        ◉ B",
    );
}

#[test]
fn ascii_has_the_same_shape() {
    let graph = Sketch::graph(NESTED);
    let unicode = drawn(&graph, None, &Glyphs::UNICODE);
    let ascii = drawn(&graph, None, &Glyphs::ASCII);
    assert!(ascii.is_ascii());
    let shape = |text: &str| text.lines().map(|line| line.chars().count()).collect::<Vec<_>>();
    assert_eq!(shape(&unicode), shape(&ascii));
}

#[test]
fn marks_have_a_sign_and_a_number_where_it_says_more() {
    assert_eq!(mark_sign(Mark::Visits(3), &Glyphs::UNICODE), ("↻", Some(3)));
    assert_eq!(mark_sign(Mark::Here, &Glyphs::ASCII), (">", None));
}

#[test]
fn a_long_chain_and_a_deep_nest_are_drawn() {
    let mut chain = Graph::default();
    chain.top.states = (0..20_000).collect();
    chain.nodes = (0..20_000).map(|at| Node { next: vec![at + 1], ..Node::default() }).collect();
    assert_eq!(rows(&chain, None, &Glyphs::UNICODE).len(), 20_001);
    let mut nest = Graph { top: Scope { start: 0, states: vec![0] }, ..Graph::default() };
    // The last one holds itself, which no definition can.
    nest.nodes = (0..500)
        .map(|at| Node {
            scopes: vec![Scope { start: (at + 1).min(499), states: vec![(at + 1).min(499)] }],
            ..Node::default()
        })
        .collect();
    assert_eq!(rows(&nest, None, &Glyphs::UNICODE).len(), MAX_DEPTH + 2);
}

proptest! {
    /// Whatever leads where, each state of the scope has one row, and names stand in one column.
    #[test]
    fn every_state_has_a_row(edges in proptest::collection::vec((0usize..12, 0usize..14, any::<bool>()), 0..30)) {
        let mut graph = Graph { top: Scope { start: 0, states: (0..12).collect() }, ..Graph::default() };
        graph.nodes = (0..12).map(|at| Node { name: format!("S{at}"), ..Node::default() }).collect();
        for (from, to, catch) in edges {
            let node = &mut graph.nodes[from];
            if catch { node.catch.push(to) } else { node.next.push(to) }
        }
        for selected in [None, Some(3)] {
            let rows = rows(&graph, selected, &Glyphs::UNICODE);
            let mut drawn: Vec<_> = rows.iter().filter_map(|row| row.node).collect();
            drawn.sort_unstable();
            prop_assert_eq!(drawn, (0..12).collect::<Vec<_>>());
            prop_assert!(rows.iter().all(|row| row.rail.width() == rows[0].rail.width()));
        }
    }
}
