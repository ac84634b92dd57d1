//! Pages put together, as the AWS CLI does it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::failure::Failure;
use super::options::Pages;
use super::target::Target;
use crate::api::Operation;
use crate::api::shape::Paging;
use crate::value::{self, Object, Value};

/// Calls an operation page by page.
pub struct Pager<'a> {
    target: &'a Target,
    operation: Operation,
    paging: Paging,
    parameters: Object,
    /// Results that may still come.
    left: Option<usize>,
    /// Results to skip on the next page.
    skip: usize,
    is_over: bool,
    resume: Option<String>,
}

impl<'a> Pager<'a> {
    /// Begins where `pages` says.
    ///
    /// # Errors
    /// A starting token that cannot be read.
    pub fn new(
        target: &'a Target,
        operation: Operation,
        paging: Paging,
        mut parameters: Object,
        pages: &Pages,
    ) -> Result<Self, Failure> {
        let start = pages.starting_token.as_deref().map(Start::read).transpose()?.unwrap_or_default();
        if let Some(token) = start.token {
            parameters.insert("nextToken", token.into());
        }
        if let Some(size) = pages.page_size {
            parameters.insert("maxResults", size.into());
        }
        let left = pages.max_items;
        Ok(Self { target, operation, paging, parameters, left, skip: start.skip, is_over: false, resume: None })
    }

    /// The next page: an answer with the results that belong to it.
    ///
    /// # Errors
    /// Those of the call, and a service that repeats itself.
    pub async fn next(&mut self) -> Result<Option<Object>, Failure> {
        if self.is_over {
            return Ok(None);
        }
        let answer = self.target.call(self.operation, self.parameters.clone().into()).await?;
        let mut page = answer.as_object().cloned().unwrap_or_default();
        let results = page.get(self.paging.results).and_then(Value::as_array).cloned();
        let results = results.as_deref().unwrap_or_default();
        let skipped = std::mem::take(&mut self.skip);
        let results = results.get(skipped..).unwrap_or_default();
        let next = page.get("nextToken").and_then(Value::as_str).filter(|token| !token.is_empty()).map(str::to_owned);
        let kept = self.left.map_or(results.len(), |left| left.min(results.len()));
        if kept < results.len() {
            self.end(self.token(), Some(kept + skipped));
        } else if let Some(left) = self.left.as_mut() {
            *left -= kept;
        }
        page.insert(self.paging.results, results[..kept].to_vec().into());
        if !self.is_over {
            self.go_on(next)?;
        }
        Ok(Some(page))
    }

    /// Where to go on, if results were left out; to be asked when there are no more pages.
    #[must_use]
    pub fn resume_token(&self) -> Option<&str> {
        self.resume.as_deref()
    }

    fn token(&self) -> Option<String> {
        self.parameters.get("nextToken").and_then(Value::as_str).map(str::to_owned)
    }

    fn go_on(&mut self, next: Option<String>) -> Result<(), Failure> {
        let Some(next) = next else {
            self.is_over = true;
            return Ok(());
        };
        if self.left == Some(0) {
            self.end(Some(next), None);
            return Ok(());
        }
        if self.token().as_ref() == Some(&next) {
            let message = format!("The same next token was received twice: {{'nextToken': '{next}'}}");
            return Err(Failure::Other(format!("Error during pagination: {message}")));
        }
        self.parameters.insert("nextToken", next.into());
        Ok(())
    }

    fn end(&mut self, token: Option<String>, kept: Option<usize>) {
        self.is_over = true;
        self.resume = Some(Start { token, skip: 0 }.write(kept));
    }
}

/// All pages as one answer; `NextToken` tells where to go on.
///
/// # Errors
/// Those of the calls.
pub async fn all(mut pager: Pager<'_>) -> Result<Object, Failure> {
    let name = pager.paging.results;
    let mut results: Vec<Value> = Vec::new();
    while let Some(page) = pager.next().await? {
        let items = page.get(name).and_then(Value::as_array);
        results.extend(items.into_iter().flat_map(|items| items.iter().cloned()));
    }
    let mut whole = Object::from_iter([(name, Value::from(results))]);
    if let Some(token) = pager.resume_token() {
        whole.insert("NextToken", token.into());
    }
    Ok(whole)
}

/// Where to begin: what `NextToken` and `--starting-token` hold, as JSON in base64.
#[derive(Debug, Default, PartialEq, Eq)]
struct Start {
    token: Option<String>,
    /// Results of the page that were shown before.
    skip: usize,
}

