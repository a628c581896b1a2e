"""Every sentence that people read exists twice: in Indonesian first, and in English."""

from typing import Literal, NamedTuple

Language = Literal["id", "en"]


class Text(NamedTuple):
    """One sentence or label in Bahasa Indonesia (`id`) and in English (`en`)."""

    id: str
    en: str

    def said_in(self, language: Language) -> str:
        """The wording for that language."""
        return self.en if language == "en" else self.id

    def filled(self, **values: "str | int | Text") -> "Text":
        """The same sentence with its {placeholders} replaced; a Text is inserted in the matching language.

        Raises KeyError when the sentence names a placeholder that is not given.
        """
        indonesian = {name: value.id if isinstance(value, Text) else value for name, value in values.items()}
        english = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return Text(self.id.format(**indonesian), self.en.format(**english))


def joined(parts: "tuple[Text, ...]", separator: str = " ") -> Text:
    """Several texts as one, in order."""
    return Text(separator.join(part.id for part in parts), separator.join(part.en for part in parts))
