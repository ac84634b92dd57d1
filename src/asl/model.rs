//! The state machine as the engine runs it: ids instead of names, expressions compiled, every part with its place.

use std::sync::Arc;

use super::fields::Language;
use crate::query::{Expression, JsonPath, JsonataField, Payload, ReferencePath, Template};
use crate::text::Span;
use crate::value::{Number, Timestamp, Value};

/// A state, as an index into [`StateMachine::states`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub u32);

/// A `States` object, as an index into [`StateMachine::scopes`]; 0 is the machine's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The machine's own `States`.
    pub const TOP: Self = Self(0);
}

/// A definition that can be run.
#[derive(Debug)]
pub struct StateMachine {
    /// `Comment`
    pub comment: Option<Arc<str>>,
    /// `TimeoutSeconds`
    pub timeout_seconds: Option<u64>,
    /// All `States` objects; the machine's own first.
    pub scopes: Vec<Scope>,
    /// All states of all scopes, in file order.
    pub states: Vec<State>,
}

impl StateMachine {
    /// The state `id`.
    ///
    /// # Panics
    /// If `id` comes from another machine.
    #[must_use]
    pub fn state(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    /// The scope `id`.
    ///
    /// # Panics
    /// If `id` comes from another machine.
    #[must_use]
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// The state named `name`, in whatever scope: names are unique in a machine (States Language, States).
    #[must_use]
    pub fn find(&self, name: &str) -> Option<StateId> {
        self.ids().find(|id| &*self.state(*id).name == name)
    }

    /// The ids of all states of the definition, in file order unless it is [`super::aligned`] with another. Former
    /// states are left out.
    pub fn ids(&self) -> impl Iterator<Item = StateId> {
        (0u32..).map(StateId).zip(&self.states).filter(|(_, state)| !state.is_former).map(|(id, _)| id)
    }

    /// The innermost state whose text holds byte `offset` of the file.
    #[must_use]
    pub fn state_at(&self, offset: usize) -> Option<StateId> {
        let holds = |id: &StateId| {
            let state = self.state(*id);
            state.name_span.to(state.span).contains(offset)
        };
        // An inner state begins after the one that holds it.
        self.ids().filter(holds).max_by_key(|id| self.state(*id).name_span.start)
    }

    /// The states from the outermost that holds `id` to `id` itself: the Map and Parallel states around it.
    #[must_use]
    pub fn path(&self, id: StateId) -> Vec<StateId> {
        let mut path = vec![id];
        while let Some(owner) = path.last().and_then(|inner| self.scope(self.state(*inner).scope).owner) {
            path.push(owner);
        }
        path.reverse();
        path
    }
}

/// A `States` object with its `StartAt`.
#[derive(Debug, Clone)]
pub struct Scope {
    /// `StartAt`
    pub start: StateId,
    /// The states in file order.
    pub states: Vec<StateId>,
    /// The Map or Parallel state that holds it; none for the machine's own.
    pub owner: Option<StateId>,
    /// Which branch of a Parallel state it is, from 0.
    pub branch: usize,
    /// The object that holds `StartAt` and `States`.
    pub span: Span,
}

/// One state.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name: the key in `States`.
    pub name: Arc<str>,
    /// The key, quotes included.
    pub name_span: Span,
    /// The object.
    pub span: Span,
    /// The scope it belongs to.
    pub scope: ScopeId,
    /// `Comment`
    pub comment: Option<Arc<str>>,
    /// `QueryLanguage`: its own, else the machine's
    pub language: Language,
    /// What it does.
    pub kind: StateKind,
    /// `InputPath`
    pub input_path: PathField,
    /// `Parameters` (on a Map: the `ItemSelector` is in [`Map::item_selector`], also when it is spelled `Parameters`).
    pub parameters: Option<Template>,
    /// `ResultSelector`
    pub result_selector: Option<Template>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `OutputPath`
    pub output_path: PathField,
    /// `Arguments`
    pub arguments: Option<Payload>,
    /// `Output`
    pub output: Option<Payload>,
    /// `Assign`
    pub assign: Option<Filling>,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<Catcher>,
    /// `Next` or `End`; `End` for Succeed and Fail. A Choice goes on by its rules.
    pub transition: Transition,
    /// The place of each field, in file order.
    pub fields: Vec<FieldSpan>,
    /// It is not in the definition any more, only in the past of a run that goes on with a changed one.
    pub is_former: bool,
}

