//! State machines and activities: read once when the store is opened, written when they change.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{ActivityRow, AliasRow, MachineRow, Publication, RevisionRow, TagRow, VersionRow};
use super::{Store, StoreError, Written};
use crate::value::Timestamp;

/// Everything but the executions. Of the revisions those that are current or published.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// By age.
    pub machines: Vec<MachineRow>,
    /// By age.
    pub revisions: Vec<RevisionRow>,
    /// By machine and number.
    pub versions: Vec<VersionRow>,
    /// By age.
    pub aliases: Vec<AliasRow>,
    /// By age.
    pub activities: Vec<ActivityRow>,
    /// By resource, in the order in which they were put on.
    pub tags: Vec<TagRow>,
    /// The largest id of any revision.
    pub last_revision: i64,
    /// The largest id of any execution.
    pub last_execution: i64,
}

impl Store {
    /// Reads what the service keeps in memory.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn catalogue(&self) -> Result<Catalogue, StoreError> {
        self.read_now(|connection| {
            Ok(Catalogue {
                machines: all(connection, "SELECT * FROM machines ORDER BY id", machine)?,
                revisions: all(
                    connection,
                    "SELECT * FROM revisions WHERE id IN (SELECT revision FROM machines UNION SELECT revision FROM versions) ORDER BY id",
                    revision,
                )?,
                versions: all(connection, "SELECT * FROM versions ORDER BY machine, number", version)?,
                aliases: all(connection, "SELECT * FROM aliases ORDER BY id", alias)?,
                activities: all(connection, "SELECT * FROM activities ORDER BY id", activity)?,
                tags: all(connection, "SELECT * FROM tags ORDER BY resource, position", tag)?,
                last_revision: last(connection, "SELECT max(id) FROM revisions")?,
                last_execution: last(connection, "SELECT max(id) FROM executions")?,
            })
        })
    }

    /// A revision, also one that is neither current nor published any more.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn revision(&self, id: i64) -> Result<Option<RevisionRow>, StoreError> {
        let query = move |connection: &Connection| {
            connection.query_row("SELECT * FROM revisions WHERE id = ?", [id], revision).optional()
        };
        self.read(query).await
    }

    /// A new state machine, or what changed of one; `revision` if that is new.
    pub fn put_machine(&self, row: MachineRow, revision: Option<RevisionRow>) -> Written<()> {
        self.write(move |connection| {
            if let Some(revision) = revision {
                put_revision(connection, &revision)?;
            }
            let mut put = connection.prepare_cached("REPLACE INTO machines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
            let kind = if row.express { "EXPRESS" } else { "STANDARD" };
            let created = row.created.0;
            let (publish, description) =
                row.publication.map_or((None, None), |given| (Some(given.publish), given.description));
            put.execute(params![
                row.id,
                row.name,
                kind,
                created,
                row.deleting,
                row.revision,
                row.next_version,
                publish,
                description
            ])?;
            Ok(())
        })
    }

    /// A state machine is gone, with its versions, aliases and the tags of `arn`. Its revisions stay for the executions
    /// that ran them.
    pub fn remove_machine(&self, id: i64, arn: &str) -> Written<()> {
        let arn = arn.to_owned();
        self.write(move |connection| {
            for table in ["machines WHERE id", "versions WHERE machine", "aliases WHERE machine"] {
                connection.execute(&format!("DELETE FROM {table} = ?"), [id])?;
            }
            connection.execute("DELETE FROM tags WHERE resource = ?", [arn])?;
            Ok(())
        })
    }

    /// A new version.
    pub fn put_version(&self, row: VersionRow) -> Written<()> {
        self.write(move |connection| {
            let values = params![row.machine, row.number, row.revision, row.created.0, row.description];
            connection.execute("REPLACE INTO versions VALUES (?, ?, ?, ?, ?)", values)?;
            Ok(())
        })
    }

    /// A version is gone.
    pub fn remove_version(&self, machine: i64, number: u32) -> Written<()> {
        self.write(move |connection| {
            connection
                .execute("DELETE FROM versions WHERE machine = ? AND number = ?", [machine, i64::from(number)])?;
            Ok(())
        })
    }

    /// A new or changed alias.
    pub fn put_alias(&self, row: AliasRow) -> Written<()> {
        self.write(move |connection| {
            let routes: Vec<String> =
                row.routes.iter().map(|(version, weight)| format!("{version}:{weight}")).collect();
            let (created, updated) = (row.created.0, row.updated.0);
            let values = params![row.id, row.machine, row.name, created, updated, row.description, routes.join(",")];
            connection.execute("REPLACE INTO aliases VALUES (?, ?, ?, ?, ?, ?, ?)", values)?;
            Ok(())
        })
    }

    /// An alias is gone.
    pub fn remove_alias(&self, id: i64) -> Written<()> {
        self.write(move |connection| {
            connection.execute("DELETE FROM aliases WHERE id = ?", [id])?;
            Ok(())
        })
    }

    /// All tags of `resource`.
    pub fn put_tags(&self, resource: &str, tags: Vec<TagRow>) -> Written<()> {
        let resource = resource.to_owned();
        self.write(move |connection| {
            connection.execute("DELETE FROM tags WHERE resource = ?", [resource])?;
            for (position, tag) in tags.iter().enumerate() {
                let position = i64::try_from(position).unwrap_or(i64::MAX);
                let values = params![tag.resource, position, tag.key, tag.value];
                connection.execute("INSERT INTO tags VALUES (?, ?, ?, ?)", values)?;
            }
            Ok(())
        })
    }

    /// A new activity.
    pub fn put_activity(&self, row: ActivityRow) -> Written<()> {
        self.write(move |connection| {
            let values = params![row.id, row.name, row.created.0, row.encryption];
            connection.execute("REPLACE INTO activities VALUES (?, ?, ?, ?)", values)?;
            Ok(())
        })
    }

    /// An activity is gone, with the tags of `arn`.
    pub fn remove_activity(&self, id: i64, arn: &str) -> Written<()> {
        let arn = arn.to_owned();
        self.write(move |connection| {
            connection.execute("DELETE FROM activities WHERE id = ?", [id])?;
            connection.execute("DELETE FROM tags WHERE resource = ?", [arn])?;
            Ok(())
        })
    }
}

