//! A support point as its lead sees it: no doors, but the people who came and were helped. They live in any area, so the
//! sums are over all that this phone holds.

use std::collections::BTreeMap;

use domain::DocId;
use domain::campaign::Channel;
use domain::number::grouped;
use domain::service::Service;
use domain::summary::{ChannelCount, Summary};
use leptos::prelude::*;

use crate::components::{IconName, StatTile};
use crate::pages::door::marks;

use super::members::PointMembers;
use super::{AsOf, Coverage};

/// What has been done at the point.
#[derive(Clone, Debug, Default, PartialEq)]
struct Done {
    all: ChannelCount,
    today: u64,
    /// People helped, by member.
    by: BTreeMap<DocId, u64>,
}

fn done(coverage: Coverage, channel: Channel) -> Done {
    let state = coverage.state;
    let (campaign, today) = (state.campaign().get(), state.today());
    let (mut sum, mut done) = (Summary::default(), Done::default());
    for area in state.my_areas().get().iter() {
        state.view(*area).with(|view| {
            sum.add(&Summary::of(view, &campaign));
            let helped = view.helped_at(channel, today, None);
            done.today += helped.iter().filter(|helped| helped.is_assisted()).count() as u64;
            for (member, people) in view.helped_by(channel) {
                *done.by.entry(member).or_default() += people;
            }
        });
    }
    done.all = sum.channels.remove(&channel).unwrap_or_default();
    done
}

#[component]
pub fn PointFigures(coverage: Coverage, channel: Channel) -> impl IntoView {
    let done = Memo::new(move |_| done(coverage, channel));
    let asked = Memo::new(move |_| coverage.state.campaign().with(|plan| marks::asked(plan)));
    let tile = move |service: Service| {
        let new = move || done.with(|done| done.all.new.get(&service).copied().unwrap_or(0));
        view! {
            <StatTile
                label=format!("{}, cài mới", service.short_label())
                value=Signal::derive(move || grouped(new()))
                icon=marks::icon(service)
                testid=format!("point-{}", marks::key(service))
            />
        }
    };
    view! {
        <AsOf coverage />
        <div class="tiles" data-testid="point-figures">
            <StatTile
                label="Người đã hỗ trợ tại điểm"
                value=Signal::derive(move || done.with(|done| grouped(done.all.helped)))
                hint=Some(format!("{}, trong các địa bàn có trên máy này", channel.label()))
                icon=IconName::People
                testid="point-helped"
            />
            <StatTile
                label="Hôm nay"
                value=Signal::derive(move || done.with(|done| grouped(done.today)))
                hint=Some("người được hỗ trợ".to_owned())
                icon=IconName::Calendar
                testid="point-helped-today"
            />
            <For each=move || asked.get() key=|service| *service children=tile />
            <StatTile
                label="Người thêm tại điểm"
                value=Signal::derive(coverage.figure(|summary| summary.people))
                hint=Some("không có trong danh sách hộ".to_owned())
                icon=IconName::Plus
                testid="point-people"
            />
        </div>
        <PointMembers coverage helped=Signal::derive(move || done.with(|done| done.by.clone())) />
    }
}
