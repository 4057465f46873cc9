//! Why a file, or one sheet of it, was not read.

use crate::{COLUMNS_MAX, ROWS_MAX};

/// What is wrong, and what to do about it. Nothing of the file is used then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    #[error("Tệp này trống. Kiểm tra lại xem đã chọn đúng tệp chưa.")]
    Empty,
    #[error("Tệp này không phải là bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv.")]
    NotASheet,
    /// Holds what it is.
    #[error("Tệp này là {0}, không phải là bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv.")]
    Other(&'static str),
    #[error("Tệp này được đặt mật khẩu. Mở bằng Excel, bỏ mật khẩu, lưu lại rồi chọn tệp mới.")]
    Encrypted,
    /// A kind of spreadsheet that is too rare to be read here.
    #[error("Tệp này thuộc loại bảng tính ít dùng. Mở bằng Excel, lưu lại ở dạng .xlsx rồi chọn tệp mới.")]
    SaveAgain,
    /// Holds the limit in megabytes.
    #[error("Tệp này lớn hơn {max} MB. Bỏ hình ảnh và trang tính không cần, hoặc tách danh sách theo tổ, thôn.")]
    TooLarge { max: usize },
    #[error(
        "Tệp nén này bung ra lớn bất thường, có thể là tệp phá hoại. Đừng mở; hãy hỏi lại người gửi và xin tệp khác."
    )]
    Bomb,
    #[error("Tệp này có quá nhiều ô có dữ liệu. Bỏ các trang tính không cần, hoặc tách danh sách theo tổ, thôn.")]
    TooManyCells,
    #[error("Tệp này có quá nhiều trang tính. Chỉ giữ lại các trang có danh sách.")]
    TooManySheets,
    #[error("Có dữ liệu ở dưới dòng {ROWS_MAX}. Xóa ô thừa ở cuối trang tính, hoặc tách danh sách theo tổ, thôn.")]
    TooManyRows,
    #[error("Có dữ liệu ở bên phải cột thứ {COLUMNS_MAX}. Xóa ô thừa ở bên phải danh sách rồi lưu lại.")]
    TooManyColumns,
    #[error("Tệp này bị hỏng hoặc chưa được tải về hết. Tải lại, hoặc mở bằng Excel rồi lưu lại ở dạng .xlsx.")]
    Damaged,
}
