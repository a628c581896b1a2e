"""How the API says that something went wrong: problem+json (RFC 9457) with a code that stays the same over the years."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

from lindung.law.text import Text

CONTENT_TYPE = "application/problem+json"
PAGE = "/api/v1/docs"
"""Where each code is explained; the type of a problem is a place on that page."""


class Kind(NamedTuple):
    """What a code stands for: the HTTP status, and the sentence that says what to do."""

    status: int
    text: Text


KINDS = {
    "request.malformed": Kind(
        400,
        Text(
            "Isi permintaan tidak terbaca. Kirim JSON (UTF-8) atau berkas sesuai dokumentasi.",
            "The request cannot be read. Send JSON (UTF-8) or a file as documented.",
        ),
    ),
    "request.host": Kind(
        400,
        Text(
            "Nama server ini tidak dikenal. Pakai alamat resmi layanan.",
            "This host name is not served. Use the service's own address.",
        ),
    ),
    "request.unknown_parameter": Kind(
        400,
        Text(
            "Alamat ini tidak mengenal parameter itu; lihat daftar errors.",
            "This address does not know that parameter; see the list of errors.",
        ),
    ),
    "request.repeated_parameter": Kind(
        400,
        Text(
            "Sebuah parameter disebut lebih dari sekali; lihat daftar errors. Sebut sekali saja.",
            "A parameter is named more than once; see the list of errors. Name it once.",
        ),
    ),
    "cursor.invalid": Kind(
        400,
        Text(
            "Kursor tidak berlaku untuk daftar ini. Mulai lagi tanpa kursor.",
            "The cursor does not belong to this list. Start again without a cursor.",
        ),
    ),
    "idempotency.key_missing": Kind(
        400,
        Text(
            "Sertakan kepala Idempotency-Key dengan kunci baru untuk setiap perintah.",
            "Send the header Idempotency-Key with a new key for each order.",
        ),
    ),
    "idempotency.key_malformed": Kind(
        400,
        Text(
            "Idempotency-Key harus 8 sampai 64 huruf, angka atau tanda ASCII tanpa spasi.",
            "An Idempotency-Key has 8 to 64 ASCII letters, digits or signs, no spaces.",
        ),
    ),
    "client.grant_type": Kind(
        400,
        Text(
            "Hanya grant_type client_credentials yang dilayani.",
            "Only the grant_type client_credentials is served.",
        ),
    ),
    "client.scope": Kind(
        400, Text("Kunci ini tidak punya izin itu.", "This key does not have that permission.")
    ),
    "client.wrong_key": Kind(
        401,
        Text(
            "Pengenal atau rahasia klien salah, atau kuncinya sudah dicabut.",
            "Client id or secret is wrong, or the key was revoked.",
        ),
    ),
    "token.missing": Kind(
        401,
        Text(
            "Sertakan token: Authorization: Bearer ... Minta di POST /api/v1/token.",
            "Send a token: Authorization: Bearer ... Ask for one at POST /api/v1/token.",
        ),
    ),
    "token.invalid": Kind(
        401,
        Text(
            "Token tidak berlaku atau sudah lewat 15 menit. Minta token baru.",
            "The token is not valid or older than 15 minutes. Ask for a new one.",
        ),
    ),
    "token.not_allowed": Kind(
        403,
        Text(
            "Token ini tidak punya izin untuk itu. Lihat izinnya di GET /api/v1/me.",
            "This token is not allowed to do that. See what it may at GET /api/v1/me.",
        ),
    ),
    "request.not_found": Kind(404, Text("Alamat ini tidak ada.", "There is no such address.")),
    "record.not_found": Kind(
        404,
        Text(
            "Data itu tidak ada, atau di luar lingkup Anda.",
            "There is no such record, or it is out of your sight.",
        ),
    ),
    "request.method": Kind(
        405, Text("Alamat ini tidak melayani cara itu.", "This address does not serve that method.")
    ),
    "idempotency.other_body": Kind(
        409,
        Text(
            "Kunci ini sudah dipakai untuk perintah lain. Kirim dengan kunci baru.",
            "This key was used for another order. Send it with a new key.",
        ),
    ),
    "changed_meanwhile": Kind(
        409,
        Text(
            "Data ini baru saja diubah orang lain. Ambil lagi, lalu ulangi.",
            "Somebody else has just changed this. Read it again, then repeat.",
        ),
    ),
    "refused": Kind(
        409, Text("Perintah ini ditolak; tidak ada yang berubah.", "This was refused; nothing has changed.")
    ),
    "request.too_large": Kind(
        413, Text("Isinya terlalu besar. Bagi menjadi beberapa bagian.", "It is too large. Send it in parts.")
    ),
    "request.media_type": Kind(
        415,
        Text(
            "Content-Type tidak cocok dengan alamat ini. Lihat dokumentasi.",
            "The Content-Type does not fit this address. See the documentation.",
        ),
    ),
    "request.invalid": Kind(
        422,
        Text(
            "Beberapa isian tidak benar; lihat daftar errors.",
            "Some values are not right; see the list of errors.",
        ),
    ),
    "reveal.personal_data": Kind(
        422,
        Text(
            "Alasan tidak boleh memuat NIK atau nomor telepon. Tulis dengan kata-kata.",
            "A reason may hold no NIK and no telephone number. Say it in words.",
        ),
    ),
    "request.too_many": Kind(
        429,
        Text(
            "Terlalu banyak permintaan. Tunggu sejumlah detik di Retry-After.",
            "Too many requests. Wait as many seconds as Retry-After says.",
        ),
    ),
    "reveal.too_many": Kind(
        429,
        Text("Batas melihat NIK hari ini sudah tercapai.", "Today's limit of opened NIK is reached."),
    ),
    "service.fault": Kind(
        500,
        Text(
            "Ada kesalahan pada layanan ini; tidak ada yang berubah. Beri tahu pengelola.",
            "Something is wrong with the service; nothing has changed. Tell its operator.",
        ),
    ),
    "service.unavailable": Kind(
        503,
        Text(
            "Layanan sedang tidak siap. Ulangi sebentar lagi dengan kunci yang sama.",
            "The service is not ready. Repeat in a moment, with the same key.",
        ),
    ),
}
"""The door's own codes. The rooms add theirs: every refusal has one (docs/api.md)."""

