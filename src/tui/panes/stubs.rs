use super::PaneView;
use crate::tui::command::Command;
use crate::tui::look::{Look, Request};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
macro_rules! stub { ($($n:ident),*) => {$(
#[derive(Default)] pub struct $n;
impl PaneView for $n {
    fn title(&self, _: &Look<'_>) -> String { String::new() }
    fn draw(&mut self, _: &Look<'_>, _: Rect, _: bool, _: &mut Buffer) -> Option<Position> { None }
    fn command(&mut self, _: Command, _: &Look<'_>) -> Option<Vec<Request>> { None }
    fn click(&mut self, _: Position, _: bool, _: &Look<'_>) -> Vec<Request> { vec![] }
    fn scroll(&mut self, _: i32, _: &Look<'_>) {}
    fn search(&mut self, _: &str, _: bool, _: &Look<'_>) -> bool { false }
    fn row_text(&self, _: &Look<'_>) -> String { String::new() }
})*}}
stub!(DataPane);
impl DataPane {
    pub fn detail_title(&self, _: u8, _: &Look<'_>) -> String {
        String::new()
    }
    pub fn draw_detail(&mut self, _: u8, _: usize, _: &Look<'_>, _: Rect, _: &mut Buffer) {}
}
