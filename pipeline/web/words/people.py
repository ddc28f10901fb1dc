"""Words of signing in, of one's own account and of the accounts of others."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "login": ("Tên đăng nhập", "Login"),
    "password": ("Mật khẩu", "Password"),
    "sign_in_title": ("Đăng nhập Sohoa", "Sign in to Sohoa"),
    "sign_in_why": (
        "Trang này có dữ liệu cá nhân. Hãy đăng nhập để tiếp tục.",
        "There is personal data here. Sign in to go on.",
    ),
    "signed_out": ("Bạn đã đăng xuất.", "You have signed out."),
}
