//! How shapes flow through the states of a machine.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::shape::Shape;
use super::shape_results as results;
use super::subject::Subject;
use super::uses::Document;
use crate::asl::fields::Language;
use crate::asl::graph::{EdgeKind, Target, transitions};
use crate::asl::model::{PathField, ResultPath, ScopeId, State, StateId, StateKind};
use crate::asl::placeholder;
use crate::query::jsonata::Jsonata;
use crate::query::jsonata_field::{Delimited, delimited};
use crate::query::{Expression, JsonPath, Root};
use crate::text::{Node, NodeKind};

/// How often a state is looked at again before nothing is taken for known of its input.
const MOST_VISITS: usize = 12;

/// The shape of each state's input; none for states that are not reached.
pub(super) fn inputs(subject: &Subject<'_>) -> HashMap<StateId, Shape> {
    let mut flow = Flow { subject, entered: HashMap::new() };
    let mut open = vec![(ScopeId::TOP, Shape::Unknown)];
    while let Some((scope, input)) = open.pop() {
        flow.follow(scope, input);
        for id in &subject.machine.scope(scope).states {
            if let Some(raw) = flow.entered.get(id) {
                open.extend(inner(subject, *id, raw));
            }
        }
    }
    flow.entered
}

/// The scopes inside a state and what they start with.
fn inner(subject: &Subject<'_>, id: StateId, raw: &Shape) -> Vec<(ScopeId, Shape)> {
    let stages = Stages::of(subject, id, raw);
    match &subject.state(id).kind {
        StateKind::Parallel(parallel) => {
            parallel.branches.iter().map(|scope| (*scope, stages.payload.clone())).collect()
        }
        StateKind::Map(map) => {
            let selector = ["ItemSelector", "Parameters"].into_iter().find_map(|name| subject.get(id, name));
            let item = match selector.filter(|_| map.distributed.batcher.is_none()) {
                Some(selector) => stages.filled(&selector.value, subject.state(id).language, &stages.effective),
                None => Shape::Unknown,
            };
            vec![(map.processor, item)]
        }
        _ => Vec::new(),
    }
}

struct Flow<'s, 'd> {
    subject: &'s Subject<'d>,
    entered: HashMap<StateId, Shape>,
}

impl Flow<'_, '_> {
    fn follow(&mut self, scope: ScopeId, input: Shape) {
        let start = self.subject.machine.scope(scope).start;
        self.entered.insert(start, input);
        let mut visits: HashMap<StateId, usize> = HashMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(id) = open.pop_front() {
            let raw = self.entered.get(&id).cloned().unwrap_or(Shape::Unknown);
            let stages = Stages::of(self.subject, id, &raw);
            for (way, target) in transitions(self.subject.state(id)) {
                let Target::State(next) = target else { continue };
                let left = stages.left(self.subject, id, way);
                if self.arrive(next, &left, &mut visits) && !open.contains(&next) {
                    open.push_back(next);
                }
            }
        }
    }

    /// Whether this tells something new about the input of `id`.
    fn arrive(&mut self, id: StateId, left: &Shape, visits: &mut HashMap<StateId, usize>) -> bool {
        let Some(known) = self.entered.get(&id) else {
            self.entered.insert(id, left.clone());
            return true;
        };
        let visits = visits.entry(id).or_default();
        let both = if *visits < MOST_VISITS { known.or(left) } else { Shape::Unknown };
        if both == *known {
            return false;
        }
        *visits += 1;
        self.entered.insert(id, both);
        true
    }
}

/// The shapes on the way through a state.
pub(super) struct Stages {
    raw: Shape,
    effective: Shape,
    /// What a Parallel gives its branches.
    payload: Shape,
    result: Shape,
    /// What `OutputPath` sees.
    merged: Shape,
    output: Shape,
    /// The output, and what a Choice asked for, which may be there whatever was known.
    passed: Shape,
    has_result: bool,
}

