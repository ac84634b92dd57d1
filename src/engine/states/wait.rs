//! Wait states.

use super::super::machine::Purpose;
use super::jsonata::failure;
use super::{Blocked, Branch, Fault, Flow, Machine, Stage, Staged, following, lookup, query_fault, runtime_fault};
use crate::asl::{State, Wait};
use crate::query::{JsonPath, JsonataField};
use crate::value::{Timestamp, Value};

/// The longest delay in seconds: 24,855 days are accepted, not quite 24,856 days are refused (recorded).
const MAX_DELAY_SECONDS: i64 = i32::MAX as i64;

impl Machine {
    pub(super) fn wait(&mut self, branch: &mut Branch, state: &State, wait: &Wait) -> Staged {
        let until = match wait {
            Wait::Seconds(seconds) => self.now.plus_millis(seconds_to_millis(*seconds)),
            Wait::SecondsPath(path) => {
                let seconds = self.seconds_at(path, branch, state)?;
                self.now.plus_millis(seconds_to_millis(seconds))
            }
            Wait::SecondsJsonata(expression) => {
                let seconds = self.computed_seconds(expression, branch, state)?;
                self.now.plus_millis(seconds_to_millis(seconds))
            }
            Wait::TimestampJsonata(expression) => self.computed_timestamp(expression, branch, state)?,
            Wait::Timestamp(timestamp) => *timestamp,
            Wait::TimestampPath(path) => self.timestamp_at(path, branch, state)?,
        };
        if until.since(self.now) / 1000 > MAX_DELAY_SECONDS {
            return Err(runtime_fault(branch, state, "Wait state delay is too long."));
        }
        if until <= self.now {
            return Ok(Flow::Next(following(Stage::Work)));
        }
        branch.block(Blocked::Wait(until));
        self.set_timer(until, branch.id, branch.epoch, Purpose::Resume);
        Ok(Flow::Blocked)
    }

    fn computed_timestamp(
        &mut self,
        expression: &JsonataField,
        branch: &Branch,
        state: &State,
    ) -> Result<Timestamp, Box<Fault>> {
        let text = self.text(expression, branch, state)?;
        Timestamp::parse(&text).ok_or_else(|| {
            let cause = format!(
                "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
            );
            query_fault(branch, state, failure(&cause, expression.location()))
        })
    }

    fn seconds_at(&mut self, path: &JsonPath, branch: &Branch, state: &State) -> Result<u64, Box<Fault>> {
        let fail = |cause: String| runtime_fault(branch, state, &cause);
        let text = path.text();
        let Some(value) = lookup(self, path, branch, state) else {
            return Err(fail(format!("The SecondsPath parameter does not reference an input value: {text}")));
        };
        let Some(seconds) = whole_number(&value) else {
            let shown = plain(&value);
            return Err(fail(format!("The SecondsPath parameter cannot be parsed as a long value: {text} == {shown}")));
        };
        u64::try_from(seconds)
            .map_err(|_| fail(format!("The SecondsPath parameter references a negative value: {text} == {seconds}")))
    }

    fn timestamp_at(&mut self, path: &JsonPath, branch: &Branch, state: &State) -> Result<Timestamp, Box<Fault>> {
        let fail = |cause: String| runtime_fault(branch, state, &cause);
        let text = path.text();
        let Some(value) = lookup(self, path, branch, state) else {
            return Err(fail(format!("The TimestampPath parameter does not reference an input value: {text}")));
        };
        value.as_str().and_then(Timestamp::parse).ok_or_else(|| {
            let shown = plain(&value);
            fail(format!(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {text} == {shown}"
            ))
        })
    }
}

fn seconds_to_millis(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)
}

/// The whole number that `value` is or spells: AWS reads its text (recorded).
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    plain(value).parse().ok()
}

/// Strings as they are, everything else as JSON: how AWS puts values into causes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}
