//! TagResource, UntagResource, ListTagsForResource: tags of state machines and activities.

use std::sync::Arc;

use super::arn::{Arn, Resource};
use super::inner::Inner;
use super::parameters::{Answer, Parameters, nothing};
use super::registry::Registry;
use crate::api::{Exception, Reply};
use crate::store::TagRow;
use crate::value::Value;

/// The most tags of a resource (API reference).
const MOST: usize = 50;

/// The tags of a request, for the resource with this ARN.
///
/// # Errors
/// `TooManyTags`
pub(super) fn read(tags: &[Value], resource: &str) -> Result<Vec<TagRow>, Exception> {
    let text = |tag: &Value, name: &str| Arc::<str>::from(tag.get(name).and_then(Value::as_str).unwrap_or_default());
    let mut found: Vec<TagRow> = Vec::new();
    for tag in tags {
        put(&mut found, TagRow { resource: resource.into(), key: text(tag, "key"), value: text(tag, "value") });
    }
    check_count(&found, resource)?;
    Ok(found)
}

/// Adds a tag, or gives the one with its key another value.
fn put(tags: &mut Vec<TagRow>, tag: TagRow) {
    match tags.iter_mut().find(|known| known.key == tag.key) {
        Some(known) => known.value = tag.value,
        None => tags.push(tag),
    }
}

fn check_count(tags: &[TagRow], resource: &str) -> Result<(), Exception> {
    if tags.len() <= MOST {
        return Ok(());
    }
    let message = format!("Too many tags: '{resource}' would have {} tags; at most {MOST} are allowed", tags.len());
    Err(Exception::new("TooManyTags", message))
}

impl Inner {
    pub(super) async fn tag(&self, parameters: Parameters<'_>) -> Reply {
        let resource = parameters.required("resourceArn")?;
        let new = read(parameters.items("tags"), resource)?;
        self.change_tags(resource, |tags| {
            new.into_iter().for_each(|tag| put(tags, tag));
            check_count(tags, resource)
        })
        .await
    }

    pub(super) async fn untag(&self, parameters: Parameters<'_>) -> Reply {
        let resource = parameters.required("resourceArn")?;
        let keys: Vec<&str> = parameters.items("tagKeys").iter().filter_map(Value::as_str).collect();
        self.change_tags(resource, |tags| {
            tags.retain(|tag| !keys.contains(&&*tag.key));
            Ok(())
        })
        .await
    }

    async fn change_tags(
        &self,
        resource: &str,
        change: impl FnOnce(&mut Vec<TagRow>) -> Result<(), Exception>,
    ) -> Reply {
        let written = {
            let mut registry = self.registry();
            self.check_resource(resource, &registry)?;
            let mut tags = registry.tags(resource).to_vec();
            change(&mut tags)?;
            registry.set_tags(resource, tags.clone());
            self.store.put_tags(resource, tags)
        };
        written.committed().await?;
        Ok(nothing())
    }

    pub(super) async fn list_tags(&self, parameters: Parameters<'_>) -> Reply {
        let resource = parameters.required("resourceArn")?;
        let tags = {
            let registry = self.registry();
            self.check_resource(resource, &registry)?;
            registry.tags(resource).to_vec()
        };
        self.settled().await?;
        let shown = tags.into_iter().map(|tag| Answer::new().with("key", tag.key).with("value", tag.value).into());
        Ok(Answer::new().list("tags", shown).into())
    }

    /// Only state machines and activities have tags, not versions and aliases (recorded).
    fn check_resource(&self, text: &str, registry: &Registry) -> Result<(), Exception> {
        let arn = Arn::parse(text)?;
        let is_known = match arn.resource {
            Resource::StateMachine { name, qualifier: None } => registry.named(name).is_some(),
            Resource::Activity { name } => registry.activity(name).is_some(),
            _ => false,
        };
        if is_known && self.is_ours(&arn) {
            return Ok(());
        }
        Err(Exception::new("ResourceNotFound", format!("Resource not found: '{text}'")))
    }
}