impl State {
    /// The place of field `name`, if the state has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldSpan> {
        self.fields.iter().find(|field| &*field.name == name)
    }
}

/// JSON that is filled in when a state runs, in the language of the state.
#[derive(Debug, Clone)]
pub enum Filling {
    /// Keys that end in `.$` hold paths and intrinsic calls.
    Template(Template),
    /// Strings between `{%` and `%}` are JSONata.
    Payload(Payload),
}

/// A field of a state and where it stands.
#[derive(Debug, Clone)]
pub struct FieldSpan {
    /// The key.
    pub name: Arc<str>,
    /// The place of the key.
    pub key: Span,
    /// The place of the value.
    pub value: Span,
}

/// Where a state goes when it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// `Next`
    Next(StateId),
    /// `End: true`
    End,
}

/// `InputPath` and `OutputPath`.
#[derive(Debug, Clone, Default)]
pub enum PathField {
    /// Absent or `$`: everything.
    #[default]
    Whole,
    /// `null`: an empty object.
    Null,
    /// A path.
    Path(JsonPath),
}

/// `ResultPath`
#[derive(Debug, Clone, Default)]
pub enum ResultPath {
    /// Absent or `$`: the result replaces the input.
    #[default]
    Whole,
    /// `null`: the result is dropped.
    Discard,
    /// The result is written into the raw input.
    Path(ReferencePath),
}

/// What a state does.
#[derive(Debug, Clone)]
pub enum StateKind {
    /// Pass
    Pass {
        /// `Result`
        result: Option<Value>,
    },
    /// Task
    Task(Task),
    /// Choice
    Choice(Choice),
    /// Wait
    Wait(Wait),
    /// Succeed
    Succeed,
    /// Fail
    Fail(Fail),
    /// Parallel
    Parallel(Parallel),
    /// Map
    Map(Map),
}

impl StateKind {
    /// The `Type`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "Pass",
            Self::Task(_) => "Task",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
        }
    }
}

/// A Task state.
#[derive(Debug, Clone)]
pub struct Task {
    /// `Resource`
    pub resource: Resource,
    /// `TimeoutSeconds`, `TimeoutSecondsPath`
    pub timeout: Seconds,
    /// `HeartbeatSeconds`, `HeartbeatSecondsPath`
    pub heartbeat: Seconds,
    /// `Credentials`
    pub credentials: Option<Filling>,
}

/// The `Resource` of a Task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// As written.
    pub text: Arc<str>,
    /// What it names.
    pub kind: ResourceKind,
}

impl Resource {
    /// Whether the context object has a task token: `.waitForTaskToken`, and `.sync` as well (recorded).
    #[must_use]
    pub fn has_token(&self) -> bool {
        matches!(self.kind, ResourceKind::Service { sync, task_token, .. } if sync || task_token)
    }
}

/// What a `Resource` names; decides the family of history events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceKind {
    /// The ARN of a Lambda function, or a placeholder for one: `LambdaFunction…` events.
    LambdaFunction,
    /// The ARN of an activity: `Activity…` events.
    Activity,
    /// `arn:aws:states:::SERVICE:ACTION[.PATTERN]`: `Task…` events.
    Service {
        /// `resourceType` of the events: `lambda`, `sqs`, `aws-sdk:dynamodb` …
        service: Arc<str>,
        /// `resource` of the events, pattern included: `invoke`, `sendMessage.waitForTaskToken` …
        action: Arc<str>,
        /// `.sync` or `.sync:2`
        sync: bool,
        /// `.waitForTaskToken`
        task_token: bool,
    },
}

/// A number of seconds, given or looked up.
#[derive(Debug, Clone, Default)]
pub enum Seconds {
    /// Not given.
    #[default]
    None,
    /// A number.
    Fixed(u64),
    /// A path to a number.
    Path(JsonPath),
    /// An expression that gives a number.
    Jsonata(JsonataField),
}

