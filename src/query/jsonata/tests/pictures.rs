//! Pictures of numbers, whole numbers, dates and times.

use super::yields;

#[test]
fn pictures_of_numbers() {
    yields(
        "",
        &[
            ("$formatNumber(12345.6, '#,###.00')", r#""12,345.60""#),
            ("$formatNumber(-12345.6, '#,##0.0#')", r#""-12,345.6""#),
            ("$formatNumber(0.5, '0%')", r#""50%""#),
            ("$formatNumber(0.5, '0.0‰')", r#""500.0‰""#),
            ("$formatNumber(1234.5678, '00.000e0')", r#""12.346e2""#),
            ("$formatNumber(0, '0.0e0')", r#""0.0e0""#),
            ("$formatNumber(-5, '0;(0)')", r#""(5)""#),
            ("$formatNumber(5, '000')", r#""005""#),
            ("$formatNumber(0.25, '#.##')", r#"".25""#),
            ("$formatNumber(1.5, '#.##0,00', {'decimal-separator': ',', 'grouping-separator': '.'})", r#""1,50""#),
            ("$formatNumber(255, '#٠', {'zero-digit': '٠'})", r#""٢٥٥""#),
            ("$formatNumber(1234.5, '$ #,##0.00 net')", r#""$ 1,234.50 net""#),
            ("$formatNumber(missing, '0')", "undefined"),
        ],
    );
}

#[test]
fn pictures_of_whole_numbers() {
    yields(
        "",
        &[
            ("$formatInteger(1234567, '#,##0')", r#""1,234,567""#),
            ("$formatInteger(12, '0000')", r#""0012""#),
            ("$formatInteger(22, '0;o')", r#""22nd""#),
            ("$formatInteger(112, '0;o')", r#""112th""#),
            ("$formatInteger(-3, 'w')", r#""-three""#),
            ("$formatInteger(1999, 'I') & ' ' & $formatInteger(28, 'a')", r#""MCMXCIX ab""#),
            ("$formatInteger(2789, 'Ww')", r#""Two Thousand, Seven Hundred and Eighty-Nine""#),
            ("$formatInteger(21, 'w;o')", r#""twenty-first""#),
            ("$formatInteger(7, '٠٠')", r#""٠٧""#),
            ("$parseInteger('1,234', '#,##0')", "1234"),
            ("$parseInteger('two thousand and one', 'w')", "2001"),
            ("$parseInteger('XIV', 'I') + $parseInteger('aa', 'a')", "41"),
            ("$parseInteger('22nd', '0;o')", "22"),
        ],
    );
}

#[test]
fn pictures_of_dates() {
    // 2018-03-23T10:33:36.617Z, a Friday.
    yields(
        "1521801216617",
        &[
            ("$fromMillis($)", r#""2018-03-23T10:33:36.617Z""#),
            ("$fromMillis($, '[Y0001]-[M01]-[D01]')", r#""2018-03-23""#),
            ("$fromMillis($, '[FNn], [D1o] of [MNn] [YI]')", r#""Friday, 23rd of March MMXVIII""#),
            ("$fromMillis($, '[h]:[m01] [P] [PN]')", r#""10:33 am AM""#),
            ("$fromMillis($, '[MN,*-3] [F,*-2]')", r#""MAR fr""#),
            ("$fromMillis($, '[X0001]-W[W01]-[F1]')", r#""2018-W12-5""#),
            ("$fromMillis($, '[d001] [w] [x]')", r#""082 4 3""#),
            ("$fromMillis($, '[H01]:[m01] [Z]', '+0530')", r#""16:03 +05:30""#),
            ("$fromMillis($, '[H01]:[m01] [z0000]', '-0500')", r#""05:33 GMT-0500""#),
            ("$fromMillis($, '[[[Y]]]')", r#""[2018]""#),
            ("$fromMillis($, '[Y,2-2] [E] [C]')", r#""18 ISO ISO""#),
            ("$now()", r#""2018-03-23T10:33:36.617Z""#),
            ("$now('[Y]')", r#""2018""#),
            ("$millis() = $", "true"),
        ],
    );
}

#[test]
fn texts_to_moments() {
    yields(
        "",
        &[
            ("$toMillis('2018-03-23T10:33:36.617Z')", "1521801216617"),
            ("$toMillis('2018-03-23T12:33:36.617+02:00')", "1521801216617"),
            ("$toMillis('2018-03-23T05:33:36.617-0500')", "1521801216617"),
            ("$toMillis('2018-03')", "1519862400000"),
            ("$toMillis('1970')", "0"),
            ("$toMillis('2018-13-01')", "null"),
            ("$toMillis('23/3/2018', '[D]/[M]/[Y]')", "1521763200000"),
            ("$toMillis('March 5th, 2018', '[MNn] [D1o], [Y]')", "1520208000000"),
            ("$toMillis('5 pm 1-1-1970', '[h] [P] [D]-[M]-[Y]')", "61200000"),
            ("$toMillis('2018-082', '[Y]-[d]')", "1521763200000"),
            ("$toMillis('10:30', '[H]:[m]')", "1521801000000"),
            ("$toMillis('1970-01-01 01:00 +01:00', '[Y]-[M]-[D] [H]:[m] [Z]')", "0"),
            ("$toMillis('1970-01-01 00:00 GMT-02:00', '[Y]-[M]-[D] [H]:[m] [z]')", "7200000"),
            ("$toMillis('other', '[Y]')", "undefined"),
        ],
    );
}
