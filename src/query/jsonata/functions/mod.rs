//! Built-in functions.

mod aggregate;
mod arrays;
mod calendar;
mod date_format;
mod date_parse;
mod date_picture;
mod encoding;
mod higher;
mod integer;
mod integer_picture;
mod number_format;
mod number_picture;
mod numbers;
mod objects;
pub(super) mod regex;
mod replace;
mod service;
mod strings;
mod values;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::Dialect;
use super::error::{Fault, Outcome, Spent};
use super::eval::Evaluator;
use super::item::Item;
use super::signature::Signature;

/// A built-in function.
#[derive(Debug)]
pub(super) struct Builtin {
    pub(super) name: &'static str,
    signature: &'static str,
    /// What higher-order functions see as the number of its parameters.
    pub(super) arity: usize,
    pub(super) run: Run,
    only: Option<Dialect>,
    parsed: OnceLock<Signature>,
}

type Run = fn(&mut Evaluator<'_>, &[Item]) -> Outcome<Item>;

impl Builtin {
    pub(super) fn signature(&self) -> &Signature {
        self.parsed.get_or_init(|| Signature::parse(self.signature).unwrap_or_default())
    }

    pub(super) fn signature_text(&self) -> &'static str {
        self.signature
    }

    pub(super) fn is_in(&self, dialect: Dialect) -> bool {
        self.only.is_none_or(|only| only == dialect)
    }
}

/// The built-in function `name`.
pub(super) fn named(name: &str, dialect: Dialect) -> Option<&'static Builtin> {
    static PLACES: OnceLock<HashMap<&'static str, Vec<usize>>> = OnceLock::new();
    let places = PLACES.get_or_init(|| {
        let mut places: HashMap<_, Vec<usize>> = HashMap::new();
        TABLE.iter().enumerate().for_each(|(at, builtin)| places.entry(builtin.name).or_default().push(at));
        places
    });
    places.get(name)?.iter().filter_map(|at| TABLE.get(*at)).find(|builtin| builtin.is_in(dialect))
}

/// The signature of what `|…|…|` makes.
pub(super) fn transform_signature() -> &'static Signature {
    static SIGNATURE: OnceLock<Signature> = OnceLock::new();
    SIGNATURE.get_or_init(|| Signature::parse("<(oa):o>").unwrap_or_default())
}

const fn builtin(name: &'static str, signature: &'static str, arity: usize, run: Run) -> Builtin {
    Builtin { name, signature, arity, run, only: None, parsed: OnceLock::new() }
}

const fn only(dialect: Dialect, name: &'static str, signature: &'static str, arity: usize, run: Run) -> Builtin {
    Builtin { name, signature, arity, run, only: Some(dialect), parsed: OnceLock::new() }
}

