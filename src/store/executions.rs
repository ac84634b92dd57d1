//! Executions: how they were started, the journals of those that run, the histories of those that ended.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{Ending, ExecutionRow};
use super::{Store, StoreError, Written};
use crate::value::Timestamp;

/// What became of an execution that was to be inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// It is new.
    New,
    /// The state machine has one of that name.
    Exists(Box<ExecutionRow>),
}

/// Which executions are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this state machine.
    pub machine: i64,
    /// Started with this version.
    pub version: Option<u32>,
    /// Started with this alias.
    pub alias: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// Only those before this id: what earlier pages showed.
    pub before: Option<i64>,
    /// At most this many.
    pub limit: usize,
}

/// Some events of a history, as a JSON array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The id of the first.
    pub first: u32,
    /// The events.
    pub events: String,
}

/// An execution that runs according to the store: what an earlier process left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// How it was started.
    pub row: ExecutionRow,
    /// Its journal, in order.
    pub journal: Vec<String>,
    /// The steps its machine had made.
    pub steps: u64,
}

impl Store {
    /// A new execution, unless its state machine has one of that name, started after `since` or still running.
    pub fn insert_execution(&self, row: ExecutionRow, since: Timestamp) -> Written<Inserted> {
        self.write(move |connection| {
            if !row.express
                && let Some(known) = newest(connection, &row.arn, Some(row.machine))?
                && (known.ending.is_none() || known.started.0 > since.0)
            {
                return Ok(Inserted::Exists(Box::new(known)));
            }
            insert(connection, &row)?;
            Ok(Inserted::New)
        })
    }

    /// What the machine of a running execution was told, and the steps it had made then.
    pub fn append_journal(&self, execution: i64, number: u64, steps: u64, entries: String) -> Written<()> {
        self.write(move |connection| {
            let mut append = connection.prepare_cached("INSERT INTO journal VALUES (?, ?, ?, ?)")?;
            append.execute(params![execution, signed(number), signed(steps), entries])?;
            Ok(())
        })
    }

    /// An execution has ended: its history replaces its journal. `tokens` are those of its tasks.
    pub fn end_execution(
        &self,
        execution: i64,
        ending: Ending,
        history: Vec<Chunk>,
        tokens: Vec<std::sync::Arc<str>>,
    ) -> Written<()> {
        self.write(move |connection| {
            let sql = "UPDATE executions SET status = ?, stopped = ?, output = ?, error = ?, cause = ?, events = ? WHERE id = ?";
            let Ending { status, stopped, output, error, cause, events } = ending;
            let values = params![status, stopped.0, output, error, cause, events, execution];
            connection.prepare_cached(sql)?.execute(values)?;
            let mut keep = connection.prepare_cached("REPLACE INTO history VALUES (?, ?, ?)")?;
            for chunk in history {
                keep.execute(params![execution, chunk.first, chunk.events])?;
            }
            let mut close = connection.prepare_cached("REPLACE INTO closed_tokens VALUES (?, ?)")?;
            for token in tokens {
                close.execute(params![token, stopped.0])?;
            }
            connection.prepare_cached("DELETE FROM journal WHERE execution = ?")?.execute([execution])?;
            Ok(())
        })
    }

    /// An Express execution has ended: nothing is kept of it.
    pub fn forget_execution(&self, execution: i64) -> Written<()> {
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM executions WHERE id = ?")?.execute([execution])?;
            Ok(())
        })
    }

    /// The execution with this ARN, the newest if there were several.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn execution(&self, arn: &str) -> Result<Option<ExecutionRow>, StoreError> {
        let arn = arn.to_owned();
        self.read(move |connection| newest(connection, &arn, None)).await
    }

    /// Executions, newest first.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn executions(&self, filter: Filter) -> Result<Vec<ExecutionRow>, StoreError> {
        self.read(move |connection| list(connection, &filter)).await
    }

    /// The part of a history that begins with the chunk which holds event `from`; `backwards`: that ends with it. At most
    /// `limit` events and one chunk more are read.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn history(
        &self,
        execution: i64,
        from: u32,
        backwards: bool,
        limit: u32,
    ) -> Result<Vec<Chunk>, StoreError> {
        let (low, high) =
            if backwards { (from.saturating_sub(limit), from) } else { (from, from.saturating_add(limit)) };
        let sql = "SELECT first, events FROM history WHERE execution = ?1 AND first <= ?3 AND first >=
            (SELECT coalesce(max(first), 0) FROM history WHERE execution = ?1 AND first <= ?2) ORDER BY first";
        self.read(move |connection| {
            let mut query = connection.prepare_cached(sql)?;
            let chunk = |row: &Row<'_>| Ok(Chunk { first: row.get(0)?, events: row.get(1)? });
            query.query_map(params![execution, low, high], chunk)?.collect()
        })
        .await
    }

    /// Whether the task with this token was closed.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn is_closed(&self, token: &str) -> Result<bool, StoreError> {
        let token = token.to_owned();
        self.read(move |connection| {
            connection.prepare_cached("SELECT 1 FROM closed_tokens WHERE token = ?")?.exists([token])
        })
        .await
    }

    /// Forgets the tokens that were closed before `before`.
    pub fn forget_tokens(&self, before: Timestamp) -> Written<()> {
        self.write(move |connection| {
            connection.execute("DELETE FROM closed_tokens WHERE closed < ?", [before.0])?;
            Ok(())
        })
    }

    /// The executions that an earlier process left running, oldest first.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn leftovers(&self) -> Result<Vec<Leftover>, StoreError> {
        self.read_now(|connection| {
            let mut query = connection.prepare("SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY id")?;
            let rows = query.query_map([], execution)?.collect::<rusqlite::Result<Vec<_>>>()?;
            rows.into_iter().map(|row| leftover(connection, row)).collect()
        })
    }
}

