//! Tokens to a tree as written (top-down operator precedence, with the binding powers of the reference).

use std::sync::Arc;

use super::error::{Fault, Outcome, Spent, fault, quoted};
use super::lex::{Lexer, Token, TokenKind};
use super::raw::{Pairs, Raw, RawId, RawKind, RawTree};
use super::signature::Signature;
use crate::text::Span;

/// How deep expressions may be nested in one another, and how high the tree may get through chains of operators; bounds
/// every recursion over trees.
const MAX_NESTING: usize = 200;
const MAX_HEIGHT: u16 = 500;

/// Parses `text`.
pub(super) fn parse(text: &str) -> Outcome<RawTree> {
    let none = Token { kind: TokenKind::End, span: Span::at(0) };
    let mut parser = Parser { lexer: Lexer::new(text), token: none, last_end: 0, nodes: Vec::new(), nesting: 0 };
    parser.advance(false)?;
    let root = parser.expression(0)?;
    if !matches!(parser.token.kind, TokenKind::End) {
        return Err(parser.token_fault("S0201"));
    }
    Ok(RawTree { nodes: parser.nodes, root })
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    /// The token ahead.
    token: Token,
    /// Where the token before it ends.
    last_end: u32,
    nodes: Vec<Raw>,
    nesting: usize,
}

/// How strongly an operator binds what is on its left; 0 for what is none.
fn binding_power(operator: &str) -> u8 {
    match operator.as_bytes() {
        b"[" | b"(" | b"@" | b"#" => 80,
        b"." => 75,
        b"{" => 70,
        b"*" | b"/" | b"%" => 60,
        b"+" | b"-" | b"&" => 50,
        b"=" | b"<" | b">" | b"!=" | b"<=" | b">=" | b"~>" | b"in" | b"^" => 40,
        b"and" => 30,
        b"or" => 25,
        b"?" => 20,
        b":=" => 10,
        _ => 0,
    }
}

