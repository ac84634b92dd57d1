//! What is read of executions: those that run, and what is kept of those that ended.

use std::sync::Arc;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::executions::{Chunk, Leftover};
use super::packed::Unpacked;
use super::rows::{Ending, ExecutionRow, MapRunRow};
use super::{Store, StoreError};
use crate::value::Timestamp;

/// Which executions are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this state machine; children of map runs are not among them.
    pub machine: i64,
    /// Instead: the children of this map run, the last ones first.
    pub map_run: Option<String>,
    /// Started with this version.
    pub version: Option<u32>,
    /// Started with this alias.
    pub alias: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// Only those before this id: what earlier pages showed.
    pub before: Option<i64>,
    /// Whether they were redriven, or not.
    pub redriven: Option<bool>,
    /// At most this many.
    pub limit: usize,
}

impl Store {
    /// When the execution was redriven with this token, if that was after `since` and is one of the last `most` redrives.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn redriven_with(
        &self,
        execution: i64,
        token: &str,
        since: Timestamp,
        most: u32,
    ) -> Result<Option<Timestamp>, StoreError> {
        let token = token.to_owned();
        let sql = "SELECT redriven FROM redrives WHERE execution = ?1 AND token = ?2 AND redriven > ?3
            AND number > (SELECT max(number) FROM redrives WHERE execution = ?1) - ?4";
        self.read(move |connection| {
            let at = |row: &Row<'_>| Ok(Timestamp(row.get(0)?));
            connection.prepare_cached(sql)?.query_row(params![execution, token, since.0, most], at).optional()
        })
        .await
    }

    /// What an execution is gone on with from.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn leftover(&self, execution: i64) -> Result<Option<Leftover>, StoreError> {
        self.read(move |connection| {
            let sql = format!("SELECT *, {REDRIVES} FROM executions e WHERE id = ?");
            let row = connection.prepare_cached(&sql)?.query_row([execution], self::execution).optional()?;
            row.map(|row| leftover(connection, row)).transpose()
        })
        .await
    }

    /// The map runs of an execution that has ended.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn map_runs(&self, execution: i64) -> Result<Vec<MapRunRow>, StoreError> {
        self.read(move |connection| {
            let mut query = connection.prepare_cached("SELECT * FROM map_runs WHERE execution = ? ORDER BY number")?;
            query.query_map([execution], map_run)?.collect()
        })
        .await
    }

    /// The map run with this ARN, if its execution has ended.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn map_run(&self, arn: &str) -> Result<Option<MapRunRow>, StoreError> {
        let arn = arn.to_owned();
        self.read(move |connection| {
            connection.prepare_cached("SELECT * FROM map_runs WHERE arn = ?")?.query_row([arn], map_run).optional()
        })
        .await
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

    /// The id of the first child of a map run; those of the others follow.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn first_child(&self, map_run: &str) -> Result<Option<i64>, StoreError> {
        let map_run = map_run.to_owned();
        let sql = "SELECT min(id) FROM executions WHERE map_run = ?";
        self.read(move |connection| connection.prepare_cached(sql)?.query_row([map_run], |row| row.get(0))).await
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
            let chunk = |row: &Row<'_>| Ok(Chunk { first: row.get(0)?, events: row.get::<_, Unpacked>(1)?.0 });
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

    /// The executions that an earlier process left running, oldest first.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn leftovers(&self) -> Result<Vec<Leftover>, StoreError> {
        self.read_now(|connection| {
            let sql = format!("SELECT *, {REDRIVES} FROM executions e WHERE status = 'RUNNING' ORDER BY id");
            let mut query = connection.prepare(&sql)?;
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

pub(super) fn newest(
    connection: &Connection,
    arn: &str,
    machine: Option<i64>,
) -> rusqlite::Result<Option<ExecutionRow>> {
    let sql = format!(
        "SELECT *, {REDRIVES} FROM executions e WHERE arn = ?1 AND (?2 IS NULL OR machine = ?2) ORDER BY id DESC LIMIT 1"
    );
    connection.prepare_cached(&sql)?.query_row(params![arn, machine], execution).optional()
}

fn list(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<ExecutionRow>> {
    // Without the payloads: a list does not show them.
    let own = "machine = ? AND map_run IS NULL";
    let (whose, value) = match &filter.map_run {
        Some(run) => ("map_run = ?", Sql::from(run.clone())),
        None => (own, Sql::from(filter.machine)),
    };
    let redriven = match filter.redriven {
        None => "",
        Some(true) => " AND EXISTS (SELECT 1 FROM redrives r WHERE r.execution = e.id)",
        Some(false) => " AND NOT EXISTS (SELECT 1 FROM redrives r WHERE r.execution = e.id)",
    };
    let mut sql = format!(
        "SELECT id, arn, machine, revision, version, alias, name, express, started, '' AS input, trace, seed,
        test_case, starter, map_run, status, stopped, NULL AS output, NULL AS error, NULL AS cause, events, {REDRIVES}
        FROM executions e WHERE {whose}{redriven}"
    );
    let mut values: Vec<Sql> = vec![value];
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

/// How often each execution `e` was redriven, when last, and whether its journal is there.
const REDRIVES: &str = "(SELECT count(*) FROM redrives r WHERE r.execution = e.id) AS redrives,
    (SELECT max(r.redriven) FROM redrives r WHERE r.execution = e.id) AS redriven,
    EXISTS (SELECT 1 FROM journal j WHERE j.execution = e.id) AS has_journal";

fn map_run(row: &Row<'_>) -> rusqlite::Result<MapRunRow> {
    Ok(MapRunRow { arn: row.get("arn")?, number: row.get("number")?, description: row.get("description")? })
}

fn execution(row: &Row<'_>) -> rusqlite::Result<ExecutionRow> {
    let status: Arc<str> = row.get("status")?;
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
        map_run: row.get("map_run")?,
        redrives: row.get("redrives")?,
        redriven: row.get::<_, Option<i64>>("redriven")?.map(Timestamp),
        has_journal: row.get("has_journal")?,
        ending,
    })
}
