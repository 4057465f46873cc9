//! What the program was asked to do, from its arguments.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use domain::DocId;
use domain::protocol::CheckNumber;
use ipnet::IpNet;

use crate::backup::regular::Regular;
use crate::edge::{self, client};
use crate::invite;
use crate::store::AuditHead;

/// The database's file in the data folder.
pub const DATABASE: &str = "tung-nha.sqlite";
const BACKUP_EVERY: Duration = Duration::from_hours(1);
const DEMO_PHONES_MAX: usize = 1_000;

pub const HELP: &str = "\
Từng Nhà: máy chủ của một xã, phường

tung-nha demo   [--data THƯ_MỤC] [--host ĐỊA_CHỈ] [--port CỔNG] [--app THƯ_MỤC] [--url LIÊN_KẾT]
                [--plan KHÓA] [--list TỆP [--area \"Tổ 5\"]]
    Tạo sẵn một xã, phường với dân cư giả định (hoặc danh sách trong TỆP: .xlsx, .xls, .ods, .csv) theo một kế hoạch mẫu,
    in mã mời rồi chạy. KHÓA: cho-don-2025 (nếu không nói gì), bac-kan-2026, tan-hoi-2026, ngok-bay-2025.
tung-nha serve  [--data THƯ_MỤC] [--host ĐỊA_CHỈ] [--port CỔNG] [--app THƯ_MỤC]
                [--backup-to THƯ_MỤC [--backup-every 1h]] [--url LIÊN_KẾT] [--trusted-proxy IP_HOẶC_DẢI]… [--log-addresses]
                [--phones-max 3]
    Chạy máy chủ trên dữ liệu đã có. Với --backup-to: cứ mỗi 1h (hoặc 30m, 1d…) tự sao lưu vào THƯ_MỤC, giữ 48 bản mới
    nhất; nên là một đĩa khác. --trusted-proxy: máy chủ trung gian (proxy) được tin, viết nhiều lần được; không nói gì thì
    chỉ tin máy này. --log-addresses: ghi cả địa chỉ IP của người lạ vào nhật ký, cho fail2ban.
    --phones-max: mỗi thành viên dùng cùng lúc nhiều nhất từng ấy máy.
tung-nha plan   TỆP.toml [--data THƯ_MỤC]
    Đặt kế hoạch trong TỆP làm kế hoạch của xã, hoặc thay kế hoạch đang có; các máy nhận khi có mạng.
tung-nha plan   --print KHÓA
    In một kế hoạch mẫu để sửa thành của mình: các khóa trên, và thai-nguyen-2025 của cấp tỉnh.
tung-nha import TỆP [--area \"Tổ 5\"] [--preview] [--data THƯ_MỤC]
    Nhập danh sách hộ (.xlsx, .xls, .ods, .csv) vào xã: người đã có được giữ, chỗ khác được sửa, điều ghi tại nhà không đổi.
    --preview chỉ in những gì sẽ thay đổi. Tổ, thôn chưa có thì được tạo.
tung-nha undo   --import MÃ [--data THƯ_MỤC]
    Hoàn tác một lần nhập; MÃ do lệnh import in ra.
tung-nha invite --member TÊN_HOẶC_MÃ [--data THƯ_MỤC] [--url LIÊN_KẾT]
    In một mã mời mới cho thành viên.
tung-nha lost --member TÊN_HOẶC_MÃ [--data THƯ_MỤC]
    Khóa mọi máy của thành viên (máy bị mất). Khi có mạng, máy đó tự xóa dữ liệu.
tung-nha devices --member TÊN_HOẶC_MÃ [--check SỐ_KIỂM_TRA] [--data THƯ_MỤC]
    Xem các máy của thành viên: máy nào vào tổ lúc nào, số kiểm tra của máy chưa đối số. Với --check: người ấy đọc đúng
    số này trên máy của mình.
tung-nha restored [--data THƯ_MỤC]
    Chạy một lần sau khi tự chép bản sao lưu về chỗ cũ: các máy sẽ gửi lại những gì máy chủ còn thiếu. Lệnh restore đã
    làm việc này.
tung-nha report [--area \"Tổ 5\"] [--to TỆP.xlsx] [--data THƯ_MỤC]
    In báo cáo của kỳ tới (cả xã, phường hoặc một địa bàn), hoặc xuất ra tệp Excel. Không chốt số.
tung-nha backup --to TỆP [--data THƯ_MỤC]
    Sao lưu dữ liệu ra một tệp mới, kể cả khi máy chủ đang chạy. Bản sao được kiểm tra trước khi có tên.
tung-nha restore --from TỆP [--data THƯ_MỤC]
    Khôi phục dữ liệu từ bản sao lưu, khi máy chủ đã dừng. Dữ liệu đang có được giữ lại dưới tên khác; các máy sẽ gửi lại
    những gì bản sao lưu còn thiếu.
tung-nha audit  [--head DẤU] [--data THƯ_MỤC]
    Kiểm tra nhật ký (ai ghi, sửa, xem danh sách gì): có dòng nào bị sửa, bớt, chèn không. In dấu cuối của nhật ký; dấu do lệnh
    này hoặc lệnh backup in ra trước đây thì so lại bằng --head.
tung-nha drill  [--data THƯ_MỤC]
    Diễn tập: sao lưu, khôi phục vào thư mục tạm, kiểm tra, so với dữ liệu đang dùng, xóa thư mục tạm. Máy chủ cứ chạy.
tung-nha clock  [--confirm] [--data THƯ_MỤC]
    Xem máy chủ có tin giờ của máy này không, và vì sao. Giờ sai thì máy chủ không nhận gì: chỉnh giờ của máy; nếu giờ
    đang đúng thì thêm --confirm, kể cả khi máy chủ đang chạy.
";

/// The preset that the demo follows when nothing is said.
pub const USUAL_PLAN: &str = "cho-don-2025";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Help,
    Serve,
    Demo,
    Plan,
    Import,
    Undo,
    Invite,
    Lost,
    Devices,
    Audit,
    Restored,
    Report,
    Backup,
    Restore,
    Drill,
    Clock,
}

#[derive(Clone, Debug)]
pub struct Config {
    pub command: Command,
    pub data: PathBuf,
    pub host: IpAddr,
    pub port: u16,
    /// The folder of the built app; without it the one inside the program, or `dist`.
    pub app: Option<PathBuf>,
    /// The address that phones reach the server at, for links.
    pub url: Option<String>,
    /// Key of the preset that the demo follows.
    pub plan: Option<String>,
    /// Key of the preset to print.
    pub print: Option<String>,
    /// The plan to set, the list to import.
    pub file: Option<PathBuf>,
    pub list: Option<PathBuf>,
    pub area: Option<String>,
    pub member: Option<String>,
    pub to: Option<PathBuf>,
    /// The backup to restore.
    pub from: Option<PathBuf>,
    backup_to: Option<PathBuf>,
    backup_every: Option<Duration>,
    /// How often one phone, or one address, may ask in a minute, instead of the usual. Not in the help: for tests, which
    /// ask for a whole commune from one machine.
    pub requests_per_minute: Option<u32>,
    /// Only show what an import would change.
    pub is_preview: bool,
    trusted_proxies: Vec<IpNet>,
    logs_addresses: bool,
    /// The import to undo.
    pub import: Option<DocId>,
    /// The machine's clock is right, says the person.
    pub is_confirmed: bool,
    /// The check number that a member has read out.
    pub check: Option<CheckNumber>,
    /// The end of the audit as it was noted before.
    pub head: Option<AuditHead>,
    phones_max: Option<usize>,
}

/// A word on the command line that has no meaning.
#[derive(Debug, thiserror::Error)]
pub enum BadArguments {
    #[error("Không có lệnh “{0}”. Gõ `tung-nha --help` để xem cách dùng.")]
    Command(String),
    #[error("Tham số sai: {0}. Gõ `tung-nha --help` để xem cách dùng.")]
    Option(#[from] lexopt::Error),
    #[error("Lệnh này cần {0}. Gõ `tung-nha --help` để xem cách dùng.")]
    Missing(&'static str),
}

impl Config {
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, BadArguments> {
        use lexopt::prelude::*;
        let mut parser = lexopt::Parser::from_args(args);
        let mut config = Self {
            command: Command::Help,
            data: PathBuf::new(),
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            app: None,
            url: None,
            plan: None,
            print: None,
            file: None,
            list: None,
            area: None,
            member: None,
            to: None,
            from: None,
            backup_to: None,
            backup_every: None,
            requests_per_minute: None,
            is_preview: false,
            trusted_proxies: Vec::new(),
            logs_addresses: false,
            import: None,
            is_confirmed: false,
            check: None,
            head: None,
            phones_max: None,
        };
        let mut data = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Value(word) if config.command == Command::Help => config.command = command(&word)?,
                Value(path) if matches!(config.command, Command::Plan | Command::Import) && config.file.is_none() => {
                    config.file = Some(PathBuf::from(path));
                }
                Short('h') | Long("help") => return Ok(Self { command: Command::Help, ..config }),
                Long("data") => data = Some(PathBuf::from(parser.value()?)),
                Long("host") => config.host = parser.value()?.parse()?,
                Long("port") => config.port = parser.value()?.parse()?,
                Long("app") => config.app = Some(PathBuf::from(parser.value()?)),
                Long("url") => config.url = Some(parser.value()?.string()?),
                Long("plan") => config.plan = Some(parser.value()?.string()?),
                Long("print") => config.print = Some(parser.value()?.string()?),
                Long("list") => config.list = Some(PathBuf::from(parser.value()?)),
                Long("area") => config.area = Some(parser.value()?.string()?),
                Long("member") => config.member = Some(parser.value()?.string()?),
                Long("to") => config.to = Some(PathBuf::from(parser.value()?)),
                Long("from") => config.from = Some(PathBuf::from(parser.value()?)),
                Long("backup-to") => config.backup_to = Some(PathBuf::from(parser.value()?)),
                Long("backup-every") => config.backup_every = Some(parser.value()?.parse_with(time_span)?),
                Long("trusted-proxy") => config.trusted_proxies.push(parser.value()?.parse_with(client::network)?),
                Long("log-addresses") => config.logs_addresses = true,
                Long("requests-per-minute") => config.requests_per_minute = Some(parser.value()?.parse()?),
                Long("preview") => config.is_preview = true,
                Long("confirm") => config.is_confirmed = true,
                Long("import") => config.import = Some(parser.value()?.parse()?),
                Long("check") => config.check = Some(parser.value()?.parse()?),
                Long("head") => config.head = Some(parser.value()?.parse()?),
                Long("phones-max") => config.phones_max = Some(parser.value()?.parse_with(phones)?),
                other => return Err(other.unexpected().into()),
            }
        }
        config.data = data.unwrap_or_else(|| config.usual_data());
        config.check()
    }

    /// Demos of other plans than the usual one keep to themselves.
    fn usual_data(&self) -> PathBuf {
        match (self.command, self.plan.as_deref()) {
            (Command::Demo, None | Some(USUAL_PLAN)) => PathBuf::from("data/demo"),
            (Command::Demo, Some(plan)) => PathBuf::from(format!("data/demo-{plan}")),
            _ => PathBuf::from("data"),
        }
    }

    fn check(self) -> Result<Self, BadArguments> {
        match self.command {
            Command::Invite | Command::Lost | Command::Devices if self.member.is_none() => {
                Err(BadArguments::Missing("--member"))
            }
            Command::Plan if self.file.is_none() == self.print.is_none() => {
                Err(BadArguments::Missing("một TỆP.toml, hoặc --print KHÓA"))
            }
            Command::Import if self.file.is_none() => Err(BadArguments::Missing("một TỆP danh sách")),
            Command::Undo if self.import.is_none() => Err(BadArguments::Missing("--import MÃ")),
            Command::Backup if self.to.is_none() => Err(BadArguments::Missing("--to")),
            Command::Restore if self.from.is_none() => Err(BadArguments::Missing("--from")),
            _ if self.backup_every.is_some() && self.backup_to.is_none() => Err(BadArguments::Missing("--backup-to")),
            _ => Ok(self),
        }
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.data.join(DATABASE)
    }

    /// The backups that a server makes by itself.
    pub fn regular_backups(&self) -> Option<Regular> {
        let folder = self.backup_to.clone()?;
        Some(Regular { folder, every: self.backup_every.unwrap_or(BACKUP_EVERY) })
    }

    /// The server's place in the network.
    pub fn edge(&self) -> edge::Settings {
        let host = self.url.as_deref().and_then(|url| url.parse::<axum::http::Uri>().ok());
        edge::Settings {
            proxies: client::Proxies::named(self.trusted_proxies.clone()),
            public_host: host.and_then(|url| url.authority().map(|authority| authority.as_str().to_owned())),
            logs_addresses: self.logs_addresses,
            ..edge::Settings::default()
        }
    }

    /// How many phones a member may have at once. In the demo everybody is one of the same few people.
    pub fn phones_max(&self) -> usize {
        let usual = if self.command == Command::Demo { DEMO_PHONES_MAX } else { invite::PHONES_MAX };
        self.phones_max.unwrap_or(usual)
    }

    /// What phones put before the path of a link.
    pub fn public_url(&self) -> String {
        match &self.url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.host.is_loopback() || self.host.is_unspecified() => format!("http://localhost:{}", self.port),
            None => format!("http://{}", std::net::SocketAddr::new(self.host, self.port)),
        }
    }
}

/// At least one.
fn phones(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|phones| (1..=DEMO_PHONES_MAX).contains(phones)).ok_or("số máy từ 1 đến 1000")
}

/// "30m", "1h", "1d": at least a minute.
fn time_span(text: &str) -> Result<Duration, &'static str> {
    const WRONG: &str = "thời gian viết như 30m, 1h hoặc 1d";
    let unit = text.chars().next_back().ok_or(WRONG)?;
    let number: u64 = text.strip_suffix(unit).and_then(|number| number.parse().ok()).ok_or(WRONG)?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return Err(WRONG),
    };
    let seconds = number.checked_mul(minutes * 60).filter(|seconds| (60..=31_536_000).contains(seconds));
    seconds.map(Duration::from_secs).ok_or(WRONG)
}