BY_STATUS = {
    400: "request.malformed",
    404: "request.not_found",
    405: "request.method",
    413: "request.too_large",
    415: "request.media_type",
    429: "request.too_many",
    503: "service.unavailable",
}


class Fault(BaseModel):
    """One value at fault: where it stands, the kind of fault, and a sentence in Indonesian and in English."""

    field: str = Field(examples=["body.amount"])
    code: str = Field(examples=["greater_than"])
    detail: str
    detail_en: str


class ProblemAnswer(BaseModel):
    """What went wrong (RFC 9457): `code` is stable, `detail` is Indonesian and `detail_en` English."""

    type: str = Field(examples=["/api/v1/docs#bill.nobody"])
    title: str
    status: int
    detail: str
    detail_en: str
    code: str
    instance: str
    errors: list[Fault] = []
    error: str | None = Field(default=None, description="The code of RFC 6749, at /token only.")


class Problem(Exception):
    """Ends a request with this code; `text` says more than the code's own sentence."""

    def __init__(
        self,
        code: str,
        *,
        text: Text | None = None,
        status: int | None = None,
        errors: Sequence[Fault] = (),
        error: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        kind = KINDS.get(code, KINDS["refused"])
        self.code = code
        self.text = text or kind.text
        self.status = status or kind.status
        self.errors = list(errors)
        self.error = error
        self.headers = headers or {}


def said(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer that carries a problem."""
    told = ProblemAnswer(
        type=f"{PAGE}#{problem.code}",
        title=KINDS.get(problem.code, KINDS["refused"]).text.en,
        status=problem.status,
        detail=problem.text.id,
        detail_en=problem.text.en,
        code=problem.code,
        instance=request.path,
        errors=problem.errors,
        error=problem.error,
    )
    return HttpResponse(
        told.model_dump_json(exclude_none=True),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers={**_how_to_enter(problem), **problem.headers},
    )


def _how_to_enter(problem: Problem) -> dict[str, str]:
    """What HTTP asks of a 401: how to identify oneself."""
    if problem.status != 401:
        return {}
    invalid = ', error="invalid_token"' if problem.code == "token.invalid" else ""
    return {"WWW-Authenticate": f'Bearer realm="lindung"{invalid}'}
