use std::sync::Arc;

use super::chart::{Arrow, Chart};
use super::{dot, mermaid, text};
use crate::asl::{Definition, ScopeId, StateMachine};
use crate::tui::glyph::Glyphs;

/// Names and conditions with everything that means something to somebody.
pub(super) const ODD: &str = r#"
StartAt: "a \"quoted\" <b>&amp; [x](y)"
States:
  "a \"quoted\" <b>&amp; [x](y)":
    Type: Choice
    Choices:
      - {Variable: $.x, StringEquals: "]} | \"--> #1; %%{x}%% `d` \\", Next: "1. 日本語|x| end"}
    Default: "line\nbreak\ttab\\"
  "1. 日本語|x| end": {Type: Wait, Seconds: 5, Next: "a \"quoted\" <b>&amp; [x](y)"}
  "line\nbreak\ttab\\":
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Catch: [{ErrorEquals: ["My \"Err\""], Next: end}]
    Next: Both
  Both:
    Type: Parallel
    Next: end
    Branches:
      - {StartAt: One, States: {One: {Type: Pass, Next: Two}, Two: {Type: Pass, End: true}}}
      - {StartAt: subgraph, States: {subgraph: {Type: Pass, End: true}}}
  end: {Type: Succeed}
"#;

pub(super) fn machine(text: &str) -> Arc<StateMachine> {
    let definition = Definition::read("test.yaml", text);
    definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()))
}

pub(super) fn chart_of(machine: &StateMachine) -> Chart<'_> {
    Chart::new(machine, "odd \"title\"")
}

/// The words at the ways out of the first state.
fn labels(state: &str) -> Vec<String> {
    let text = format!("StartAt: A\nStates:\n  A:\n{state}\n  B: {{Type: Succeed}}\n");
    let machine = machine(&text);
    let arrows = chart_of(&machine).arrows(ScopeId::TOP);
    arrows.into_iter().filter(|arrow| arrow.from.is_some_and(|from| from.0 == 0)).map(|arrow| arrow.label).collect()
}

#[test]
fn ways_have_words() {
    let rule = |test: &str| labels(&format!("    Type: Choice\n    Choices: [{{{test}, Next: B}}]\n    Default: B"));
    let cases = [
        ("Variable: $.a, StringEquals: x", "$.a = \"x\""),
        ("Variable: $.a, NumericGreaterThanEquals: 3", "$.a ≥ 3"),
        ("Variable: $.a, NumericLessThanPath: $.b", "$.a < $.b"),
        ("Variable: $.a, StringMatches: 'x*'", "$.a matches \"x*\""),
        ("Variable: $.a, IsPresent: true", "$.a is present"),
        ("Variable: $.a, IsNull: false", "$.a is not null"),
        ("Not: {Variable: $.a, BooleanEquals: true}", "not $.a = true"),
        (
            "And: [{Variable: $.a, IsNull: true}, {Or: [{Variable: $.b, IsNull: true}, {Variable: $.c, IsNull: true}]}]",
            "$.a is null and ($.b is null or $.c is null)",
        ),
    ];
    for (test, expected) in cases {
        assert_eq!(rule(test), [expected, "default"], "{test}");
    }
    let jsonata = labels(
        "    Type: Choice\n    QueryLanguage: JSONata\n    Choices: [{Condition: '{% $states.input.a > 1 %}', Next: B}]",
    );
    assert_eq!(jsonata, ["$states.input.a > 1"]);
    let long = rule(&format!("Variable: $.a, StringEquals: {}", "x".repeat(200)));
    assert!(long[0].chars().count() == 48 && long[0].ends_with('…'), "{long:?}");
    let caught = labels(
        "    Type: Task\n    Resource: '${F}'\n    Next: B\n    Catch: [{ErrorEquals: [A, B], Next: B}, {ErrorEquals: [States.ALL], Next: A}]",
    );
    assert_eq!(caught, ["", "A, B", "States.ALL"]);
}

#[test]
fn start_and_ends_are_those_of_the_machine() {
    let machine = machine(ODD);
    let chart = chart_of(&machine);
    let ends = |scope: u32| {
        let arrows: Vec<Arrow> = chart.arrows(ScopeId(scope));
        (
            arrows.iter().filter(|arrow| arrow.from.is_none()).count(),
            arrows.iter().filter(|arrow| arrow.to.is_none()).count(),
        )
    };
    assert_eq!((ends(0), ends(1), ends(2)), ((1, 1), (0, 0), (0, 0)));
}

#[test]
fn the_text_is_the_rail_view() {
    let shown = text::render(&machine(ODD), &Glyphs::UNICODE);
    let expected = "  \
  ○ start
╭─◇ a \"quoted\" <b>&amp; [x](y)                     Choice
│ ╰ 1. 日本語|x| end ↺ a \"quoted\" <b>&amp; [x](y)  Wait     5 s
╰▸┬ line break tab\\ ↯1                             Task     lambda:invoke  ↯ end
  ├─╮ Both                                         Parallel 2 branches
  │ ├─┬ One                                        Pass
  │ │ ╰ Two                                        Pass
  │ ╰── subgraph                                   Pass
  ◉ end                                            Succeed
";
    assert_eq!(shown, expected);
    let ascii = text::render(&machine("StartAt: A\nStates: {A: {Type: Succeed}}"), &Glyphs::ASCII);
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn mermaid_is_escaped() {
    let shown = mermaid::render(&chart_of(&machine(ODD)));
    assert!(shown.starts_with("---\ntitle: \"odd \\\"title\\\"\"\n---\nflowchart TD\n"), "{shown}");
    let expected = [
        "  s0{{\"a #34;quoted#34; #60;b#62;#38;amp#59; #91;x#93;#40;y#41;<br/>Choice\"}}",
        "  s1[\"1#46; 日本語#124;x#124; end<br/>Wait 5 s\"]",
        "  s2[\"line break tab#92;<br/>Task lambda:invoke\"]",
        "  subgraph s3[\"Both<br/>Parallel 2 branches\"]",
        "    subgraph b1[\"branch 1\"]",
        "      s4[\"One<br/>Pass\"]",
        "  s7([\"end<br/>Succeed\"])",
        "  start --> s0",
        "  s2 -.->|\"My #34;Err#34;\"| s7",
        "  s4 --> s5",
    ];
    for line in expected {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
    let label = shown.lines().find(|line| line.starts_with("  s0 -->|\"$.x")).expect("the condition");
    let inside = label.split('"').nth(1).expect("between the quotes");
    assert!(!inside.contains(['|', '[', ']', '{', '}', '`', '<', '>', '%', '\\']), "{inside}");
}

#[test]
fn dot_is_escaped_and_edges_end_at_clusters() {
    let shown = dot::render(&chart_of(&machine(ODD)));
    let expected = [
        "digraph \"odd \\\"title\\\"\" {",
        "  s0 [label=\"a \\\"quoted\\\" <b>&amp; [x](y)\\nChoice\", shape=hexagon, style=\"\"];",
        "  s2 [label=\"line break tab\\\\\\nTask lambda:invoke\"];",
        "  subgraph cluster_s3 {",
        "    subgraph cluster_b1 {",
        "  s2 -> s4 [lhead=cluster_s3];",
        "  s4 -> s7 [ltail=cluster_s3];",
        "  s4 -> s5;",
    ];
    for line in expected {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}