impl Stages {
    pub(super) fn of(subject: &Subject<'_>, id: StateId, raw: &Shape) -> Self {
        let state = subject.state(id);
        let has_result = matches!(state.kind, StateKind::Task(_) | StateKind::Map(_) | StateKind::Parallel(_));
        let mut stages = Self {
            raw: raw.clone(),
            effective: raw.clone(),
            payload: Shape::Unknown,
            result: Shape::Unknown,
            merged: Shape::Unknown,
            output: Shape::Unknown,
            passed: Shape::Unknown,
            has_result,
        };
        match state.language {
            Language::JsonPath => stages.by_paths(subject, id, state),
            Language::Jsonata => stages.by_jsonata(subject, id, state),
        }
        if matches!(state.kind, StateKind::Choice(_)) {
            let output = if state.language == Language::Jsonata { &stages.raw } else { &stages.output };
            stages.passed = asked(subject, id, output);
        }
        stages
    }

    fn by_paths(&mut self, subject: &Subject<'_>, id: StateId, state: &State) {
        self.effective =
            if is_later(subject, id, "InputPath") { Shape::Unknown } else { part(&state.input_path, &self.raw) };
        let template = |name: &str, document: &Shape, otherwise: &Shape| match subject.get(id, name) {
            Some(member) => template(&member.value, document),
            None => otherwise.clone(),
        };
        self.payload = template("Parameters", &self.effective, &self.effective);
        self.result = match (&state.kind, subject.get(id, "Result")) {
            (StateKind::Pass { .. }, Some(result)) => Shape::of(&result.value),
            (StateKind::Pass { .. }, None) => self.payload.clone(),
            _ if self.has_result => result(state),
            _ => self.effective.clone(),
        };
        let selected = template("ResultSelector", &self.result, &self.result);
        let is_merged = self.has_result || matches!(state.kind, StateKind::Pass { .. });
        self.merged = match is_merged {
            true => merged(subject, id, &state.result_path, &self.raw, selected),
            false => self.effective.clone(),
        };
        self.output =
            if is_later(subject, id, "OutputPath") { Shape::Unknown } else { part(&state.output_path, &self.merged) };
    }

    fn by_jsonata(&mut self, subject: &Subject<'_>, id: StateId, state: &State) {
        self.payload = match subject.get(id, "Arguments") {
            Some(arguments) => self.payload_of(&arguments.value),
            None => self.raw.clone(),
        };
        self.result = if self.has_result { result(state) } else { self.raw.clone() };
        self.output = match subject.get(id, "Output") {
            Some(output) => self.payload_of(&output.value),
            None => self.result.clone(),
        };
    }

    /// What leaves the state on this way.
    fn left(&self, subject: &Subject<'_>, id: StateId, way: EdgeKind) -> Shape {
        let state = subject.state(id);
        let list = |name: &str, at: usize| subject.get(id, name).and_then(|list| list.value.items()?.get(at));
        match way {
            EdgeKind::Next => self.output.clone(),
            EdgeKind::Default if subject.get(id, "Output").is_some() => asked(subject, id, &self.output),
            EdgeKind::Default => self.passed.clone(),
            EdgeKind::Choice(at) => match list("Choices", at).and_then(|rule| rule.get("Output")) {
                Some(output) => self.payload_of(&output.value),
                None => self.passed.clone(),
            },
            EdgeKind::Catch(at) => match (state.language, list("Catch", at).and_then(|item| item.get("Output"))) {
                (Language::Jsonata, Some(_)) => Shape::Unknown,
                (Language::Jsonata, None) => results::error(),
                (Language::JsonPath, _) => {
                    let is_later = list("Catch", at)
                        .and_then(|item| item.get("ResultPath"))
                        .is_some_and(|path| path.value.as_str().is_some_and(placeholder::is_in));
                    let path = state.catch.get(at).map(|catcher| &catcher.result_path);
                    path.filter(|_| !is_later).map_or(Shape::Unknown, |path| write(path, &self.raw, results::error()))
                }
            },
        }
    }

    /// The shape of `node`, a field that is filled in; `document` is what `$` stands for.
    fn filled(&self, node: &Node, language: Language, document: &Shape) -> Shape {
        match language {
            Language::JsonPath => template(node, document),
            Language::Jsonata => self.payload_of(node),
        }
    }

    pub(super) fn payload_of(&self, node: &Node) -> Shape {
        match &node.kind {
            NodeKind::String(text) => match delimited(text) {
                Delimited::Expression(expression, _) => self.expression(expression),
                _ => Shape::of(node),
            },
            NodeKind::Object(members) if !placeholder::is_function(node) => {
                let is_open = members.iter().any(|member| placeholder::is_in(&member.key));
                let known: BTreeMap<_, _> =
                    members.iter().map(|member| (member.key.clone(), self.payload_of(&member.value))).collect();
                Shape::object(known, is_open)
            }
            _ => Shape::of(node),
        }
    }

