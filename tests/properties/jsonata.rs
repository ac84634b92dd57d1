//! JSONata states of the made definitions.

use serde_json::{Value as Json, json};

use crate::machines::Maker;

impl Maker<'_> {
    fn jsonata(&mut self) -> Json {
        let faulty = if self.kinds.faults { "{% $states.input.none.at.all %}" } else { "{% $exists($nothing) %}" };
        let variable =
            self.variables.last().map_or(json!("{% 1 %}"), |scope| json!(format!("{{% $string($v{scope}.of) %}}")));
        self.one_of(&[
            json!("{% $states.input %}"),
            json!("{% $states.context.State.Name %}"),
            json!(["{% $states.context.Execution.Input %}", 1]),
            json!("{% $random() %}"),
            json!(if self.kinds.time { "{% $uuid() & $string($millis()) %}" } else { "{% $uuid() %}" }),
            json!({"n": "{% $count([1..3]) %}", "k": null}),
            json!(faulty),
            variable,
        ])
    }

    pub(crate) fn jsonata_pass(&mut self) -> Json {
        let mut state = json!({"Type": "Pass", "QueryLanguage": "JSONata"});
        if self.pick(3) > 0 {
            state["Output"] = self.jsonata();
        }
        state
    }

    pub(crate) fn jsonata_task(&mut self, at: usize, names: &[String]) -> Json {
        let mut state = json!({"Type": "Task", "QueryLanguage": "JSONata"});
        state["Resource"] = json!("arn:aws:states:::lambda:invoke");
        if self.pick(2) == 1 {
            state["Arguments"] = self.jsonata();
        }
        if self.pick(2) == 1 {
            state["Output"] = json!({"of": "{% $states.result %}", "s": self.jsonata()});
        }
        self.jsonata_handlers(&mut state, at, names);
        state
    }

    /// Retry and Catch; a catcher of this language has an Output instead of a ResultPath.
    fn jsonata_handlers(&mut self, state: &mut Json, at: usize, names: &[String]) {
        self.handlers(state, at, names);
        for catcher in state.get_mut("Catch").and_then(Json::as_array_mut).into_iter().flatten() {
            if let Some(catcher) = catcher.as_object_mut() {
                catcher.remove("ResultPath");
                catcher.insert("Output".into(), json!({"e": "{% $states.errorOutput.Error %}"}));
            }
        }
    }

    pub(crate) fn jsonata_choice(&mut self, at: usize, names: &[String]) -> Json {
        let first = if self.kinds.loops { 0 } else { at + 1 };
        let next = &names[first + self.pick(names.len() - first)];
        let condition = self.one_of(&[
            json!("{% $type($states.input) = 'object' %}"),
            json!(false),
            json!("{% $random() < 0.5 %}"),
        ]);
        let rule = json!({"Condition": condition, "Next": next, "Output": self.jsonata()});
        json!({"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [rule]})
    }

    pub(crate) fn jsonata_map(&mut self, depth: usize, at: usize, names: &[String]) -> Json {
        let processor = self.scope(depth + 1);
        let mut state = json!({"Type": "Map", "QueryLanguage": "JSONata", "ItemProcessor": processor});
        state["Items"] = self.one_of(&[json!("{% [1..3] %}"), json!([1, "{% $states.input %}"]), json!("{% [] %}")]);
        let concurrency = self.pick(4);
        state["MaxConcurrency"] = self.concurrency.map_or(json!(concurrency), |given| json!(given));
        if self.pick(2) == 1 {
            state["ItemSelector"] = json!({"v": "{% $states.context.Map.Item.Value %}", "s": self.jsonata()});
        }
        self.jsonata_handlers(&mut state, at, names);
        state
    }
}
