"""The templates of the page: HTML with autoescape, so that words of files stay words."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = Path(__file__).with_name("templates")
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(name: str, **values: Any) -> Markup:
    """A template filled with values, as HTML; text among the values is escaped, ``Markup`` is not."""
    return Markup(_ENVIRONMENT.get_template(name).render(**values))


def source(name: str) -> str:
    """A file beside the templates, as it is."""
    return (_FOLDER / name).read_text(encoding="utf-8")
