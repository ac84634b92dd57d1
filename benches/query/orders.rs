//! The data that is asked: a customer and orders.

use asldb::value::{self, Value};

/// Orders that make about 1 KB.
pub(crate) const SMALL: usize = 4;
/// Orders that make about 200 KB.
pub(crate) const LARGE: usize = 930;
/// Orders that make about 1 MB.
pub(crate) const HUGE: usize = 4_900;

const STATUSES: [&str; 4] = ["open", "shipped", "cancelled", "open"];

/// A document with `count` orders.
pub(crate) fn of(count: usize) -> Value {
    let orders: Vec<String> = (0..count).map(order).collect();
    value::read(&format!(
        r#"{{"region": "eu-west-1", "customer": {{"name": "Ada Lovelace", "vip": true, "address": {{"street": "12 St James's Square", "city": "London"}}}}, "orders": [{}]}}"#,
        orders.join(",")
    ))
    .expect("JSON")
}

fn order(at: usize) -> String {
    let items: Vec<String> = (0..2 + at % 3).map(|item| self::item(at * 7 + item)).collect();
    format!(
        r#"{{"id": "O-{at}", "status": "{}", "total": {}.5, "day": "2024-03-{:02}", "gift": {}, "items": [{}]}}"#,
        STATUSES[at % STATUSES.len()],
        (at * 7919) % 900,
        1 + at % 28,
        at.is_multiple_of(5),
        items.join(",")
    )
}

fn item(at: usize) -> String {
    format!(r#"{{"sku": "S-{}", "price": {}.25, "quantity": {}}}"#, at % 211, at % 97, 1 + at % 4)
}
