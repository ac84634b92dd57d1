//! What is written of executions: how they were started, the journals of those that run, the histories of those that ended.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::lookups::newest;
use super::packed::Packed;
use super::rows::{Ending, ExecutionRow, MapRunRow};
use super::{Store, Written};
use crate::value::Timestamp;

/// What became of an execution that was to be inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// It is new.
    New,
    /// The state machine has one of that name.
    Exists(Box<ExecutionRow>),
}

/// Some events of a history, as a JSON array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The id of the first.
    pub first: u32,
    /// The events.
    pub events: String,
}

/// What is kept of an execution that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub ending: Ending,
    /// Whether its journal stays, so that it can be redriven.
    pub is_redrivable: bool,
    /// Its history.
    pub history: Vec<Chunk>,
    /// The tokens of its tasks.
    pub tokens: Vec<Arc<str>>,
    /// Its map runs.
    pub map_runs: Vec<MapRunRow>,
    /// Their child executions in the order of their numbers, with their histories.
    pub children: Vec<(ExecutionRow, Vec<Chunk>)>,
}

/// What is written when an execution is redriven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedriveRow {
    /// Which redrive, from 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// `clientToken`
    pub token: Option<Arc<str>>,
    /// The batch of the journal: its number, the steps made by then, and its line.
    pub batch: (u64, u64, String),
}

/// An execution that can be gone on with from the store: one that an earlier process left running, or one that ended
/// without success.
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

    /// An execution has ended: its history replaces its journal, which stays only for a redrive.
    pub fn end_execution(&self, execution: i64, finished: Finished) -> Written<()> {
        let Finished { ending, is_redrivable, history, tokens, map_runs, children } = finished;
        // Before it is the writing thread's turn.
        let history = packed(history);
        let children: Vec<_> = children.into_iter().map(|(child, history)| (child, packed(history))).collect();
        self.write(move |connection| {
            end(connection, execution, &ending)?;
            keep(connection, execution, &history)?;
            for run in &map_runs {
                // Of an earlier end, before a redrive.
                forget_children(connection, &run.arn)?;
            }
            for (child, history) in &children {
                insert(connection, child)?;
                put_redrives(connection, child)?;
                if let Some(ending) = &child.ending {
                    end(connection, child.id, ending)?;
                }
                keep(connection, child.id, history)?;
            }
            let mut put = connection.prepare_cached("REPLACE INTO map_runs VALUES (?, ?, ?, ?)")?;
            for run in map_runs {
                put.execute(params![run.arn, execution, run.number, run.description])?;
            }
            let mut close = connection.prepare_cached("REPLACE INTO closed_tokens VALUES (?, ?)")?;
            for token in tokens {
                close.execute(params![token, ending.stopped.0])?;
            }
            if !is_redrivable {
                connection.prepare_cached("DELETE FROM journal WHERE execution = ?")?.execute([execution])?;
            }
            Ok(())
        })
    }

    /// An execution that has ended runs again.
    pub fn redrive_execution(&self, execution: i64, redrive: RedriveRow) -> Written<()> {
        self.write(move |connection| {
            let RedriveRow { number, at, token, batch: (batch, steps, entries) } = redrive;
            let values = params![execution, number, at.0, token];
            connection.prepare_cached("INSERT INTO redrives VALUES (?, ?, ?, ?)")?.execute(values)?;
            let mut append = connection.prepare_cached("INSERT INTO journal VALUES (?, ?, ?, ?)")?;
            append.execute(params![execution, signed(batch), signed(steps), entries])?;
            let sql = "UPDATE executions SET status = 'RUNNING', stopped = NULL, output = NULL, error = NULL, cause = NULL WHERE id = ?";
            connection.prepare_cached(sql)?.execute([execution])?;
            Ok(())
        })
    }

    /// Forgets the journals of executions that ended before `before`.
    pub fn forget_journals(&self, before: Timestamp) -> Written<()> {
        self.write(move |connection| {
            let sql = "DELETE FROM journal WHERE execution IN (SELECT e.id FROM
                (SELECT DISTINCT execution FROM journal) j JOIN executions e ON e.id = j.execution WHERE e.stopped < ?)";
            connection.execute(sql, [before.0])?;
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

    /// Forgets the tokens that were closed before `before`.
    pub fn forget_tokens(&self, before: Timestamp) -> Written<()> {
        self.write(move |connection| {
            connection.execute("DELETE FROM closed_tokens WHERE closed < ?", [before.0])?;
            Ok(())
        })
    }
}

fn insert(connection: &Connection, row: &ExecutionRow) -> rusqlite::Result<()> {
    let sql = "INSERT INTO executions (id, arn, machine, revision, version, alias, name, express, started, input, trace, seed, test_case, starter, map_run, status, events)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING', 0)";
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
        row.map_run,
    ])?;
    Ok(())
}

fn end(connection: &Connection, execution: i64, ending: &Ending) -> rusqlite::Result<()> {
    let sql =
        "UPDATE executions SET status = ?, stopped = ?, output = ?, error = ?, cause = ?, events = ? WHERE id = ?";
    let Ending { status, stopped, output, error, cause, events } = ending;
    let values = params![status, stopped.0, output, error, cause, events, execution];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// The redrives of a child of a map run; it has no tokens.
fn put_redrives(connection: &Connection, child: &ExecutionRow) -> rusqlite::Result<()> {
    for number in 1..=child.redrives {
        let at = child.redriven.map(|at| at.0);
        let mut put = connection.prepare_cached("INSERT INTO redrives VALUES (?, ?, ?, NULL)")?;
        put.execute(params![child.id, number, at])?;
    }
    Ok(())
}

/// Takes the children of a map run out, with all that is kept of them.
fn forget_children(connection: &Connection, map_run: &str) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM history WHERE execution IN (SELECT id FROM executions WHERE map_run = ?)",
        "DELETE FROM redrives WHERE execution IN (SELECT id FROM executions WHERE map_run = ?)",
        "DELETE FROM executions WHERE map_run = ?",
    ] {
        connection.prepare_cached(sql)?.execute([map_run])?;
    }
    Ok(())
}

/// Chunks as they are kept, each with the id of its first event.
fn packed(history: Vec<Chunk>) -> Vec<(u32, Packed)> {
    history.into_iter().map(|chunk| (chunk.first, Packed::new(chunk.events))).collect()
}

fn keep(connection: &Connection, execution: i64, history: &[(u32, Packed)]) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached("REPLACE INTO history VALUES (?, ?, ?)")?;
    for (first, events) in history {
        put.execute(params![execution, first, events])?;
    }
    Ok(())
}

/// Steps and numbers of journals stay far below 2^63.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
