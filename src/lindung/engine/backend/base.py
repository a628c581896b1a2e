"""Django's PostgreSQL backend that asks for its address at the moment of connecting.

So settings can be imported, checked and typed without a state folder or a server being there.
"""

from typing import Any

from django.db.backends.postgresql import base

from lindung.engine import addresses, roles


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects as the role named in DATABASES, wherever the installation's database is now."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters, completed by the installation's own."""
        self.settings_dict["NAME"] = addresses.database_name()
        params: dict[str, Any] = super().get_connection_params()
        return {**params, **addresses.as_role(self.settings_dict["USER"])}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new connection; the app's is refused when it could step around the walls inside the database."""
        connection = super().get_new_connection(conn_params)
        if self.settings_dict["USER"] != addresses.APP:
            return connection
        try:
            roles.refuse_unsafe_role(connection)
            connection.rollback()  # Django sets its own mode next, and cannot do so inside a transaction
        except BaseException:
            connection.close()
            raise
        return connection
