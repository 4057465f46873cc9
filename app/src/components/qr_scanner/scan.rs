//! The loop: a picture to the worker, its texts to the collector, the next picture. So it is as fast as the phone can read,
//! and never faster.

use domain::qr_series::{Collector, Progress, Taken};
use leptos::{html, prelude::*, task::spawn_local};

use super::camera::{Camera, NoCamera};
use super::hint::Hint;
use super::reader::{Read, Reader};

/// Without a new code for so long, something is wrong with how the phones are held.
const STUCK_AFTER_MS: f64 = 6_000.0;
/// A worker that dies so often without reading anything is not started again.
const DEATHS_MAX: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Opening,
    Looking,
    /// The page is hidden, or everything is there.
    Stopped,
    NoCamera(NoCamera),
    NoReader,
}

impl Stage {
    pub fn key(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Looking => "looking",
            Self::Stopped => "stopped",
            Self::NoCamera(_) => "no-camera",
            Self::NoReader => "no-reader",
        }
    }
}

struct Running {
    camera: Camera,
    reader: Reader,
}

/// Copies are the same scan.
#[derive(Clone, Copy)]
pub struct Scan {
    pub stage: RwSignal<Stage>,
    pub hint: RwSignal<Hint>,
    pub progress: RwSignal<Option<Progress>>,
    pub is_mirror: RwSignal<bool>,
    video: NodeRef<html::Video>,
    on_bytes: Callback<Vec<u8>>,
    inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Default)]
struct Inner {
    /// Dropped with the component: then the camera's light goes out.
    running: Option<Running>,
    collector: Collector,
    /// Grows with each start and stop: what an earlier one has begun ends by itself.
    run: u32,
    deaths: u32,
    last_new_ms: f64,
}

impl Scan {
    pub fn new(video: NodeRef<html::Video>, on_bytes: Callback<Vec<u8>>) -> Self {
        Self {
            stage: RwSignal::new(Stage::Opening),
            hint: RwSignal::new(Hint::Opening),
            progress: RwSignal::new(None),
            is_mirror: RwSignal::new(false),
            video,
            on_bytes,
            inner: StoredValue::new_local(Inner::default()),
        }
    }

    /// Opens the camera. What was received before stays.
    pub fn start(self) {
        self.stop();
        self.stage.set(Stage::Opening);
        self.hint.set(Hint::Opening);
        let run = self.run();
        spawn_local(async move {
            let camera = Camera::start().await;
            // Closed, hidden or started anew meanwhile: the camera is dropped and stops.
            if self.run() == run {
                match camera {
                    Ok(camera) => self.look_with(camera),
                    Err(reason) => self.stage.set(Stage::NoCamera(reason)),
                }
            }
        });
    }

    pub fn stop(self) {
        self.inner.try_update_value(|inner| {
            inner.run += 1;
            inner.running = None;
        });
        self.stage.set(Stage::Stopped);
    }

    /// 0 when the component is gone.
    fn run(self) -> u32 {
        self.inner.try_with_value(|inner| inner.run).unwrap_or_default()
    }

    fn look_with(self, camera: Camera) {
        let Some(video) = self.video.get_untracked() else { return };
        camera.show_on(&video);
        self.is_mirror.set(camera.looks_at_person());
        let Some(reader) = self.new_reader() else { return };
        self.inner.update_value(|inner| {
            inner.running = Some(Running { camera, reader });
            inner.last_new_ms = now_ms();
        });
        self.stage.set(Stage::Looking);
        self.hint.set(if self.progress.with_untracked(Option::is_some) { Hint::HoldStill } else { Hint::Aim });
    }

    fn new_reader(self) -> Option<Reader> {
        let run = self.run();
        let reader = Reader::start(move |read| {
            if self.run() == run {
                self.heard(read);
            }
        });
        if reader.is_err() {
            self.stage.set(Stage::NoReader);
        }
        reader.ok()
    }

    fn heard(self, read: Read) {
        match read {
            Read::Texts(texts) => {
                for text in &texts {
                    if let Some(bytes) = self.take(text) {
                        self.stop();
                        self.on_bytes.run(bytes);
                        return;
                    }
                }
                self.look_again();
            }
            Read::Died => self.replace_reader(),
        }
    }

    /// The whole, when this text was the last one that was missing.
    fn take(self, text: &str) -> Option<Vec<u8>> {
        let has_begun = self.progress.with_untracked(Option::is_some);
        let (taken, progress) = self.inner.try_update_value(|inner| {
            inner.deaths = 0;
            let taken = inner.collector.take(text);
            if matches!(taken, Taken::More | Taken::OtherSeries) {
                inner.last_new_ms = now_ms();
            }
            (taken, inner.collector.progress())
        })?;
        self.progress.set(progress);
        if let Some(hint) = Hint::after(&taken, has_begun) {
            self.say(hint);
        }
        if let Taken::Whole(bytes) = taken { Some(bytes) } else { None }
    }

    /// The next picture, when the browser draws next; browsers do not draw what is hidden.
    fn look_again(self) {
        let run = self.run();
        request_animation_frame(move || {
            if self.run() != run {
                return;
            }
            let Some(video) = self.video.get_untracked() else { return };
            let is_looking = self.inner.with_value(|inner| {
                let running = inner.running.as_ref()?;
                running.reader.read(running.camera.picture(&video)?);
                Some(())
            });
            if is_looking.is_none() {
                // The camera has no picture yet.
                self.look_again();
            } else if now_ms() - self.inner.with_value(|inner| inner.last_new_ms) > STUCK_AFTER_MS
                && self.progress.with_untracked(Option::is_some)
            {
                self.say(Hint::Stuck);
            }
        });
    }

    /// The picture that it died of is gone with it; the next one may be read.
    fn replace_reader(self) {
        let deaths = self.inner.try_update_value(|inner| {
            inner.deaths += 1;
            inner.deaths
        });
        if deaths.is_none_or(|deaths| deaths >= DEATHS_MAX) {
            self.stop();
            self.stage.set(Stage::NoReader);
        } else if let Some(fresh) = self.new_reader() {
            self.inner.update_value(|inner| {
                if let Some(running) = &mut inner.running {
                    running.reader = fresh;
                }
            });
        }
    }

    /// A screen reader speaks only when the words change.
    fn say(self, hint: Hint) {
        if self.hint.get_untracked() != hint {
            self.hint.set(hint);
        }
    }
}

fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
