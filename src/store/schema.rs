//! The tables.

use rusqlite::Connection;

use super::OpenError;

/// The format this release writes, kept as `user_version`.
const FORMAT: i64 = 4;

/// What came with format 2. Executions that were never redriven, all but a few, have nothing there.
const REDRIVES: &str = "
CREATE TABLE redrives (
    execution INTEGER NOT NULL,
    number INTEGER NOT NULL,
    redriven INTEGER,
    token TEXT,
    PRIMARY KEY (execution, number)
) WITHOUT ROWID;
";

/// What came with format 4; nothing in machines that were made before.
const PUBLICATIONS: &str = "
ALTER TABLE machines ADD COLUMN publish INTEGER;
ALTER TABLE machines ADD COLUMN version_description TEXT;
";

/// Times are milliseconds since 1970, payloads JSON text; events may be compressed (`packed`).
const TABLES: &str = "
CREATE TABLE machines (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    created INTEGER NOT NULL,
    deleting INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    next_version INTEGER NOT NULL
);
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    machine INTEGER NOT NULL,
    uuid TEXT,
    created INTEGER NOT NULL,
    role TEXT NOT NULL,
    settings TEXT NOT NULL,
    definition TEXT NOT NULL
);
CREATE INDEX revisions_of ON revisions (machine);
CREATE TABLE versions (
    machine INTEGER NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    description TEXT,
    PRIMARY KEY (machine, number)
) WITHOUT ROWID;
CREATE TABLE aliases (
    id INTEGER PRIMARY KEY,
    machine INTEGER NOT NULL,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    description TEXT,
    routes TEXT NOT NULL
);
CREATE TABLE tags (
    resource TEXT NOT NULL,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (resource, key)
) WITHOUT ROWID;
CREATE TABLE activities (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    encryption TEXT NOT NULL
);
CREATE TABLE executions (
    id INTEGER PRIMARY KEY,
    arn TEXT NOT NULL,
    machine INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    version INTEGER,
    alias TEXT,
    name TEXT NOT NULL,
    express INTEGER NOT NULL,
    started INTEGER NOT NULL,
    input TEXT NOT NULL,
    trace TEXT,
    seed INTEGER NOT NULL,
    test_case TEXT,
    starter TEXT,
    map_run TEXT,
    status TEXT NOT NULL,
    stopped INTEGER,
    output TEXT,
    error TEXT,
    cause TEXT,
    events INTEGER NOT NULL
);
CREATE INDEX executions_by_arn ON executions (arn);
CREATE INDEX executions_of ON executions (machine, id);
CREATE INDEX executions_running ON executions (id) WHERE status = 'RUNNING';
CREATE INDEX executions_in ON executions (map_run, id) WHERE map_run IS NOT NULL;
CREATE TABLE map_runs (
    arn TEXT PRIMARY KEY,
    execution INTEGER NOT NULL,
    number INTEGER NOT NULL,
    description TEXT NOT NULL
);
CREATE INDEX map_runs_of ON map_runs (execution, number);
CREATE TABLE journal (
    execution INTEGER NOT NULL,
    number INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (execution, number)
) WITHOUT ROWID;
CREATE TABLE history (
    execution INTEGER NOT NULL,
    first INTEGER NOT NULL,
    events TEXT NOT NULL,
    PRIMARY KEY (execution, first)
) WITHOUT ROWID;
CREATE TABLE closed_tokens (
    token TEXT PRIMARY KEY,
    closed INTEGER NOT NULL
) WITHOUT ROWID;
";

/// Makes the tables of a new store, adds those that an older one lacks, and refuses those of later releases.
pub(super) fn prepare(connection: &Connection) -> Result<(), OpenError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > FORMAT {
        return Err(OpenError::Newer { found, known: FORMAT });
    }
    if found == 0 {
        let make =
            format!("BEGIN IMMEDIATE; {TABLES} {REDRIVES} {PUBLICATIONS} PRAGMA user_version = {FORMAT}; COMMIT;");
        connection.execute_batch(&make)?;
    } else if found < FORMAT {
        // Format 3 only compresses: what is there stays as it is.
        let added = if found < 2 { REDRIVES } else { "" };
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; {added} {PUBLICATIONS} PRAGMA user_version = {FORMAT}; COMMIT;"
        ))?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
