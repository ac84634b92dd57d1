use super::*;
use crate::text::Span;

fn checked(text: &str, diagnostics: Vec<Diagnostic>) -> Checked {
    let definition = crate::asl::Definition::read("a.json", text);
    Checked { file: "a.json".into(), logical_id: String::new(), definition, diagnostics, is_unreadable: false }
}

fn fault(text: &str, part: &str) -> Diagnostic {
    let at = text.find(part).expect("the part");
    let fault =
        Diagnostic::error("SOME_CODE", "the value is not one that this field can have", Span::new(at, at + part.len()));
    fault.located("/States/A/Next").with_help("write another one, for which there are a good many words to be said")
}

const TEXT: &str = "{\n\t\"名前\": \"x\"\n}";

#[test]
fn plain_paper_has_a_line_for_each_message() {
    let paper = Paper { width: 80, wraps: false, colour: false };
    let shown = render(&[checked(TEXT, vec![fault(TEXT, "\"x\"")])], paper);
    let expected = "\
a.json:2:8: error SOME_CODE: the value is not one that this field can have
  2 |     \"名前\": \"x\"
    |             ^^^
    = at /States/A/Next
    = help: write another one, for which there are a good many words to be said

1 definition: 1 error
";
    assert_eq!(shown, expected);
}

#[test]
fn narrow_terminals_get_shorter_lines() {
    let paper = Paper { width: 40, wraps: true, colour: false };
    let shown = render(&[checked(TEXT, vec![fault(TEXT, "\"x\"")])], paper);
    let expected = "\
a.json:2:8: error SOME_CODE: the value
  is not one that this field can have
  2 |     \"名前\": \"x\"
    |             ^^^
    = at /States/A/Next
    = help: write another one, for which
            there are a good many words
            to be said

1 definition: 1 error
";
    assert_eq!(shown, expected);
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let all = [checked(TEXT, vec![fault(TEXT, "\"x\""), Diagnostic::warning("W", "w", Span::at(0))])];
    for (width, wraps) in [(80, false), (80, true), (40, true), (41, true)] {
        let coloured = render(&all, Paper { width, wraps, colour: true });
        let mut plain = String::new();
        for (at, part) in coloured.split("\u{1b}[").enumerate() {
            plain.push_str(if at == 0 { part } else { part.split_once('m').expect("an end").1 });
        }
        assert_eq!(plain, render(&all, Paper { width, wraps, colour: false }));
        assert!(
            coloured.contains("\u{1b}[1;31merror SOME_CODE\u{1b}[0m") && coloured.contains("\u{1b}[1;31m^^^\u{1b}[0m")
        );
        assert!(coloured.contains("\u{1b}[1;33mwarning W\u{1b}[0m"));
    }
}

#[test]
fn what_people_wrote_cannot_move_the_cursor() {
    let text = "{\"a\u{1b}[2Jb\": 1}";
    let fault = Diagnostic::error("C", "no \u{1b}[2J\rhere\n", Span::new(1, 5)).located("/States/\u{7}");
    let shown = render(&[checked(text, vec![fault])], Paper { width: 80, wraps: true, colour: false });
    assert!(!shown.contains(['\u{1b}', '\r', '\u{7}']), "{shown:?}");
}

#[test]
fn machines_of_templates_are_named() {
    let mut one = checked(TEXT, vec![fault(TEXT, "\"x\"")]);
    one.logical_id = "Orders".into();
    let shown = render(&[one], Paper { width: 80, wraps: false, colour: false });
    assert!(shown.contains("    = in Orders, at /States/A/Next\n"), "{shown}");
}
