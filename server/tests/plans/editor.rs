//! The coordinator's form holds everything that a plan can say.

use domain::plan_form::PlanForm;

use super::{ALL, dated, plan};

#[test]
fn every_preset_goes_through_the_form_unchanged() {
    for key in ALL {
        for plan in [plan(key), dated(key)] {
            assert_eq!(PlanForm::of(&plan).read(), Ok(plan), "{key}");
        }
    }
}

#[test]
fn what_the_form_takes_the_server_takes() {
    for key in ALL {
        let read = PlanForm::of(&plan(key)).read().expect("a plan");
        assert_eq!(read.misfits(), [], "{key}");
    }
}