impl Parser<'_> {
    fn id(&self) -> &'static str {
        self.token.kind.operator()
    }

    fn raw(&self, id: RawId) -> &Raw {
        self.nodes.get(id.0 as usize).expect("ids come from this parser")
    }

    fn token_fault(&self, code: &'static str) -> Box<Fault> {
        fault(code).at(self.token.span.end).span(self.token.span).token(self.token.kind.shown())
    }

    fn node_fault(&self, code: &'static str, id: RawId) -> Box<Fault> {
        let raw = self.raw(id);
        fault(code).at(raw.mark.end).span(raw.mark)
    }

    /// Takes the token ahead.
    fn advance(&mut self, infix: bool) -> Outcome<Token> {
        let mut next = self.lexer.next(infix)?;
        if matches!(next.kind.operator().as_bytes(), b"!" | b"~") {
            return Err(fault("S0204").at(next.span.end).span(next.span).token(next.kind.shown()));
        }
        self.last_end = self.token.span.end;
        std::mem::swap(&mut next, &mut self.token);
        Ok(next)
    }

    /// Takes the token ahead, which must be `operator`.
    fn expect(&mut self, operator: &'static str, infix: bool) -> Outcome<Token> {
        if self.id() == operator {
            return self.advance(infix);
        }
        let code = if matches!(self.token.kind, TokenKind::End) { "S0203" } else { "S0202" };
        Err(self.token_fault(code).value(quoted(operator)))
    }

    /// Takes the token ahead if it is `operator`.
    fn accept(&mut self, operator: &str, infix: bool) -> Outcome<bool> {
        let found = self.id() == operator;
        if found {
            self.advance(infix)?;
        }
        Ok(found)
    }

    fn add(&mut self, kind: RawKind, start: u32, mark: Span) -> Outcome<RawId> {
        let mut height = 0;
        kind.for_each_child(&mut |child| height = height.max(self.raw(child).height));
        if height >= MAX_HEIGHT {
            return Err(Fault::spent(Spent::Nesting).at(mark.end).span(mark));
        }
        let id = RawId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let span = Span { start, end: self.last_end.max(mark.end) };
        self.nodes.push(Raw { kind, span, mark, keep_array: false, height: height + 1 });
        Ok(id)
    }

    fn expression(&mut self, power: u8) -> Outcome<RawId> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(Fault::spent(Spent::Nesting).at(self.token.span.end).span(self.token.span));
        }
        let token = self.advance(true)?;
        let mut left = self.prefix(token)?;
        while power < binding_power(self.id()) {
            let token = self.advance(false)?;
            left = self.infix(left, &token)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// A node that begins with `token`.
    fn prefix(&mut self, token: Token) -> Outcome<RawId> {
        let span = token.span;
        let kind = match token.kind {
            TokenKind::End => RawKind::End,
            TokenKind::Name(name) => RawKind::Name(name),
            TokenKind::Variable(name) => RawKind::Variable(name),
            TokenKind::Text(text) => RawKind::Text(text),
            TokenKind::Number(number) => RawKind::Number(number),
            TokenKind::Literal(value) => RawKind::Literal(value),
            TokenKind::Regex(pattern) => RawKind::Regex(pattern),
            TokenKind::Operator(operator) => self.prefix_operator(operator, span)?,
        };
        self.add(kind, span.start, span)
    }

    fn prefix_operator(&mut self, operator: &'static str, span: Span) -> Outcome<RawKind> {
        Ok(match operator.as_bytes() {
            b"and" | b"or" | b"in" => RawKind::Word(operator),
            b"*" => RawKind::Wildcard,
            b"**" => RawKind::Descendants,
            b"%" => RawKind::Parent,
            b"-" => RawKind::Negate(self.expression(70)?),
            b"(" => RawKind::Block(self.block()?),
            b"[" => RawKind::Array(self.array()?),
            b"{" => RawKind::Object(self.pairs()?),
            b"|" => self.transform()?,
            _ => return Err(fault("S0211").at(span.end).span(span).token(operator)),
        })
    }

    /// A node that `token` makes of what is on its left.
    fn infix(&mut self, left: RawId, token: &Token) -> Outcome<RawId> {
        let operator = token.kind.operator();
        let start = self.raw(left).span.start;
        let kind = match operator.as_bytes() {
            b"(" => return self.call(left, token.span),
            b"[" if self.id() == "]" => {
                self.keep_array(left);
                self.advance(false)?;
                return Ok(left);
            }
            b"[" => {
                let predicate = self.expression(0)?;
                self.expect("]", true)?;
                RawKind::Filter(left, predicate)
            }
            b"{" => RawKind::Group(left, self.pairs()?),
            b"^" => RawKind::Sort(left, self.sort_terms()?),
            b":=" => self.bind(left)?,
            b"@" => RawKind::Focus(left, self.bound_name("@")?),
            b"#" => RawKind::Index(left, self.bound_name("#")?),
            b"?" => self.condition(left)?,
            _ => RawKind::Binary(operator, left, self.expression(binding_power(operator))?),
        };
        self.add(kind, start, token.span)
    }

    /// `[]` belongs to the step before any predicates.
    fn keep_array(&mut self, mut step: RawId) {
        while let RawKind::Filter(inner, _) = self.raw(step).kind {
            step = inner;
        }
        if let Some(raw) = self.nodes.get_mut(step.0 as usize) {
            raw.keep_array = true;
        }
    }

    fn bind(&mut self, left: RawId) -> Outcome<RawKind> {
        if !matches!(self.raw(left).kind, RawKind::Variable(_)) {
            let token = self.raw(left).kind.token();
            let fault = self.node_fault("S0212", left);
            return Err(Box::new(Fault { token, ..*fault }));
        }
        Ok(RawKind::Bind(left, self.expression(binding_power(":=") - 1)?))
    }

    fn bound_name(&mut self, operator: &'static str) -> Outcome<Arc<str>> {
        let right = self.expression(binding_power(operator))?;
        match &self.raw(right).kind {
            RawKind::Variable(name) => Ok(name.clone()),
            _ => Err(self.node_fault("S0214", right).token(operator)),
        }
    }

    fn condition(&mut self, condition: RawId) -> Outcome<RawKind> {
        let then = self.expression(0)?;
        let otherwise = if self.accept(":", false)? { Some(self.expression(0)?) } else { None };
        Ok(RawKind::Condition { condition, then, otherwise })
    }

    fn transform(&mut self) -> Outcome<RawKind> {
        let pattern = self.expression(0)?;
        self.expect("|", false)?;
        let update = self.expression(0)?;
        let delete = if self.accept(",", false)? { Some(self.expression(0)?) } else { None };
        self.expect("|", false)?;
        Ok(RawKind::Transform { pattern, update, delete })
    }

    fn block(&mut self) -> Outcome<Vec<RawId>> {
        let mut expressions = Vec::new();
        while self.id() != ")" {
            expressions.push(self.expression(0)?);
            if !self.accept(";", false)? {
                break;
            }
        }
        self.expect(")", true)?;
        Ok(expressions)
    }

    fn array(&mut self) -> Outcome<Vec<RawId>> {
        let mut items = Vec::new();
        if self.id() != "]" {
            loop {
                items.push(self.array_item()?);
                if !self.accept(",", false)? {
                    break;
                }
            }
        }
        self.expect("]", true)?;
        Ok(items)
    }

    fn array_item(&mut self) -> Outcome<RawId> {
        let first = self.expression(0)?;
        if self.id() != ".." {
            return Ok(first);
        }
        let token = self.advance(false)?;
        let last = self.expression(0)?;
        let start = self.raw(first).span.start;
        self.add(RawKind::Binary("..", first, last), start, token.span)
    }

    fn pairs(&mut self) -> Outcome<Pairs> {
        let mut pairs = Vec::new();
        if self.id() != "}" {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                pairs.push((key, self.expression(0)?));
                if !self.accept(",", false)? {
                    break;
                }
            }
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    fn sort_terms(&mut self) -> Outcome<Vec<(RawId, bool)>> {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        loop {
            let descending = self.id() == ">";
            if descending || self.id() == "<" {
                self.advance(false)?;
            }
            terms.push((self.expression(0)?, descending));
            if !self.accept(",", false)? {
                break;
            }
        }
        self.expect(")", false)?;
        Ok(terms)
    }

    fn call(&mut self, procedure: RawId, mark: Span) -> Outcome<RawId> {
        let start = self.raw(procedure).span.start;
        let (arguments, partial) = self.arguments()?;
        let named_function =
            matches!(&self.raw(procedure).kind, RawKind::Name(name) if matches!(&**name, "function" | "λ"));
        let kind =
            if named_function { self.lambda(&arguments)? } else { RawKind::Call { procedure, arguments, partial } };
        self.add(kind, start, mark)
    }

    fn arguments(&mut self) -> Outcome<(Vec<RawId>, bool)> {
        let (mut arguments, mut partial) = (Vec::new(), false);
        if self.id() != ")" {
            loop {
                if self.id() == "?" {
                    partial = true;
                    let token = self.advance(false)?;
                    arguments.push(self.add(RawKind::Placeholder, token.span.start, token.span)?);
                } else {
                    arguments.push(self.expression(0)?);
                }
                if !self.accept(",", false)? {
                    break;
                }
            }
        }
        self.expect(")", true)?;
        Ok((arguments, partial))
    }

    /// A function definition, from behind its parameters on.
    fn lambda(&mut self, arguments: &[RawId]) -> Outcome<RawKind> {
        let mut parameters = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            match &self.raw(*argument).kind {
                RawKind::Variable(name) => parameters.push(name.clone()),
                other => {
                    let token = other.token();
                    let fault = self.node_fault("S0208", *argument).value((at + 1).to_string());
                    return Err(Box::new(Fault { token, ..*fault }));
                }
            }
        }
        let signature = if self.id() == "<" { Some(self.signature()?) } else { None };
        self.expect("{", false)?;
        let body = self.expression(0)?;
        self.expect("}", false)?;
        Ok(RawKind::Lambda { parameters, signature, body })
    }

    fn signature(&mut self) -> Outcome<Arc<Signature>> {
        let position = self.token.span.end;
        let start = self.token.span.start;
        let mut text = String::from("<");
        let mut depth = 1;
        while depth > 0 && self.id() != "{" && !matches!(self.token.kind, TokenKind::End) {
            self.advance(false)?;
            match self.id() {
                ">" => depth -= 1,
                "<" => depth += 1,
                _ => {}
            }
            text.push_str(&self.token.kind.plain());
        }
        let end = self.expect(">", false)?.span.end;
        Signature::parse(&text).map(Arc::new).map_err(|(code, offset)| {
            let position = position.saturating_add(u32::try_from(offset).unwrap_or(0));
            fault(code).at(position).span(Span { start, end })
        })
    }
}

