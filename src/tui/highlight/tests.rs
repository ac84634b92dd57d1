use proptest::prelude::*;

use super::{Grammar, Highlight, Token};

/// `text:Token` for every piece of `source` that is no punctuation.
fn tokens(source: &str, grammar: Grammar) -> Vec<String> {
    let found = Highlight::new(source, grammar);
    let mut out = Vec::new();
    for (number, line) in source.split('\n').enumerate() {
        for piece in found.line(number).iter().filter(|piece| piece.token != Token::Punctuation) {
            out.push(format!("{}:{:?}", &line[piece.range()], piece.token));
        }
    }
    out
}

fn definition(source: &str) -> Vec<String> {
    tokens(source, Grammar::Definition)
}

#[test]
fn the_words_of_a_definition() {
    let source = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Next": "B", "Retry": [{"MaxAttempts": 2}]}}}"#;
    assert_eq!(
        definition(source),
        [
            "\"StartAt\":Field",
            "\"A\":Transition",
            "\"States\":Field",
            "\"A\":StateName",
            "\"Type\":Field",
            "\"Task\":Constant",
            "\"Next\":Field",
            "\"B\":Transition",
            "\"Retry\":Field",
            "\"MaxAttempts\":Field",
            "2:Number",
        ]
    );
}

#[test]
fn strings_by_where_they_stand() {
    let cases = [
        (r#"{"InputPath": "$.a"}"#, "\"$.a\":Path"),
        (r#"{"Variable": "$$.Execution.Id"}"#, "\"$$.Execution.Id\":Path"),
        (r#"{"Parameters": {"x.$": "$.a"}}"#, "\"$.a\":Path"),
        (r#"{"Parameters": {"x": "$.a"}}"#, "\"$.a\":String"),
        (r#"{"Parameters": {"Next": "A"}}"#, "\"A\":String"),
        (r#"{"Parameters": {"x.$": "States.UUID()"}}"#, "\"States.UUID()\":Intrinsic"),
        (r#"{"Parameters": [{"x.$": "$.a"}]}"#, "\"$.a\":Path"),
        (r#"{"Output": "{% $states.input %}"}"#, "\"{% $states.input %}\":Expression"),
        (r#"{"Output": "{% $states.input"}"#, "\"{% $states.input\":Error"),
        (r#"{"Choices": [{"Next": "A"}]}"#, "\"A\":Transition"),
        (r#"{"Default": "A"}"#, "\"A\":Transition"),
        (r#"{"ErrorEquals": ["States.ALL"]}"#, "\"States.ALL\":String"),
        (r#"{"Branches": [{"States": {"A": {"Next": "B"}}}]}"#, "\"B\":Transition"),
    ];
    for (source, last) in cases {
        assert_eq!(definition(source).last().map(String::as_str), Some(last), "{source}");
    }
}

#[test]
fn keys_by_where_they_stand() {
    let cases = [
        (r#"{"NumericLessThanEqualsPath": 1}"#, Token::Field),
        (r#"{"Nonsense": 1}"#, Token::Key),
        (r#"{"Result": {"Type": 1}}"#, Token::Key),
        (r#"{"States": {"States": {"Type": 1}}}"#, Token::Field),
        (r#"{"ItemProcessor": {"States": {"Type": 1}}}"#, Token::StateName),
    ];
    for (source, token) in cases {
        let found = Highlight::new(source, Grammar::Definition);
        let key = found.line(0).iter().rev().find(|piece| !matches!(piece.token, Token::Punctuation | Token::Number));
        assert_eq!(key.map(|piece| piece.token), Some(token), "{source}");
    }
    assert_eq!(tokens(r#"{"States": {"A": true}}"#, Grammar::Data), ["\"States\":Key", "\"A\":Key", "true:Constant"]);
}

#[test]
fn what_is_wrong_is_marked_and_the_rest_still_read() {
    let cases: &[(&str, &[&str])] = &[
        (
            "{\"Type\": \"Pass\n\"Next\": \"A\"}",
            &["\"Type\":Field", "\"Pass:Error", "\"Next\":Field", "\"A\":Transition"],
        ),
        ("{\"Next\" \"A\"}", &["\"Next\":Field", "\"A\":Transition"]),
        ("{\"End\": True}", &["\"End\":Field", "True:Error"]),
        ("{\"Seconds\": 01}", &["\"Seconds\":Field", "01:Error"]),
        (
            "[1, 2.5e-3, -0, 1., 1e, --1]",
            &["1:Number", "2.5e-3:Number", "-0:Number", "1.:Error", "1e:Error", "--1:Error"],
        ),
        ("[}]", &["}:Error"]),
        ("é'", &["é:Error", "':Error"]),
    ];
    for (source, expected) in cases {
        assert_eq!(definition(source), *expected, "{source}");
    }
}

#[test]
fn yaml_has_the_same_roles() {
    let source = "# order\nStartAt: A\nStates:\n  A:\n    Type: Choice  # why\n    Choices:\n    - Variable: $.a[1, 2]\n      \
                  StringEquals: 'it''s'\n      Next: B\n    Default: \"C\"\n  B:\n    Type: Pass\n    Parameters:\n      \
                  x.$: States.Format('{}', $.a)\n      Next: n\n    Output: |\n      {%\n        $x\n      %}\n    \
                  Seconds: 10\n    End: true\n    Retry: [{ErrorEquals: [X, \"Y\"]}]\n";
    assert_eq!(
        tokens(source, Grammar::YamlDefinition),
        [
            "# order:Comment",
            "StartAt:Field",
            "A:Transition",
            "States:Field",
            "A:StateName",
            "Type:Field",
            "Choice:Constant",
            "# why:Comment",
            "Choices:Field",
            "Variable:Field",
            "$.a[1, 2]:Path",
            "StringEquals:Field",
            "'it''s':String",
            "Next:Field",
            "B:Transition",
            "Default:Field",
            "\"C\":Transition",
            "B:StateName",
            "Type:Field",
            "Pass:Constant",
            "Parameters:Field",
            "x.$:Key",
            "States.Format('{}', $.a):Intrinsic",
            "Next:Key",
            "n:String",
            "Output:Field",
            "{%:Expression",
            "$x:Expression",
            "%}:Expression",
            "Seconds:Field",
            "10:Number",
            "End:Field",
            "true:Constant",
            "Retry:Field",
            "ErrorEquals:Field",
            "X:String",
            "\"Y\":String",
        ]
    );
}

#[test]
fn grammars_by_file_name() {
    assert_eq!(Grammar::of_file("a.asl.YAML"), Grammar::YamlDefinition);
    assert_eq!(Grammar::of_file("a.yml"), Grammar::YamlDefinition);
    assert_eq!(Grammar::of_file("a.asl.json"), Grammar::Definition);
}

#[test]
fn every_token_is_known_to_every_theme() {
    use syntect::highlighting::Highlighter;
    use syntect::parsing::ScopeStack;
    let theme = crate::config::Theme::load("dark", None).expect("a theme");
    let highlighter = Highlighter::new(&theme.syntax);
    for token in Token::ALL {
        let stack: ScopeStack = token.scopes().parse().expect("scopes");
        let style = highlighter.style_for_stack(stack.as_slice());
        assert_ne!(style.foreground, highlighter.get_default().foreground, "{token:?}");
    }
}

proptest! {
    /// Pieces are apart, in order, inside their line and on character borders, whatever the text.
    #[test]
    fn any_text_has_proper_pieces(parts in proptest::collection::vec(prop_oneof![
        "[{}\\[\\]:,\"'#|> \n-]{1,4}", "\"States\": ", "\"Next\"", Just("{%".to_owned()), "%}", "- ", "key: ", "\\PC{0,3}",
    ], 0..40)) {
        let text = parts.concat();
        for grammar in [Grammar::Definition, Grammar::Data, Grammar::YamlDefinition] {
            let found = Highlight::new(&text, grammar);
            prop_assert_eq!(found.line_count(), text.split('\n').count());
            for (number, line) in text.split('\n').enumerate() {
                let mut last = 0;
                for piece in found.line(number) {
                    prop_assert!(piece.range().start >= last && line.get(piece.range()).is_some_and(|t| !t.is_empty()));
                    last = piece.range().end;
                }
            }
        }
    }
}