fn command(word: &OsString) -> Result<Command, BadArguments> {
    Ok(match word.to_string_lossy().as_ref() {
        "serve" => Command::Serve,
        "demo" => Command::Demo,
        "plan" => Command::Plan,
        "import" => Command::Import,
        "undo" => Command::Undo,
        "invite" => Command::Invite,
        "lost" => Command::Lost,
        "devices" => Command::Devices,
        "audit" => Command::Audit,
        "restored" => Command::Restored,
        "report" => Command::Report,
        "backup" => Command::Backup,
        "restore" => Command::Restore,
        "drill" => Command::Drill,
        "clock" => Command::Clock,
        "help" => Command::Help,
        other => return Err(BadArguments::Command(other.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Config, BadArguments> {
        Config::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_demo_has_its_own_folder() {
        assert_eq!(parse("demo").expect("a command").data, PathBuf::from("data/demo"));
        assert_eq!(parse("serve").expect("a command").data, PathBuf::from("data"));
        assert_eq!(parse("demo --data x").expect("a command").data, PathBuf::from("x"));
        assert_eq!(parse("demo --plan cho-don-2025").expect("a command").data, PathBuf::from("data/demo"));
        assert_eq!(parse("demo --plan tan-hoi-2026").expect("a command").data, PathBuf::from("data/demo-tan-hoi-2026"));
    }

    #[test]
    fn wrong_words_are_told() {
        for bad in ["fly", "serve --port", "serve --port x", "serve --speed 3", "invite", "lost", "backup"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for bad in [
            "import",
            "import a.xlsx b.xlsx",
            "undo",
            "undo --import x",
            "plan",
            "plan a.toml --print bac-kan-2026",
            "plan a.toml b.toml",
            "serve a.toml",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert_eq!(parse("plan a.toml").expect("a command").file, Some(PathBuf::from("a.toml")));
        assert_eq!(parse("").expect("help").command, Command::Help);
    }

    #[test]
    fn regular_backups_are_hourly_unless_said_otherwise() {
        let every = |line: &str| parse(line).expect("a command").regular_backups().map(|regular| regular.every);
        assert_eq!(every("serve"), None);
        assert_eq!(every("serve --backup-to x"), Some(Duration::from_hours(1)));
        assert_eq!(every("serve --backup-to x --backup-every 30m"), Some(Duration::from_mins(30)));
        assert_eq!(every("serve --backup-to x --backup-every 1d"), Some(Duration::from_hours(24)));
        for bad in ["0h", "5", "h", "2w", "-1h", "9999999999999999999d", "400d"] {
            assert!(parse(&format!("serve --backup-to x --backup-every {bad}")).is_err(), "{bad}");
        }
        assert!(parse("serve --backup-every 1h").is_err());
        assert!(parse("restore").is_err());
    }

    #[test]
    fn proxies_are_named_and_replace_the_usual_ones() {
        let trusts = |line: &str, address: &str| {
            parse(line).expect("a command").edge().proxies.trusts(address.parse().expect("an address"))
        };
        assert!(trusts("serve", "127.0.0.1") && trusts("serve", "::1") && !trusts("serve", "10.0.0.2"));
        let named = "serve --trusted-proxy 10.0.0.0/8 --trusted-proxy fd00::7";
        assert!(trusts(named, "10.0.0.2") && trusts(named, "fd00::7") && !trusts(named, "127.0.0.1"));
        assert!(parse("serve --trusted-proxy proxy.example").is_err());
        let url = parse("serve --url https://tungnha.example:8443/").expect("a command");
        assert_eq!(url.edge().public_host.as_deref(), Some("tungnha.example:8443"));
    }

    #[test]
    fn links_name_an_address_that_a_browser_can_open() {
        assert_eq!(parse("serve --host 0.0.0.0").expect("a command").public_url(), "http://localhost:8080");
        let named = parse("serve --url https://tungnha.example/").expect("a command");
        assert_eq!(named.public_url(), "https://tungnha.example");
    }
}
