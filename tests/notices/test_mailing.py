"""E-mail, against a mail server on this machine: what it got, and what became of its refusals."""

import pytest

from lindung.notices import mailing
from lindung.notices.mailing import Mail
from lindung.notices.set_up import NotReadable
from lindung.notices.ways import Again, Outcome, Parcel, Refused, Sent, Unclear
from notices.servers import PostOffice

PARCEL = Parcel(
    7, "once-7", "disnaker@jambi.go.id", "Petugas", "Anggaran tinggal 7 hari", "Baris satu.\n\nBaris dua é."
)


@pytest.fixture
def mail(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Mail:
    monkeypatch.setenv("LINDUNG_MAIL_URL", f"smtp://127.0.0.1:{post_office.server_address[1]}")
    monkeypatch.setenv("LINDUNG_MAIL_FROM", "Lindung <lindung@jambi.go.id>")
    found = mailing.from_environment()
    assert found is not None
    return found


def test_it_hands_the_message_over_under_its_own_constant_name(mail: Mail, post_office: PostOffice) -> None:
    assert mail.send(PARCEL) == Sent("<once-7@jambi.go.id>")
    assert mail.send(PARCEL) == Sent("<once-7@jambi.go.id>")
    first, second = post_office.got
    for got in (first, second):
        assert "Message-ID: <once-7@jambi.go.id>" in got
    assert "Subject: Anggaran tinggal 7 hari" in first
    assert "To: disnaker@jambi.go.id" in first


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        ("550", Refused("mail.refused")),
        ("451", Again("mail.later")),
        ("vanish", Unclear("mail.unclear")),
    ],
)
def test_each_refusal_has_its_end(mail: Mail, post_office: PostOffice, does: str, outcome: Outcome) -> None:
    post_office.does = does
    assert mail.send(PARCEL) == outcome


def test_a_server_that_is_not_there_took_nothing(mail: Mail) -> None:
    assert mail._replace(port=1).send(PARCEL) == Again("mail.unreachable")


def test_it_begins_no_tls_with_a_server_that_has_none(mail: Mail, post_office: PostOffice) -> None:
    """STARTTLS is wanted and not offered: nothing is sent in clear instead."""
    assert mail._replace(scheme="smtp+starttls").send(PARCEL) == Again("mail.unreachable")
    assert post_office.got == []


def test_without_a_server_there_is_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINDUNG_MAIL_URL", raising=False)
    assert mailing.from_environment() is None


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example", "a@b.id"),
        ("smtps://", "a@b.id"),
        ("smtps://mail.example", "lindung"),
        ("smtp://mail.example", "a@b.id"),
    ],
)
def test_it_says_what_is_wrong_with_the_setting(
    monkeypatch: pytest.MonkeyPatch, url: str, sender: str
) -> None:
    monkeypatch.setenv("LINDUNG_MAIL_URL", url)
    monkeypatch.setenv("LINDUNG_MAIL_FROM", sender)
    with pytest.raises(NotReadable, match="LINDUNG_MAIL"):
        mailing.from_environment()