impl TokenKind {
    /// The token's text within a signature.
    fn plain(&self) -> String {
        match self {
            Self::Operator(text) => (*text).to_owned(),
            Self::Name(text) | Self::Variable(text) | Self::Text(text) => text.to_string(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fails(text: &str) -> (&'static str, Option<u32>) {
        let error = parse(text).expect_err(text);
        (error.code, error.position)
    }

    #[test]
    fn faults_name_the_token_and_where_it_ends() {
        for (text, code, position) in [
            ("1 2", "S0201", 3),
            ("a)", "S0201", 2),
            ("(1; 2", "S0203", 5),
            ("[1, 2)", "S0202", 6),
            ("{'a' 1}", "S0202", 6),
            ("1 ! 2", "S0204", 3),
            ("function(a){1}", "S0208", 10),
            (">1", "S0211", 1),
            ("a := 1", "S0212", 1),
            ("a@b", "S0214", 3),
            ("function($a)<n<n>>{1}", "S0401", 15),
            ("function($a)<(n<a>)>{1}", "S0402", 14),
        ] {
            assert_eq!(fails(text), (code, Some(position)), "{text}");
        }
    }

    #[test]
    fn spans_cover_the_whole_node() {
        let text = " a.b[0] + $f( 1, 2 ) ";
        let tree = parse(text).expect("parses");
        assert_eq!(tree.node(tree.root).span.text(text), "a.b[0] + $f( 1, 2 )");
        let RawKind::Binary(_, left, right) = tree.node(tree.root).kind else { panic!("a sum") };
        assert_eq!(tree.node(left).span.text(text), "a.b[0]");
        assert_eq!(tree.node(right).span.text(text), "$f( 1, 2 )");
    }

    #[test]
    fn depth_is_bounded() {
        for text in ["(".repeat(100_000), "-".repeat(100_000), "1+".repeat(100_000) + "1", "a.".repeat(5000) + "b"] {
            assert_eq!(fails(&text).0, super::super::error::BUDGET);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in r#"[a-c0-9$.\[\]{}()@#;:?+*/%|=<>^&!~"'`\\ ,-]{0,40}"#) {
            if let Err(error) = parse(&text) {
                prop_assert!(!error.code.is_empty());
            }
        }
    }
}
