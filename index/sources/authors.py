"""Names of authors out of the forms that front matter and feeds give them in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

_BLANK = {"", "~", "null", "none"}
_MAIL = r"[^\s<>()]+@[^\s<>()]+"
_MAIL_AND_NAME = re.compile(rf"{_MAIL}\s*\((?P<behind>[^()]+)\)|(?P<before>[^<>]+?)\s*<{_MAIL}>")
_AND = re.compile(r"(?:^|\s+)(?:and|&|und|et)\s+|\s*;\s*")
_AND_IN_NAMES = re.compile(r"\s+(?:with|y|e|i|en|og|och|și|и|і)\s+")  # "Ortega y Gasset" is one man
_MARKUP = re.compile(r"</?[a-z][^<>@]*>|\[(?P<words>[^\[\]]+)\]\([^()]*\)|\s\(@[^()]*\)", re.I)
_DEGREE = re.compile(r"(?:jr|sr|phd|ph\.d|md|m\.d|msc|mba|esq|i{2,3}|iv)\.?", re.I)
_ONE_BODY = re.compile(r"^the\b|\b(?:team|staff|department|ministry|university|institute|office)\b", re.I)
_ROLE = re.compile(
    r"\b(?:director|engineer|manager|c[eto]o|(?:co-?)?founder|editor|president|chair|officer|professor|developer|"
    r"advocate|fellow|researcher|scientist|analyst|consultant|architect|intern|head of \w+|lead)$",
    re.I,
)
_NAME_KEYS = ("name", "display_name", "displayname", "full_name", "fullname", "title", "login", "username", "email")
_MOST = 100  # names; YAML's aliases can make a list of billions


def author_names(stated: object) -> tuple[str, ...]:
    """Names in the order stated, each once.

    Takes a string ("A and B", "A, B & C", "mail@host (Name)", "Name <mail@host>", "[Name](address)", "@name"), a map
    (`name`, `display_name`, `given` and `family`, …), a list of them, or a map of maps.
    """
    return tuple(dict.fromkeys(islice(_names(stated, 0), _MOST)))


def _names(stated: object, depth: int) -> Iterator[str]:
    if isinstance(stated, str):
        yield from _split(stated)
    elif isinstance(stated, Mapping):
        yield from _of_map({str(key).lower().replace("-", "_"): value for key, value in stated.items()}, depth)
    elif isinstance(stated, list | tuple) and depth < 2:  # a list of lists at most
        for item in islice(stated, _MOST):
            yield from _names(item, depth + 1)


def _of_map(stated: Mapping[str, object], depth: int) -> Iterator[str]:
    for keys in (("given", "family"), ("given_name", "family_name"), ("first_name", "last_name")):
        parts = [str(stated[key]) for key in keys if isinstance(stated.get(key), str)]
        if parts:
            yield " ".join(parts)
            return
    name = next((value for key in _NAME_KEYS if isinstance(value := stated.get(key), str) and value.strip()), None)
    if name is not None:
        yield name.strip().removeprefix("@")
    else:
        nested = [value for value in stated.values() if isinstance(value, Mapping)]
        if depth < 2:
            yield from (name for value in nested[:_MOST] for name in _names(value, 2))


def _split(stated: str) -> Iterator[str]:
    text = _MARKUP.sub(lambda match: match["words"] or "", stated)
    text = re.sub(r"^\s*(?:written\s+)?by:?\s+", "", text.strip(), flags=re.I)
    for part in [text] if _ONE_BODY.search(text) else _parts(text):
        for name in _at_commas(part, text):
            match = _MAIL_AND_NAME.fullmatch(name)
            plain = (match["behind"] or match["before"]) if match else name
            if (plain := plain.strip(" \t,\"'").removeprefix("@")).lower() not in _BLANK:
                yield plain


def _parts(text: str) -> list[str]:
    """What stands between the words for "and"; letters that mean it part full names only."""
    parts = [part for part in _AND.split(text) if part.strip()]
    split = [_AND_IN_NAMES.split(part) for part in parts]
    full = (all(" " in name.strip() for name in names) for names in split)
    return [
        name for part, names, is_full in zip(parts, split, full, strict=True) for name in (names if is_full else [part])
    ]


def _at_commas(part: str, text: str) -> list[str]:
    """The names that commas separate: not "Ruiz, Ana", and a degree stays with its name."""
    names: list[str] = []
    for piece in filter(None, (piece.strip() for piece in part.split(","))):
        if names and _DEGREE.fullmatch(piece):
            names[-1] += f", {piece}"
        elif names and _ROLE.search(piece):
            continue
        else:
            names.append(piece)
    is_list = part != text or all(" " in name or name.islower() or "@" in name for name in names)
    return names if is_list and not _ONE_BODY.search(part) else [part.strip()]
