use proptest::prelude::*;

use super::SPACING;
use crate::cli::graph::tests::{ODD, chart_of, machine};
use crate::tui::graph::layered::{Drawing, Link, Size};

fn layered(sizes: &[Size], links: &[Link]) -> Drawing {
    crate::tui::graph::layered::layered(sizes, links, &SPACING)
}

const BOX: Size = (80.0, 40.0);

fn link(from: usize, to: usize) -> Link {
    Link { from, to, label: (30.0, 14.0) }
}

fn overlap((a, a_size): ((f64, f64), Size), (b, b_size): ((f64, f64), Size)) -> bool {
    let apart = |a: f64, b: f64, room: f64| (a - b).abs() >= room / 2.0 - 0.01;
    !apart(a.0, b.0, a_size.0 + b_size.0) && !apart(a.1, b.1, a_size.1 + b_size.1)
}

fn check(drawing: &Drawing, sizes: &[Size], links: &[Link]) {
    for (at, centre) in drawing.centres.iter().enumerate() {
        let (half_width, half_height) = (sizes[at].0 / 2.0, sizes[at].1 / 2.0);
        assert!(centre.0 - half_width >= -0.01 && centre.0 + half_width <= drawing.size.0 + 0.01, "{drawing:?}");
        assert!(centre.1 - half_height >= -0.01 && centre.1 + half_height <= drawing.size.1 + 0.01, "{drawing:?}");
        for (other, place) in drawing.centres.iter().enumerate().skip(at + 1) {
            assert!(!overlap((*centre, sizes[at]), (*place, sizes[other])), "{at} and {other}: {drawing:?}");
        }
    }
    assert_eq!((drawing.ways.len(), drawing.labels.len()), (links.len(), links.len()));
    for (way, link) in drawing.ways.iter().zip(links) {
        let near = |at: usize, (x, y): (f64, f64)| {
            let centre = drawing.centres[at];
            (x - centre.0).abs() <= sizes[at].0 / 2.0 + 0.01 && (y - centre.1).abs() <= sizes[at].1 / 2.0 + 0.01
        };
        assert!(near(link.from, way[0]) && near(link.to, way[way.len() - 1]), "{link:?}: {way:?}");
    }
}

#[test]
fn what_follows_stands_below() {
    let links = [link(0, 1), link(1, 2), link(0, 2), link(2, 0), link(1, 1)];
    let sizes = [BOX; 3];
    let drawing = layered(&sizes, &links);
    check(&drawing, &sizes, &links);
    let ys: Vec<f64> = drawing.centres.iter().map(|centre| centre.1).collect();
    assert!(ys[0] < ys[1] && ys[1] < ys[2], "{ys:?}");
    let passes = |way: &[(f64, f64)]| {
        way.iter().any(|(x, y)| (y - ys[1]).abs() < 21.0 && (x - drawing.centres[1].0).abs() < 40.0)
    };
    assert!(!passes(&drawing.ways[2]) && !passes(&drawing.ways[3]), "the long ways lead around");
}

#[test]
fn ways_cross_no_more_than_they_must() {
    // Two chains whose ends are named the other way around.
    let links = [link(0, 1), link(0, 2), link(1, 4), link(2, 3)];
    let drawing = layered(&[BOX; 5], &links);
    let x = |at: usize| drawing.centres[at].0;
    assert_eq!(x(1) < x(2), x(4) < x(3));
}

#[test]
fn nothing_and_very_much_can_be_drawn() {
    assert_eq!(layered(&[], &[]).size, (0.0, 0.0));
    let links: Vec<Link> = (1..600).flat_map(|at| [link(at - 1, at), link(at, 600)]).collect();
    let drawing = layered(&[BOX; 601], &links);
    assert!(drawing.size.1 > 600.0 * 40.0);
}

#[test]
fn names_cannot_break_the_picture() {
    let machine = machine(ODD);
    let picture = super::render(&chart_of(&machine));
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert!(picture.contains("a &quot;quoted&quot; &lt;b&gt;&amp;amp; [x](y)"), "{picture}");
    assert!(!picture.contains("<b>") && !picture.contains(['\t', '\u{7}']), "{picture}");
    let count = |what: &str| picture.matches(what).count();
    assert_eq!(count("<text "), count("</text>"));
    assert_eq!(count("<g>"), count("</g>"));
    assert_eq!(picture, super::render(&chart_of(&machine)), "it is the same each time");
}

#[test]
fn long_names_are_cut_and_kept_in_the_title() {
    let name = "東".repeat(60);
    let machine = machine(&format!("StartAt: {name}\nStates:\n  {name}: {{Type: Succeed}}\n"));
    let picture = super::render(&chart_of(&machine));
    assert!(picture.contains(&format!("<title>{name}</title>")) && picture.contains("東…</text>"), "{picture}");
}

fn any_graph() -> impl Strategy<Value = (Vec<Size>, Vec<Link>)> {
    (1usize..14).prop_flat_map(|count| {
        let sizes = proptest::collection::vec((20.0f64..200.0, 14.0f64..160.0), count);
        let links = proptest::collection::vec((0..count, 0..count, 0.0f64..90.0), 0..24);
        let links = links.prop_map(|all| {
            all.into_iter().map(|(from, to, wide)| Link { from, to, label: (wide, 14.0) }).collect::<Vec<_>>()
        });
        (sizes, links)
    })
}

proptest! {
    #[test]
    fn things_do_not_overlap((sizes, links) in any_graph()) {
        check(&layered(&sizes, &links), &sizes, &links);
    }
}
