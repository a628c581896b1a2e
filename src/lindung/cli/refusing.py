"""How a command says that it could not do what was asked: a sentence for people, a stable code for machines."""

import re
from typing import Any

import click

from lindung.cli.speaking import say_json
from lindung.engine.troubles import Trouble
from lindung.law.text import Text


class Refused(Trouble):
    """The command was not carried out; `text` says what to do next, `code` stays the same over the years."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text)
        self.code = code


class Answering(click.Command):
    """A command that, asked for JSON, also fails in JSON: {"error": {"code", "message": {"id", "en"}}}.

    The sentence goes to the error stream as ever, and the exit code is 1.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Carry it out; a Trouble goes on to whoever ends the programme."""
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            if ctx.params.get("as_json"):
                say_json({"error": {"code": code_of(trouble), "message": trouble.text._asdict()}})
            raise


def code_of(trouble: Trouble) -> str:
    """The stable code: a refusal's own, else the kind of trouble, such as engine.address_in_use."""
    if isinstance(trouble, Refused):
        return trouble.code
    return "engine." + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(trouble).__name__).lower()
