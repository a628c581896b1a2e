"""What the account pages say when something is wrong: one sentence per fault, always with what to do."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField

from lindung.access.passwords import TOO_OBVIOUS
from lindung.law.text import Text

_WRONG_PASSWORD = Text(
    "Nama pengguna atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.",
    "The user name or password does not match. Check both and try again.",
)
_TOO_MANY = Text(
    "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.",
    "Too many attempts. Wait a few minutes, then try again.",
)
_WRONG_CODE = Text(
    "Kode tidak cocok. Tunggu angka berikutnya di aplikasi, lalu ketik 6 angka itu.",
    "The code does not match. Wait for the next one in the app, then type its 6 digits.",
)
_UNKNOWN = Text(
    "Isian ini belum benar. Periksa, lalu coba lagi.", "This entry is not right. Check it and try again."
)

_NOT_THE_SAME = Text(
    "Dua isian kata sandi baru tidak sama. Ketik ulang keduanya.",
    "The two new passwords differ. Type both again.",
)

_BY_CODE = {
    "username_password_mismatch": _WRONG_PASSWORD,
    "invalid_login": _WRONG_PASSWORD,
    "incorrect_password": Text(
        "Kata sandi tidak cocok. Ketik sekali lagi.", "The password does not match. Type it once more."
    ),
    "account_inactive": Text(
        "Akun ini tidak aktif. Hubungi pengelola Lindung di kantor Anda.",
        "This account is not active. Ask the Lindung administrator of your office.",
    ),
    "too_many_login_attempts": _TOO_MANY,
    "rate_limited": _TOO_MANY,
    "incorrect_code": _WRONG_CODE,
    "cannot_delete_authenticator": Text(
        "Kode masuk tidak dapat dilepas sendiri. Minta pengelola Lindung menyetel ulang kode Anda.",
        "You cannot remove sign-in codes yourself. Ask the Lindung administrator to reset them.",
    ),
    "cannot_generate_recovery_codes": Text(
        "Aktifkan dulu aplikasi kode, lalu buat kode cadangan.",
        "Activate the code app first, then make recovery codes.",
    ),
    "enter_current_password": Text(
        "Kata sandi sekarang tidak cocok. Ketik sekali lagi.",
        "The current password does not match. Type it once more.",
    ),
    "password_too_short": Text(
        "Kata sandi terlalu pendek. Pakai beberapa kata, paling sedikit {min_length} huruf.",
        "The password is too short. Use several words, at least {min_length} letters.",
    ),
    "password_too_common": Text(
        "Kata sandi ini terlalu umum. Pakai beberapa kata yang tidak berkaitan.",
        "This password is too common. Use several words that have nothing in common.",
    ),
    "password_too_obvious": TOO_OBVIOUS,
    "password_entirely_numeric": Text(
        "Kata sandi ini hanya angka. Tambahkan beberapa kata.",
        "This password is digits only. Add several words.",
    ),
    "password_too_similar": Text(
        "Kata sandi ini mirip nama Anda. Pakai kata yang lain.",
        "This password resembles your name. Use other words.",
    ),
}

_BY_KIND = {
    "required": Text("Isi {label}.", "Fill in {label}."),
    "invalid_choice": Text("Pilih {label} dari daftar.", "Choose {label} from the list."),
    "invalid": Text(
        "{label} belum benar. Periksa, lalu coba lagi.", "{label} is not right. Check it and try again."
    ),
    "max_length": Text(
        "{label} terlalu panjang: paling banyak {limit_value} huruf.",
        "{label} is too long: at most {limit_value} letters.",
    ),
    "min_value": Text("{label} paling sedikit {limit_value}.", "{label} must be at least {limit_value}."),
    "max_value": Text("{label} paling banyak {limit_value}.", "{label} must be at most {limit_value}."),
    "empty": Text("Berkas {label} kosong. Pilih berkas lain.", "The file {label} is empty. Choose another."),
    "missing": Text("Pilih berkas {label}.", "Choose the file {label}."),
}
"""What is wrong with an input of our own forms, by the kind of fault."""

_EMPTY = {
    "login": Text("Isi nama pengguna.", "Enter your user name."),
    "password": Text("Isi kata sandi.", "Enter your password."),
    "oldpassword": Text("Isi kata sandi sekarang.", "Enter your current password."),
    "password1": Text("Isi kata sandi baru.", "Enter a new password."),
    "password2": Text("Ulangi kata sandi baru.", "Repeat the new password."),
    "code": Text("Isi 6 angka dari aplikasi kode.", "Enter the 6 digits from the code app."),
}


class Problem(NamedTuple):
    """One fault of a form: the id of the field to go to, and the sentence."""

    field_id: str
    text: Text


def form_problems(form: BaseForm) -> tuple[Problem, ...]:
    """Every fault of a sent form in the order of its fields; a fault of the whole form points to the first seen."""
    faults = form.errors.as_data()
    return tuple(
        Problem(_field_id(form, name), _sentence(name, fault, label=_label(form, name)))
        for name, found in faults.items()
        for fault in found
    )


def _label(form: BaseForm, name: str) -> str:
    """Of our own forms only: the words of the sign-in pages stand in `_EMPTY`."""
    return str(form[name].label) if name in form.fields and hasattr(form, "kept_from_before") else ""


def _field_id(form: BaseForm, name: str) -> str:
    seen = [field.name for field in form.visible_fields()]
    known = name if name in seen else next(iter(seen), "")
    return form[known].id_for_label if known else ""


def field_problems(field: BoundField) -> tuple[Text, ...]:
    """The faults of one input, in words."""
    faults = field.form.errors.as_data().get(field.name, [])
    return tuple(_sentence(field.name, fault, label=str(field.label)) for fault in faults)


def _sentence(name: str, fault: ValidationError, *, label: str = "") -> Text:
    code = fault.code or ""
    told = getattr(fault, "text", None)
    if isinstance(told, Text):
        return told
    if label and code in _BY_KIND:
        return _BY_KIND[code].filled(label=label, **{k: str(v) for k, v in (fault.params or {}).items()})
    if code == "required" and name in _EMPTY:
        return _EMPTY[name]
    if code in _BY_CODE:
        return _BY_CODE[code].filled(**(fault.params or {}))
    if name == "password2":
        # Without a code allauth means: the two are not the same. With one, a validator speaks our sentence.
        return Text(fault.messages[0], fault.messages[0]) if code else _NOT_THE_SAME
    return _UNKNOWN
