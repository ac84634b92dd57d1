//! Small valid definitions, made of bytes: each byte is a decision, and where the bytes end, so does the definition.
//! Fewer and smaller bytes make simpler definitions, so that what fails shrinks well.

use std::sync::Arc;

use asldb::asl::{Definition, StateMachine};
use serde_json::{Map, Value as Json, json};

/// What definitions may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kinds {
    /// Waits, timeouts and retries: what takes time.
    pub(crate) time: bool,
    /// Choices that lead back, so that only the limit of events ends a run.
    pub(crate) loops: bool,
    /// What may end a run by States.Runtime.
    pub(crate) faults: bool,
}

/// The definition that `genes` stand for, with `MaxConcurrency` of all Maps replaced if given.
pub(crate) fn machine(genes: &[u8], kinds: Kinds, concurrency: Option<u32>) -> Arc<StateMachine> {
    machine_of(&definition(genes, kinds, concurrency))
}

/// The same with its text.
pub(crate) fn definition(genes: &[u8], kinds: Kinds, concurrency: Option<u32>) -> Definition {
    read(&Maker::new(genes, kinds, concurrency).scope(0))
}

/// The same with nothing side by side: one branch in each Parallel, one iteration of a Map at a time.
pub(crate) fn definition_in_line(genes: &[u8], kinds: Kinds) -> Definition {
    read(&Maker { most_branches: 1, ..Maker::new(genes, kinds, Some(1)) }.scope(0))
}

fn read(definition: &Json) -> Definition {
    Definition::read("made.json", &definition.to_string())
}

pub(crate) fn machine_of(definition: &Definition) -> Arc<StateMachine> {
    definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()))
}

pub(crate) struct Maker<'g> {
    genes: &'g [u8],
    names: usize,
    scopes: usize,
    pub(crate) kinds: Kinds,
    pub(crate) concurrency: Option<u32>,
    /// How many branches a Parallel has at most.
    most_branches: usize,
    /// The scopes whose variable can be read here.
    pub(crate) variables: Vec<usize>,
}

/// The fields of a state.
type Fields = Map<String, Json>;

impl<'g> Maker<'g> {
    fn new(genes: &'g [u8], kinds: Kinds, concurrency: Option<u32>) -> Self {
        Self { genes, names: 0, scopes: 0, kinds, concurrency, most_branches: 3, variables: Vec::new() }
    }