fn put_revision(connection: &Connection, row: &RevisionRow) -> rusqlite::Result<()> {
    let values = params![row.id, row.machine, row.uuid, row.created.0, row.role, row.settings, row.definition];
    connection.prepare_cached("REPLACE INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)")?.execute(values)?;
    Ok(())
}

fn all<T>(connection: &Connection, sql: &str, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<Vec<T>> {
    connection.prepare(sql)?.query_map([], read)?.collect()
}

fn last(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    Ok(connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0))
}

fn machine(row: &Row<'_>) -> rusqlite::Result<MachineRow> {
    let publish: Option<bool> = row.get("publish")?;
    let description = row.get("version_description")?;
    Ok(MachineRow {
        id: row.get("id")?,
        name: row.get("name")?,
        express: row.get::<_, String>("type")? == "EXPRESS",
        created: Timestamp(row.get("created")?),
        deleting: row.get("deleting")?,
        revision: row.get("revision")?,
        next_version: row.get("next_version")?,
        publication: publish.map(|publish| Publication { publish, description }),
    })
}

fn revision(row: &Row<'_>) -> rusqlite::Result<RevisionRow> {
    Ok(RevisionRow {
        id: row.get("id")?,
        machine: row.get("machine")?,
        uuid: row.get("uuid")?,
        created: Timestamp(row.get("created")?),
        role: row.get("role")?,
        settings: row.get("settings")?,
        definition: row.get("definition")?,
    })
}

fn version(row: &Row<'_>) -> rusqlite::Result<VersionRow> {
    Ok(VersionRow {
        machine: row.get("machine")?,
        number: row.get("number")?,
        revision: row.get("revision")?,
        created: Timestamp(row.get("created")?),
        description: row.get("description")?,
    })
}

fn alias(row: &Row<'_>) -> rusqlite::Result<AliasRow> {
    let routes: String = row.get("routes")?;
    let route = |text: &str| {
        let (version, weight) = text.split_once(':')?;
        Some((version.parse().ok()?, weight.parse().ok()?))
    };
    Ok(AliasRow {
        id: row.get("id")?,
        machine: row.get("machine")?,
        name: row.get("name")?,
        created: Timestamp(row.get("created")?),
        updated: Timestamp(row.get("updated")?),
        description: row.get("description")?,
        routes: routes.split(',').filter_map(route).collect(),
    })
}

fn activity(row: &Row<'_>) -> rusqlite::Result<ActivityRow> {
    Ok(ActivityRow {
        id: row.get("id")?,
        name: row.get("name")?,
        created: Timestamp(row.get("created")?),
        encryption: row.get("encryption")?,
    })
}

fn tag(row: &Row<'_>) -> rusqlite::Result<TagRow> {
    Ok(TagRow { resource: row.get("resource")?, key: row.get("key")?, value: row.get("value")? })
}
