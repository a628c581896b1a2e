"""The main menu: which doors there are, and which of them a role finds."""

from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.law.text import Text


class Door(NamedTuple):
    """An entry of the menu: the page's key, its address by name, its label, and who may pass."""

    page: str
    url_name: str
    label: Text
    permission: Permission

    @property
    def template(self) -> str:
        """The page behind the door; by its name, which is that of its address: web:bills is web/bills.html."""
        return f"{self.url_name.replace(':', '/')}.html"


DOORS = (
    Door("today", "web:today", Text("Hari ini", "Today"), Permission.SEE_TODAY),
    Door("agreements", "web:agreements", Text("Kerja sama", "Agreements"), Permission.SEE_AGREEMENTS),
    Door("rosters", "web:rosters", Text("Daftar pekerja", "Lists"), Permission.SEE_ROSTERS),
    Door("workers", "web:workers", Text("Pekerja", "Workers"), Permission.SEE_WORKERS),
    Door("employers", "web:employers", Text("Pemberi kerja", "Employers"), Permission.SEE_EMPLOYERS),
    Door("bills", "web:bills", Text("Tagihan", "Bills"), Permission.SEE_BILLS),
    Door("statements", "web:statements", Text("Rekening koran", "Bank statements"), Permission.SEE_MONEY),
    Door("unmatched", "web:unmatched", Text("Uang belum dikenali", "Unmatched money"), Permission.SEE_MONEY),
    Door("runway", "web:runway", Text("Dana", "Money"), Permission.SEE_AGREEMENTS),
    Door("coverage", "web:coverage", Text("Cakupan", "Coverage"), Permission.SEE_COVERAGE),
    Door("branch", "web:branch_imports", Text("Kata BPJS", "BPJS's word"), Permission.SEE_DIFFERENCES),
    Door("notices", "web:notices", Text("Pemberitahuan", "Notices"), Permission.SEE_NOTICES),
    Door("exports", "web:exports", Text("Ekspor", "Exports"), Permission.EXPORT),
    Door("trail", "web:trail_all", Text("Jejak", "Trail"), Permission.SEE_AUDIT),
    Door("authority", "web:authority", Text("Kewenangan", "Authority"), Permission.SEE_AUTHORITY),
    Door("tasks", "web:tasks", Text("Pekerjaan latar", "Background tasks"), Permission.SEE_JOBS),
    Door("users", "web:users", Text("Pengguna", "Users"), Permission.MANAGE_USERS),
)
"""In the order in which they are shown; a view names its own by `"page": key` in its context."""


def doors_of(standing: Standing) -> tuple[Door, ...]:
    """The doors that are open to whoever asks."""
    return tuple(door for door in DOORS if standing.may(door.permission))
