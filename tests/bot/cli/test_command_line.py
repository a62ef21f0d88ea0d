"""The command line, from arguments to what is printed and the exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import faiss
import numpy as np
import pytest

from bot.answering.wording import likelihood
from bot.cli.articles import INCOMPLETE
from bot.locales import Phrasebooks
from index.segments.generation import VECTORS_FILE
from index.segments.manifest import read_manifest, write_manifest, written_files
from knowledge import Language
from tests.bot.cli.conftest import Run
from tests.conftest import ARTICLES, ROOT


def test_the_first_question_builds_the_index_and_is_answered(run: Run) -> None:
    first = run("ask", "Qui fait partie de la coalition ?")
    assert first.status == 0
    assert "There is no index yet: building the index." in first.err
    assert "L'Association américaine des libraires" in first.out
    assert "La Libre · 6 avril 2021 · passage 4 sur 9" in " ".join(first.out.split())
    assert "Traduit" not in first.out
    second = run("ask", "Who is part of the coalition?")
    (place,) = second.err.splitlines()
    assert place.startswith("Configuration: config.yaml · data: data · database: ")
    assert place.endswith("1 documents.")
    assert "The American Booksellers Association" in second.out
    assert "Translated from French for this bot; the original prevails." in second.out


@pytest.mark.usefixtures("folder")
def test_data_that_was_used_with_a_configuration_is_not_used_without(run: Run) -> None:
    file = Path("config.yaml").resolve()
    file.write_text("data_folder: data\n", "utf-8")
    built = run("index", "build")
    assert "Configuration: config.yaml · data: data" in built.err
    file.rename("elsewhere.yaml")
    for command in (("index", "build"), ("ask", "Who is Tim Wu?"), ("run",)):
        refused = run(*command)
        assert refused.status == 2
        assert refused.out == ""
        assert f"the data in data was used with {file}." in " ".join(refused.err.split())
    assert run("ask", "--config", "elsewhere.yaml", "Who is Tim Wu?").status == 0


@pytest.mark.usefixtures("folder")
def test_the_version_is_said(run: Run) -> None:
    said = run("--version")
    assert said.status == 0
    assert re.fullmatch(r"(\d+\.\d+\.\d+|unknown)\s*", said.out)


@pytest.mark.usefixtures("folder")
def test_nothing_is_asked_where_there_is_no_database(run: Run) -> None:
    refused = run("guild", "erase", "5")
    assert refused.status == 2
    assert "There is no database" in refused.err
    assert "for good?" not in refused.out + refused.err


@pytest.mark.usefixtures("folder")
def test_a_quote_is_framed_in_the_language_of_its_question(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for spoken in ("fr_FR.UTF-8", "C.UTF-8"):
        monkeypatch.setenv("LANG", spoken)
        shown = run("ask", "Who is part of the coalition?").out
        assert "The American Booksellers Association" in shown
        assert "Translated from French" in shown
        french = run("ask", "Qui fait partie de la coalition ?").out
        assert "passage 4 sur 9" in " ".join(french.split())
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert "Il n’y a aucun mot" in " ".join(run("ask", "??").err.split())


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("guild", "export", "abc"), "'abc' is no whole number."),
        (("sync", "--guild", "abc"), "'abc' is no whole number."),
        (("ask", "--language", "de", "x"), "'de' is not one of 'fr', 'en'."),
        (("doctor", "--seconds", "x"), "'x' is no number."),
        (("doctor", "--seconds", "-1"), "-1 is too small: it should be 0 or more."),
        (("preview", "--port", "70000"), "70000 is too large: it should be 65535 or less."),
        (("preview", "--knowledge", "/nowhere"), "--knowledge is /nowhere, and there is no such"),
        (("evaluate", "x.yaml", "--knowledge", "/nowhere"), "--knowledge is /nowhere, and"),
    ],
)
def test_what_is_mistyped_is_said_in_plain_words(
    run: Run, typed: tuple[str, ...], said: str
) -> None:
    refused = run(*typed)
    assert refused.status == 2
    assert said in " ".join(refused.err.split())
    assert "Input should" not in refused.err
    assert "Value error" not in refused.err
    assert "building the index" not in refused.err


@pytest.mark.usefixtures("folder")
def test_the_language_of_the_quote_can_be_chosen(run: Run) -> None:
    assert "libraires" in run("ask", "Who is in it?", "--language", "fr").out


@pytest.mark.usefixtures("folder")
def test_the_telling_sentence_is_marked_and_the_runners_up_follow(run: Run) -> None:
    shown = run("ask", "Who is Tim Wu?", "--all").out
    assert "▌ **Mr. Biden has also asked Tim Wu" in shown
    assert "(NEC).** Amazon did not" in " ".join(shown.replace("▌", "").split())
    assert "Other passages:" in shown
    assert shown.count("▌ ") > 5


@pytest.mark.usefixtures("folder")
def test_json_has_every_field(run: Run) -> None:
    answer = json.loads(run("ask", "Who is Tim Wu?", "--json").out)
    assert answer["question"] == "Who is Tim Wu?"
    assert answer["language"] == answer["quote_language"] == "en"
    assert answer["outcome"] in {"answer", "closest"}
    assert answer["sentence"] in answer["quote"]
    assert answer["is_translation"] is True
    assert answer["document"] == "small-business-rising"
    assert answer["published"] == "2021-04-06"
    assert answer["url"].startswith("https://www.lalibre.be/")
    assert 0 <= answer["confidence"] <= 1
    source = (ARTICLES / "small-business-rising" / "en.md").read_text("utf-8")
    assert answer["quote"] in source
    assert answer["alternatives"]
    for other in answer["alternatives"]:
        assert other["quote"] in source
        assert other["passage_id"] != answer["passage_id"]


@pytest.mark.usefixtures("folder")
def test_a_pipe_gets_one_answer_a_line(run: Run) -> None:
    piped = b"Qui est Tim Wu ?\n\nWho is Lina Khan?\n" + b"\xff\xfe\n" + "é?".encode()
    ran = run("ask", "--json", stdin=piped)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer.get("error") for answer in answers] == [None, "empty", None, "encoding", None]
    assert "Tim Wu" in answers[0]["quote"]
    assert answers[0]["language"] == "fr"
    assert answers[3]["outcome"] is None
    assert answers[3]["message"].startswith("This text is not UTF-8.")
    assert ran.status == 1


@pytest.mark.usefixtures("folder")
def test_the_same_question_gives_the_same_bytes(run: Run) -> None:
    once = run("ask", "--json", "pk amazon ?")
    assert run("ask", "--json", "pk amazon ?") == once


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "The question is empty."),
        ("🎉", "There is no word in this question."),
        ("a" * 4000, "The question has 4000 characters; the limit is 500."),
    ],
)
def test_a_text_that_is_no_question_is_refused(run: Run, question: str, said: str) -> None:
    ran = run("ask", question)
    assert ran.status == 1
    assert said in ran.err
    assert ran.out == ""


def test_a_build_encodes_only_what_changed(run: Run, folder: Path) -> None:
    assert "0 texts encoded" in run("index", "build").err
    added = folder / "knowledge" / "articles" / "another"
    added.mkdir()
    (added / "en.md").write_text("---\ntitle: Another\nlanguage: en\n---\nOne new paragraph.\n")
    assert "2 documents, 10 passages; 1 texts encoded" in run("index", "build").err
    info = run("index", "info")
    assert info.status == 0
    assert "intact and current" in info.out


def test_a_bad_document_is_named_and_the_others_are_indexed(run: Run, folder: Path) -> None:
    broken = folder / "knowledge" / "articles" / "broken"
    broken.mkdir()
    (broken / "fr.md").write_text("---\ntitle: Autre langue\nlanguage: de\n---\nTexte.\n")
    ran = run("index", "build")
    assert ran.status == INCOMPLETE
    assert "Left out: broken/fr.md, line 3: " in ran.err
    assert "1 documents, 9 passages" in ran.err


def test_changed_articles_are_noticed(run: Run, folder: Path) -> None:
    english = folder / "knowledge" / "articles" / "small-business-rising" / "en.md"
    english.write_text(english.read_text("utf-8").replace("Tim Wu", "Mr. Tim Wu"), "utf-8")
    info = run("index", "info")
    assert info.status == 1
    assert "The articles have changed. Run `coalition-bot index build`." in info.err
    asked = run("ask", "Who is Tim Wu?")
    assert "The articles have changed: building the index." in asked.err
    assert "Mr. Tim Wu" in asked.out


def test_a_damaged_index_is_rebuilt_with_one_line(run: Run, folder: Path) -> None:
    (vectors,) = (folder / "data" / "index").glob("*/sentences.faiss")
    content = bytearray(vectors.read_bytes())
    content[len(content) // 2] ^= 1
    vectors.write_bytes(content)
    asked = run("ask", "Who is Tim Wu?")
    assert asked.status == 0
    said = "The index file sentences.faiss does not match its checksum: building the index."
    assert said in asked.err
    assert run("index", "info").status == 0


def test_an_index_of_one_short_passage_is_built_again_and_answers(run: Run, folder: Path) -> None:
    articles = folder / "knowledge" / "articles"
    shutil.rmtree(articles)
    (articles / "bees").mkdir(parents=True)
    (articles / "bees" / "en.md").write_text(
        "---\ntitle: Bees\nlanguage: en\n---\n\nBees make honey from nectar.\n"
    )
    run("index", "build")
    first = run("index", "info")
    asked = run("ask", "--json", "What do bees make from nectar?")
    assert json.loads(asked.out)["quote"] == "Bees make honey from nectar."
    for _ in range(5):
        built = run("index", "build")
        assert built.status == 0
        assert "1 passages; 0 texts encoded, 1 kept." in built.err
        assert run("index", "info") == first
    assert run("ask", "--json", "What do bees make from nectar?") == asked


def test_an_index_with_numbers_that_are_none_is_rebuilt_and_says_so(run: Run, folder: Path) -> None:
    """As an earlier version may have written it: every checksum is right."""
    index = folder / "data" / "index"
    said = (
        "he index file sentences.faiss is of no use: vector 0 has the length nan, expected 1 or 0"
    )
    spoil_first_vector(index)
    info = run("index", "info")
    assert info.status == 1
    assert f"T{said}. Run `coalition-bot index build`." in info.err
    built = run("index", "build")
    assert f"Nothing was taken from the index before: t{said}." in built.err
    assert " 0 kept." in built.err
    assert run("index", "info").status == 0
    spoil_first_vector(index)
    asked = run("ask", "Who is Tim Wu?")
    assert asked.status == 0
    assert f"T{said}: building the index." in asked.err
    assert "Mr. Biden has also asked Tim Wu" in asked.out


def spoil_first_vector(index: Path) -> None:
    """Make it one of no numbers, with the checksum that its file then has."""
    manifest = read_manifest(index)
    assert manifest is not None
    path = manifest.folder(index) / VECTORS_FILE
    vectors = faiss.read_index(str(path))
    rows = vectors.reconstruct_n(0, vectors.ntotal)
    rows[0] = np.nan
    vectors.reset()
    vectors.add(rows)
    faiss.write_index(vectors, str(path))
    files = written_files(manifest.folder(index))
    write_manifest(manifest.model_copy(update={"files": files}), index)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("questions:\n  longst: 5\n", "config.yaml, line 2: unknown key 'questions.longst'."),
        ("\nquestions:\n  longest: many\n", "config.yaml, line 3: 'questions.longest' is 'many'"),
        ("data_folder: [\n", "config.yaml, line 2: this is not valid YAML"),
        ("a: 1\na: 2\n", "config.yaml, line 2: the key 'a' stands here twice."),
        ("knowledge:\n  folder: nowhere\n", "The folder of articles nowhere cannot be read"),
        ("encoder:\n  model: ./nowhere\n", "The model folder “./nowhere” does not exist."),
    ],
)
def test_a_bad_configuration_is_refused_with_its_line(
    run: Run, folder: Path, text: str, said: str
) -> None:
    (folder / "config.yaml").write_text(text)
    ran = run("ask", "Who?")
    assert ran.status == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_missing_configuration_is_said(run: Run) -> None:
    ran = run("ask", "Who?", "--config", "other.yaml")
    assert ran.status == 2
    assert "other.yaml cannot be read (No such file or directory)." in ran.err


def test_paths_are_relative_to_the_configuration(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run("index", "build", "--config", "../config.yaml").status == 0
    assert (folder / "data" / "index").is_dir()
    assert not list(elsewhere.iterdir())


def test_without_a_token_there_is_one_clear_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    for command in ("run", "sync"):
        ran = run(command)
        assert ran.status == 2
        assert ran.err.startswith("There is no token.")


def test_a_data_folder_that_cannot_be_used_is_said(fresh_folder: Path) -> None:
    (fresh_folder / "data").write_text("a file, not a folder")
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "Who?", "--config", str(fresh_folder / "config.yaml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "cannot be used (Not a directory)." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_unknown_model_is_said(fresh_folder: Path) -> None:
    (fresh_folder / "config.yaml").write_text("encoder:\n  model: nobody/no-such-model\n")
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "Who?", "--config", str(fresh_folder / "config.yaml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"HF_HUB_OFFLINE": "1", "PATH": ""},
    )
    assert ran.returncode == 2
    assert "The model “nobody/no-such-model” cannot be loaded" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_stopping_during_the_start_is_no_failure(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--config", str(folder / "config.yaml")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DISCORD_TOKEN": "a-token"},
    )
    assert process.stderr is not None
    # The first line comes when the model is about to be made ready; a program reads it.
    line = json.loads(process.stderr.readline())
    assert line["message"] == "Making the model ready; this is done once."
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_an_explanation_names_every_part_of_a_score(run: Run) -> None:
    asked = run("ask", "Who is part of the coalition?", "--explain")
    assert "Evidence " in asked.out and "are needed to show" in asked.out
    assert "= 0.5 × tokens " in asked.out and "words: " in asked.out and "coalition" in asked.out
    assert "curated question (en)" in asked.out
    explained = json.loads(run("ask", "Who is part of the coalition?", "--explain", "--json").out)[
        "explanation"
    ]
    first = explained["passages"][0]
    weights, text = explained["weights"], first["text"]
    assert text["score"] == pytest.approx(
        sum(weights[part] * text[part] for part in ("tokens", "sentence", "words")), abs=0.01
    )
    assert explained["evidence"] >= first["score"] > explained["needed"]


def test_an_explanation_says_why_small_talk_gets_no_passage(run: Run) -> None:
    assert "Small talk (thanks)" in run("ask", "merci beaucoup", "--explain").out


def test_how_sure_an_answer_is_stands_beside_it(run: Run) -> None:
    asked = " ".join(run("ask", "Who is part of the coalition?").out.split())
    said = re.search(r"right with a probability of (\d+)%", asked)
    assert said and 80 <= int(said[1]) <= 99


def test_nothing_is_said_to_be_certain() -> None:
    assert likelihood(0.9999, Phrasebooks.read()[Language.ENGLISH]) == "99%"
