"""Notices and failed tasks of the village, for the pages that show them."""

from database import execute, fetched
from lindung.access.models import Role
from lindung.access.scope import in_scope
from lindung.notices import outbox, switching
from lindung.notices.models import Channel
from lindung.notices.outbox import Told
from lindung.notices.recipients import Recipient
from web.village import NOW, Village, acting

THE_HOK = "15.71.02.1004"
PHONE = "+6281274012345"


def switch_on(village: Village, *, is_on: bool = True) -> None:
    """The officer switches notices on, by telephone where there is one, else on paper."""
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        [city] = scope.sponsor_ids
        switching.switch(
            sponsor_id=city,
            is_on=is_on,
            channels=[Channel.SMS, Channel.LETTER],
            quiet_from=20,
            quiet_until=7,
            revision=switching.setting_of(city).revision,
            by=actor,
            now=NOW,
        )


def tell(village: Village, *names: str, phone: str = PHONE, month: str = "2026-10") -> list[int]:
    """These people are told that a month is paid; the first of them is Ibu Siti of the register."""
    actor, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=actor):
        [city] = scope.sponsor_ids
        told = []
        for number, name in enumerate(names):
            person = village.siti_id if number == 0 else None
            to = Recipient(f"person:{name}", name, city, THE_HOK, person, phone=phone)
            values = {"name": name, "month": "Oktober 2026", "payer": "Kota Jambi"}
            told.append(Told(to, values, month))
        return list(outbox.send_many(kind="cover.paid", told=told, by=actor, now=NOW).ids)


def fail(task: str = "notices.deliver", args: str = "{}") -> int:
    """A task that failed; its number."""
    execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)"
        " VALUES ('notices', %s, %s::jsonb, 'failed', 1)",
        task,
        args,
    )
    return int(fetched("SELECT max(id) FROM procrastinate_jobs")[0][0])