    /// What an expression gives that only names a place; nothing is known of others.
    fn expression(&self, text: &str) -> Shape {
        let Some(read) = Jsonata::compile(text).ok().and_then(|jsonata| jsonata.reads().into_iter().next()) else {
            return Shape::Unknown;
        };
        let is_all = read.span.range() == (0..text.len());
        match (&*read.names[0], read.names.get(1).map(|name| &**name)) {
            ("states", Some("input")) if is_all => self.raw.find(&read.names[2..]).unwrap_or(Shape::Unknown),
            ("states", Some("result")) if is_all => self.result.find(&read.names[2..]).unwrap_or(Shape::Unknown),
            _ => Shape::Unknown,
        }
    }

    /// What `$` stands for in an expression.
    pub(super) fn document(&self, document: Document) -> Shape {
        match document {
            Document::Raw => self.raw.clone(),
            Document::Effective => self.effective.clone(),
            Document::Result | Document::Assigned => self.result.clone(),
            Document::Output => self.merged.clone(),
            Document::Error => results::error(),
        }
    }

    /// What is behind `$states.result`.
    pub(super) fn result(&self) -> &Shape {
        &self.result
    }
}

fn result(state: &State) -> Shape {
    match &state.kind {
        StateKind::Task(task) => results::of(&task.resource),
        StateKind::Parallel(_) => Shape::List,
        StateKind::Map(map) if map.distributed.writer.is_none() => Shape::List,
        _ => Shape::Unknown,
    }
}

/// Whether a placeholder stands for a path.
fn is_later(subject: &Subject<'_>, id: StateId, field: &str) -> bool {
    subject.get(id, field).is_some_and(|member| member.value.as_str().is_some_and(placeholder::is_in))
}

fn merged(subject: &Subject<'_>, id: StateId, path: &ResultPath, raw: &Shape, selected: Shape) -> Shape {
    if is_later(subject, id, "ResultPath") { Shape::Unknown } else { write(path, raw, selected) }
}

fn write(path: &ResultPath, raw: &Shape, value: Shape) -> Shape {
    match path {
        ResultPath::Whole => value,
        ResultPath::Discard => raw.clone(),
        ResultPath::Path(path) => path.names().map_or(Shape::Unknown, |names| raw.with(&names, value)),
    }
}

fn part(field: &PathField, document: &Shape) -> Shape {
    match field {
        PathField::Whole => document.clone(),
        PathField::Null => Shape::closed(&[]),
        PathField::Path(path) => looked_up(path, document),
    }
}

pub(super) fn looked_up(path: &JsonPath, document: &Shape) -> Shape {
    let names = path.names().filter(|_| *path.root() == Root::Input);
    names.and_then(|names| document.find(&names).ok()).unwrap_or(Shape::Unknown)
}

fn template(node: &Node, document: &Shape) -> Shape {
    let NodeKind::Object(members) = &node.kind else { return Shape::of(node) };
    if placeholder::is_function(node) {
        return Shape::Unknown;
    }
    let mut known = BTreeMap::new();
    for member in members {
        let (key, shape) = match member.key.strip_suffix(".$") {
            Some(key) => (key.into(), expression(&member.value, document)),
            None => (member.key.clone(), template(&member.value, document)),
        };
        known.insert(key, shape.within(6));
    }
    Shape::object(known, members.iter().any(|member| placeholder::is_in(&member.key)))
}

fn expression(node: &Node, document: &Shape) -> Shape {
    let compiled = node.as_str().and_then(|text| Expression::compile(text).ok());
    compiled.and_then(|expression| Some(looked_up(expression.path()?, document))).unwrap_or(Shape::Unknown)
}

/// What a Choice has asked for may be there on its ways out, whatever was known.
fn asked(subject: &Subject<'_>, id: StateId, shape: &Shape) -> Shape {
    super::shapes::asked_for(subject, id).iter().fold(shape.clone(), |shape, keys| shape.perhaps_with(keys))
}
