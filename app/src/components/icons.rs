//! Our own icons: 24 × 24, drawn with one stroke of 2, so that they stay readable in the sun.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IconName {
    Back,
    Forward,
    Close,
    More,
    Plus,
    Search,
    List,
    Chart,
    Person,
    People,
    Map,
    Phone,
    Calendar,
    Table,
    Circle,
    CircleHalf,
    Check,
    CheckCircle,
    History,
    Clock,
    Door,
    Refuse,
    MoveAway,
    Shield,
    Dash,
    Question,
    Info,
    Warning,
    Error,
    Flag,
    Star,
    Cloud,
    CloudOff,
    CloudUp,
    CloudCheck,
    Refresh,
    IdCard,
    HealthBook,
    Signature,
    Edit,
    Trash,
    Download,
    QrCode,
}

impl IconName {
    /// The line that is drawn. `h.01` is a dot: a line too short to see, with round ends.
    fn path(self) -> &'static str {
        use IconName as I;
        match self {
            I::Back => "M19 12H5M11 6l-6 6 6 6",
            I::Forward => "M9 5l7 7-7 7",
            I::Close => "M6 6l12 12M18 6L6 18",
            I::More => {
                "M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0zM11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0zM18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0z"
            }
            I::Plus => "M12 5v14M5 12h14",
            I::Search => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L21 21",
            I::List => "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
            I::Chart => "M4 20h16M7 20v-6M12 20V5M17 20v-9",
            I::Person => "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20.5c.5-4 3.5-6 7.5-6s7 2 7.5 6",
            I::People => {
                "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM2.5 19.5c.4-3.3 3-5 6.5-5s6.1 1.7 6.5 5M16 5.4a3.3 3.3 0 0 1 0 6.2M18 14.8c2 .7 3.2 2.3 3.5 4.7"
            }
            I::Map => {
                "M12 21c4.5-4.7 7-8 7-11a7 7 0 0 0-14 0c0 3 2.5 6.3 7 11zM12 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z"
            }
            I::Phone => {
                "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3zM11 17.5h2"
            }
            I::Calendar => "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V8M15.5 3.5V8",
            I::Table => "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
            I::Circle => "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z",
            I::CircleHalf => "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 4v16M14.5 5v14M17 7v10",
            I::Check => "M5 12.5l4.5 4.5L19 7",
            I::CheckCircle => "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM8 12.3l2.8 2.8L16 9.5",
            I::History => "M4 12a8 8 0 1 0 2.5-5.8M4 4.5v4h4M12 8v4.5l3 1.8",
            I::Clock => "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 7.5V12l3.2 2.2",
            I::Door => "M6 20.5v-17h12v17M3.5 20.5h17M14.5 12h.01",
            I::Refuse => "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM8 12h8",
            I::MoveAway => "M10 4H4.5v16H10M9.5 12H20M15.5 7.5L20 12l-4.5 4.5",
            I::Shield => "M12 3.5l7.5 2.5v5.5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6zM8.8 11.8l2.3 2.3 4.2-4.4",
            I::Dash => "M6 12h12",
            I::Question => "M8.5 9a3.5 3.5 0 1 1 5.2 3c-1.2.7-1.7 1.3-1.7 2.5M12 18.5h.01",
            I::Info => "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 11v5.5M12 7.7h.01",
            I::Warning => "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17h.01",
            I::Error => "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 7.5V13M12 16.3h.01",
            I::Flag => "M6 21V4M6 4.5c4-2 7 2 12 0v9c-5 2-8-2-12 0",
            I::Star => "M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
            I::Cloud => "M7 18.5a4.2 4.2 0 0 1-.6-8.4 6 6 0 0 1 11.5 1.3 3.6 3.6 0 0 1-.4 7.1z",
            I::CloudOff => {
                "M9.5 6.3a6 6 0 0 1 8.4 5.1 3.6 3.6 0 0 1 2.6 5.3M15.5 18.5H7a4.2 4.2 0 0 1-.6-8.4M3.5 4l17 17"
            }
            I::CloudUp => {
                "M7 18.5a4.2 4.2 0 0 1-.6-8.4 6 6 0 0 1 11.5 1.3 3.6 3.6 0 0 1-.4 7.1M12 21v-8M8.8 15.7L12 12.5l3.2 3.2"
            }
            I::CloudCheck => "M7 18.5a4.2 4.2 0 0 1-.6-8.4 6 6 0 0 1 11.5 1.3 3.6 3.6 0 0 1-.4 7.1zM9 13l2.3 2.3 4-4.3",
            I::Refresh => "M19.5 11a7.6 7.6 0 0 0-14-2.5M4.5 4.5v4.5H9M4.5 13a7.6 7.6 0 0 0 14 2.5M19.5 19.5V15H15",
            I::IdCard => {
                "M3 5.5h18v13H3zM8.2 9a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8zM5.5 16c.4-1.4 1.4-2 2.7-2s2.3.6 2.7 2M14 10h4M14 14h4"
            }
            I::HealthBook => "M6 3.5h12.5v17H6a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 6 3.5zM12 8.5v7M8.5 12h7",
            I::Signature => "M15.5 4.5l4 4L9 19l-5 1 1-5zM13 7l4 4M14.5 20H20",
            I::Edit => "M15.5 4.5l4 4L9 19l-5 1 1-5zM13 7l4 4",
            I::Trash => "M4 6.5h16M9 6.5V4h6v2.5M6.5 6.5L7.5 20h9l1-13.5M10.3 10.5v5.5M13.7 10.5v5.5",
            I::Download => "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
            I::QrCode => {
                "M4.5 4.5h5.5v5.5H4.5zM14 4.5h5.5v5.5H14zM4.5 14h5.5v5.5H4.5zM14 14h2v2h-2zM17.5 17.5h2v2h-2zM19.5 14h.01M14 19.5h.01"
            }
        }
    }
}

/// An icon. Without a label it is an ornament beside words that say the same.
#[component]
pub fn Icon(name: IconName, #[prop(optional, into)] label: Signal<Option<String>>) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            role=move || label.get().map(|_| "img")
            aria-label=label
            aria-hidden=move || label.get().is_none().then_some("true")
            focusable="false"
        >
            <path d=name.path() />
        </svg>
    }
}
