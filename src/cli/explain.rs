//! `asldb explain`: what the codes of diagnostics mean.

use std::process::ExitCode;

use anyhow::bail;

use super::args::ExplainArgs;
use super::check::print;
use crate::asl::codes::{self, Code, Origin};
use crate::asl::suggest;

/// The width of explanations.
const WIDTH: usize = 80;

/// Explains a code, or lists all of them.
///
/// # Errors
/// There is no such code, or the answer cannot be written.
pub fn explain(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let text = match &args.code {
        None => list(),
        Some(name) => match codes::find(name.trim()) {
            Some(code) => explanation(code),
            None => bail!("{}", unknown(name)),
        },
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(name: &str) -> String {
    let known = codes::all().map(|code| code.name);
    match suggest::nearest(name, known) {
        Some(meant) => format!("there is no code {name}; did you mean {meant}?"),
        None => format!("there is no code {name}; `asldb explain` lists the codes"),
    }
}

fn list() -> String {
    let width = codes::all().map(|code| code.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for (origin, title) in [(Origin::Aws, "Codes of AWS Step Functions"), (Origin::Asldb, "Codes of asldb")] {
        out.push_str(&format!("{title}\n"));
        for code in codes::all().filter(|code| code.origin == origin) {
            out.push_str(&format!("  {:width$}  {}\n", code.name, code.title));
        }
        out.push('\n');
    }
    out.push_str("`asldb explain CODE` says more. `asldb: allow CODE` in a Comment switches a warning off.\n");
    out
}

fn explanation(code: &Code) -> String {
    let mut out = format!("{}: {}\n\n{}", code.name, code.title, wrapped(code.explanation));
    if let Some(examples) = code.examples {
        out.push_str(&format!("\nWrong:\n\n{}\nRight:\n\n{}", indented(examples.wrong), indented(examples.right)));
    }
    out
}

fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > WIDTH {
            out.push('\n');
            used = 0;
        }
        if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out.push('\n');
    out
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_has_both_examples() {
        let text = explanation(codes::find("no_default").expect("a code"));
        assert!(text.starts_with("NO_DEFAULT: A Choice has no Default.\n\n"), "{text}");
        assert!(text.contains("\nWrong:\n\n    Which:\n") && text.contains("\nRight:\n\n    Which:\n"), "{text}");
        let prose = text.split("\nWrong:").next().unwrap_or_default();
        assert!(prose.lines().skip(1).all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn a_misspelled_code_gets_a_suggestion() {
        assert_eq!(unknown("NO_DEFALUT"), "there is no code NO_DEFALUT; did you mean NO_DEFAULT?");
        assert_eq!(unknown("what"), "there is no code what; `asldb explain` lists the codes");
    }

    #[test]
    fn the_list_has_all_codes() {
        let text = list();
        assert!(codes::all().all(|code| text.contains(code.name)));
    }
}
