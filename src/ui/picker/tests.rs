//! The picker's keys and batches, without a terminal.

use super::Item;
use super::state::{Outcome, State};
use crate::ui::input::Key;

fn item(id: usize, name: &str) -> Item {
    Item { id: id.to_string(), name: name.to_owned(), ..Item::default() }
}

fn numbered(count: usize) -> Vec<Item> {
    (0..count).map(|at| item(1000 + at, &format!("Page {at}"))).collect()
}

fn state(items: Vec<Item>, more: bool) -> State {
    let mut state = State::new("Which?", ("Page", "Pages"), items, more);
    state.set_page(10);
    state
}

fn press(state: &mut State, keys: &[Key]) -> Outcome {
    keys.iter().map(|key| state.press(*key)).last().unwrap()
}

fn type_in(state: &mut State, text: &str) {
    text.chars().for_each(|c| assert_eq!(state.press(Key::Char(c)), Outcome::Open));
}

#[test]
fn tab_and_space_tick_and_enter_takes_in_listed_order() {
    let mut state = state(numbered(5), false);
    let closed = press(&mut state, &[Key::End, Key::Char(' '), Key::Home, Key::Tab, Key::Enter]);
    assert_eq!((closed, state.ticked()), (Outcome::Closed, vec![0, 4]));
    assert_eq!(state.summary(80), "2 Pages chosen: Page 0, Page 4");
}

#[test]
fn enter_guesses_nothing() {
    let mut state = state(numbered(5), false);
    assert_eq!(state.press(Key::Enter), Outcome::Open);
    assert!(state.notice.is_some());
    state.press(Key::Down);
    assert!(state.notice.is_none());
}

#[test]
fn a_blank_in_a_filter_is_text_and_ticks_nothing() {
    let mut state = state(numbered(30), false);
    type_in(&mut state, "page 7 ");
    assert_eq!(
        (state.filter.as_str(), state.ticked(), state.shown.as_slice()),
        ("page 7 ", vec![], &[7, 17, 27][..])
    );
    press(&mut state, &[Key::Tab, Key::Ctrl('u'), Key::Down, Key::Char(' ')]);
    assert_eq!(state.ticked(), [7, 8]);
}

#[test]
fn what_the_filter_hides_is_shown_before_it_is_taken() {
    let mut state = state(numbered(30), false);
    press(&mut state, &[Key::Tab, Key::Down, Key::Tab]);
    type_in(&mut state, "page 7");
    press(&mut state, &[Key::Tab, Key::Enter]);
    assert_eq!((state.filter.as_str(), state.at, state.shown.as_slice()), ("", 0, &[0, 1, 7][..]));
    assert_eq!(state.notice.as_deref(), Some("2 of the ticked ones were not shown; Enter takes all 3"));
    assert_eq!((state.press(Key::Enter), state.ticked()), (Outcome::Closed, vec![0, 1, 7]));
}

#[test]
fn the_ticked_ones_alone_can_be_looked_at() {
    let mut state = state(numbered(30), true);
    assert_eq!((state.press(Key::Ctrl('t')), state.only_ticked), (Outcome::Open, false));
    assert_eq!(state.notice.as_deref(), Some("nothing is ticked yet"));
    press(&mut state, &[Key::Tab, Key::PageDown, Key::Tab, Key::Ctrl('t')]);
    assert_eq!((state.shown.as_slice(), state.at), (&[0, 10][..], 1));
    assert!(!state.wants_more(), "a short list asks for no more");
    press(&mut state, &[Key::Tab, Key::Ctrl('t')]);
    assert_eq!((state.ticked(), state.shown.len(), state.at), (vec![0], 30, 10));
    press(&mut state, &[Key::Ctrl('t'), Key::Escape]);
    assert_eq!((state.shown.len(), state.is_cancelled()), (30, false));
}

#[test]
fn a_question_mark_explains_the_keys_unless_it_is_searched_for() {
    let mut state = state(numbered(3), false);
    state.press(Key::Char('?'));
    assert!(state.explains);
    state.press(Key::Escape);
    assert!(!state.explains && !state.is_cancelled());
    type_in(&mut state, "p?");
    assert_eq!((state.explains, state.filter.as_str()), (false, "p?"));
}

#[test]
fn escape_clears_the_filter_and_then_cancels() {
    let mut state = state(numbered(5), false);
    type_in(&mut state, "3");
    assert_eq!(state.press(Key::Escape), Outcome::Open);
    assert_eq!((state.filter.as_str(), state.shown.len(), state.is_cancelled()), ("", 5, false));
    assert_eq!(state.press(Key::Escape), Outcome::Closed);
    assert!(state.is_cancelled());
}

