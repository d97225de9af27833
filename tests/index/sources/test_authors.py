"""Names of authors, whichever form states them."""

from __future__ import annotations

import pytest

from index.sources.authors import author_names


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Ana Ruiz and Ben Ode", ("Ana Ruiz", "Ben Ode")),
        ("Ana, Ben & Cy", ("Ana", "Ben", "Cy")),
        ("Ana Ruiz, Ben Ode, and Cy Lum", ("Ana Ruiz", "Ben Ode", "Cy Lum")),
        ("Ruiz, Ana", ("Ruiz, Ana",)),
        ("Ana Ruiz, PhD, Ben Ode", ("Ana Ruiz, PhD", "Ben Ode")),
        ("By Ana Ruiz", ("Ana Ruiz",)),
        ("ana@mill.example (Ana Ruiz)", ("Ana Ruiz",)),
        ("Ana Ruiz <ana@mill.example>; Ben Ode", ("Ana Ruiz", "Ben Ode")),
        ("The Mill and Harbour Team", ("The Mill and Harbour Team",)),
        (["Ana Ruiz", {"display_name": "Ben Ode"}, "Ana Ruiz"], ("Ana Ruiz", "Ben Ode")),
        ({"name": "Ana Ruiz", "email": "ana@mill.example"}, ("Ana Ruiz",)),
        ({"given": "Ana", "family": "Ruiz"}, ("Ana Ruiz",)),
        ({"ana": {"name": "Ana Ruiz"}, "ben": {"name": "Ben Ode"}}, ("Ana Ruiz", "Ben Ode")),
        ({"email": "ana@mill.example"}, ("ana@mill.example",)),
        (["~", "", None, 7], ()),
        ("@mira", ("mira",)),
        (["@mira", {"name": "@ben"}], ("mira", "ben")),
        ("Mira Holt (@mira)", ("Mira Holt",)),
        ("[Ana Ruiz](https://mill.example/ana) and <a href='/ben'>Ben Ode</a>", ("Ana Ruiz", "Ben Ode")),
        (["Ana Ruiz", "and Ben Ode"], ("Ana Ruiz", "Ben Ode")),
        ("Ana Ruiz y Ben Ode", ("Ana Ruiz", "Ben Ode")),
        ("Anna Ek och Bo Ek", ("Anna Ek", "Bo Ek")),
        ("Ana Ruiz with Ben Ode", ("Ana Ruiz", "Ben Ode")),
        ("Ana Ruiz, Executive Director", ("Ana Ruiz",)),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        (
            [{"ana": {"name": "Ana Ruiz", "email": "a@mill.example"}, "ben": {"name": "Ben Ode"}}],
            ("Ana Ruiz", "Ben Ode"),
        ),
        (None, ()),
    ],
)
def test_names_are_told_apart(stated: object, names: tuple[str, ...]) -> None:
    assert author_names(stated) == names
