//! Built-in functions: what they evaluate to.

use super::yields;

#[test]
fn strings() {
    yields(
        r#""context""#,
        &[
            ("$string(5)", r#""5""#),
            ("$string()", r#""context""#),
            ("$string({'a': [1.0, $sum]})", r#""{\"a\":[1,\"\"]}""#),
            ("$string([1, {'a': 2}], true)", r#""[\n  1,\n  {\n    \"a\": 2\n  }\n]""#),
            ("$length('a😀')", "2"),
            ("$length()", "7"),
            ("$substring('hello', 1)", r#""ello""#),
            ("$substring('hello', -3, 2)", r#""ll""#),
            ("$substring('a😀b', 1, 1)", r#""😀""#),
            ("$substring('hello', 1, -1)", r#""""#),
            ("$substringBefore('a-b-c', '-')", r#""a""#),
            ("$substringAfter('a-b-c', '-')", r#""b-c""#),
            ("$substringBefore('abc', 'x')", r#""abc""#),
            ("$uppercase('straße')", r#""STRASSE""#),
            ("$lowercase('ÄB')", r#""äb""#),
            ("$trim('  a \n\t b ')", r#""a b""#),
            ("$pad('x', 3) & '|'", r#""x  |""#),
            ("$pad('x', -4, '12')", r#""121x""#),
            ("$pad('long', 2)", r#""long""#),
            ("$contains('abc', 'bc')", "true"),
            ("$contains('abc', /^b/)", "false"),
            ("$join(['a', 'b'], ', ')", r#""a, b""#),
            ("$join('a')", r#""a""#),
            ("$split('a,b,,c', ',')", r#"["a","b","","c"]"#),
            ("$split('a,b,c', ',', 2)", r#"["a","b"]"#),
            ("$split('a1b22c', /\\d+/)", r#"["a","b","c"]"#),
            ("$split('ab', '')", r#"["a","b"]"#),
            ("$string(missing)", "undefined"),
        ],
    );
}

#[test]
fn regular_expressions() {
    yields(
        "",
        &[
            (
                "$match('ab12cd345', /[a-z]+(\\d+)/)",
                r#"[{"match":"ab12","index":0,"groups":["12"]},{"match":"cd345","index":4,"groups":["345"]}]"#,
            ),
            ("$match('ab', /b(c)?/).groups", "[null]"),
            ("$match('aaa', /a/, 2).index", "[0,1]"),
            ("$match('x', /y/)", "undefined"),
            ("$match('😀a', /a/).index", "2"),
            ("$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1')", r#""Smith, John""#),
            ("$replace('5 and 6', /\\d/, '$$0$0')", r#""$05 and $06""#),
            ("$replace('aaaa', 'a', 'b', 2)", r#""bbaa""#),
            ("$replace('12 cm', /(\\d+) cm/, function($m){ $string($number($m.groups[0]) / 2) & ' in' })", r#""6 in""#),
            ("$replace('abc', /b/, '$1')", r#""ac""#),
            ("$replace('abc', /(x)?b/, '[$1]')", r#""a[]c""#),
            ("/a(b)/('xab').groups", r#"["b"]"#),
            ("/a/('aXa').next().start", "2"),
            ("$contains('A', /a/i) and $contains('x\ny', /^y/m)", "true"),
        ],
    );
}

#[test]
fn numbers() {
    yields(
        "",
        &[
            ("$number('12.5e1')", "125"),
            ("$number('0x1F') + $number('0b11') + $number('0o17')", "49"),
            ("$number(true)", "1"),
            ("$abs(-3.5)", "3.5"),
            ("$floor(-1.5) & $ceil(-1.5)", r#""-2-1""#),
            ("[0.5, 1.5, 2.5, -0.5].$round()", "[0,2,2,0]"),
            ("$round(123.456, 2) & ' ' & $round(123.456, -1)", r#""123.46 120""#),
            ("$power(2, 10) + $sqrt(16)", "1028"),
            ("$formatBase(255, 16) & $formatBase(-5, 2)", r#""ff-101""#),
            ("$sum([1, 2.5])", "3.5"),
            ("$sum(7)", "7"),
            ("$max([1, 3, 2]) & $min([1, 3, 2]) & $average([1, 2, 3, 4])", r#""312.5""#),
            ("$sum([])", "0"),
            ("$max([])", "undefined"),
            ("$sum(missing)", "undefined"),
        ],
    );
}

#[test]
fn truth_and_types() {
    yields(
        "",
        &[
            ("$boolean('0')", "true"),
            ("$boolean([0, 0])", "false"),
            ("$not({})", "true"),
            ("$exists(missing) or $exists(null)", "true"),
            (
                "[1, 'a', null, true, [], {}, $sum].$type($)",
                r#"["number","string","null","boolean","array","object","function"]"#,
            ),
            ("$type([])", r#""array""#),
            ("$type(missing)", "undefined"),
            ("$assert(1 = 1, 'no')", "undefined"),
        ],
    );
}

#[test]
fn arrays() {
    yields(
        "",
        &[
            ("$count([1, 2]) + $count(5) + $count(missing)", "3"),
            ("$append([1], [2, [3]])", "[1,2,[3]]"),
            ("$append(1, missing)", "1"),
            ("$reverse([1, 2, 3])", "[3,2,1]"),
            ("$sort([10, 9, 1])", "[1,9,10]"),
            ("$sort(['b', 'B', 'a'])", r#"["B","a","b"]"#),
            ("$sort([{'a': 2}, {'a': 1}], function($l, $r){ $l.a > $r.a }).a", "[1,2]"),
            ("$distinct([1, '1', 1.0, {'a': 1}, {'a': 1}])", r#"[1,"1",{"a":1}]"#),
            ("$zip([1, 2, 3], ['a', 'b'])", r#"[[1,"a"],[2,"b"]]"#),
            ("$zip([1], missing)", "[]"),
            ("$count($shuffle([1..20]))", "20"),
            ("$sort($shuffle([1..5]))", "[1,2,3,4,5]"),
        ],
    );
}

#[test]
fn objects() {
    yields(
        "",
        &[
            ("$keys({'b': 1, 'a': 2})", r#"["b","a"]"#),
            ("$keys([{'a': 1}, {'b': 1, 'a': 2}])", r#"["a","b"]"#),
            ("$keys({'b': 1, '10': 2, '9': 3})", r#"["9","10","b"]"#),
            ("$keys({})", "undefined"),
            ("$lookup({'a b': 1}, 'a b')", "1"),
            ("$lookup([{'a': 1}, {'a': [2, 3]}], 'a')", "[1,2,3]"),
            ("$spread({'a': 1, 'b': 2})", r#"[{"a":1},{"b":2}]"#),
            ("$spread('text')", r#""text""#),
            ("$merge([{'a': 1, 'b': 1}, {'a': 2}])", r#"{"a":2,"b":1}"#),
            ("$each({'a': 1, 'b': 2}, function($v, $k){ $k & $v })", r#"["a1","b2"]"#),
            ("$sift({'a': 1, 'b': 2}, function($v){ $v > 1 })", r#"{"b":2}"#),
            ("$sift({'a': 1}, function($v){ $v > 1 })", "undefined"),
            ("{'a': 1}.$each(function($v, $k, $o){ $o })", r#"{"a":1}"#),
        ],
    );
}

#[test]
fn functions_of_functions() {
    yields(
        "",
        &[
            ("$map([1, 2], function($v, $i, $a){ $v * $i + $count($a) })", "[2,4]"),
            ("$map(['a', 'b'], $uppercase)", r#"["A","B"]"#),
            ("$map([1], function($v){ [$v] })", "[1]"),
            ("$map([], $string)", "undefined"),
            ("$filter([1..6], function($v, $i){ $i % 2 = 0 })", "[1,3,5]"),
            ("$filter([1, 2], function($v){ $v = 2 })", "2"),
            ("$reduce([1..5], function($p, $c){ $p * $c })", "120"),
            ("$reduce([], function($p, $c){ $p + $c }, 7)", "7"),
            ("$reduce(['a', 'b'], function($p, $c, $i){ $p & $c & $i }, '')", r#""a0b1""#),
            ("$single([1, 2, 3], function($v){ $v > 2 })", "3"),
        ],
    );
}

#[test]
fn encodings() {
    yields(
        "",
        &[
            ("$base64encode('héllo')", r#""aOlsbG8=""#),
            ("$base64decode('aOlsbG8=')", r#""héllo""#),
            ("$encodeUrlComponent('a b/ü?')", r#""a%20b%2F%C3%BC%3F""#),
            ("$encodeUrl('https://x.y/ü?a=b c')", r#""https://x.y/%C3%BC?a=b%20c""#),
            ("$decodeUrlComponent('a%20b%2F%C3%BC')", r#""a b/ü""#),
            ("$decodeUrl('a%20b%2F%C3%BC')", r#""a b%2Fü""#),
        ],
    );
}

#[test]
fn functions_of_another_context() {
    yields(
        r#"["a","b"]"#,
        &[
            ("$.$uppercase()", r#"["A","B"]"#),
            ("$.$pad(3)", r#"["a  ","b  "]"#),
            ("$.$substringBefore('b')", r#"["a",""]"#),
        ],
    );
}