/// All functions: those of release 2.0.6 of the reference, but `$eval`, and those that Step Functions adds.
pub(super) static TABLE: [Builtin; 70] = [
    builtin("sum", "<a<n>:n>", 1, aggregate::sum),
    builtin("count", "<a:n>", 1, aggregate::count),
    builtin("max", "<a<n>:n>", 1, aggregate::max),
    builtin("min", "<a<n>:n>", 1, aggregate::min),
    builtin("average", "<a<n>:n>", 1, aggregate::average),
    builtin("string", "<x-b?:s>", 1, strings::string),
    builtin("substring", "<s-nn?:s>", 3, strings::substring),
    builtin("substringBefore", "<s-s:s>", 2, strings::substring_before),
    builtin("substringAfter", "<s-s:s>", 2, strings::substring_after),
    builtin("lowercase", "<s-:s>", 1, strings::lowercase),
    builtin("uppercase", "<s-:s>", 1, strings::uppercase),
    builtin("length", "<s-:n>", 1, strings::length),
    builtin("trim", "<s-:s>", 1, strings::trim),
    builtin("pad", "<s-ns?:s>", 3, strings::pad),
    builtin("match", "<s-f<s:o>n?:a<o>>", 3, regex::matches),
    builtin("contains", "<s-(sf):b>", 2, regex::contains),
    builtin("replace", "<s-(sf)(sf)n?:s>", 4, replace::replace),
    builtin("split", "<s-(sf)n?:a<s>>", 3, regex::split),
    builtin("join", "<a<s>s?:s>", 2, strings::join),
    builtin("formatNumber", "<n-so?:s>", 3, number_format::format_number),
    builtin("formatBase", "<n-n?:s>", 2, numbers::format_base),
    builtin("formatInteger", "<n-s:s>", 2, integer::format_integer),
    builtin("parseInteger", "<s-s:n>", 2, integer::parse_integer),
    builtin("number", "<(nsb)-:n>", 1, numbers::number),
    builtin("floor", "<n-:n>", 1, numbers::floor),
    builtin("ceil", "<n-:n>", 1, numbers::ceil),
    builtin("round", "<n-n?:n>", 2, numbers::round),
    builtin("abs", "<n-:n>", 1, numbers::abs),
    builtin("sqrt", "<n-:n>", 1, numbers::sqrt),
    builtin("power", "<n-n:n>", 2, numbers::power),
    only(Dialect::Stock, "random", "<:n>", 0, service::random),
    builtin("boolean", "<x-:b>", 1, values::boolean),
    builtin("not", "<x-:b>", 1, values::not),
    builtin("map", "<af>", 2, higher::map),
    builtin("zip", "<a+>", 0, arrays::zip),
    builtin("filter", "<af>", 2, higher::filter),
    builtin("single", "<af?>", 2, higher::single),
    builtin("reduce", "<afj?:j>", 3, higher::reduce),
    builtin("sift", "<o-f?:o>", 2, objects::sift),
    builtin("keys", "<x-:a<s>>", 1, objects::keys),
    builtin("lookup", "<x-s:x>", 2, objects::lookup),
    builtin("append", "<xx:a>", 2, arrays::append),
    builtin("exists", "<x:b>", 1, values::exists),
    builtin("spread", "<x-:a<o>>", 1, objects::spread),
    builtin("merge", "<a<o>:o>", 1, objects::merge),
    builtin("reverse", "<a:a>", 1, arrays::reverse),
    builtin("each", "<o-f:a>", 2, objects::each),
    builtin("error", "<s?:x>", 1, values::error),
    builtin("assert", "<bs?:x>", 2, values::assert),
    builtin("type", "<x:s>", 1, values::type_of),
    builtin("sort", "<af?:a>", 2, arrays::sort),
    builtin("shuffle", "<a:a>", 1, arrays::shuffle),
    builtin("distinct", "<x:x>", 1, arrays::distinct),
    builtin("base64encode", "<s-:s>", 1, encoding::base64_encode),
    builtin("base64decode", "<s-:s>", 1, encoding::base64_decode),
    builtin("encodeUrlComponent", "<s-:s>", 1, encoding::encode_url_component),
    builtin("encodeUrl", "<s-:s>", 1, encoding::encode_url),
    builtin("decodeUrlComponent", "<s-:s>", 1, encoding::decode_url_component),
    builtin("decodeUrl", "<s-:s>", 1, encoding::decode_url),
    builtin("toMillis", "<s-s?:n>", 2, date_parse::to_millis),
    builtin("fromMillis", "<n-s?s?:s>", 3, date_format::from_millis),
    builtin("now", "<s?s?:s>", 2, date_format::now),
    builtin("millis", "<:n>", 0, date_format::millis),
    builtin("clone", "<(oa)-:o>", 1, values::clone),
    only(Dialect::StepFunctions, "random", "<n?:n>", 1, service::random),
    only(Dialect::StepFunctions, "partition", "<an:a<a>>", 2, service::partition),
    only(Dialect::StepFunctions, "range", "<nnn:a<n>>", 3, service::range),
    only(Dialect::StepFunctions, "hash", "<x-s:s>", 2, service::hash),
    only(Dialect::StepFunctions, "uuid", "<:s>", 0, service::uuid),
    only(Dialect::StepFunctions, "parse", "<s-:x>", 1, service::parse),
];

/// The argument at `at`; what was not given is nothing.
fn argument(arguments: &[Item], at: usize) -> Item {
    arguments.get(at).cloned().unwrap_or_default()
}

fn text_at(arguments: &[Item], at: usize) -> Option<&Arc<str>> {
    arguments.get(at).and_then(Item::as_text)
}

/// The most characters of a picture of numbers or times: ten times as many as any has use for.
const LONGEST_PICTURE: usize = 1_000;

/// The picture at `at`.
fn picture_at<'i>(evaluator: &mut Evaluator<'_>, arguments: &'i [Item], at: usize) -> Outcome<Option<&'i str>> {
    let Some(picture) = text_at(arguments, at) else { return Ok(None) };
    if picture.len() > LONGEST_PICTURE {
        return Err(Fault::spent(Spent::Memory));
    }
    evaluator.tick(picture.len())?;
    Ok(Some(picture))
}

fn number_at(arguments: &[Item], at: usize) -> Option<f64> {
    arguments.get(at).and_then(Item::as_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_signatures_parse() {
        for builtin in &TABLE {
            assert!(Signature::parse(builtin.signature).is_ok(), "{}", builtin.name);
        }
    }

    #[test]
    fn the_service_adds_functions() {
        let has = |name: &str, dialect| TABLE.iter().any(|builtin| builtin.name == name && builtin.is_in(dialect));
        assert!(has("partition", Dialect::StepFunctions) && !has("partition", Dialect::Stock));
        assert!(has("sum", Dialect::Stock) && !has("eval", Dialect::Stock) && !has("randomSeeded", Dialect::Stock));
    }
}
