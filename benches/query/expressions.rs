//! The expressions that are measured.

/// Kinds of expressions, as definitions have them.
const EXPRESSIONS: [(&str, &str); 24] = [
    ("path", "customer.address.city"),
    ("path over all", "orders.items.price"),
    ("index", "orders[-1].items[0].sku"),
    ("predicate", r#"orders[status = "open" and total > 300].id"#),
    (
        "object",
        r#"{"name": customer.name, "count": $count(orders), "first": orders[0].{"id": id, "total": total}, "tags": ["a", region]}"#,
    ),
    ("objects", r#"orders.{"id": id, "sum": $sum(items.(price * quantity)), "open": status = "open"}"#),
    ("map", r#"$map(orders, function($order, $at) { $order.id & "-" & $at })"#),
    ("filter", r#"$filter(orders, function($order) { $order.total > 300 and $order.status != "cancelled" }).id"#),
    ("sum", "$sum(orders.items.(price * quantity))"),
    ("total", "$sum(orders.total)"),
    ("merge", r#"$merge([customer, {"orders": $count(orders), "region": region}])"#),
    ("merge all", "$merge(orders.{id: total})"),
    ("order by", "orders^(>total, id).id"),
    ("sort", "$sort(orders, function($a, $b) { $a.total > $b.total }).id"),
    ("join", r#"$join(orders.(id & ":" & status), ", ")"#),
    ("condition", r#"customer.vip ? "gold" : $count(orders) > 100 ? "silver" : "none""#),
    ("conditions", r#"orders.(total > 500 ? "large" : total > 100 ? "medium" : "small")"#),
    ("group", "orders{status: $sum(total)}"),
    (
        "aggregate",
        r#"($open := orders[status = "open"]; {"count": $count($open), "sum": $sum($open.total), "average": $average($open.total), "largest": $max($open.total)})"#,
    ),
    ("reduce", "$reduce(orders.total, function($sum, $total) { $sum + $total }, 0)"),
    ("text", r#"$uppercase(customer.name) & " (" & $string($count(orders)) & ")""#),
    ("distinct", "$distinct(orders.status)"),
    ("keys", "$keys(orders[0])"),
    ("exists", r#"$exists(orders[id = "O-2"]) and "open" in orders.status"#),
];

/// The names of the expressions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    EXPRESSIONS.iter().map(|(name, _)| *name)
}

/// The expression `name`.
pub(crate) fn text(name: &str) -> &'static str {
    EXPRESSIONS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).expect("a name of the table")
}
