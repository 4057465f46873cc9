//! Which browser this is: a real one, one inside another app, too old, or on an iPhone that must install first.

use js_sys::Reflect;
use leptos::prelude::*;

/// What a browser inside an app of unknown name is called.
const SOME_APP: &str = "một ứng dụng khác";

/// Opened from the home screen.
pub fn is_installed() -> bool {
    let is_standalone = |query: &str| window().match_media(query).ok().flatten().is_some_and(|list| list.matches());
    is_standalone("(display-mode: standalone)")
        || is_standalone("(display-mode: fullscreen)")
        || is_home_screen_of_ios()
}

fn is_home_screen_of_ios() -> bool {
    Reflect::get(&window().navigator(), &"standalone".into()).is_ok_and(|answer| answer.is_truthy())
}

/// An iPhone or iPad. An iPad calls itself a Mac, but no Mac has a screen for fingers.
pub fn is_ios() -> bool {
    let agent = user_agent();
    let is_touched = || {
        let points = Reflect::get(&window().navigator(), &"maxTouchPoints".into()).ok().and_then(|it| it.as_f64());
        points.is_some_and(|points| points > 1.0)
    };
    agent.contains("iPhone") || agent.contains("iPad") || (agent.contains("Macintosh") && is_touched())
}

/// On iPhones a page in the browser is emptied after some days without a visit, and the app on the home screen has its own
/// store: nothing may be recorded before it is installed.
pub fn must_install_first() -> bool {
    is_ios() && !is_installed()
}

/// The app whose built-in browser this is. Such a browser keeps data badly and apart from the real one.
pub fn in_app_browser() -> Option<&'static str> {
    in_app_browser_of(&user_agent(), is_installed())
}

fn in_app_browser_of(agent: &str, is_installed: bool) -> Option<&'static str> {
    const MARKS: [(&str, &str); 16] = [
        ("Zalo", "Zalo"),
        ("MessengerForiOS", "Messenger"),
        ("Orca-Android", "Messenger"),
        ("FB_IAB/MESSENGER", "Messenger"),
        ("FBAN", "Facebook"),
        ("FBAV", "Facebook"),
        ("FB_IAB", "Facebook"),
        ("Instagram", "Instagram"),
        ("TikTok", "TikTok"),
        ("musical_ly", "TikTok"),
        ("trill_", "TikTok"),
        ("BytedanceWebview", "TikTok"),
        ("Telegram", "Telegram"),
        ("Viber", "Viber"),
        ("MicroMessenger", "WeChat"),
        (" Line/", "LINE"),
    ];
    let known = MARKS.into_iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| name);
    // Android marks every page inside an app so; on iPhones only real browsers say Safari, and the home screen does not.
    let is_web_view = agent.contains("; wv)");
    let is_ios_view = (agent.contains("iPhone") || agent.contains("iPad")) && !agent.contains("Safari/");
    known.or((is_web_view || (is_ios_view && !is_installed)).then_some(SOME_APP))
}

/// Opens this very page in Chrome, also with the invite in its fragment. `None` where Android does not run.
pub fn link_into_chrome() -> Option<String> {
    let address = window().location().href().ok()?;
    user_agent().contains("Android").then(|| into_chrome(&address)).flatten()
}

fn into_chrome(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    Some(format!("intent://{rest}#Intent;scheme={scheme};package=com.android.chrome;end"))
}

/// A browser and its main version, with the oldest that keeps our promises (WebAssembly under our content policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    pub name: &'static str,
    pub version: u32,
    pub oldest: u32,
}

impl Browser {
    pub fn is_too_old(self) -> bool {
        self.version < self.oldest
    }
}

/// `None` for one that does not say.
pub fn browser() -> Option<Browser> {
    browser_of(&user_agent())
}

fn browser_of(agent: &str) -> Option<Browser> {
    // In this order: most browsers call themselves Chrome or Safari besides.
    const KNOWN: [(&str, &str, u32); 8] = [
        ("coc_coc_browser/", "Cốc Cốc", 97),
        ("SamsungBrowser/", "Samsung Internet", 18),
        ("Firefox/", "Firefox", 102),
        ("EdgA/", "Edge", 97),
        ("Edg/", "Edge", 97),
        ("OPR/", "Opera", 83),
        ("Chrome/", "Chrome", 97),
        ("Version/", "Safari", 16),
    ];
    KNOWN.into_iter().find_map(|(mark, name, oldest)| {
        let (_, rest) = agent.split_once(mark)?;
        let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
        Some(Browser { name, version: digits.parse().ok()?, oldest })
    })
}

fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";
    const VIEW: &str = "Mozilla/5.0 (Linux; Android 13; SM-A146P; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
                        Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36";
    const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                          Version/17.5 Mobile/15E148 Safari/604.1";
    const HOME_SCREEN: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

    #[test]
    fn a_browser_inside_another_app_is_known_and_a_real_one_is_none() {
        assert_eq!(in_app_browser_of(CHROME, false), None);
        assert_eq!(in_app_browser_of(SAFARI, false), None);
        assert_eq!(in_app_browser_of(&format!("{VIEW} Zalo android/12"), false), Some("Zalo"));
        assert_eq!(in_app_browser_of(&format!("{VIEW} [FB_IAB/FB4A;FBAV/400]"), false), Some("Facebook"));
        assert_eq!(in_app_browser_of(&format!("{VIEW} [FB_IAB/Orca-Android;FBAV/400]"), false), Some("Messenger"));
        assert_eq!(in_app_browser_of(&format!("{VIEW} trill_370 BytedanceWebview/d8"), false), Some("TikTok"));
        assert_eq!(in_app_browser_of(VIEW, false), Some(SOME_APP));
    }

    #[test]
    fn the_home_screen_of_an_iphone_is_no_browser_inside_an_app() {
        assert_eq!(in_app_browser_of(HOME_SCREEN, true), None);
        assert_eq!(in_app_browser_of(HOME_SCREEN, false), Some(SOME_APP));
        assert_eq!(in_app_browser_of(&format!("{HOME_SCREEN} Zalo iOS/600"), false), Some("Zalo"));
    }

    #[test]
    fn the_way_into_chrome_takes_the_invite_along() {
        let link = into_chrome("https://tungnha.example/vao#0123abcd");
        let wanted = "intent://tungnha.example/vao#0123abcd#Intent;scheme=https;package=com.android.chrome;end";
        assert_eq!(link.as_deref(), Some(wanted));
    }

    #[test]
    fn old_browsers_are_told_by_their_own_version() {
        let is_too_old = |agent: &str| browser_of(agent).map(Browser::is_too_old);
        assert_eq!(is_too_old(CHROME), Some(false));
        assert_eq!(is_too_old(&CHROME.replace("130", "90")), Some(true));
        assert_eq!(is_too_old(SAFARI), Some(false));
        assert_eq!(is_too_old(&SAFARI.replace("Version/17", "Version/15")), Some(true));
        assert_eq!(browser_of(HOME_SCREEN), None);
        assert_eq!(browser_of(&format!("{CHROME} EdgA/129.0")).map(|browser| browser.name), Some("Edge"));
    }
}
