//! "Thuộc nhóm": the people whom the plan counts apart. Nothing is asked where the plan has no groups.

use domain::campaign::PopulationGroup;
use leptos::prelude::*;

use crate::components::CheckField;
use crate::state::AppState;

#[component]
pub fn Groups(chosen: RwSignal<Vec<String>>) -> impl IntoView {
    let campaign = AppState::expect().campaign();
    let groups = Memo::new(move |_| campaign.with(|campaign| campaign.groups.clone()));
    let check = move |group: PopulationGroup| {
        let PopulationGroup { key, label, .. } = group;
        let (own, testid) = (key.clone(), format!("group-{key}"));
        let checked = Memo::new(move |_| chosen.with(|chosen| chosen.contains(&own)));
        let change = move |yes: bool| chosen.update(|chosen| set(chosen, &key, yes));
        view! { <CheckField label checked on_change=change testid /> }
    };
    view! {
        <Show when=move || !groups.with(Vec::is_empty)>
            <fieldset class="form__group" data-testid="groups">
                <legend class="form__legend">"Thuộc nhóm"</legend>
                <For each=move || groups.get() key=|group| group.key.clone() children=check />
            </fieldset>
        </Show>
    }
}

/// Keys of an earlier plan stay as they are.
fn set(chosen: &mut Vec<String>, key: &str, yes: bool) {
    chosen.retain(|known| known != key);
    if yes {
        chosen.push(key.to_owned());
        chosen.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_ticked_once_and_another_plans_groups_stay() {
        let mut chosen = vec!["workers".to_owned()];
        set(&mut chosen, "pupils", true);
        set(&mut chosen, "pupils", true);
        assert_eq!(chosen, ["pupils", "workers"]);
        set(&mut chosen, "pupils", false);
        assert_eq!(chosen, ["workers"]);
    }
}
