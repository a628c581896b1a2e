"""The gateway: what it sends is what the file says, and every bad answer ends in a stated outcome."""

from pathlib import Path

import pytest

from lindung.engine.state import CHECKOUT
from lindung.notices import gateway, reaching
from lindung.notices.gateway import Gateway
from lindung.notices.models import Channel
from lindung.notices.set_up import NotReadable
from lindung.notices.ways import Again, Outcome, Parcel, Refused, Sent, Unclear
from notices.conftest import describe
from notices.servers import Provider

PARCEL = Parcel(7, "once-7", "+6281274012345", "Siti {to}", "Judul", 'Kata "Siti" {token} & kawan')


def described_gateway(path: Path, provider: Provider, *more: str) -> Gateway:
    describe(path, provider, *more)
    return gateway.from_file()[Channel.SMS]


class TestSending:
    def test_it_sends_what_the_file_says(self, provider: Provider, described: Path) -> None:
        assert described_gateway(described, provider).send(PARCEL) == Sent("m-1")
        [got] = provider.got
        assert got["body"] == {"id": "once-7", "to": "+6281274012345", "text": PARCEL.body}
        assert got["headers"]["Authorization"] == "App rahasia-penyedia"
        assert got["headers"]["Host"] == provider.url.removeprefix("http://")

    def test_it_sends_a_form_where_the_file_says_so(self, provider: Provider, described: Path) -> None:
        described_gateway(described, provider, 'format = "form"').send(PARCEL)
        assert provider.got[0]["body"].startswith("id=once-7&to=%2B6281274012345&text=Kata+%22Siti")

    def test_a_text_that_looks_like_a_placeholder_stays_a_text(
        self, provider: Provider, described: Path
    ) -> None:
        described_gateway(described, provider).send(PARCEL)
        assert "{token}" in provider.got[0]["body"]["text"]

    @pytest.mark.parametrize(
        ("does", "outcome"),
        [
            ("400", Refused("gateway.refused")),
            ("401", Again("gateway.signing_in")),
            ("429", Again("gateway.later")),
            ("503", Again("gateway.later")),
            ("500", Unclear("gateway.unclear")),
            ("lead away", Again("gateway.redirects")),
            ("die", Unclear("gateway.unclear")),
        ],
    )
    def test_each_bad_answer_has_its_end(
        self, provider: Provider, described: Path, does: str, outcome: Outcome
    ) -> None:
        provider.does = does
        assert described_gateway(described, provider).send(PARCEL) == outcome
        assert len(provider.got) == 1

    def test_a_no_inside_of_a_yes_is_a_no(self, provider: Provider, described: Path) -> None:
        found = described_gateway(described, provider, "[sms.answer.when]\nok = true")
        assert found.send(PARCEL) == Sent("m-1")
        provider.does = "say no in a yes"
        assert found.send(PARCEL) == Refused("gateway.refused")

    def test_who_does_not_answer_in_time_is_unclear(
        self, provider: Provider, described: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gateway, "ANSWERING", 0.2)
        provider.does = "slow"
        assert described_gateway(described, provider).send(PARCEL) == Unclear("gateway.unclear")

    def test_who_is_not_there_took_nothing(self, provider: Provider, described: Path) -> None:
        found = described_gateway(described, provider)
        gone = found._replace(url="http://127.0.0.1:1/send")
        assert gone.send(PARCEL) == Again("gateway.unreachable")

    def test_it_asks_what_became_of_a_message(self, provider: Provider, described: Path) -> None:
        found = described_gateway(described, provider, f'[sms.ask]\nurl = "{provider.url}/status/{{once}}"')
        assert found.ask(PARCEL) == Again("crashed")
        found.send(PARCEL)
        assert found.ask(PARCEL) == Sent("m-asked")
        assert provider.asked[0] == "/status/once-7"


class TestWalls:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "[::1]", "[fd00::1]"]
    )
    def test_it_calls_nobody_inside_the_own_network(
        self, provider: Provider, described: Path, host: str
    ) -> None:
        found = described_gateway(described, provider)._replace(private=False)
        assert found._replace(url=f"https://{host}/send").send(PARCEL) == Again("gateway.private")

    def test_a_name_that_leads_inside_is_no_way_around(self, provider: Provider, described: Path) -> None:
        found = described_gateway(described, provider)._replace(private=False)
        port = provider.server_address[1]
        assert found._replace(url=f"https://localhost:{port}/send").send(PARCEL) == Again("gateway.private")
        assert provider.got == []

    @pytest.mark.parametrize("address", ["::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1", "100.64.0.1"])
    def test_it_knows_the_strange_ones(self, address: str) -> None:
        with pytest.raises(reaching.AddressInside):
            reaching.reached_at(address, 443, private=False)

    def test_it_connects_to_the_address_it_looked_at(
        self, provider: Provider, described: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A name that answers otherwise a moment later (DNS rebinding) is not asked a second time."""
        monkeypatch.setattr(gateway, "reached_at", lambda host, port, private: "127.0.0.1")
        found = described_gateway(described, provider)
        port = provider.server_address[1]
        elsewhere = found._replace(url=f"http://pesan.example:{port}/send")
        assert elsewhere.send(PARCEL) == Sent("m-1")
        assert provider.got[0]["headers"]["Host"] == f"pesan.example:{port}"


class TestTheFile:
    def test_the_example_in_the_docs_sends_what_it_shows(self, provider: Provider, described: Path) -> None:
        page = (CHECKOUT / "docs" / "notices.md").read_text(encoding="utf-8")
        described.write_text(page.split("```toml\n")[1].split("```")[0])
        found = gateway.from_file()[Channel.SMS]
        assert isinstance(found._replace(url=f"{provider.url}/sms", private=True).send(PARCEL), Sent)
        [message] = provider.got[0]["body"]["messages"]
        assert message["destinations"] == [{"to": "6281274012345", "messageId": "once-7"}]

    def test_without_it_there_is_no_gateway(self, described: Path) -> None:
        assert gateway.from_file() == {}

    @pytest.mark.parametrize(
        "written",
        [
            "[sms",
            '[fax]\nurl = "https://a.example/"\nbody = "x"',
            '[sms]\nurl = "http://a.example/"\nbody = "x"',
            '[sms]\nurl = "https://a.example/"',
            '[sms]\nurl = "https://a.example/"\nbody = "x"\ncolour = "red"',
            '[sms]\nurl = "https://a.example/"\nbody = "x"\ntoken_file = "none"',
            '[sms]\nurl = "https://a.example/"\nbody = "x"\nformat = "xml"',
            '[sms]\nurl = "https://a.example/"\nbody = "x"\nask = {url = "https://b.example/"}',
        ],
    )
    def test_a_fault_in_it_is_said_and_not_sent_past(self, described: Path, written: str) -> None:
        described.write_text(written)
        with pytest.raises(NotReadable, match=r"gateways\.toml"):
            gateway.from_file()
