//! The mini-language of function signatures: `<s-nn?:s>`.

use super::error::{Outcome, fault};
use super::item::Item;
use crate::value::Value;

/// What a function takes.
#[derive(Debug, Default)]
pub(super) struct Signature {
    params: Vec<Param>,
    /// Whether each parameter takes one argument at most, and takes it when it fits.
    simple: bool,
}

/// A parameter: the types it takes and how often.
#[derive(Debug, Default, Clone)]
struct Param {
    /// `a`, `b`, `f`, `l`, `n`, `o`, `s`; `m` for a missing argument. A bit each, as [`bit`] has it.
    types: u32,
    symbol: char,
    subtype: Option<String>,
    /// `-`: the context item stands in for a missing argument.
    context: bool,
    quantifiers: String,
}

impl Param {
    fn new(symbol: char, types: &str) -> Self {
        Self { types: bits(types) | bits("m"), symbol, ..Self::default() }
    }

    /// The least and largest count, and whether more is tried first.
    fn counts(&self) -> (usize, usize, bool) {
        match self.quantifiers.as_str() {
            "" => (1, 1, true),
            "+" => (1, usize::MAX, true),
            "?" => (0, 1, true),
            // As in regular expressions: a second `?` makes the first one lazy.
            "+?" => (1, usize::MAX, false),
            _ => (0, 1, false),
        }
    }

    fn takes(&self, symbol: char) -> bool {
        self.types & bit(symbol) != 0
    }
}

/// The bit of a type symbol; none for what is no small letter.
fn bit(symbol: char) -> u32 {
    if symbol.is_ascii_lowercase() { 1 << (u32::from(symbol) - u32::from('a')) } else { 0 }
}

fn bits(symbols: &str) -> u32 {
    symbols.chars().map(bit).fold(0, |all, bit| all | bit)
}

/// How many arguments each parameter takes.
enum Counts {
    /// As many parameters as this take one, the others none.
    OneEach(usize),
    Each(Vec<usize>),
}

impl Counts {
    fn of(&self, param: usize) -> usize {
        match self {
            Self::OneEach(given) => usize::from(param < *given),
            Self::Each(counts) => counts.get(param).copied().unwrap_or(0),
        }
    }
}

/// The type symbol of an argument.
fn symbol_of(item: &Item) -> char {
    match item {
        Item::Undefined => 'm',
        Item::Function(_) => 'f',
        Item::Value(value) => symbol_of_value(value),
        Item::Array(_) | Item::Tuples(_) => 'a',
        Item::Object(_) => 'o',
    }
}

fn symbol_of_value(value: &Value) -> char {
    match value {
        Value::Null => 'l',
        Value::Number(_) => 'n',
        Value::String(_) => 's',
        Value::Bool(_) => 'b',
        Value::Array(_) => 'a',
        Value::Object(_) => 'o',
    }
}

/// The plural that messages use for the items of an array.
fn plural(subtype: &str) -> Option<&'static str> {
    Some(match subtype {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        _ => return None,
    })
}