/// A Choice state.
#[derive(Debug, Clone)]
pub struct Choice {
    /// `Choices`
    pub rules: Vec<ChoiceRule>,
    /// `Default`
    pub default: Option<StateId>,
}

/// One of the `Choices`.
#[derive(Debug, Clone)]
pub struct ChoiceRule {
    /// When it applies.
    pub test: Test,
    /// `Next`
    pub next: StateId,
    /// `Assign`
    pub assign: Option<Filling>,
    /// `Output`
    pub output: Option<Payload>,
    /// The object.
    pub span: Span,
}

/// A condition of a Choice rule.
#[derive(Debug, Clone)]
pub enum Test {
    /// `And`
    And(Vec<Test>),
    /// `Or`
    Or(Vec<Test>),
    /// `Not`
    Not(Box<Test>),
    /// `Variable` with an operator
    Compare {
        /// `Variable`
        variable: JsonPath,
        /// The operator.
        operator: Operator,
        /// What it compares with.
        operand: Operand,
        /// The object.
        span: Span,
    },
    /// `Condition`, a literal
    Literal(bool),
    /// `Condition`, an expression that gives a boolean
    Condition(JsonataField),
}

/// What an operator compares with.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A literal.
    Value(Value),
    /// The path of a `…Path` operator.
    Path(JsonPath),
}

/// A comparison of a Choice rule. The `…Path` twins are told by [`Operand::Path`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the States Language")]
pub enum Operator {
    StringEquals,
    StringLessThan,
    StringGreaterThan,
    StringLessThanEquals,
    StringGreaterThanEquals,
    StringMatches,
    NumericEquals,
    NumericLessThan,
    NumericGreaterThan,
    NumericLessThanEquals,
    NumericGreaterThanEquals,
    TimestampEquals,
    TimestampLessThan,
    TimestampGreaterThan,
    TimestampLessThanEquals,
    TimestampGreaterThanEquals,
    BooleanEquals,
    IsNull,
    IsPresent,
    IsNumeric,
    IsString,
    IsBoolean,
    IsTimestamp,
}

/// A Wait state.
#[derive(Debug, Clone)]
pub enum Wait {
    /// `Seconds`
    Seconds(u64),
    /// `SecondsPath`
    SecondsPath(JsonPath),
    /// `Timestamp`
    Timestamp(Timestamp),
    /// `TimestampPath`
    TimestampPath(JsonPath),
    /// `Seconds`, an expression that gives a number
    SecondsJsonata(JsonataField),
    /// `Timestamp`, an expression that gives a string
    TimestampJsonata(JsonataField),
}

/// A Fail state.
#[derive(Debug, Clone)]
pub struct Fail {
    /// `Error`, `ErrorPath`
    pub error: Option<Text>,
    /// `Cause`, `CausePath`
    pub cause: Option<Text>,
}

/// A text, given or computed.
#[derive(Debug, Clone)]
pub enum Text {
    /// A literal.
    Fixed(Arc<str>),
    /// The path or intrinsic call of `ErrorPath` and `CausePath`.
    Expression(Expression),
    /// An expression that gives a string.
    Jsonata(JsonataField),
}

/// A Parallel state.
#[derive(Debug, Clone)]
pub struct Parallel {
    /// `Branches`
    pub branches: Vec<ScopeId>,
}

/// A Map state.
#[derive(Debug, Clone)]
pub struct Map {
    /// `ItemProcessor` or `Iterator`
    pub processor: ScopeId,
    /// `ItemsPath`; none: `$`
    pub items_path: Option<JsonPath>,
    /// `Items`
    pub items: Option<Payload>,
    /// `ItemSelector`, or the old `Parameters`
    pub item_selector: Option<Filling>,
    /// `MaxConcurrency`, `MaxConcurrencyPath`
    pub max_concurrency: MaxConcurrency,
    /// What only the distributed mode has.
    pub distributed: Box<Distributed>,
}

