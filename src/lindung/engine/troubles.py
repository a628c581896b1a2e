"""What can go wrong beneath the programme, each with a sentence that says what to do."""

from lindung.law.text import Text


class Trouble(Exception):
    """The machine room cannot do what was asked; `text` tells a person what to do next."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class FolderUnusable(Trouble):
    """The state folder cannot be made, reached or trusted."""


class NoServerPrograms(Trouble):
    """No PostgreSQL programs were found on this machine."""


class ServerWillNotStart(Trouble):
    """The database server did not come up; the text carries the last lines of its log."""


class ServerWillNotStop(Trouble):
    """The database server was told to end and did not."""


class DatabaseUnreachable(Trouble):
    """The database at LINDUNG_DATABASE_URL does not answer."""


class DatabaseTooOld(Trouble):
    """The database server is older than PostgreSQL 15."""


class MayNotAdminister(Trouble):
    """The role in LINDUNG_DATABASE_URL may not create roles or the schema."""


class UnsafeRole(Trouble):
    """The programme is connected with a role that the walls inside the database do not hold back."""


class KeysDoNotFit(Trouble):
    """The keys in the state folder are not those that sealed this database."""


class KeyUnreadable(Trouble):
    """A key in the state folder is damaged, or may not be read."""


class ClockUnreadable(Trouble):
    """LINDUNG_NOW is neither a date nor a moment."""


class AddressInUse(Trouble):
    """The address to serve on cannot be taken."""


class NotForOthers(Trouble):
    """Other computers would be served something that is meant for this one only."""
