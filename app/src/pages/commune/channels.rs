//! "Theo nơi hỗ trợ": at doors, at the culture house, at the station. Shown once anybody was helped elsewhere than at home.

use domain::campaign::{Campaign, Channel};
use domain::number::grouped;
use domain::service::Service;
use domain::summary::{ChannelCount, Summary};
use leptos::prelude::*;

use crate::components::{Column, DataTable, TableRow};
use crate::pages::door::marks;

use super::Commune;

#[component]
pub fn Channels(commune: Commune) -> impl IntoView {
    let has_points =
        Memo::new(move |_| commune.total.with(|total| total.channels.keys().any(|channel| *channel != Channel::Home)));
    let columns = move || commune.campaign.with(|plan| columns(plan));
    let rows = move || commune.campaign.with(|plan| commune.total.with(|total| rows(total, plan)));
    view! {
        <Show when=move || has_points.get()>
            <section class="section">
                <h2 class="section__title">"Theo nơi hỗ trợ"</h2>
                <DataTable caption="Theo nơi hỗ trợ" columns=Signal::derive(columns) rows=Signal::derive(rows) testid="commune-channels" />
                <p class="muted">"Một người được hỗ trợ ở hai nơi được tính ở cả hai nơi; cài mới chỉ tính ở nơi làm xong."</p>
            </section>
        </Show>
    }
}

fn columns(plan: &Campaign) -> Vec<Column> {
    let services = marks::asked(plan).into_iter();
    let services = services.map(|service: Service| Column::number(format!("{}, cài mới", service.short_label())));
    [Column::text("Nơi"), Column::number("Người được hỗ trợ")].into_iter().chain(services).collect()
}

fn rows(total: &Summary, plan: &Campaign) -> Vec<TableRow> {
    let row = |(channel, count): (&Channel, &ChannelCount)| {
        let new = |service: Service| grouped(count.new.get(&service).copied().unwrap_or(0));
        let cells = [grouped(count.helped)].into_iter().chain(marks::asked(plan).into_iter().map(new)).collect();
        TableRow::new(channel.name(), channel.label(), cells)
    };
    total.channels.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::targets::sample;
    use super::*;

    #[test]
    fn every_place_has_a_cell_for_each_service() {
        let count = ChannelCount { helped: 1_200, new: [(Service::PublicSignature, 3)].into() };
        let total = Summary { channels: [(Channel::School, count)].into(), ..Summary::default() };
        let rows = rows(&total, &sample());
        assert_eq!(rows[0].cells.len() + 1, columns(&sample()).len());
        assert_eq!(rows[0].cells, ["1.200", "0", "0", "3"]);
    }
}
