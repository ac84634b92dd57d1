//! DescribeMapRun, ListMapRuns, UpdateMapRun. Distributed Maps are not run yet, so there are no map runs.

use super::arn;
use super::inner::Inner;
use super::page::Page;
use super::parameters::{Answer, Parameters};
use crate::api::{Exception, Reply};

pub(super) fn describe(parameters: Parameters<'_>) -> Reply {
    arn::map_run(parameters.required("mapRunArn")?)?;
    Err(not_found())
}

pub(super) fn update(parameters: Parameters<'_>) -> Reply {
    arn::map_run(parameters.required("mapRunArn")?)?;
    Err(not_found())
}

/// `ResourceNotFound` (recorded for aliases).
pub(super) fn not_found() -> Exception {
    Exception::new("ResourceNotFound", "Request references a resource that does not exist.")
}

impl Inner {
    pub(super) async fn list_map_runs(&self, parameters: Parameters<'_>) -> Reply {
        let text = parameters.required("executionArn")?;
        arn::execution(text)?;
        Page::read(parameters, format!("map runs {text}"), self.now())?;
        self.find(text).await?;
        Ok(Answer::new().list("mapRuns", []).into())
    }
}
