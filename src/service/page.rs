//! Pages and the tokens that lead to the next one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

use super::parameters::Parameters;
use crate::api::Exception;
use crate::api::shape::DEFAULT_PAGE;
use crate::value::Timestamp;

/// How long a token is good for (API reference).
const LIFETIME_MILLIS: i64 = 24 * 3_600_000;

/// Bytes of a token: when it was made, where the next page begins, and the digest that binds both to their list.
const TIME: usize = 8;
const PLACE: usize = 8;
const DIGEST: usize = 16;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The most results it holds.
    pub(super) size: usize,
    /// What the token of the page before says; none: the first page.
    pub(super) after: Option<i64>,
    list: String,
    now: Timestamp,
}

impl Page {
    /// Reads `maxResults` and `nextToken`. `list` says what is listed: a token of another list is none of this one.
    ///
    /// # Errors
    /// `InvalidToken`: it is none, of another list, or older than 24 hours.
    pub(super) fn read(parameters: Parameters<'_>, list: String, now: Timestamp) -> Result<Self, Exception> {
        let page = Self::first(parameters, list, now);
        let after = match parameters.text("nextToken") {
            Some(token) => Some(open(token, &page.list, now).ok_or_else(invalid_token)?),
            None => None,
        };
        Ok(Self { after, ..page })
    }

    /// The first page, whatever `nextToken` says.
    pub(super) fn first(parameters: Parameters<'_>, list: String, now: Timestamp) -> Self {
        let size = parameters.number("maxResults").filter(|size| *size > 0).unwrap_or(DEFAULT_PAGE);
        Self { size, after: None, list, now }
    }

    /// The token of the page that comes after `place`.
    #[must_use]
    pub(super) fn token(&self, place: i64) -> String {
        let mut bytes = Vec::with_capacity(TIME + PLACE + DIGEST);
        bytes.extend(self.now.0.to_be_bytes());
        bytes.extend(place.to_be_bytes());
        let digest = digest(&bytes, &self.list);
        bytes.extend(digest);
        BASE64.encode(bytes)
    }

    /// The first page of `items`, which come after the place of the token already, and the token of the next page;
    /// `place` is where an item stands.
    pub(super) fn cut<T>(
        &self,
        items: impl IntoIterator<Item = T>,
        place: impl Fn(&T) -> i64,
    ) -> (Vec<T>, Option<String>) {
        let mut found: Vec<T> = items.into_iter().take(self.size.saturating_add(1)).collect();
        let more = found.len() > self.size;
        found.truncate(self.size);
        let token = found.last().filter(|_| more).map(|last| self.token(place(last)));
        (found, token)
    }
}

/// `InvalidToken` (the wording is recorded for task tokens).
#[must_use]
pub(super) fn invalid_token() -> Exception {
    Exception::new("InvalidToken", "Invalid Token: 'Invalid token'")
}

/// The place in a token of `list`.
fn open(token: &str, list: &str, now: Timestamp) -> Option<i64> {
    let bytes = BASE64.decode(token).ok()?;
    let (signed, found) = bytes.split_at_checked(TIME + PLACE)?;
    let (time, place) = signed.split_at_checked(TIME)?;
    let made = Timestamp(i64::from_be_bytes(time.try_into().ok()?));
    let age = now.since(made);
    let is_ours = found == digest(signed, list) && age < LIFETIME_MILLIS;
    is_ours.then(|| place.try_into().ok().map(i64::from_be_bytes)).flatten()
}

fn digest(signed: &[u8], list: &str) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    hash.update(b"asldb page");
    hash.update(signed);
    hash.update(list.as_bytes());
    let mut short = [0; DIGEST];
    short.copy_from_slice(&hash.finalize()[..DIGEST]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn page(token: Option<&str>, list: &str, now: i64) -> Result<Page, Exception> {
        let token = token.map_or(Value::Null, Value::from);
        let members = [("maxResults", Value::from(2)), ("nextToken", token)];
        let parameters = Value::Object(members.into_iter().collect());
        Page::read(Parameters(&parameters), list.to_owned(), Timestamp(now))
    }

    #[test]
    fn pages_follow_each_other() {
        let all = [1_i64, 2, 3, 4, 5];
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let page = page(token.as_deref(), "numbers", 7).expect("a page");
            let (found, next) =
                page.cut(all.iter().copied().filter(|n| page.after.is_none_or(|last| *n > last)), |n| *n);
            seen.push(found);
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, [vec![1, 2], vec![3, 4], vec![5]]);
    }

    #[test]
    fn tokens_are_of_their_list_and_age() {
        let token = page(None, "a", 1000).expect("a page").token(-3);
        assert_eq!(page(Some(&token), "a", 1000).expect("good").after, Some(-3));
        assert!(page(Some(&token), "a", 999 + LIFETIME_MILLIS).is_ok());
        let mut forged = BASE64.decode(&token).expect("base 64");
        forged[12] ^= 1;
        for (token, list, now) in [
            (&*token, "b", 1000),
            (&token, "a", 1000 + LIFETIME_MILLIS),
            (&BASE64.encode(forged), "a", 1000),
            (&token[1..], "a", 1000),
            ("", "a", 1000),
            ("10", "a", 1000),
            ("x y", "a", 1000),
        ] {
            assert_eq!(page(Some(token), list, now).expect_err(token).name, "InvalidToken");
        }
    }
}
