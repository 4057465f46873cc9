//! The camera at the back of the phone, or the only one of a laptop.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamTrack};

/// Enough for a code of 65 squares over half of the picture, and not more work than a cheap phone can do.
const SIDE_MAX: u32 = 800;

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCamera {
    /// Browsers give the camera to https only.
    NotSecure,
    /// None is built in, or this browser has no way to it.
    None,
    Refused,
    /// Another app holds it.
    Busy,
}

impl NoCamera {
    /// What went wrong, and what to do.
    pub fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::NotSecure => (
                "Trang này chưa mở qua https nên không dùng được máy ảnh",
                "Mở lại Từng Nhà bằng địa chỉ bắt đầu bằng https, hoặc nhận bằng tệp.",
            ),
            Self::None => ("Máy này không có máy ảnh dùng được", "Nhận bằng tệp, hoặc quét trên máy khác."),
            Self::Refused => (
                "Chưa được phép dùng máy ảnh",
                "Mở phần quyền của trang này trong trình duyệt, cho phép máy ảnh rồi bấm “Thử lại”.",
            ),
            Self::Busy => ("Ứng dụng khác đang dùng máy ảnh", "Đóng ứng dụng ấy rồi bấm “Thử lại”."),
        }
    }

    fn of(error: &JsValue) -> Self {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
        match name.as_str() {
            "NotAllowedError" | "SecurityError" => Self::Refused,
            "NotReadableError" | "AbortError" => Self::Busy,
            _ => Self::None,
        }
    }
}

/// A running camera; it stops when dropped, and its light goes out.
pub struct Camera {
    stream: MediaStream,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

impl Camera {
    /// Asks for it; the browser asks the person the first time.
    pub async fn start() -> Result<Self, NoCamera> {
        if !window().is_secure_context() {
            return Err(NoCamera::NotSecure);
        }
        let devices = window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined());
        let wanted = web_sys::MediaStreamConstraints::new();
        let ideal = |value: &JsValue| object(&[("ideal", value)]);
        wanted.set_video(&object(&[
            ("facingMode", &ideal(&"environment".into())),
            ("width", &ideal(&1280.into())),
            ("height", &ideal(&720.into())),
        ]));
        let asked = devices.ok_or(NoCamera::None)?.get_user_media_with_constraints(&wanted);
        let asked = asked.map_err(|error| NoCamera::of(&error))?;
        let stream: MediaStream = JsFuture::from(asked).await.map_err(|error| NoCamera::of(&error))?.unchecked_into();
        let canvas = document().create_element("canvas").map_err(|_| NoCamera::None)?;
        let canvas: HtmlCanvasElement = canvas.unchecked_into();
        // Its pixels are read each time: they had better not lie in the graphics chip.
        let options = object(&[("willReadFrequently", &true.into()), ("alpha", &false.into())]);
        let context = canvas.get_context_with_context_options("2d", &options).ok().flatten();
        let context = context.ok_or(NoCamera::None)?.unchecked_into();
        Ok(Self { stream, canvas, context })
    }

    pub fn show_on(&self, video: &HtmlVideoElement) {
        video.set_src_object(Some(&self.stream));
        // Answered by the events of the element.
        let _ = video.play();
    }

    /// Whether it looks at the person: then they expect a mirror.
    pub fn looks_at_person(&self) -> bool {
        let track = self.stream.get_video_tracks().get(0);
        let settings = track.dyn_into::<MediaStreamTrack>().ok().map(|track| track.get_settings());
        let facing = settings.and_then(|settings| Reflect::get(&settings, &"facingMode".into()).ok());
        facing.and_then(|facing| facing.as_string()).is_some_and(|facing| facing != "environment")
    }

    /// The middle of the picture, a square: its width, and its pixels. `None` while there is no picture.
    pub fn picture(&self, video: &HtmlVideoElement) -> Option<(u32, js_sys::ArrayBuffer)> {
        let (width, height) = (video.video_width(), video.video_height());
        let cut = width.min(height);
        if cut == 0 {
            return None;
        }
        let side = cut.min(SIDE_MAX);
        if self.canvas.width() != side {
            self.canvas.set_width(side);
            self.canvas.set_height(side);
        }
        let (left, top) = (f64::from(width - cut) / 2.0, f64::from(height - cut) / 2.0);
        let (cut, drawn) = (f64::from(cut), f64::from(side));
        self.context
            .draw_image_with_html_video_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                video, left, top, cut, cut, 0.0, 0.0, drawn, drawn,
            )
            .ok()?;
        let picture = self.context.get_image_data(0.0, 0.0, drawn, drawn).ok()?;
        let data = Reflect::get(&picture, &"data".into()).ok()?;
        Some((side, data.dyn_into::<js_sys::Uint8ClampedArray>().ok()?.buffer()))
    }
}

fn object(entries: &[(&str, &JsValue)]) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (name, value) in entries {
        // A new object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
