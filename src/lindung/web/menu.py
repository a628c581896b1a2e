"""The main menu: which doors there are, and which of them a role finds."""

from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.law.text import Text


class Door(NamedTuple):
    """An entry of the menu: the page's key, its address by name, its label, and who may pass.

    ``money`` stands together, and first for whoever pays; ``rest`` goes behind "Lainnya" where the menu grows long.
    """

    page: str
    url_name: str
    label: Text
    permission: Permission
    money: bool = False
    rest: bool = False

    @property
    def template(self) -> str:
        """The page behind the door; by its name, which is that of its address: web:bills is web/bills.html."""
        return f"{self.url_name.replace(':', '/')}.html"


TODAY = Door("today", "web:today", Text("Hari ini", "Today"), Permission.SEE_TODAY)
DOORS = (
    TODAY,
    Door("agreements", "web:agreements", Text("Kerja sama", "Agreements"), Permission.SEE_AGREEMENTS),
    Door("rosters", "web:rosters", Text("Daftar pekerja", "Lists"), Permission.SEE_ROSTERS),
    Door("workers", "web:workers", Text("Pekerja", "Workers"), Permission.SEE_WORKERS),
    Door("employers", "web:employers", Text("Pemberi kerja", "Employers"), Permission.SEE_EMPLOYERS),
    Door("bills", "web:bills", Text("Tagihan", "Bills"), Permission.SEE_BILLS, money=True),
    Door(
        "unmatched",
        "web:unmatched",
        Text("Uang belum dikenali", "Unmatched money"),
        Permission.SEE_MONEY,
        money=True,
    ),
    Door(
        "statements",
        "web:statements",
        Text("Rekening koran", "Bank statements"),
        Permission.SEE_MONEY,
        money=True,
    ),
    Door("runway", "web:runway", Text("Dana", "Money"), Permission.SEE_AGREEMENTS, money=True),
    Door("coverage", "web:coverage", Text("Cakupan", "Coverage"), Permission.SEE_COVERAGE),
    Door(
        "branch",
        "web:branch_imports",
        Text("Kata BPJS", "BPJS's word"),
        Permission.SEE_DIFFERENCES,
        rest=True,
    ),
    Door("notices", "web:notices", Text("Pemberitahuan", "Notices"), Permission.SEE_NOTICES, rest=True),
    Door("exports", "web:exports", Text("Ekspor", "Exports"), Permission.EXPORT, rest=True),
    Door("trail", "web:trail_all", Text("Jejak", "Trail"), Permission.SEE_AUDIT, rest=True),
    Door("authority", "web:authority", Text("Kewenangan", "Authority"), Permission.SEE_AUTHORITY, rest=True),
    Door("tasks", "web:tasks", Text("Pekerjaan latar", "Background tasks"), Permission.SEE_JOBS, rest=True),
    Door("users", "web:users", Text("Pengguna", "Users"), Permission.MANAGE_USERS, rest=True),
)
"""In the order in which they are shown; a view names its own by `"page": key` in its context."""
IN_ONE_ROW = 9


def doors_of(standing: Standing) -> tuple[Door, ...]:
    """The doors that are open to whoever asks; with few of them none is kept behind the others."""
    found = [door for door in DOORS if standing.may(door.permission)]
    if standing.may(Permission.CONFIRM_PAYMENT):
        found.sort(key=lambda door: (door != TODAY, not door.money))
    if len(found) <= IN_ONE_ROW:
        return tuple(door._replace(rest=False) for door in found)
    return tuple(found)
