"""Whatever is wrong with a document is said in the language of whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
from simcord import MemberActor

from bot.locales import Phrasebooks
from bot.locales.document_problems import problem_in_words
from knowledge import DocumentProblem, Language, PassageLimits, read_library
from tests.bot.cogs.moderators.test_knowledge_on_discord import BODY, added, do
from tests.bot.world import World, response, text

BOOKS = Phrasebooks.read()
ENGLISH = "---\ntitle: Bakery\nlanguage: en\n---\n\nIt opens at nine.\n\nIt closes at six.\n"
FRENCH = "---\ntitle: Pain\nlanguage: fr\ntranslated_from: en\n---\n\nIl ouvre.\n\nIl ferme.\n"
P = DocumentProblem
CASES: list[tuple[DocumentProblem, dict[str, str | bytes], str]] = [
    (P.CHARACTER, {"a/en.md": ENGLISH + "\x07"}, "le caractère '\\x07' n’a pas sa place"),
    (P.NO_FRONT_MATTER, {"a/en.md": "It opens."}, "a/en.md, ligne 1\u00a0: le fichier n’a pas d’"),
    (P.NO_END, {"a/en.md": "---\ntitle: A\n"}, "l’en-tête n’a pas de fin"),
    (P.NO_KEYS, {"a/en.md": "---\nA\n---\n\nB"}, "l’en-tête n’a aucune clé"),
    (P.NO_PARAGRAPH, {"a/en.md": ENGLISH.partition("It")[0]}, "aucun paragraphe après l’en-tête"),
    (P.KEY_MISSING, {"a/en.md": ENGLISH.replace("title: Bakery\n", "")}, "title\u00a0» manque"),
    (
        P.KEY_UNKNOWN,
        {"a/en.md": ENGLISH, "a/questions.yaml": "- passage: opens\n  es: ['¿Quién?']\n"},
        "es\u00a0» n’existe pas",
    ),
    (P.KEY_TWICE, {"a/en.md": ENGLISH.replace("title", "language: en\ntitle")}, "ici deux fois"),
    (P.NO_YAML, {"a/en.md": ENGLISH.replace("Bakery", "'")}, "ce n’est pas du YAML valable"),
    (P.NESTED, {"a/en.md": ENGLISH.replace("Bakery", "[" * 2000)}, "trop de crochets"),
    (P.VALUE, {"a/en.md": ENGLISH.replace("Bakery", "[7]")}, "il faut du texte"),
    (P.VALUE, {"a/en.md": ENGLISH.replace(": Bakery", ":")}, "vaut vide\u00a0; il faut du texte"),
    (P.VALUE, {"a/en.md": ENGLISH.replace(": en", ": de")}, "vaut 'de'\u00a0; il faut l’une"),
    (P.VALUE, {"a/en.md": ENGLISH.replace("Bakery", "A" * 301)}, "il faut un texte plus court"),
    (
        P.VALUE,
        {"a/en.md": ENGLISH.replace("title", "translated_from: en\ntitle")},
        "il faut une autre langue que celle du texte",
    ),
    (P.VALUE, {"a/en.md": ENGLISH.replace("title", "published: soon\ntitle")}, "il faut une date"),
    (P.NO_UTF8, {"a/en.md": "é".encode("latin-1")}, "ce n’est pas du texte en UTF-8"),
    (P.NOT_A_FILE, {"a/en.md/x": ""}, "ce n’est pas un fichier"),
    (P.NOT_A_FOLDER, {"a.md": ENGLISH}, "chaque document est un dossier"),
    (P.NO_NAME, {"---/en.md": ENGLISH}, "on ne peut en tirer aucun nom"),
    (P.NAME_TAKEN, {"a/en.md": ENGLISH, "A/en.md": ENGLISH}, "porte déjà le nom «\u00a0a\u00a0»"),
    (P.NO_FILE, {"a/questions.yaml": ""}, "aucun fichier .md"),
    (P.OTHER_FILE, {"a/en.md": ENGLISH, "a/b.png": ""}, "a/b.png\u00a0: seuls les fichiers .md"),
    (P.SAME_LANGUAGE, {"a/en.md": ENGLISH, "a/x.md": ENGLISH}, "a/en.md est dans la même langue"),
    (
        P.BOTH_TRANSLATED,
        {"a/en.md": ENGLISH.replace("title", "translated_from: fr\ntitle"), "a/fr.md": FRENCH},
        "les deux textes disent `translated_from`",
    ),
    (
        P.STANDS,
        {"a/en.md": ENGLISH, "a/fr.md": FRENCH.replace("Il ferme", "## Il ferme")},
        "un titre de niveau 2 («\u00a0Il ferme.\u00a0»), mais un paragraphe («\u00a0It closes",
    ),
    (
        P.FOLLOWS,
        {"a/en.md": ENGLISH, "a/fr.md": FRENCH + "\nIl dort.\n"},
        "ici vient encore un paragraphe («\u00a0Il dort.\u00a0»), alors que a/en.md, ligne 8",
    ),
    (
        P.UNDIVIDED,
        {"a/en.md": ENGLISH + "\n" + "It opens at nine. " * 2000, "a/fr.md": FRENCH + "\nN\n"},
        "ce paragraphe est trop court",
    ),
    (
        P.NO_PASSAGE,
        {"a/en.md": ENGLISH, "a/questions.yaml": "- passage: nowhere\n  en: ['Who is it?']\n"},
        "«\u00a0nowhere\u00a0» n’est dans aucun passage",
    ),
    (
        P.SEVERAL_PASSAGES,
        {
            "a/en.md": ENGLISH + "\n" + "It opens at nine. " * 99,
            "a/questions.yaml": "- passage: It\n  en: ['Who is it?']\n",
        },
        "«\u00a0It\u00a0» est dans 2 passages",
    ),
    (
        P.ASKED_TWICE,
        {
            "a/en.md": ENGLISH,
            "a/questions.yaml": "- passage: opens\n  en: ['Who is it?', 'who is it?']\n",
        },
        "«\u00a0who is it?\u00a0» est posée deux fois",
    ),
]  # fmt: skip


def test_every_problem_is_met_here() -> None:
    # What cannot be read at all is met on the disks of some operators alone.
    assert {problem for problem, _, _ in CASES} == set(P) - {P.UNREADABLE}
    assert BOOKS[Language.FRENCH]("document.unreadable")


@pytest.mark.parametrize(("problem", "files", "french"), CASES)
def test_it_is_said_in_both_languages(
    tmp_path: Path, problem: DocumentProblem, files: dict[str, str | bytes], french: str
) -> None:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (error, *_) = read_library(tmp_path, PassageLimits()).problems
    assert error.problem is problem, error
    assert french in problem_in_words(error, BOOKS[Language.FRENCH])
    english = problem_in_words(error, BOOKS[Language.ENGLISH])
    assert english.startswith(f"{error.place}: ")
    assert "{" not in english


async def test_a_moderator_reads_it_in_french(world: World, mo: MemberActor) -> None:
    said = await added(world, mo, "---\ntitle: Pain\nlanguage: de\n---\n\nIl ouvre.")
    assert "Ce texte ne peut pas servir ainsi\u00a0: " in text(said)
    assert "ligne 3\u00a0: " in text(said) and "language" in text(said)
    assert "Rien n’a" in text(said)
    await do(world, mo, "add", file=("pain.txt", BODY.encode()), title="Pain", language="en")
    shown = await do(world, mo, "questions", document="pain")
    said = await mo.submit_modal(shown, {"text": "- passage: nowhere\n  en:\n    - Who?\n"})
    assert "«\u00a0nowhere\u00a0» n’est dans aucun passage" in text(said)
    assert len(response(said).attachments) == 1
