//! State machines, activities and tags as the service holds them: read from the store once, written behind each change.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::arn::{Arn, Qualifier, Resource};
use super::settings::Settings;
use crate::api::Exception;
use crate::asl::{Definition, StateMachine};
use crate::store::{ActivityRow, AliasRow, Catalogue, MachineRow, RevisionRow, TagRow, VersionRow};
use crate::value::Timestamp;

/// All of them. Ids grow, so their order is that of age.
#[derive(Debug, Default)]
pub(super) struct Registry {
    pub(super) machines: BTreeMap<i64, Machine>,
    pub(super) activities: BTreeMap<i64, ActivityRow>,
    tags: HashMap<Arc<str>, Vec<TagRow>>,
    machine_ids: HashMap<Arc<str>, i64>,
    activity_ids: HashMap<Arc<str>, i64>,
    last: i64,
    last_revision: i64,
}

/// A state machine.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) row: MachineRow,
    pub(super) current: Arc<Revision>,
    pub(super) versions: BTreeMap<u32, Version>,
    /// By age.
    pub(super) aliases: Vec<AliasRow>,
}

/// A published version.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) row: VersionRow,
    pub(super) revision: Arc<Revision>,
}

/// What a state machine was at some time.
#[derive(Debug)]
pub(super) struct Revision {
    pub(super) row: RevisionRow,
    pub(super) settings: Settings,
    compiled: OnceLock<Option<Arc<StateMachine>>>,
}

impl Revision {
    pub(super) fn new(row: RevisionRow) -> Self {
        let settings = Settings::from_json(&row.settings);
        Self { row, settings, compiled: OnceLock::new() }
    }

    /// The state machine of the definition, compiled on first use; none if this release does not take it any more.
    pub(super) fn machine(&self) -> Option<Arc<StateMachine>> {
        let compile = || Definition::read("definition.json", &self.row.definition).machine;
        self.compiled.get_or_init(compile).clone()
    }
}

impl Registry {
    pub(super) fn new(catalogue: Catalogue) -> Self {
        let Catalogue { machines, revisions, versions, aliases, activities, tags, last_revision, .. } = catalogue;
        let revisions: HashMap<i64, Arc<Revision>> =
            revisions.into_iter().map(|row| (row.id, Arc::new(Revision::new(row)))).collect();
        let mut registry = Self { last_revision, ..Self::default() };
        for row in machines {
            // Each row is written together with its revision.
            if let Some(current) = revisions.get(&row.revision).cloned() {
                registry.add(Machine { row, current, versions: BTreeMap::new(), aliases: Vec::new() });
            }
        }
        for row in versions {
            let owner = registry.machines.get_mut(&row.machine).zip(revisions.get(&row.revision));
            if let Some((machine, revision)) = owner {
                machine.versions.insert(row.number, Version { row, revision: Arc::clone(revision) });
            }
        }
        for row in aliases {
            registry.last = registry.last.max(row.id);
            if let Some(machine) = registry.machines.get_mut(&row.machine) {
                machine.aliases.push(row);
            }
        }
        activities.into_iter().for_each(|row| registry.add_activity(row));
        for tag in tags {
            registry.tags.entry(Arc::clone(&tag.resource)).or_default().push(tag);
        }
        registry
    }

