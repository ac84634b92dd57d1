//! Paths, operators, functions: what they evaluate to.

use super::yields;

/// Two customers, one with one order, one with two.
const SHOP: &str = r#"{
    "shop": "Corner",
    "customers": [
        {"name": "Ann", "orders": [{"id": 1, "lines": [{"item": "tea", "price": 4, "count": 2}]}]},
        {"name": "Bob", "orders": [
            {"id": 2, "lines": [{"item": "tea", "price": 4, "count": 1}, {"item": "pot", "price": 20, "count": 1}]},
            {"id": 3, "lines": [{"item": "cup", "price": 3, "count": 6}]}
        ]}
    ],
    "empty": [],
    "one": [7],
    "nested": [[1, 2], [3, [4]]],
    "odd name": true
}"#;

#[test]
fn paths_map_over_arrays_and_flatten() {
    yields(
        SHOP,
        &[
            ("shop", r#""Corner""#),
            ("`odd name`", "true"),
            ("\"shop\"", r#""shop""#),
            ("$.\"shop\"", r#""Corner""#),
            ("missing", "undefined"),
            ("missing.deeper", "undefined"),
            ("customers.name", r#"["Ann","Bob"]"#),
            ("customers.orders.id", "[1,2,3]"),
            ("customers.orders.lines.price", "[4,4,20,3]"),
            ("customers[0].orders.id", "1"),
            ("one", "[7]"),
            ("$.one", "[7]"),
            ("one.($ + 1)", "8"),
            ("empty", "[]"),
            ("empty.x", "undefined"),
            ("nested", "[[1,2],[3,[4]]]"),
            ("nested.($count($))", "[2,2]"),
            ("customers.missing", "undefined"),
            ("$$.shop", r#""Corner""#),
            ("customers.{$$.shop: name}", r#"[{"Corner":"Ann"},{"Corner":"Bob"}]"#),
        ],
    );
}

#[test]
fn a_single_value_loses_its_array_unless_it_is_to_be_kept() {
    yields(
        SHOP,
        &[
            ("customers[name='Ann'].orders.id", "1"),
            ("customers[name='Ann'].orders.id[]", "[1]"),
            ("customers[][name='Ann'].orders.id", "[1]"),
            ("customers[name='Ann'].orders[].id", "[1]"),
            ("customers[name='Zoe'].orders[].id", "undefined"),
            ("customers.[name]", r#"[["Ann"],["Bob"]]"#),
            ("[customers[0].name]", r#"["Ann"]"#),
            ("shop[]", r#"["Corner"]"#),
        ],
    );
}

#[test]
fn predicates_are_places_or_conditions() {
    yields(
        SHOP,
        &[
            ("customers[1].name", r#""Bob""#),
            ("customers[-1].name", r#""Bob""#),
            ("customers[1.9].name", r#""Bob""#),
            ("customers[9].name", "undefined"),
            ("customers.orders[0].id", "[1,2]"),
            ("(customers.orders)[0].id", "1"),
            ("customers.orders[-1].id", "[1,3]"),
            ("customers.orders[[0, 1]].id", "[1,2,3]"),
            ("customers.orders[[0..5]].id", "[1,2,3]"),
            ("customers.orders[id > 1].id", "[2,3]"),
            ("customers[orders.lines.item = 'tea'].name", r#""Ann""#),
            ("customers['tea' in orders.lines.item].name", r#"["Ann","Bob"]"#),
            ("customers.orders.lines[price >= 4][count = 1].item", r#"["tea","pot"]"#),
            ("[10, 20, 30][$ > 10]", "[20,30]"),
            ("shop[0]", r#""Corner""#),
            ("shop[1]", "undefined"),
        ],
    );
}

#[test]
fn wildcards_and_descendants() {
    yields(
        r#"{"a":{"x":1,"y":[2,[3]]},"b":{"x":{"z":4}}}"#,
        &[
            ("a.*", "[1,2,3]"),
            ("*.x", r#"[1,{"z":4}]"#),
            ("**.z", "4"),
            ("**.x", r#"[1,{"z":4}]"#),
            ("$count(**)", "8"),
            ("b.x.*", "4"),
        ],
    );
}

#[test]
fn operators_compute_and_compare() {
    yields(
        "",
        &[
            ("1 + 2 * 3 - 4 / 8", "6.5"),
            ("(1 + 2) * 3", "9"),
            ("7 % 3", "1"),
            ("-7 % 3", "-1"),
            ("0.1 + 0.2", "0.30000000000000004"),
            ("10 / 2", "5"),
            ("-(3)", "-3"),
            ("1 + missing", "undefined"),
            ("'a' & 1 & true & null & missing & [1, 'b']", r#""a1truenull[1,\"b\"]""#),
            ("1 = 1.0", "true"),
            ("[1, {'a': 2}] = [1, {'a': 2}]", "true"),
            ("{'a': 1, 'b': 2} = {'b': 2, 'a': 1}", "true"),
            ("1 = '1'", "false"),
            ("missing = missing", "false"),
            ("missing != 1", "false"),
            ("'abc' < 'abd' and 2 >= 2", "true"),
            ("missing < 1", "undefined"),
            ("2 in [1, 2]", "true"),
            ("2 in 2", "true"),
            ("[2] in [[2]]", "false"),
            ("0 or ''", "false"),
            ("[0] or [0, 1]", "true"),
            ("true ? 'yes'", r#""yes""#),
            ("false ? 'yes'", "undefined"),
            ("1 > 2 ? 'a' : 2 > 1 ? 'b' : 'c'", r#""b""#),
            ("[1..3, 5, 7..8]", "[1,2,3,5,7,8]"),
            ("[3..1]", "[]"),
            ("$count([-2..2])", "5"),
        ],
    );
}

#[test]
fn constructors_make_arrays_and_objects() {
    yields(
        r#"{"a":[1,2],"k":"key"}"#,
        &[
            ("[]", "[]"),
            ("[1, [2, 3], [[4]]]", "[1,[2,3],[[4]]]"),
            ("[a, 3]", "[1,2,3]"),
            ("[[a], 3]", "[[1,2],3]"),
            ("[missing, null]", "[null]"),
            ("{}", "{}"),
            ("{k: a[0], 'none': missing, 'sum': $sum(a)}", r#"{"key":1,"sum":3}"#),
            ("a.{'v': $}", r#"[{"v":1},{"v":2}]"#),
            ("a.[$, $ * 10]", "[[1,10],[2,20]]"),
        ],
    );
}

#[test]
fn grouping_gathers_what_has_the_same_key() {
    yields(
        SHOP,
        &[
            ("customers.orders.lines{item: $sum(count)}", r#"{"tea":3,"pot":1,"cup":6}"#),
            ("customers.orders.lines{item: count}", r#"{"tea":[2,1],"pot":1,"cup":6}"#),
            ("customers.orders.lines{item: [count]}", r#"{"tea":[2,1],"pot":[1],"cup":[6]}"#),
            ("customers{name: $count(orders)}", r#"{"Ann":1,"Bob":2}"#),
            ("missing{'a': 1}", r#"{"a":1}"#),
        ],
    );
}

#[test]
fn sorting_orders_by_terms_and_keeps_ties() {
    yields(
        SHOP,
        &[
            ("customers.orders.lines^(price).item", r#"["cup","tea","tea","pot"]"#),
            ("customers.orders.lines^(>price, count).(item & count)", r#"["pot1","tea1","tea2","cup6"]"#),
            ("customers^(>name)[0].name", r#""Bob""#),
            ("['b', 'a', 'C']^($)", r#"["C","a","b"]"#),
            ("[{'a': 2}, {}, {'a': 1}]^(a).a", "[1,2]"),
        ],
    );
}

#[test]
fn names_are_bound_on_the_way() {
    yields(
        SHOP,
        &[
            ("customers@$c.orders.(id & $c.name)", r#"undefined"#),
            ("customers@$c.$c.orders.(id & $c.name)", r#"["1Ann","2Bob","3Bob"]"#),
            ("customers#$i.(name & $i)", r#"["Ann0","Bob1"]"#),
            ("customers.orders#$i.(id & ':' & $i)", r#"["1:0","2:0","3:1"]"#),
            ("customers.orders.lines#$i[$i = 1].item", r#""pot""#),
            ("customers.orders.lines^(price)#$i[$i < 2].item", r#"["cup","tea"]"#),
            ("customers.orders.lines.(item & %.id & %.%.name)", r#"["tea1Ann","tea2Bob","pot2Bob","cup3Bob"]"#),
            ("customers.orders[%.name = 'Bob'].id", "[2,3]"),
            ("customers.orders.lines[%.id = 3].%.%.name", r#""Bob""#),
            ("customers.orders.lines^(>%.id, price).item", r#"["cup","tea","pot","tea"]"#),
        ],
    );
}

#[test]
fn joins_pair_items_of_two_arrays() {
    yields(
        r#"{"books":[{"id":1,"t":"A"},{"id":2,"t":"B"}],"loans":[{"book":2,"who":"x"},{"book":1,"who":"y"}]}"#,
        &[
            ("books@$b.loans@$l[$l.book = $b.id].{$b.t: $l.who}", r#"[{"A":"y"},{"B":"x"}]"#),
            ("loans@$l.books@$b[$b.id = $l.book].($l.who & $b.t)", r#"["xB","yA"]"#),
            ("loans@$l#$i.books@$b[$b.id = $l.book]{$b.t: $i}", r#"{"B":0,"A":1}"#),
        ],
    );
}

#[test]
fn blocks_have_variables_of_their_own() {
    yields(
        "",
        &[
            ("($a := 1; $b := $a + 1; $a + $b)", "3"),
            ("($a := 1; ($a := 2); $a)", "1"),
            ("($a := $b := 4; $a + $b)", "8"),
            ("()", "undefined"),
            ("(1; 2; 3)", "3"),
            ("$nothing", "undefined"),
            ("/* a */ 1 /* b */ + /**/ 2", "3"),
        ],
    );
}

#[test]
fn functions_are_values() {
    yields(
        "",
        &[
            ("function($x){ $x * 2 }(4)", "8"),
            ("λ($x, $y){ $x & $y }('a')", r#""a""#),
            ("($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))", "3628800"),
            ("($add := function($a){ function($b){ $a + $b } }; $add(3)(4))", "7"),
            ("($third := $substring(?, 2, 1); $third('abcd'))", r#""c""#),
            ("($f := function($a, $b, $c){ $a & $b & $c }; $f('x', ?, 'z')('y'))", r#""xyz""#),
            ("function($x)<n:n>{ $x }", "function"),
            ("$sum", "function"),
            ("[1, $sum]", r#"[1,""]"#),
            ("function($a)<a:n>{ $count($a) }(5)", "1"),
        ],
    );
}

#[test]
fn chains_pass_their_left_side_on() {
    yields(
        r#"{"a":[3,1,2]}"#,
        &[
            ("a ~> $sum()", "6"),
            ("a ~> $sum", "6"),
            ("'a-b' ~> $substringBefore('-') ~> $uppercase", r#""A""#),
            ("($f := $trim ~> $uppercase; $f(' x '))", r#""X""#),
            ("a ~> $sort ~> $reverse", "[3,2,1]"),
            ("a.$string() ~> $join('+')", r#""3+1+2""#),
        ],
    );
}

#[test]
fn transformations_change_a_copy() {
    yields(
        r#"{"a":{"x":1,"y":2},"list":[{"n":1},{"n":2,"in":{"n":3}}]}"#,
        &[
            ("$ ~> |a|{'x': 9}|", r#"{"a":{"x":9,"y":2},"list":[{"n":1},{"n":2,"in":{"n":3}}]}"#),
            ("$ ~> |a|{}, 'y'|", r#"{"a":{"x":1},"list":[{"n":1},{"n":2,"in":{"n":3}}]}"#),
            ("(a ~> |$|{'z': x + y}, ['x', 'y']|)", r#"{"z":3}"#),
            ("list ~> |$|{'n': n * 10}|", r#"[{"n":10},{"n":20,"in":{"n":3}}]"#),
            ("($ ~> |list|{'m': n}|).list", r#"[{"n":1,"m":1},{"n":2,"in":{"n":3},"m":2}]"#),
            ("($ ~> |**[$exists(n)]|{'seen': true}|).list[1]", r#"{"n":2,"in":{"n":3,"seen":true},"seen":true}"#),
            ("($new := $ ~> |a|{'x': 9}|; a.x)", "1"),
            ("missing ~> |a|{'x': 9}|", "undefined"),
        ],
    );
}

#[test]
fn an_array_as_input_is_one_context_item() {
    yields(
        "[1, 2, 3]",
        &[
            ("$", "[1,2,3]"),
            ("$sum($)", "6"),
            ("$[0]", "1"),
            ("$.($ + 1)", "[2,3,4]"),
            ("$$[1]", "2"),
            ("{'all': $}", r#"{"all":[1,2,3]}"#),
        ],
    );
}

#[test]
fn large_whole_numbers_pass_through_untouched() {
    yields(
        r#"{"id":9007199254740993,"list":[9223372036854775807]}"#,
        &[("id", "9007199254740993"), ("{'id': id}", r#"{"id":9007199254740993}"#), ("list", "[9223372036854775807]")],
    );
}

#[test]
fn names_in_a_row_go_through_objects_and_arrays() {
    let input = r#"{"a":{"b":{"c":[1,2]},"d":[{"e":[{"f":1},{"f":[2,3]},7,{}]},{"e":{"f":4}},{"e":[]}],"n":[[{"x":1}],{"x":2}],"t":"text","z":[]},"one":[{"two":[5]}]}"#;
    yields(
        input,
        &[
            ("a.b.c", "[1,2]"),
            ("a.d.e.f", "[1,2,3,4]"),
            ("a.d.e.f[0]", "[1,2,4]"),
            ("a.n.x", "[1,2]"),
            ("one.two", "[5]"),
            ("one.two.three", "undefined"),
            ("a.t.b", "undefined"),
            ("a.z.b.c", "undefined"),
            ("a.none.c", "undefined"),
            ("$.a.d.e.f", "[1,2,3,4]"),
            ("($x := a; $x.d.e.f)", "[1,2,3,4]"),
            ("($x := a.d; $x.e.f)", "[1,2,3,4]"),
            ("($x := [a.d]; $x.e.f)", "[1,2,3,4]"),
            ("($x := {'a': {'b': a.d.e}}; $x.a.b.f)", "[1,2,3,4]"),
            ("($x := {'a': a.d.e[f = 1]}; $x.a)", "{\"f\":1}"),
            ("a.d.e.f[]", "[1,2,3,4]"),
            ("one.two[]", "[5]"),
        ],
    );
}

#[test]
fn functions_that_compare_the_same_member_sort() {
    let input = r#"{"a":[{"n":3,"s":"c"},{"n":1,"s":"a"},{"s":"b"},{"n":2,"s":"ä"}]}"#;
    yields(
        input,
        &[
            ("$sort(a, function($l, $r) { $l.s > $r.s }).s", r#"["a","b","c","ä"]"#),
            ("$sort(a, function($l, $r) { $r.s > $l.s }).s", r#"["ä","c","b","a"]"#),
            // Of what is nothing no comparison is true.
            ("$sort(a, function($l, $r) { $l.n < $r.n }).n", "[3,1,2]"),
            ("$sort(a[$exists(n)], function($l, $r) { $l.n < $r.n }).n", "[3,2,1]"),
            ("$sort([3, 1, 2], function($l, $r) { $l > $r })", "[1,2,3]"),
            (
                "$sort(a, function($l, $r) { $l.n > $r.s }).s",
                "T2009: The values 3 and \"a\" either side of operator \">\" must be of the same data type",
            ),
        ],
    );
}

#[test]
fn a_repeated_key_is_found_before_later_keys_are_evaluated() {
    yields(
        r#"{"a":1}"#,
        &[
            ("{'x': 1, 'x': 2, a: 3}", "D1009: Multiple key definitions evaluate to same key: \"x\""),
            ("{a: 3, 'x': 1, 'x': 2}", "T1003: Key in object structure must evaluate to a string; got: 1"),
            ("{'x': 1, 'y': none, 'z': 2}", r#"{"x":1,"z":2}"#),
        ],
    );
}