fn leftover(connection: &Connection, row: ExecutionRow) -> rusqlite::Result<Leftover> {
    let mut query =
        connection.prepare_cached("SELECT steps, entries FROM journal WHERE execution = ? ORDER BY number")?;
    let mut steps = 0;
    let mut journal = Vec::new();
    let mut found = query.query([row.id])?;
    while let Some(entry) = found.next()? {
        steps = u64::try_from(entry.get::<_, i64>(0)?).unwrap_or(0);
        journal.push(entry.get(1)?);
    }
    Ok(Leftover { row, journal, steps })
}

fn newest(connection: &Connection, arn: &str, machine: Option<i64>) -> rusqlite::Result<Option<ExecutionRow>> {
    let sql = "SELECT * FROM executions WHERE arn = ?1 AND (?2 IS NULL OR machine = ?2) ORDER BY id DESC LIMIT 1";
    connection.prepare_cached(sql)?.query_row(params![arn, machine], execution).optional()
}

fn list(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<ExecutionRow>> {
    // Without the payloads: a list does not show them.
    let mut sql = "SELECT id, arn, machine, revision, version, alias, name, express, started, '' AS input, trace, seed,
        test_case, starter, status, stopped, NULL AS output, NULL AS error, NULL AS cause, events
        FROM executions WHERE machine = ?"
        .to_owned();
    let mut values: Vec<Sql> = vec![filter.machine.into()];
    let mut also = |condition: &str, value: Option<Sql>| {
        if let Some(value) = value {
            sql.push_str(condition);
            values.push(value);
        }
    };
    also(" AND version = ?", filter.version.map(|version| i64::from(version).into()));
    also(" AND alias = ?", filter.alias.clone().map(Into::into));
    also(" AND status = ?", filter.status.clone().map(Into::into));
    also(" AND id < ?", filter.before.map(Into::into));
    also(" ORDER BY id DESC LIMIT ?", Some(i64::try_from(filter.limit).unwrap_or(i64::MAX).into()));
    let mut query = connection.prepare_cached(&sql)?;
    query.query_map(rusqlite::params_from_iter(values), execution)?.collect()
}

fn insert(connection: &Connection, row: &ExecutionRow) -> rusqlite::Result<()> {
    let sql = "INSERT INTO executions (id, arn, machine, revision, version, alias, name, express, started, input, trace, seed, test_case, starter, status, events)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING', 0)";
    connection.prepare_cached(sql)?.execute(params![
        row.id,
        row.arn,
        row.machine,
        row.revision,
        row.version,
        row.alias,
        row.name,
        row.express,
        row.started.0,
        row.input,
        row.trace,
        row.seed.cast_signed(),
        row.case,
        row.starter,
    ])?;
    Ok(())
}

fn execution(row: &Row<'_>) -> rusqlite::Result<ExecutionRow> {
    let status: std::sync::Arc<str> = row.get("status")?;
    let ending = if &*status == "RUNNING" {
        None
    } else {
        Some(Ending {
            status,
            stopped: Timestamp(row.get("stopped")?),
            output: row.get("output")?,
            error: row.get("error")?,
            cause: row.get("cause")?,
            events: row.get("events")?,
        })
    };
    Ok(ExecutionRow {
        id: row.get("id")?,
        arn: row.get("arn")?,
        machine: row.get("machine")?,
        revision: row.get("revision")?,
        version: row.get("version")?,
        alias: row.get("alias")?,
        name: row.get("name")?,
        express: row.get("express")?,
        started: Timestamp(row.get("started")?),
        input: row.get("input")?,
        trace: row.get("trace")?,
        seed: row.get::<_, i64>("seed")?.cast_unsigned(),
        case: row.get("test_case")?,
        starter: row.get("starter")?,
        ending,
    })
}

/// Steps and numbers of journals stay far below 2^63.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
