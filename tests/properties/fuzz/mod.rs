//! Inputs made at random for each reader and evaluator, and what holds for all of them.
//!
//! A case is made from a number alone, so a finding is repeated by its number. `fuzz/` runs these for as long as one
//! likes; the tests here run a few thousand of each.

mod bytes;
mod data;
mod definitions;
mod intrinsics;
mod jsonata;
mod jsonpath;
mod pictures;
mod random;
mod readers;
mod templates;

pub(crate) use random::Random;

/// The texts of a case: what is read or evaluated first, then the data.
pub(crate) type Case = Vec<String>;

/// What a check found: nothing, or what does not hold.
pub(crate) type Verdict = Result<(), String>;

/// Something that takes any text.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) generate: fn(&mut Random) -> Case,
    pub(crate) check: fn(&[String]) -> Verdict,
}

pub(crate) const TARGETS: [Target; 11] = [
    Target { name: "json", generate: readers::json, check: readers::check_json },
    Target { name: "yaml", generate: readers::yaml, check: readers::check_yaml },
    Target { name: "definition", generate: definitions::generate, check: definitions::check },
    Target { name: "jsonpath-parse", generate: jsonpath::text, check: jsonpath::check_parse },
    Target { name: "jsonpath-evaluate", generate: jsonpath::generate, check: jsonpath::check_evaluate },
    Target { name: "expression-parse", generate: intrinsics::text, check: intrinsics::check_parse },
    Target { name: "expression-evaluate", generate: intrinsics::generate, check: intrinsics::check_evaluate },
    Target { name: "template", generate: templates::generate, check: templates::check },
    Target { name: "jsonata-parse", generate: jsonata::text, check: jsonata::check_parse },
    Target { name: "jsonata-evaluate", generate: jsonata::generate, check: jsonata::check_evaluate },
    Target { name: "pictures", generate: pictures::generate, check: pictures::check },
];

/// The case of `target` with a number.
pub(crate) fn case(target: &Target, seed: u64, number: u64) -> Case {
    (target.generate)(&mut Random::new(seed, number))
}

/// `Err` with a message unless `holds`.
pub(crate) fn ensure(holds: bool, message: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(message()) }
}

/// The part of a text that a span names must be there: inside, and between characters.
pub(crate) fn ensure_inside(what: &str, text: &str, span: asldb::text::Span) -> Verdict {
    ensure(text.get(span.range()).is_some(), || format!("a span of {what} outside of the text: {span:?}"))
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, Target, case};

    fn run(name: &str, count: u64) {
        let target: &Target = TARGETS.iter().find(|target| target.name == name).expect("a target of the table");
        for number in 0..count {
            let case = case(target, 1, number);
            if let Err(message) = (target.check)(&case) {
                panic!("{name} {number}: {message}\n{}", case.join("\n----\n"));
            }
        }
    }

    macro_rules! targets {
        ($($test:ident: $name:literal, $count:literal;)*) => {
            $(#[test]
            fn $test() {
                run($name, $count);
            })*
        };
    }

    targets! {
        any_text_is_json_or_not: "json", 1500;
        any_text_is_yaml_or_not: "yaml", 800;
        any_text_is_a_definition_or_not: "definition", 600;
        any_text_is_a_path_or_not: "jsonpath-parse", 3000;
        any_path_finds_the_same_twice: "jsonpath-evaluate", 600;
        any_text_is_a_call_or_not: "expression-parse", 3000;
        any_call_gives_the_same_twice: "expression-evaluate", 2000;
        any_template_fills_in_the_same_twice: "template", 1500;
        any_text_is_jsonata_or_not: "jsonata-parse", 2000;
        any_jsonata_gives_the_same_with_a_trace: "jsonata-evaluate", 1500;
        any_number_time_and_picture_is_read: "pictures", 3000;
    }
}
