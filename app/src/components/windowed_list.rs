//! A list that keeps only the rows in view in the page: 1,200 residents cost as much as 20.

use std::{collections::HashMap, hash::Hash, ops::Range};

use leptos::{ev, html, prelude::*, web_sys};

/// Rows kept above and below the view, so that neither a thumb nor the Tab key meets a gap.
const OVERSCAN_ROWS: usize = 6;
/// Up to this width (at the usual text size) rows are half as high again, for the lines that break.
const NARROW_PX: f64 = 328.0;
/// Row heights are given for this text size and grow with the reader's own.
const ROOT_FONT_PX: f64 = 16.0;

/// Rows of equal height over the caller's keys. The list scrolls by itself and fills the height it is given.
#[component]
pub fn WindowedList<K, F, V>(
    /// In the order shown. A key stays with its row while the list changes around it.
    #[prop(into)]
    keys: Signal<Vec<K>>,
    row_height_px: f64,
    /// Key and current place (from 0) to the content of a row.
    render: F,
    #[prop(into)] label: Signal<String>,
    /// Scrolls there, once for each new key.
    #[prop(optional, into)]
    scroll_to: Signal<Option<K>>,
    /// Goes back to the top when this changes: what is searched for, what is filtered by.
    #[prop(optional, into)]
    top_when: Signal<String>,
    /// Where a person left the list, as `on_scroll` told.
    #[prop(optional)]
    initial_scroll_px: f64,
    #[prop(optional, into)] on_scroll: Option<Callback<f64>>,
    #[prop(into, default = "windowed-list".to_owned())] testid: String,
) -> impl IntoView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    F: Fn(K, Signal<usize>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let scroller = NodeRef::<html::Div>::new();
    let scroll_px = RwSignal::new(initial_scroll_px);
    let viewport = viewport_size();
    let row_px = Memo::new(move |_| row_height_px * viewport.get().row_scale);
    let count = Memo::new(move |_| keys.with(Vec::len));
    let range = Memo::new(move |_| rows_in_view(scroll_px.get(), viewport.get().height_px, row_px.get(), count.get()));
    let window = Memo::new(move |_| {
        let range = range.get();
        keys.with(|keys| keys.get(range).map(<[K]>::to_vec).unwrap_or_default())
    });
    let places = Memo::new(move |_| {
        let first = range.get().start;
        window.with(|window| {
            let placed = window.iter().enumerate().map(|(offset, key)| (key.clone(), first + offset));
            placed.collect::<HashMap<K, usize>>()
        })
    });
    Effect::new(move |last: Option<String>| {
        let now = top_when.get();
        if last.is_some_and(|last| last != now)
            && let Some(element) = scroller.get_untracked()
        {
            set_scroll(&element, 0.0);
        }
        now
    });
    keep_scroll(scroller, keys, scroll_to, row_px, initial_scroll_px);

    let row = move |key: K| {
        let own = key.clone();
        // A row on its way out has no place any more; it keeps the last one for the moment it has left.
        let place = Memo::new(move |last: Option<&usize>| {
            places.with(|places| places.get(&own).copied()).or(last.copied()).unwrap_or_default()
        });
        view! {
            <li
                class="windowed-list__row"
                aria-setsize=move || count.get().to_string()
                aria-posinset=move || (place.get() + 1).to_string()
            >
                {render(key, place.into())}
            </li>
        }
    };
    let remember = move |_| {
        if let Some(element) = scroller.get_untracked() {
            let top = f64::from(element.scroll_top());
            scroll_px.set(top);
            if let Some(on_scroll) = on_scroll {
                on_scroll.run(top);
            }
        }
    };
    view! {
        <div class="windowed-list" node_ref=scroller data-testid=testid on:scroll=remember>
            <ul
                class="windowed-list__rows"
                role="list"
                aria-label=label
                data-count=move || count.get().to_string()
                style:--row=move || format!("{}px", row_px.get())
                style:--count=move || count.get().to_string()
                style:--first=move || range.get().start.to_string()
            >
                <For each=move || window.get() key=Clone::clone children=row />
            </ul>
        </div>
    }
}

/// The slice of rows that belongs in the page.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and the result is held within the list"
)]
fn rows_in_view(scroll_px: f64, viewport_px: f64, row_px: f64, count: usize) -> Range<usize> {
    let row_px = row_px.max(1.0);
    let seen = (viewport_px / row_px).ceil() as usize + 1;
    // A list that has just become shorter is still scrolled to where its end was.
    let first = ((scroll_px / row_px).floor() as usize).min(count.saturating_sub(seen));
    first.saturating_sub(OVERSCAN_ROWS)..(first + seen + OVERSCAN_ROWS).min(count)
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Viewport {
    height_px: f64,
    row_scale: f64,
}

/// The window's height stands for the list's own: a few rows too many, and nothing to measure.
fn viewport_size() -> Signal<Viewport> {
    let size = RwSignal::new(measure());
    let handle = window_event_listener(ev::resize, move |_| size.set(measure()));
    on_cleanup(move || handle.remove());
    size.into()
}

fn measure() -> Viewport {
    let window = window();
    let height_px = window.inner_height().ok().and_then(|px| px.as_f64()).unwrap_or(800.0);
    let width_px = window.inner_width().ok().and_then(|px| px.as_f64()).unwrap_or(360.0);
    let root = document().document_element();
    let font_px = root
        .and_then(|root| window.get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("font-size").ok())
        .and_then(|size| size.trim_end_matches("px").parse::<f64>().ok());
    let text_scale = font_px.map_or(1.0, |px| px / ROOT_FONT_PX);
    let narrow_scale = if width_px / text_scale <= NARROW_PX { 1.5 } else { 1.0 };
    Viewport { height_px, row_scale: text_scale * narrow_scale }
}

/// Puts the list where it was left, and takes it where the caller asks.
fn keep_scroll<K>(
    scroller: NodeRef<html::Div>,
    keys: Signal<Vec<K>>,
    scroll_to: Signal<Option<K>>,
    row_px: Memo<f64>,
    initial_px: f64,
) where
    K: Clone + Eq + Send + Sync + 'static,
{
    scroller.on_load(move |element| {
        if initial_px > 0.0 {
            request_animation_frame(move || set_scroll(&element, initial_px));
        }
    });
    Effect::new(move |done: Option<Option<K>>| {
        let wanted = scroll_to.get();
        let done = done.flatten();
        if wanted.is_none() || wanted == done {
            return wanted;
        }
        // The keys may arrive after the wish: it stays open until the row is there.
        let place = keys.with(|keys| keys.iter().position(|key| Some(key) == wanted.as_ref()));
        let (Some(place), Some(element)) = (place, scroller.get()) else { return done };
        #[expect(clippy::cast_precision_loss, reason = "a list has thousands of rows at most")]
        let top = place as f64 * row_px.get_untracked();
        request_animation_frame(move || set_scroll(&element, top));
        wanted
    });
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn set_scroll(element: &web_sys::Element, top_px: f64) {
    element.set_scroll_top(top_px as i32);
}

#[cfg(test)]
mod tests {
    use super::rows_in_view;

    #[test]
    fn a_long_list_keeps_a_handful_of_rows() {
        assert_eq!(rows_in_view(9200.0, 800.0, 92.0, 1200), 94..116);
    }

    #[test]
    fn a_list_that_became_short_shows_what_is_left() {
        assert_eq!(rows_in_view(9200.0, 800.0, 92.0, 3), 0..3);
        assert_eq!(rows_in_view(9200.0, 800.0, 92.0, 0), 0..0);
    }
}
