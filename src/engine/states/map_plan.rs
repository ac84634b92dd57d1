//! What a Map state evaluates before its first iteration, all of it, without starting one.
//!
//! The run of an inline Map evaluates as it goes; this is for looking at a Map, distributed ones included.

use std::sync::Arc;

use super::super::fault::ITEM_READER_FAILED;
use super::super::ids::BranchId;
use super::super::items::Items;
use super::jsonata::failure;
use super::wait::plain;
use super::{Branch, Fault, MAX_PAYLOAD, Machine, Stage, check_size, query_fault, runtime_fault};
use crate::asl::{Amount, ItemBatcher, ItemReader, Map, State, StateKind};
use crate::value::{Array, Number, Object, Value};

/// What a Map state is going to do. What is not there was not asked for, or came after a failure.
#[derive(Debug, Clone, Default)]
pub struct MapPlan {
    /// The items.
    pub items: Option<Array>,
    /// `MaxConcurrency` as given; 0: as many as the service allows.
    pub max_concurrency: Option<u64>,
    /// `ToleratedFailureCount`
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`, from 0 to 100
    pub tolerated_failure_percentage: Option<f64>,
    /// The inputs of all iterations that `ItemSelector` gives.
    pub selected: Option<Array>,
    /// The inputs of all child executions that `ItemBatcher` gives.
    pub batches: Option<Array>,
}

impl MapPlan {
    /// The number of iterations or child executions.
    #[must_use]
    pub fn iterations(&self) -> usize {
        let last = [&self.batches, &self.selected, &self.items].into_iter().find_map(Option::as_ref);
        last.map_or(0, |inputs| inputs.len())
    }

    /// Whether `failed` iterations are more than the Map tolerates. Without a threshold none are too many here.
    #[must_use]
    pub fn is_exceeded_by(&self, failed: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let share = failed as f64 * 100.0 / self.iterations().max(1) as f64;
        self.tolerated_failure_count.is_some_and(|most| failed > most)
            || self.tolerated_failure_percentage.is_some_and(|most| share > most)
    }
}

type Done = Result<(), Box<Fault>>;

impl Machine {
    /// Evaluates what the Map state that `branch` stands in asks for before its work ([`Stage::Work`]), in the order of
    /// the data flow. `read` are the items that its `ItemReader` gives. Fills `plan` as far as it comes.
    ///
    /// # Errors
    /// The fault that the state would fail with.
    pub fn plan_map(&mut self, branch: BranchId, read: Option<Array>, plan: &mut MapPlan) -> Done {
        let execution = Arc::clone(self.execution());
        let Some(mut branch) = self.branch(branch).cloned() else { return Ok(()) };
        branch.stage = Stage::Work;
        let state = execution.machine.state(branch.state);
        let StateKind::Map(map) = &state.kind else { return Ok(()) };
        if let Some(arguments) = map.distributed.reader.as_ref().and_then(|reader| reader.arguments.as_ref()) {
            self.fill(arguments, &branch.effective, &branch, state)?;
        }
        let most = match &map.distributed.reader {
            Some(reader) => self.plan_max_items(&branch, state, reader)?,
            None => None,
        };
        let items = match read {
            Some(mut items) => {
                if let Some(most) = most.and_then(|most| usize::try_from(most).ok()).filter(|most| *most < items.len())
                {
                    items.make_mut().truncate(most);
                }
                Items::of(items)
            }
            None => Self::items_of(&branch, state, map)?,
        };
        self.plan_concurrency(&branch, state, map, plan)?;
        self.plan_thresholds(&branch, state, map, plan)?;
        plan.items = Some(items.list.clone());
        let inputs = self.iteration_inputs(&mut branch, state, map, items, plan)?;
        if let Some(batcher) = &map.distributed.batcher {
            plan.batches = Some(self.batches(&branch, state, batcher, &inputs)?);
        }
        Ok(())
    }

    /// The inputs of the child executions for `items`.
    pub(super) fn plan_inputs(
        &mut self,
        branch: &mut Branch,
        state: &State,
        map: &Map,
        items: Items,
    ) -> Result<Array, Box<Fault>> {
        let inputs = self.iteration_inputs(branch, state, map, items, &mut MapPlan::default())?;
        match &map.distributed.batcher {
            Some(batcher) => self.batches(branch, state, batcher, &inputs),
            None => Ok(inputs),
        }
    }

    pub(super) fn plan_concurrency(&mut self, branch: &Branch, state: &State, map: &Map, plan: &mut MapPlan) -> Done {
        plan.max_concurrency = Some(self.max_concurrency(branch, state, map)? as u64);
        Ok(())
    }

    /// `MaxItems` of a reader; 0 is none (recorded).
    ///
    /// # Errors
    /// Failures of the reader, as the service reports a negative number (recorded), and of the expression.
    pub(super) fn plan_max_items(
        &mut self,
        branch: &Branch,
        state: &State,
        reader: &ItemReader,
    ) -> Result<Option<u64>, Box<Fault>> {
        let Some(amount) = &reader.max_items else { return Ok(None) };
        let most = self.whole_amount(amount, "MaxItems", branch, state)?;
        let negative = |_| Box::new(Fault::new(ITEM_READER_FAILED, "field MaxItems must be positive"));
        Ok(Some(u64::try_from(most).map_err(negative)?).filter(|most| *most > 0))
    }

    pub(super) fn plan_thresholds(&mut self, branch: &Branch, state: &State, map: &Map, plan: &mut MapPlan) -> Done {
        let fields = &map.distributed;
        if let Some(amount) = &fields.tolerated_failure_count {
            let count = self.whole_amount(amount, "ToleratedFailureCount", branch, state)?;
            let negative = |_| refused(amount, branch, state, "ToleratedFailureCount cannot be negative.");
            plan.tolerated_failure_count = Some(u64::try_from(count).map_err(negative)?);
        }
        if let Some(amount) = &fields.tolerated_failure_percentage {
            let share = self.amount(amount, "ToleratedFailurePercentage", "float", branch, state)?.as_f64();
            if !(0.0..=100.0).contains(&share) {
                let cause = "ToleratedFailurePercentage must be between 0 and 100.";
                return Err(refused(amount, branch, state, cause));
            }
            plan.tolerated_failure_percentage = Some(share);
        }
        Ok(())
    }

    fn iteration_inputs(
        &mut self,
        branch: &mut Branch,
        state: &State,
        map: &Map,
        items: Items,
        plan: &mut MapPlan,
    ) -> Result<Array, Box<Fault>> {
        let Some(selector) = &map.item_selector else { return Ok(items.list) };
        let effective = branch.effective.clone();
        let outer = branch.item.take();
        let mut inputs = Vec::with_capacity(items.list.len());
        for index in 0..items.list.len() {
            branch.item = items.item(index).map(Arc::new);
            let input = self.fill(selector, &effective, branch, state)?;
            check_size(&input, &state.name)?;
            inputs.push(input);
        }
        branch.item = outer;
        let inputs = Array::new(inputs);
        plan.selected = Some(inputs.clone());
        Ok(inputs)
    }

    /// The inputs `{"Items": […], "BatchInput": {…}}` (developer guide, ItemBatcher).
    fn batches(
        &mut self,
        branch: &Branch,
        state: &State,
        batcher: &ItemBatcher,
        inputs: &Array,
    ) -> Result<Array, Box<Fault>> {
        let most_items = self.most(batcher.max_items.as_ref(), "MaxItemsPerBatch", branch, state)?;
        let most_bytes = self.most(batcher.max_bytes.as_ref(), "MaxInputBytesPerBatch", branch, state)?;
        let shared = match &batcher.input {
            Some(filling) => Some(self.fill(filling, &branch.effective, branch, state)?),
            None => None,
        };
        let batch = |items: Vec<Value>| {
            let mut batch = Object::new();
            if let Some(shared) = &shared {
                batch.insert("BatchInput", shared.clone());
            }
            batch.insert("Items", Value::Array(Array::new(items)));
            Value::Object(batch)
        };
        let frame = batch(Vec::new()).size();
        let most_bytes = most_bytes.unwrap_or(MAX_PAYLOAD).min(MAX_PAYLOAD);
        let (mut batches, mut current, mut bytes) = (Vec::new(), Vec::new(), frame);
        for input in inputs.iter() {
            let more = input.size() + 1;
            let is_full = most_items.is_some_and(|most| current.len() >= most) || bytes + more > most_bytes;
            if is_full && !current.is_empty() {
                batches.push(batch(std::mem::take(&mut current)));
                bytes = frame;
            }
            bytes += more;
            current.push(input.clone());
        }
        if !current.is_empty() {
            batches.push(batch(current));
        }
        Ok(Array::new(batches))
    }

    /// A limit of batches; 0 is none.
    fn most(
        &mut self,
        amount: Option<&Amount>,
        field: &str,
        branch: &Branch,
        state: &State,
    ) -> Result<Option<usize>, Box<Fault>> {
        let Some(amount) = amount else { return Ok(None) };
        let whole = self.whole_amount(amount, field, branch, state)?;
        let most = usize::try_from(whole);
        let most = most.map_err(|_| refused(amount, branch, state, &format!("{field} cannot be negative.")))?;
        Ok(Some(most).filter(|most| *most > 0))
    }

    fn whole_amount(
        &mut self,
        amount: &Amount,
        field: &str,
        branch: &Branch,
        state: &State,
    ) -> Result<i64, Box<Fault>> {
        let number = self.amount(amount, field, "integer", branch, state)?;
        number.as_i64().ok_or_else(|| {
            refused(amount, branch, state, &format!("The {field} field cannot be parsed as an integer: {number}"))
        })
    }

    /// The number of `field`, which must be an `expected`; found by a path it may be spelled in a string (recorded).
    fn amount(
        &mut self,
        amount: &Amount,
        field: &str,
        expected: &str,
        branch: &Branch,
        state: &State,
    ) -> Result<Number, Box<Fault>> {
        let path = match amount {
            Amount::Fixed(number) => return Ok(number.clone()),
            Amount::Jsonata(expression) => return self.number(expression, branch, state),
            Amount::Path(path) => path,
        };
        let value = self.select(path, &branch.effective, branch, state)?;
        let text = plain(&value);
        let is_number = match expected {
            "integer" => text.parse::<i64>().is_ok(),
            _ => text.parse::<f64>().is_ok_and(f64::is_finite),
        };
        if is_number {
            return Ok(Number::parse(&text));
        }
        let cause = format!(
            "The {field}Path field refers to value \"{text}\" which is not a valid {expected}: {}",
            path.text()
        );
        Err(runtime_fault(branch, state, &cause))
    }
}

/// The fault of a value that its field cannot have: of an expression, a failed evaluation (developer guide, JSONata:
/// value out of range), else one of the definition (recorded).
fn refused(amount: &Amount, branch: &Branch, state: &State, cause: &str) -> Box<Fault> {
    match amount {
        Amount::Jsonata(expression) => query_fault(branch, state, failure(cause, expression.location())),
        Amount::Fixed(_) | Amount::Path(_) => runtime_fault(branch, state, cause),
    }
}