/// The index of the bracket that closes the one at `open`, or the end.
fn closing(text: &[char], open: usize, brackets: (char, char)) -> usize {
    let mut depth = 0usize;
    for (at, character) in text.iter().enumerate().skip(open) {
        if *character == brackets.0 {
            depth += 1;
        } else if *character == brackets.1 {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    text.len()
}

impl Signature {
    /// Parses a signature with its angle brackets; the error is a code and the offset of the fault.
    pub(super) fn parse(text: &str) -> Result<Self, (&'static str, usize)> {
        let text: Vec<char> = text.chars().collect();
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or(&[]).iter().collect::<String>();
        let mut params: Vec<Param> = Vec::new();
        let mut at = 1;
        while let Some(symbol) = text.get(at).copied().filter(|symbol| *symbol != ':') {
            match symbol {
                's' | 'n' | 'b' | 'l' | 'o' => params.push(Param::new(symbol, symbol.encode_utf8(&mut [0; 4]))),
                'a' | 'x' => params.push(Param::new(symbol, "asnblfo")),
                'j' => params.push(Param::new(symbol, "asnblo")),
                'f' => params.push(Param { types: bits("f"), symbol, ..Param::default() }),
                '-' => {
                    if let Some(param) = params.last_mut() {
                        param.context = true;
                        param.quantifiers.push('?');
                    }
                }
                '?' | '+' => {
                    if let Some(param) = params.last_mut() {
                        param.quantifiers.push(symbol);
                    }
                }
                '(' => {
                    let end = closing(&text, at, ('(', ')'));
                    let choice = part(at + 1, end);
                    if choice.contains('<') {
                        return Err(("S0402", at));
                    }
                    params.push(Param::new('(', &choice));
                    at = end;
                }
                '<' => {
                    let param = params.last_mut().filter(|param| matches!(param.symbol, 'a' | 'f'));
                    let Some(param) = param else { return Err(("S0401", at)) };
                    let end = closing(&text, at, ('<', '>'));
                    param.subtype = Some(part(at + 1, end));
                    at = end;
                }
                _ => {}
            }
            at += 1;
        }
        let is_simple = |param: &Param| matches!(param.counts(), (_, 1, true));
        Ok(Self { simple: params.iter().all(is_simple), params })
    }

    /// How many arguments each parameter takes.
    fn counts(&self, arguments: &[Item]) -> Outcome<Counts> {
        let fits = |(param, item): (&Param, &Item)| param.takes(symbol_of(item));
        let may_miss = |param: &Param| param.counts().0 == 0;
        let given = arguments.len();
        if self.simple
            && given <= self.params.len()
            && self.params.iter().zip(arguments).all(fits)
            && self.params.iter().skip(given).all(may_miss)
        {
            return Ok(Counts::OneEach(given));
        }
        let symbols: Vec<char> = arguments.iter().map(symbol_of).collect();
        match assign(&self.params, &symbols, true) {
            Some(counts) => Ok(Counts::Each(counts)),
            None => Err(fault("T0410").index(self.good_to(&symbols) + 1)),
        }
    }

    /// The arguments as the function wants them: single values for arrays wrapped, the context item for missing ones.
    pub(super) fn validate(&self, arguments: Vec<Item>, context: &Item) -> Outcome<Vec<Item>> {
        let counts = self.counts(&arguments)?;
        let mut validated = Vec::with_capacity(self.params.len());
        let mut rest = arguments.into_iter().enumerate();
        let mut at = 0;
        for (number, param) in self.params.iter().enumerate() {
            let count = counts.of(number);
            if count == 0 && param.context {
                if !param.takes(symbol_of(context)) {
                    return Err(fault("T0411").index(at + 1));
                }
                validated.push(context.clone());
                continue;
            }
            let mut first = None;
            for _ in 0..count.max(1) {
                let argument = rest.next();
                at = argument.as_ref().map_or(at + 1, |(at, _)| at + 1);
                let item = argument.map_or(Item::Undefined, |(_, item)| item);
                validated.push(if count > 0 && param.symbol == 'a' {
                    array(item, param, count, at)?
                } else {
                    // Release 2.0.6 repeats the first argument of a `+` that is not of arrays.
                    first.get_or_insert(item).clone()
                });
            }
        }
        Ok(validated)
    }

    /// How many arguments fit before the first that does not.
    fn good_to(&self, symbols: &[char]) -> usize {
        let mut good = 0;
        for index in 1..=self.params.len() {
            match assign(self.params.get(..index).unwrap_or(&[]), symbols, false) {
                Some(counts) => good = counts.iter().sum(),
                None => break,
            }
        }
        good
    }
}

/// An argument of an array parameter: a single value becomes an array; `at` counts arguments from 1.
fn array(item: Item, param: &Param, count: usize, at: usize) -> Outcome<Item> {
    let symbol = symbol_of(&item);
    if symbol == 'm' {
        return Ok(item);
    }
    if let Some(subtype) = &param.subtype {
        let wrong = || fault("T0412").index(at);
        let wrong = || match plural(subtype) {
            Some(plural) => wrong().name(plural),
            None => wrong(),
        };
        match item.elements() {
            Some(elements) => {
                let wanted = subtype.chars().next().unwrap_or(' ');
                if !elements.all(|item| symbol_of(item) == wanted, |value| symbol_of_value(value) == wanted) {
                    return Err(wrong());
                }
            }
            // The symbols of all arguments that the parameter takes are held against the type together.
            None if count != 1 || subtype.as_str() != symbol.encode_utf8(&mut [0; 4]) => return Err(wrong()),
            None => {}
        }
    }
    Ok(if symbol == 'a' { item } else { Item::plain_array(vec![item]) })
}

/// How many arguments each parameter takes, in the order in which a regular expression would try; `whole` when all
/// arguments must be taken. What failed once is not tried again, so that the work is bounded.
fn assign(params: &[Param], symbols: &[char], whole: bool) -> Option<Vec<usize>> {
    let mut failed = vec![false; (params.len() + 1) * (symbols.len() + 1)];
    let mut counts = Vec::with_capacity(params.len());
    assign_from(params, symbols, (0, 0), whole, &mut failed, &mut counts).then_some(counts)
}

fn assign_from(
    params: &[Param],
    symbols: &[char],
    (param, at): (usize, usize),
    whole: bool,
    failed: &mut [bool],
    counts: &mut Vec<usize>,
) -> bool {
    let Some(current) = params.get(param) else { return !whole || at == symbols.len() };
    let key = param * (symbols.len() + 1) + at;
    if failed.get(key).copied().unwrap_or(true) {
        return false;
    }
    let (least, most, greedy) = current.counts();
    let fits = symbols.iter().skip(at).take_while(|symbol| current.takes(**symbol)).take(most).count();
    let mut order: Vec<usize> = (least..=fits).collect();
    if greedy {
        order.reverse();
    }
    for count in order {
        counts.push(count);
        if assign_from(params, symbols, (param + 1, at + count), whole, failed, counts) {
            return true;
        }
        counts.pop();
    }
    if let Some(failed) = failed.get_mut(key) {
        *failed = true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(signature: &str, arguments: &[&str]) -> Result<String, (String, Option<usize>)> {
        let signature = Signature::parse(signature).expect("parses");
        let item = |json: &&str| match *json {
            "" => Item::Undefined,
            json => Item::Value(crate::value::read(json).expect("JSON")),
        };
        let arguments = arguments.iter().map(item).collect();
        let context = Item::Value("context".into());
        match signature.validate(arguments, &context) {
            Ok(items) => Ok(items.iter().map(super::super::stringify::json).collect::<Vec<_>>().join(" ")),
            Err(fault) => Err((fault.code.to_owned(), fault.index)),
        }
    }

    #[test]
    fn arguments_are_completed_and_wrapped() {
        for (signature, arguments, validated) in [
            ("<s-:s>", &[][..], "\"context\""),
            ("<s-n:s>", &["1"], "\"context\" 1"),
            ("<a<n>:n>", &["1"], "[1]"),
            ("<a<n>:n>", &["[]"], "[]"),
            ("<n+:n>", &["1", "2", "3"], "1 1 1"),
            ("<s-n?:s>", &["\"a\""], "\"a\" null"),
            ("<(sn)b?:s>", &["2", "true"], "2 true"),
            ("<a+:a>", &["1", "[2]"], "[1] [2]"),
        ] {
            assert_eq!(check(signature, arguments).as_deref(), Ok(validated), "{signature}");
        }
    }

    #[test]
    fn the_first_misfit_is_named() {
        for (signature, arguments, code, index) in [
            ("<n:n>", &["\"1\""][..], "T0410", 1),
            ("<nn:n>", &["1", "\"a\""], "T0410", 2),
            ("<n:n>", &["1", "2"], "T0410", 2),
            ("<n-:n>", &[], "T0411", 1),
            ("<a<n>:n>", &["[1,\"a\"]"], "T0412", 1),
            ("<sa<s>:n>", &["\"a\"", "1"], "T0412", 2),
        ] {
            assert_eq!(check(signature, arguments), Err((code.to_owned(), Some(index))), "{signature}");
        }
    }
}
