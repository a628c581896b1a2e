"""What is wrong with the setting of a channel, in a sentence that names the place to mend."""

from lindung.engine.troubles import Trouble


class NotReadable(Trouble):
    """LINDUNG_MAIL_URL or gateways.toml says something that cannot be used."""