/// The fields of a Map in distributed mode.
#[derive(Debug, Clone, Default)]
pub struct Distributed {
    /// Whether the `Mode` of the processor is `DISTRIBUTED`.
    pub is_mode: bool,
    /// `ItemReader`
    pub reader: Option<ItemReader>,
    /// `ItemBatcher`
    pub batcher: Option<ItemBatcher>,
    /// Whether the `ExecutionType` of the child executions is `EXPRESS`.
    pub is_express: bool,
    /// `Label`
    pub label: Option<Arc<str>>,
    /// `ResultWriter`
    pub writer: Option<ResultWriter>,
    /// `ToleratedFailureCount`, `ToleratedFailureCountPath`
    pub tolerated_failure_count: Option<Amount>,
    /// `ToleratedFailurePercentage`, `ToleratedFailurePercentagePath`
    pub tolerated_failure_percentage: Option<Amount>,
}

/// `ItemReader`: where a distributed Map takes its items from.
#[derive(Debug, Clone)]
pub struct ItemReader {
    /// `Resource`
    pub resource: Arc<str>,
    /// `Parameters`, `Arguments`
    pub arguments: Option<Filling>,
    /// `ReaderConfig` as it is written; an empty object where there is none.
    pub config: Value,
    /// `InputType`; none: a listing
    pub input_type: Option<Arc<str>>,
    /// `ItemsPointer`
    pub items_pointer: Option<Arc<str>>,
    /// `CSVHeaders`; none: the first row has them
    pub csv_headers: Option<Vec<Arc<str>>>,
    /// The character of `CSVDelimiter`
    pub csv_delimiter: char,
    /// `MaxItems`, `MaxItemsPath`
    pub max_items: Option<Amount>,
}

/// `ResultWriter`: where the results of a distributed Map go.
#[derive(Debug, Clone)]
pub struct ResultWriter {
    /// `Resource`; none: the results are only shaped.
    pub resource: Option<Arc<str>>,
    /// `Parameters`, `Arguments`
    pub arguments: Option<Filling>,
    /// `WriterConfig` as it is written; an empty object where there is none.
    pub config: Value,
}

/// `ItemBatcher`: how items are put together.
#[derive(Debug, Clone)]
pub struct ItemBatcher {
    /// `MaxItemsPerBatch`, `MaxItemsPerBatchPath`
    pub max_items: Option<Amount>,
    /// `MaxInputBytesPerBatch`, `MaxInputBytesPerBatchPath`
    pub max_bytes: Option<Amount>,
    /// `BatchInput`
    pub input: Option<Filling>,
}

/// A number, given or looked up.
#[derive(Debug, Clone)]
pub enum Amount {
    /// A number.
    Fixed(Number),
    /// A path to a number.
    Path(JsonPath),
    /// An expression that gives a number.
    Jsonata(JsonataField),
}

/// How many iterations run at once.
#[derive(Debug, Clone)]
pub enum MaxConcurrency {
    /// A number; 0: as many as the service allows (40 inline).
    Fixed(u32),
    /// A path to a number.
    Path(JsonPath),
    /// An expression that gives a number.
    Jsonata(JsonataField),
}

/// One of `Retry`.
#[derive(Debug, Clone)]
pub struct Retrier {
    /// `ErrorEquals`
    pub error_equals: Vec<Arc<str>>,
    /// `IntervalSeconds`
    pub interval_seconds: u64,
    /// `MaxAttempts`
    pub max_attempts: u64,
    /// `BackoffRate`
    pub backoff_rate: f64,
    /// `MaxDelaySeconds`
    pub max_delay_seconds: Option<u64>,
    /// `JitterStrategy`
    pub jitter: Jitter,
    /// The object.
    pub span: Span,
}

/// `JitterStrategy`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// `NONE`
    None,
    /// `FULL`
    Full,
}

/// One of `Catch`.
#[derive(Debug, Clone)]
pub struct Catcher {
    /// `ErrorEquals`
    pub error_equals: Vec<Arc<str>>,
    /// `Next`
    pub next: StateId,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `Output`
    pub output: Option<Payload>,
    /// `Assign`
    pub assign: Option<Filling>,
    /// The object.
    pub span: Span,
}