impl Start {
    fn read(text: &str) -> Result<Self, Failure> {
        let decoded = BASE64_STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(Value::Object(object)) = decoded.and_then(|json| value::read(&json).ok()) else {
            return Ok(Self::read_old(text));
        };
        let token = object.get("nextToken").and_then(Value::as_str).map(str::to_owned);
        let skip = object.get("boto_truncate_amount").and_then(Value::as_number).and_then(value::Number::as_i64);
        Ok(Self { token, skip: usize::try_from(skip.unwrap_or(0)).unwrap_or(0) })
    }

    /// A token of the service, perhaps with the number of results to skip: `token___7`.
    fn read_old(text: &str) -> Self {
        let parts = text.split_once("___").and_then(|(token, skip)| Some((token, skip.parse().ok()?)));
        let (token, skip) = parts.unwrap_or((text, 0));
        Self { token: (token != "None").then(|| token.to_owned()), skip }
    }

    fn write(&self, kept: Option<usize>) -> String {
        let token = self.token.as_deref().map_or(Value::Null, Value::from).to_json();
        let kept = kept.map_or_else(String::new, |kept| format!(", \"boto_truncate_amount\": {kept}"));
        BASE64_STANDARD.encode(format!("{{\"nextToken\": {token}{kept}}}"))
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;

    use super::*;
    use crate::api::{Api, Reply, Request};
    use crate::cli::aws::target::Embedded;

    /// Ten state machines, `maxResults` or four at a time.
    struct Ten;

    impl Api for Ten {
        fn call(&self, request: Request) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
            let number = |name: &str| request.parameters.get(name).and_then(Value::as_number)?.as_i64();
            let size = number("maxResults").unwrap_or(4);
            let token = request.parameters.get("nextToken").and_then(Value::as_str);
            let start: i64 = token.map_or(0, |token| token.trim_start_matches('t').parse().expect("a token"));
            let end = (start + size).min(10);
            let machine = |n: i64| Value::from(Object::from_iter([("name", Value::from(n))]));
            let mut page =
                Object::from_iter([("stateMachines", Value::from((start..end).map(machine).collect::<Vec<_>>()))]);
            if end < 10 {
                page.insert("nextToken", format!("t{end}").into());
            }
            Box::pin(async move { Ok(page.into()) })
        }
    }

    async fn list(pages: Pages) -> (Vec<i64>, Option<String>) {
        let target = Target::Embedded(Embedded { api: std::sync::Arc::new(Ten), service: None });
        let operation = Operation::ListStateMachines;
        let paging = operation.description().paging.expect("pages");
        let whole = all(Pager::new(&target, operation, paging, Object::new(), &pages).expect("a pager")).await;
        let whole = whole.expect("an answer");
        let names = whole.get("stateMachines").and_then(Value::as_array).expect("machines").iter();
        let names = names.map(|item| item.get("name").and_then(Value::as_number).and_then(value::Number::as_i64));
        let token = whole.get("NextToken").and_then(Value::as_str).map(str::to_owned);
        (names.map(|name| name.expect("a number")).collect(), token)
    }

    fn pages(max_items: Option<usize>, page_size: Option<i64>, token: Option<&str>) -> Pages {
        Pages { paginate: true, max_items, page_size, starting_token: token.map(str::to_owned) }
    }

    #[tokio::test]
    async fn pages_are_put_together() {
        assert_eq!(list(pages(None, None, None)).await, ((0..10).collect(), None));
        assert_eq!(list(pages(None, Some(3), None)).await, ((0..10).collect(), None));
        assert_eq!(list(pages(Some(10), None, None)).await, ((0..10).collect(), None));
    }

    #[tokio::test]
    async fn one_can_stop_anywhere_and_go_on() {
        for count in 1..10 {
            let mut seen = Vec::new();
            let mut token = None;
            loop {
                let (names, next) = list(pages(Some(count), None, token.as_deref())).await;
                assert!(names.len() <= count);
                seen.extend(names);
                token = next;
                if token.is_none() {
                    break;
                }
            }
            assert_eq!(seen, (0..10).collect::<Vec<_>>(), "{count}");
        }
    }

    /// Compared with the AWS CLI 1.46.
    #[tokio::test]
    async fn tokens_are_those_of_the_aws_cli() {
        let (_, token) = list(pages(Some(1), None, None)).await;
        assert_eq!(token.as_deref(), Some("eyJuZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAxfQ=="));
        let (_, token) = list(pages(Some(4), None, None)).await;
        assert_eq!(token.as_deref(), Some("eyJuZXh0VG9rZW4iOiAidDQifQ=="));
        assert_eq!(list(pages(Some(1), None, Some("t8"))).await.0, [8]);
        assert_eq!(list(pages(Some(1), None, Some("t4___2"))).await.0, [6]);
    }
}