#[test]
fn the_filter_finds_names_and_ids_in_any_case() {
    let mut state =
        state(vec![item(77, "Toko BUNGA Melati"), item(88, "Kopi"), item(99, "متجر الزهور")], false);
    for (filter, found) in [("bunga", 0), ("toko melati", 0), ("8", 1), ("KOPI", 1), ("الزهور", 2)] {
        type_in(&mut state, filter);
        assert_eq!(state.shown, [found], "{filter}");
        state.press(Key::Ctrl('u'));
    }
    "Toko Bunga".chars().for_each(|c| _ = state.press(Key::Pasted(c)));
    assert_eq!(state.shown, [0]);
    press(&mut state, &[Key::Backspace; 20]);
    assert_eq!(state.shown, [0, 1, 2]);
}

#[test]
fn ticks_survive_the_filter_and_equal_names_stay_apart() {
    let mut state = state(vec![item(1, "Same"), item(2, "Other"), item(3, "Same")], false);
    type_in(&mut state, "same");
    press(&mut state, &[Key::Down, Key::Tab, Key::Escape]);
    assert_eq!((state.ticked(), state.shown[state.at]), (vec![2], 2));
}

#[test]
fn an_empty_name_is_said() {
    let state = state(vec![item(1, ""), item(2, " \u{200b}")], false);
    assert!(state.rows.iter().all(|row| row.name == "(no name)"), "{:?}", state.rows);
}

#[test]
fn all_means_all_that_match() {
    let mut state = state(numbered(12), false);
    type_in(&mut state, "page 1");
    press(&mut state, &[Key::Ctrl('a'), Key::Escape]);
    assert_eq!(state.ticked(), [1, 10, 11]);
    press(&mut state, &[Key::Ctrl('a')]);
    assert_eq!(state.ticked().len(), 12);
    press(&mut state, &[Key::Ctrl('a')]);
    assert!(state.ticked().is_empty());
}

#[test]
fn all_loads_the_rest_first() {
    let mut state = state(numbered(25), true);
    type_in(&mut state, "page 1");
    press(&mut state, &[Key::Ctrl('a')]);
    for _ in 0..2 {
        assert!(state.wants_more() && state.ticked().is_empty());
        state.loading();
        press(&mut state, &[Key::Tab, Key::Char('x'), Key::Enter, Key::Down]);
        state.add(numbered(25));
    }
    state.end();
    assert_eq!((state.ticked().len(), state.filter.as_str()), (3 * 12, "page 1"));
}

#[test]
fn all_is_nothing_where_the_rest_is_stopped_or_does_not_come() {
    let stops: [fn(&mut State); 4] = [
        |state| _ = state.press(Key::Escape),
        |state| _ = state.press(Key::Ctrl('a')),
        |state| state.fail("busy"),
        State::stop,
    ];
    for stop in stops {
        let mut state = state(numbered(25), true);
        press(&mut state, &[Key::Ctrl('a')]);
        state.loading();
        stop(&mut state);
        assert!(!state.takes_all && !state.is_cancelled() && state.notice.is_some());
        state.end();
        assert!(state.ticked().is_empty());
    }
}

#[test]
fn batches_come_when_the_end_is_near_and_move_nothing() {
    let mut state = state(numbered(25), true);
    assert!(!state.wants_more());
    press(&mut state, &[Key::Down, Key::Char(' '), Key::PageDown, Key::PageDown]);
    assert!(state.wants_more());
    state.loading();
    assert!(!state.wants_more());
    let place = (state.at, state.top);
    state.add(numbered(25));
    assert_eq!((state.at, state.top, state.ticked(), state.shown.len()), (place.0, place.1, vec![1], 50));
    assert!(!state.wants_more());
}

#[test]
fn a_filter_with_few_matches_asks_for_more_until_the_end() {
    let mut state = state(numbered(25), true);
    type_in(&mut state, "nowhere");
    for _ in 0..3 {
        assert!(state.wants_more());
        state.loading();
        state.add(numbered(25));
    }
    state.add(vec![item(5, "Nowhere")]);
    assert_eq!(state.shown, [100]);
    state.end();
    assert!(!state.wants_more() && !state.may_grow());
}

#[test]
fn more_can_be_asked_for_from_anywhere() {
    let mut state = state(numbered(25), true);
    state.press(Key::Ctrl('n'));
    assert!(state.wants_more());
    state.loading();
    state.add(numbered(25));
    assert!(!state.wants_more());
}

#[test]
fn a_failed_batch_is_asked_for_again_by_hand_only() {
    let mut state = state(numbered(3), true);
    state.loading();
    state.fail("busy");
    assert!(!state.wants_more());
    state.press(Key::Ctrl('n'));
    assert!(state.wants_more());
}

#[test]
fn the_list_scrolls_as_little_as_needed() {
    let mut state = state(numbered(30), false);
    let mut seen = Vec::new();
    for key in [Key::Down, Key::PageDown, Key::Up, Key::End, Key::PageUp, Key::PageUp, Key::Home] {
        state.press(key);
        seen.push((state.at, state.top));
    }
    assert_eq!(seen, [(1, 0), (11, 2), (10, 2), (29, 20), (19, 19), (9, 9), (0, 0)]);
    state.press(Key::End);
    state.set_page(40);
    assert_eq!(state.visible(), 0..30);
}
