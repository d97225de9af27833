"""HTML by Jinja templates in which every value is made inert; and the other files that the page is made of."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qa.web.safe import safe
from qa.web.wording import clipped, counted, day, sentence


def _inert(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(safe(str(value)))  # noqa: S704  # made inert


_TEMPLATES = Environment(
    loader=PackageLoader("qa.web"),
    autoescape=True,
    finalize=_inert,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(clipped=clipped, counted=counted, day=day, sentence=sentence)


def render(template: str, **values: object) -> Markup:
    """A template with its values; HTML among them is of the type Markup."""
    return Markup(_TEMPLATES.get_template(template).render(values).strip())  # noqa: S704  # escaped by the template


def web_file(name: str) -> str:
    """The text of a style sheet, a script or data."""
    return resources.files("qa.web").joinpath(name).read_text(encoding="utf-8")
