use proptest::prelude::*;
use ratatui::layout::{Position, Rect};

use super::*;

/// Every rectangle of a layout.
fn rectangles(layout: &Layout) -> Vec<Rect> {
    let fixed = [layout.header, layout.footer, layout.closing, layout.sentence];
    let areas = layout.areas.iter().flat_map(|area| [area.title, area.body]);
    let all = fixed.into_iter().chain(areas).chain(layout.rules.iter().copied());
    all.filter(|rect| !rect.is_empty()).collect()
}

/// All inside, none over another, nothing left over.
fn check(area: Rect, focus: Pane, zoom: bool, splits: &Splits) {
    let layout = Layout::new(area, focus, zoom, splits);
    let all = rectangles(&layout);
    let what = || format!("{}×{} {focus:?} {zoom}: {layout:?}", area.width, area.height);
    for (at, rect) in all.iter().enumerate() {
        assert_eq!(rect.intersection(area), *rect, "inside: {}", what());
        assert!(all[at + 1..].iter().all(|other| !rect.intersects(*other)), "apart: {}", what());
    }
    let cells: u32 = all.iter().map(|rect| rect.area()).sum();
    assert_eq!(cells, area.area(), "complete: {}", what());
    if layout.kind > Kind::Sentence {
        let shown = layout.pane(focus).map(|area| area.body.area());
        assert!(shown.is_some_and(|cells| cells > 0), "the focused pane is shown: {}", what());
        assert!(layout.areas.iter().all(|area| area.title.height == 1 && area.body.height > 0), "{}", what());
    }
}

#[test]
fn every_size_is_divided_without_gap_or_overlap() {
    for height in 1..=100 {
        for width in 1..=300 {
            let focus = Pane::ALL[usize::from(width + height) % 7];
            check(Rect::new(0, 0, width, height), focus, false, &Splits::default());
        }
    }
}

#[test]
fn every_focus_and_zoom_at_the_sizes_where_something_changes() {
    let heights = [9, 10, 15, 16, 24, 29, 30, 35, 36, 49, 50, 60];
    for (width, height) in
        [39, 40, 59, 60, 80, 99, 100, 120, 179, 180, 200].into_iter().flat_map(|w| heights.map(|h| (w, h)))
    {
        for focus in Pane::ALL {
            check(Rect::new(3, 5, width, height), focus, false, &Splits::default());
            check(Rect::new(3, 5, width, height), focus, true, &Splits::default());
        }
    }
}

fn shown(width: u16, height: u16, focus: Pane) -> (Kind, Vec<usize>) {
    let layout = Layout::new(Rect::new(0, 0, width, height), focus, false, &Splits::default());
    let panes = Pane::ALL.into_iter().filter(|pane| layout.pane(*pane).is_some());
    (layout.kind, panes.map(Pane::number).collect())
}

#[test]
fn what_is_shown_at_which_size() {
    let cases = [
        (39, 24, Pane::Source, Kind::Sentence, &[][..]),
        (80, 9, Pane::Source, Kind::Sentence, &[]),
        (59, 24, Pane::States, Kind::Single, &[2]),
        (80, 15, Pane::Data, Kind::Single, &[3]),
        (80, 24, Pane::Source, Kind::Three, &[1, 2, 3]),
        (80, 24, Pane::Context, Kind::Three, &[1, 2, 5]),
        (80, 50, Pane::Source, Kind::Tall, &[1, 2, 3, 4, 5]),
        (80, 50, Pane::Problems, Kind::Tall, &[1, 2, 3, 5, 7]),
        (120, 24, Pane::Stack, Kind::Three, &[1, 2, 6]),
        (120, 40, Pane::Source, Kind::Six, &[1, 2, 3, 4, 5, 6]),
        (120, 40, Pane::Problems, Kind::Six, &[1, 2, 4, 5, 6, 7]),
        (200, 60, Pane::Source, Kind::Wide, &[1, 2, 3, 4, 5, 6, 7]),
    ];
    for (width, height, focus, kind, panes) in cases {
        assert_eq!(shown(width, height, focus), (kind, panes.to_vec()), "{width}×{height} {focus:?}");
    }
}

#[test]
fn the_rule_runs_through_at_80_columns() {
    let layout = Layout::new(Rect::new(0, 0, 80, 24), Pane::Source, false, &Splits::default());
    assert_eq!(layout.rules.iter().map(|rule| rule.x).collect::<Vec<_>>(), [42, 42]);
    assert_eq!(layout.pane(Pane::Source).map(|area| area.body), Some(Rect::new(0, 2, 42, 12)));
    assert_eq!(layout.pane(Pane::Data).map(|area| area.title), Some(Rect::new(0, 14, 42, 1)));
}

#[test]
fn a_dragged_rule_follows_the_pointer() {
    let area = Rect::new(0, 0, 120, 40);
    let layout = |splits: &Splits| Layout::new(area, Pane::Source, false, splits);
    let before = layout(&Splits::default());
    let rule = before.rules[0];
    let mut splits = Splits::default();
    let divider = before.divider_at(Position::new(rule.x, 12)).expect("a rule");
    splits.drag(divider, 5, 0);
    assert_eq!(layout(&splits).rules[0].x, rule.x + 5);

    let data = before.pane(Pane::Data).expect("shown").title;
    let divider = before.divider_at(Position::new(data.x + 1, data.y)).expect("a rule");
    assert_eq!(divider, Divider::Rows { above: Slot::Pane(Pane::Source), below: Slot::Pane(Pane::Data) });
    splits.drag(divider, 0, -3);
    assert_eq!(layout(&splits).pane(Pane::Data).map(|area| area.title.y), Some(data.y - 3));
    assert_eq!(before.divider_at(Position::new(2, 1)), None, "above it is only the header");
}

#[test]
fn every_pane_is_made_larger_and_smaller() {
    for (width, height) in [(80, 24), (80, 50), (120, 40), (200, 60)] {
        for pane in Pane::ALL {
            let layout = |splits: &Splits| Layout::new(Rect::new(0, 0, width, height), pane, false, splits);
            let cells = |splits: &Splits| layout(splits).pane(pane).map_or(0, |area| area.body.area());
            let moved = |by: i16| {
                let mut splits = Splits::default();
                for (rule, direction) in layout(&splits).rules_around(pane) {
                    splits.drag(rule, direction * by, direction * by);
                }
                cells(&splits)
            };
            let before = cells(&Splits::default());
            assert!(moved(-1) < before && before < moved(1), "{pane:?} of {width}×{height}");
        }
    }
}

#[test]
fn panes_in_a_circle() {
    assert_eq!(Pane::Problems.cycle(1), Pane::Source);
    assert_eq!(Pane::Source.cycle(-1), Pane::Problems);
    assert_eq!(Pane::Data.cycle(0), Pane::Data);
    assert!(Pane::ALL.iter().all(|pane| u8::try_from(pane.number()).ok().and_then(Pane::numbered) == Some(*pane)));
    assert_eq!((Pane::numbered(0), Pane::numbered(8)), (None, None));
}

proptest! {
    #[test]
    fn whatever_was_moved_it_fits(
        width in 1u16..300, height in 1u16..100, focus in 0usize..7, zoom: bool,
        widths in proptest::collection::vec(any::<i16>(), 0..5),
        heights in proptest::collection::vec(any::<i16>(), 0..12),
    ) {
        let splits = Splits::kept(&widths, &heights);
        check(Rect::new(0, 0, width, height), Pane::ALL[focus], zoom, &splits);
    }
}