    /// An id for something new.
    pub(super) fn next_id(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    pub(super) fn next_revision(&mut self) -> i64 {
        self.last_revision += 1;
        self.last_revision
    }

    pub(super) fn add(&mut self, machine: Machine) {
        self.last = self.last.max(machine.row.id);
        self.machine_ids.insert(Arc::clone(&machine.row.name), machine.row.id);
        self.machines.insert(machine.row.id, machine);
    }

    pub(super) fn remove(&mut self, id: i64) -> Option<Machine> {
        let machine = self.machines.remove(&id)?;
        self.machine_ids.remove(&machine.row.name);
        Some(machine)
    }

    pub(super) fn named(&self, name: &str) -> Option<&Machine> {
        self.machines.get(self.machine_ids.get(name)?)
    }

    pub(super) fn named_mut(&mut self, name: &str) -> Option<&mut Machine> {
        self.machines.get_mut(self.machine_ids.get(name)?)
    }

    pub(super) fn add_activity(&mut self, row: ActivityRow) {
        self.last = self.last.max(row.id);
        self.activity_ids.insert(Arc::clone(&row.name), row.id);
        self.activities.insert(row.id, row);
    }

    pub(super) fn activity(&self, name: &str) -> Option<&ActivityRow> {
        self.activities.get(self.activity_ids.get(name)?)
    }

    pub(super) fn remove_activity(&mut self, name: &str) -> Option<ActivityRow> {
        self.activities.remove(&self.activity_ids.remove(name)?)
    }

    pub(super) fn tags(&self, resource: &str) -> &[TagRow] {
        self.tags.get(resource).map_or(&[], |tags| tags)
    }

    pub(super) fn set_tags(&mut self, resource: &str, tags: Vec<TagRow>) {
        if tags.is_empty() {
            self.tags.remove(resource);
        } else {
            self.tags.insert(resource.into(), tags);
        }
    }
}

/// What a state machine ARN leads to, for those who run or describe it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) row: MachineRow,
    pub(super) revision: Arc<Revision>,
    pub(super) version: Option<VersionRow>,
    pub(super) alias: Option<AliasRow>,
}

impl Registry {
    /// What the ARN of a state machine, of a version or of an alias leads to. `draw` takes a number below the given one
    /// and says which version of an alias it is.
    ///
    /// # Errors
    /// `StateMachineDoesNotExist`
    pub(super) fn target(&self, arn: &Arn<'_>, draw: impl FnOnce(u32) -> u32) -> Result<Target, Exception> {
        let missing = || does_not_exist(arn);
        let Resource::StateMachine { name, qualifier } = arn.resource else { return Err(missing()) };
        let machine = self.named(name).ok_or_else(missing)?;
        let row = machine.row.clone();
        let versioned = |number: u32, alias: Option<&AliasRow>| {
            let Version { row: version, revision } = machine.versions.get(&number).cloned().ok_or_else(missing)?;
            Ok(Target { row: row.clone(), revision, version: Some(version), alias: alias.cloned() })
        };
        match qualifier {
            None => {
                let revision = Arc::clone(&machine.current);
                Ok(Target { row, revision, version: None, alias: None })
            }
            Some(Qualifier::Version(number)) => versioned(number, None),
            Some(Qualifier::Alias(alias)) => {
                let alias = machine.alias(alias).ok_or_else(missing)?;
                versioned(route(&alias.routes, draw(100)), Some(alias))
            }
        }
    }
}

impl Machine {
    pub(super) fn alias(&self, name: &str) -> Option<&AliasRow> {
        self.aliases.iter().find(|alias| &*alias.name == name)
    }

    /// The version of the current revision, if it was published.
    pub(super) fn published(&self) -> Option<&Version> {
        self.versions.values().find(|version| version.revision.row.id == self.current.row.id)
    }

    /// Publishes the current revision, unless that was done before. The caller writes both rows.
    pub(super) fn publish(&mut self, description: Option<Arc<str>>, now: Timestamp) -> (VersionRow, bool) {
        if let Some(known) = self.published() {
            return (known.row.clone(), false);
        }
        let number = self.row.next_version;
        self.row.next_version += 1;
        let revision = Arc::clone(&self.current);
        let row = VersionRow { machine: self.row.id, number, revision: revision.row.id, created: now, description };
        self.versions.insert(number, Version { row: row.clone(), revision });
        (row, true)
    }
}

/// The version that `drawn`, a number below 100, falls to.
fn route(routes: &[(u32, u32)], drawn: u32) -> u32 {
    let mut below = 0;
    let found = routes.iter().find(|(_, weight)| {
        below += weight;
        drawn < below
    });
    found.or(routes.first()).map_or(0, |(version, _)| *version)
}

/// `StateMachineDoesNotExist` (recorded).
pub(super) fn does_not_exist(arn: impl std::fmt::Display) -> Exception {
    Exception::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_route_by_weight() {
        let share = |routes: &[(u32, u32)], version| (0..100).filter(|n| route(routes, *n) == version).count();
        assert_eq!(share(&[(1, 100)], 1), 100);
        let canary = [(1, 90), (2, 10)];
        assert_eq!((share(&canary, 1), share(&canary, 2)), (90, 10));
        assert_eq!(share(&[(1, 0), (2, 100)], 2), 100);
    }
}