    /// A number below `count`; 0 when the genes are used up.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.genes.split_first() else { return 0 };
        self.genes = rest;
        usize::from(*first) % count
    }

    pub(crate) fn one_of<const N: usize>(&mut self, choices: &[Json; N]) -> Json {
        let at = self.pick(N);
        choices[at].clone()
    }

    pub(crate) fn scope(&mut self, depth: usize) -> Json {
        self.scopes += 1;
        let scope = self.scopes;
        let count = 1 + self.pick(4);
        let names: Vec<String> = (0..count).map(|at| format!("S{}", self.names + at)).collect();
        self.names += count;
        let mut states = Map::new();
        for (at, name) in names.iter().enumerate() {
            let mut state = self.state(depth, at, &names);
            if at == 0 && self.pick(3) == 1 {
                self.assign(scope, &mut state);
            }
            let (field, value) = match names.get(at + 1) {
                Some(next) if state.contains_key("Choices") => ("Default", json!(next)),
                Some(next) => ("Next", json!(next)),
                None => ("End", json!(true)),
            };
            if !matches!(state["Type"].as_str(), Some("Fail" | "Succeed")) {
                state.insert(field.into(), value);
            }
            states.insert(name.clone(), state.into());
        }
        // Inner scopes end with their variables.
        self.variables.retain(|variable| *variable != scope);
        json!({"StartAt": names[0], "States": states})
    }

    /// A variable for the states behind the first and all scopes in them; not where a catcher might pass it by.
    fn assign(&mut self, scope: usize, state: &mut Fields) {
        let takes_it = !matches!(state["Type"].as_str(), Some("Choice" | "Fail" | "Succeed"));
        if takes_it && !state.contains_key("Catch") {
            let value = if is_jsonata(state) { json!({"of": "{% $states.input %}"}) } else { json!({"of.$": "$"}) };
            state.insert("Assign".into(), json!({format!("v{scope}"): value}));
            self.variables.push(scope);
        }
    }

    fn state(&mut self, depth: usize, at: usize, names: &[String]) -> Fields {
        let is_last = at + 1 == names.len();
        object(match self.pick(14) {
            1 | 2 => self.task(at, names),
            3 if !is_last => self.choice(at, names),
            4 if self.kinds.time => self.wait(),
            5 if depth < 2 => self.parallel(depth, at, names),
            6 if depth < 2 => self.map(depth, at, names),
            7 if is_last && depth > 0 => json!({"Type": "Fail", "Error": "E0", "CausePath": "$$.State.Name"}),
            8 if is_last => json!({"Type": "Succeed"}),
            9 => self.jsonata_pass(),
            10 => self.jsonata_task(at, names),
            11 if !is_last => self.jsonata_choice(at, names),
            12 if depth < 2 => self.jsonata_map(depth, at, names),
            13 if !is_last => self.counted_loop(at, names),
            _ => self.pass(),
        })
    }

    fn expression(&mut self) -> Json {
        let faulty = if self.kinds.faults { "$.a.b.none" } else { "$.none[*]" };
        let variable = self.variables.last().map_or(json!("$"), |scope| json!(format!("$v{scope}.of")));
        self.one_of(&[
            json!("$"),
            json!("$$.State.Name"),
            json!("States.Array($, 1)"),
            json!("States.UUID()"),
            json!("$$.Execution.Input"),
            json!("States.Format('{}', $$.Execution.Name)"),
            json!(faulty),
            variable,
        ])
    }

    fn pass(&mut self) -> Json {
        let mut state = json!({"Type": "Pass"});
        match self.pick(4) {
            1 => state["Result"] = self.one_of(&[json!(1), json!("text"), json!([1, {"a": null}])]),
            2 => state["Parameters"] = json!({"a": 1, "p.$": self.expression()}),
            _ => {}
        }
        self.paths(&mut state);
        state
    }

    fn paths(&mut self, state: &mut Json) {
        match self.pick(6) {
            1 => state["ResultPath"] = json!("$.r"),
            2 => state["ResultPath"] = Json::Null,
            3 => state["InputPath"] = json!("$$.Execution.Input"),
            4 => state["OutputPath"] = json!("$$.Execution.Input"),
            _ => {}
        }
    }

    fn task(&mut self, at: usize, names: &[String]) -> Json {
        let mut state = json!({"Type": "Task"});
        state["Resource"] = self.one_of(&[
            json!("arn:aws:states:::lambda:invoke"),
            json!("arn:aws:lambda:us-east-1:123456789012:function:f"),
            json!("arn:aws:states:us-east-1:123456789012:activity:a"),
            json!("arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
        ]);
        if self.kinds.time && self.pick(2) == 1 {
            state["TimeoutSeconds"] = json!(2 + self.pick(3));
            if self.pick(2) == 1 {
                state["HeartbeatSeconds"] = json!(1);
            }
        }
        if self.pick(3) == 1 {
            state["ResultSelector"] = json!({"a": 2, "s.$": self.expression()});
        }
        self.parameters(&mut state);
        self.paths(&mut state);
        self.handlers(&mut state, at, names);
        state
    }

    fn parameters(&mut self, state: &mut Json) {
        if self.pick(3) == 1 {
            state["Parameters"] = json!({"FunctionName": "f", "Payload": {"p.$": self.expression()}});
        }
    }

    /// Retry and Catch.
    pub(crate) fn handlers(&mut self, state: &mut Json, at: usize, names: &[String]) {
        if self.kinds.time && self.pick(2) == 1 {
            let error = self.one_of(&[json!("States.ALL"), json!("E0"), json!("States.Timeout")]);
            let jitter = self.one_of(&[json!("NONE"), json!("FULL")]);
            let attempts = self.pick(4);
            state["Retry"] = json!([{"ErrorEquals": [error], "MaxAttempts": attempts, "JitterStrategy": jitter}]);
        }
        // The next state, so that every state can be reached.
        if let Some(next) = names.get(at + 1)
            && self.pick(2) == 1
        {
            let error = self.one_of(&[json!("States.ALL"), json!("E0"), json!("States.TaskFailed")]);
            let path = self.one_of(&[json!("$"), json!("$.error"), Json::Null]);
            state["Catch"] = json!([{"ErrorEquals": [error], "Next": next, "ResultPath": path}]);
        }
    }

    fn choice(&mut self, at: usize, names: &[String]) -> Json {
        let first = if self.kinds.loops { 0 } else { at + 1 };
        let next = &names[first + self.pick(names.len() - first)];
        let rule = self.one_of(&[
            json!({"Variable": "$.a", "IsPresent": true}),
            json!({"Variable": "$", "IsString": true}),
            json!({"Not": {"Variable": "$.r", "IsPresent": true}}),
            json!({"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a", "NumericGreaterThan": 1}]}),
        ]);
        let mut rule = object(rule);
        rule.insert("Next".into(), json!(next));
        json!({"Type": "Choice", "Choices": [rule]})
    }

    /// A Choice that leads back twice, and counts that in a variable of its own.
    fn counted_loop(&mut self, at: usize, names: &[String]) -> Json {
        let (count, back) = (format!("c{}", names[at]), &names[self.pick(at + 1)]);
        let rule = json!({
            "Condition": format!("{{% $not($exists(${count})) or ${count} < 2 %}}"),
            "Assign": {&count: format!("{{% $exists(${count}) ? ${count} + 1 : 1 %}}")},
            "Next": back,
        });
        json!({"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [rule]})
    }

    fn wait(&mut self) -> Json {
        let wait =
            self.one_of(&[json!({"Seconds": 1}), json!({"Seconds": 3}), json!({"Timestamp": "2024-01-01T00:00:05Z"})]);
        let mut wait = object(wait);
        wait.insert("Type".into(), json!("Wait"));
        wait.into()
    }

    fn parallel(&mut self, depth: usize, at: usize, names: &[String]) -> Json {
        let count = 1 + self.pick(self.most_branches);
        let branches: Vec<Json> = (0..count).map(|_| self.scope(depth + 1)).collect();
        let mut state = json!({"Type": "Parallel", "Branches": branches});
        self.parameters(&mut state);
        self.paths(&mut state);
        self.handlers(&mut state, at, names);
        state
    }

    /// The processor of a Map, and whether it is distributed.
    pub(crate) fn processor(&mut self, depth: usize) -> (Json, bool) {
        // Loops in child executions would multiply with those around them.
        let is_distributed = self.pick(3) == 1 && !self.kinds.loops;
        if !is_distributed {
            return (self.scope(depth + 1), false);
        }
        // Child executions see no variables; the items of the input are theirs, too.
        let outer = std::mem::take(&mut self.variables);
        let mut processor = self.scope(depth + 1);
        self.variables = outer;
        let kind = if self.pick(2) == 1 { "EXPRESS" } else { "STANDARD" };
        processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": kind});
        (processor, true)
    }

    fn map(&mut self, depth: usize, at: usize, names: &[String]) -> Json {
        let (processor, is_distributed) = self.processor(depth);
        let mut state = json!({"Type": "Map", "ItemProcessor": processor, "ItemsPath": "$$.Execution.Input.items"});
        if is_distributed {
            state["ToleratedFailurePercentage"] = json!(self.pick(4) * 30);
            if self.pick(4) == 1 {
                state["ItemBatcher"] = json!({"MaxItemsPerBatch": 2});
            }
        }
        let concurrency = self.pick(4);
        state["MaxConcurrency"] = self.concurrency.map_or(json!(concurrency), |given| json!(given));
        if self.pick(2) == 1 {
            state["ItemSelector"] =
                json!({"a.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "s.$": self.expression()});
        }
        self.paths(&mut state);
        self.handlers(&mut state, at, names);
        state
    }
}

fn is_jsonata(state: &Fields) -> bool {
    state.get("QueryLanguage").is_some()
}

pub(crate) fn object(json: Json) -> Fields {
    match json {
        Json::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}
