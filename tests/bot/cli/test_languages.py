"""A terminal is spoken to in its language: French where it asks for that, English otherwise."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bot.cli import app as cli
from bot.cli.terminal import environment_language
from bot.config.token import parse_token
from bot.errors import TokenError
from bot.locales import Words, said
from bot.locales.phrasebook import phrasebook
from bot.operations.doctor.findings import bad, findings_json, print_findings
from index import DamagedIndexError, EncoderChoice
from index.encoders.sentence_transformer import encoder_name
from index.files import storable
from knowledge import CoalitionBotError, Language, PassageLimits, read_library
from knowledge.located_yaml import YamlError, parse_yaml
from tests.bot.cli.test_first_mistakes import PROMISED, ROW, TOKEN, discord
from tests.bot.stand_in import StandIn, pointed_at
from tests.conftest import ROOT

FRENCH = phrasebook(Language.FRENCH)
ENGLISH = phrasebook(Language.ENGLISH)
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
Run = Callable[..., str]


def promised() -> dict[str, str]:
    """What the French table says, by the English name of each mistake."""
    text = (ROOT / "docs" / "operators.fr.md").read_text("utf-8")
    table = text.partition("## Quand quelque chose ne va pas")[2]
    rows = [match["said"] for line in table.splitlines() if (match := ROW.fullmatch(line))]
    return dict(zip(PROMISED, rows[1:], strict=True))


IN_FRENCH = promised()


def check(mistake: str, said: str) -> None:
    pattern = ".*?".join(re.escape(part) for part in IN_FRENCH[mistake].split("…"))
    shown = re.sub(r"[ \n]+", " ", said)
    assert re.search(pattern, shown), said
    assert TOKEN not in said


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in an empty folder; returns what it said, which is a refusal."""
    monkeypatch.chdir(tmp_path)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DISCORD_TOKEN", "")

    def run(*arguments: str, **environment: str) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["coalition-bot", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code in {1, 2}
        return "\n".join(capfd.readouterr())

    return run


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "frp_IT.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "", "LC_ALL": "fr_BE@euro"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": ""}, "fr"),
    ],
)
def test_the_first_variable_that_is_set_counts(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert environment_language() == language


def test_what_is_asked_for_stands_above_the_environment(run: Run) -> None:
    check("There is no token", run("run", LANG="fr_FR.UTF-8"))
    assert "There is no token." in run("--language", "en", "run")
    assert "There is no token." in run("run", "--language", "en")
    assert "There is no token." in run("run", LANG="C.UTF-8")
    check("There is no token", run("--language", "fr", "run"))
    check("There is no token", run("sync", "--language", "fr"))
    refused = run("--language", "en", "setup", "--language", "fr")
    assert "La variable d’environnement DISCORD_TOKEN est réglée" in refused


@pytest.mark.parametrize(
    ("mistake", "pasted"),
    [
        ("A client secret was pasted", "abcdefghijklmnopqrstuvwxyz-_0123"),
        ("An application ID was pasted", "1175432109876543210"),
        ("The public key was pasted", "0123456789abcdef" * 4),
        ("There is a line break within the token", TOKEN.replace(".", "\n")),
    ],
)
def test_what_is_no_token_is_said_in_french(run: Run, mistake: str, pasted: str) -> None:
    check(mistake, run("run", DISCORD_TOKEN=pasted, LANG="fr_FR.UTF-8"))


def test_a_setting_that_does_not_exist_is_said_in_french(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("questions:\n  minimum_score: 0.5\n")
    mistake = "A setting of an earlier version is left in config.yaml"
    check(mistake, run("run", LANG="fr_FR.UTF-8"))


def test_what_discord_refuses_is_said_in_french(run: Run) -> None:
    with discord(StandIn(accepts="another")):
        for command in ("sync", "setup"):
            said = run(command, DISCORD_TOKEN=TOKEN, LANG="fr_FR.UTF-8")
            check("The token was reset, or is another's", said)
    with pointed_at("http://127.0.0.1:9"):
        check("Discord cannot be reached", run("sync"))


def test_every_promise_in_french_is_kept_by_a_phrase() -> None:
    phrases = [re.sub(r"\{\w+\}", "…", each) for each in FRENCH.phrases.values()]
    # These are put together of several phrases, or said before any can be read.
    aside = {
        "Python is too old",
        "The token has quotation marks or a line break around it",
        "A setting of an earlier version is left in config.yaml",
        "It is not allowed to write in a channel",
    }
    for mistake, words in IN_FRENCH.items():
        parts = [each.strip(" .") for each in re.split(r"…|\(.*?\)| 7|\. ", words)]
        for part in [] if mistake in aside else parts:
            assert any(part in each for each in phrases), part


def test_what_is_found_is_told_in_the_language_of_who_reads() -> None:
    with pytest.raises(TokenError) as refused:
        parse_token("1175432109876543210")
    found = [
        bad("token", Words("doctor.error", error=refused.value), Words("doctor.again")),
        bad("disk", Words("doctor.disk", free=12.34, folder="/srv"), Words("doctor.disk_little")),
    ]
    out = io.StringIO()
    print_findings(Console(file=out, width=500), found, FRENCH)
    first, advice, disk, _ = out.getvalue().splitlines()
    assert first.startswith("✗ jeton   C’est un identifiant d’application, pas un jeton.")
    assert advice.endswith("→ Relancez ensuite `coalition-bot doctor`.")
    assert disk == "✗ disque  12,3\u00a0Go libres dans /srv."
    assert '"subject": "disk"' in findings_json(found, FRENCH)
    assert "12.3 GB free in /srv." in findings_json(found, ENGLISH)


def test_words_are_english_to_whoever_does_not_ask() -> None:
    words = Words("building.builds", reason=Words("building.no_index"))
    assert words == "There is no index yet: building the index."
    assert f"{words}" == str(words) == words
    assert said(words, FRENCH) == "Il n’y a pas encore d’index\u00a0: l’index est construit."
    assert said("as it is", FRENCH) == "as it is"


def test_errors_from_below_are_the_same_in_english_and_said_in_french(tmp_path: Path) -> None:
    tries: list[Callable[[], object]] = [
        lambda: read_library(tmp_path / "gone", PassageLimits()),
        lambda: encoder_name(EncoderChoice(model="./gone")),
        lambda: storable({"weights": np.array([np.nan])}),
    ]
    begun = ["Le dossier des articles", "Le dossier de modèle", "L’index n’est"]
    for each, begins in zip(tries, begun, strict=True):
        with pytest.raises(CoalitionBotError) as refused:
            each()
        error = refused.value
        assert said(error, FRENCH).startswith(begins)
        assert ENGLISH(f"error.{error.problem}", **error.fields) == str(error)
        assert said(error, ENGLISH) == str(error)


def test_errors_from_below_are_said_or_quoted() -> None:
    with pytest.raises(YamlError) as twice:
        parse_yaml("a: 1\na: 2")
    assert said(twice.value, FRENCH).startswith("la clé «\u00a0a\u00a0» est ici deux fois")
    assert said(twice.value, ENGLISH) == str(twice.value)
    assert said(DamagedIndexError("it is gone"), FRENCH) == "it is gone"
