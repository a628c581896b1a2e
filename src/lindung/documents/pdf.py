"""Sets a paper as a tagged PDF (PDF/UA-1, checked by the typesetter): no network, the same bytes for the same paper.

What a paper says reaches the template as data and is never read as its source, so a name may hold any sign. Signs for
which the fonts in the house have no shape are shown as the replacement sign, not left out.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import typst

from lindung.documents.paper import Paper

Form = Literal["pdf", "html", "png"]

_TYPESETTING = Path(__file__).parent / "typesetting"
# Packages would be fetched from the network: looked for where nothing is and nothing can be written.
_NO_PACKAGES = "/dev/null/packages"
_WITHOUT_SHAPE = re.compile("[^ -~\u00a0-\u024f\u2010-\u2040\u2212\ufffd]")
_UNSEEN = ("Cf", "Cs", "Co", "Cn")


def pdf(paper: Paper, *, on: datetime) -> bytes:
    """The paper as PDF/UA-1, dated `on`. Set twice, it is the same to the byte."""
    return cast(bytes, set_as(paper, "pdf", on=on, pdf_standards=["ua-1"]))


def set_as(paper: Paper, form: Form, *, on: datetime, **more: Any) -> bytes | list[bytes]:
    """The paper in another form for whoever proofreads it: html to read its words, png to look at its pages."""
    return cast(
        "bytes | list[bytes]",
        typst.compile(
            (_TYPESETTING / "paper.typ"),
            root=_TYPESETTING,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=Path(_NO_PACKAGES),
            package_cache_path=Path(_NO_PACKAGES),
            sys_inputs={"paper": json.dumps(_said(paper))},
            format=form,
            timestamp=int(on.timestamp()),
            **more,
        ),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts that come with the typesetter; those of the machine would make other bytes elsewhere."""
    return typst.Fonts(include_system_fonts=False)


def _said(paper: Paper) -> dict[str, Any]:
    return cast("dict[str, Any]", _each(_shown, _as_dict(paper)))


def _as_dict(value: Any) -> Any:
    """Named tuples as objects, for the template."""
    if hasattr(value, "_asdict"):
        return {name: _as_dict(each) for name, each in value._asdict().items()}
    return [_as_dict(each) for each in value] if isinstance(value, tuple) else value


def _each(change: Callable[[str], str], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _each(change, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_each(change, each) for each in value]
    return change(value) if isinstance(value, str) else value


def _shown(text: str) -> str:
    """The text in signs that have a shape: one line, nothing unseen, accents joined to their letters."""
    joined = unicodedata.normalize(
        "NFC", "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN)
    )
    return _WITHOUT_SHAPE.sub("\ufffd", re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", joined)).strip()
