"""Moderators bring along what another server knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest
from simcord import MemberActor

from bot.components.sending import LARGEST_SENT
from bot.storage import Documents, DocumentVersion, Storage, StorageFullError
from knowledge.files import isolation
from tests.bot.cogs.moderators.test_knowledge_on_discord import BODY, QUESTION, added, asked, do
from tests.bot.world import World, press, response, text, with_permission
from tests.knowledge.test_archives import bomb, encrypted, link, many, zipped

BAKERY = f"---\ntitle: Bakery\nlanguage: en\n---\n\n{BODY}\n"
SCHOOL = BAKERY.replace("bakery", "school").replace("Bakery", "School")
FRENCH = (
    "Le dimanche, la boulangerie ouvre à neuf heures. "
    "Tous les autres jours, elle ouvre à six heures.\n\n"
    "Le pain qui reste le soir va au refuge de la ville, sans frais, chaque jour."
)


@pytest.fixture
def mo(world: World) -> MemberActor:
    """A moderator, in English."""
    return with_permission(world, "mo", "manage_messages")


async def imported(world: World, who: MemberActor, content: bytes) -> str:
    said = await do(world, who, "import", file=("knowledge.zip", content))
    assert said.ephemeral
    return text(said)


async def kept(storage: Storage, guild: int) -> Mapping[str, tuple[int, Mapping[str, str]]]:
    documents = storage.guild(guild).documents
    newest = await documents.newest_of(await documents.slugs())
    return {each.slug: (each.number, each.files) for each in newest}


async def test_what_one_server_exports_answers_in_another(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    shown = await do(world, mo, "translate", document="bakery", language="fr")
    await mo.submit_modal(shown, {"text": FRENCH})
    shown = await do(world, mo, "questions", document="bakery")
    listed = "- passage: the shelter\n  en:\n    - Where does stale bread go?\n"
    await mo.submit_modal(shown, {"text": listed})
    await do(world, mo, "add", file=("rule.txt", b"Guests of the house are welcome."))
    (file,) = response(await do(world, mo, "export")).attachments
    content = await file.read()

    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    max_ = with_permission(world, "max", "manage_messages", guild=elsewhere)
    answer = await max_.slash(channel, "ask", question=QUESTION, private=True)
    assert "opens at nine" not in text(answer)
    said = await max_.slash(channel, "knowledge import", file=("knowledge.zip", content))
    assert "Added (2): bakery, rule" in text(said) and "Left out" not in text(said)
    answer = await max_.slash(channel, "ask", question=QUESTION, private=True)
    assert "opens at nine" in text(answer)
    offered = await max_.autocomplete(channel, "ask", "question", "Where does stale")
    assert offered[0]["value"] == "Where does stale bread go?"
    there = await kept(storage, elsewhere.id)
    here = await kept(storage, world.guild.id)
    assert {slug: files for slug, (_, files) in there.items()} == {
        slug: files for slug, (_, files) in here.items()
    }
    assert set(there["bakery"][1]) == {"en.md", "fr.md", "questions.yaml"}


async def test_what_differs_is_changed_and_the_same_is_left_alone(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await imported(world, mo, zipped(("bakery/en.md", BAKERY), ("school/en.md", SCHOOL)))
    said = await imported(
        world,
        mo,
        zipped(
            ("bakery/en.md", BAKERY.replace("nine", "ten")),
            ("market/en.md", BAKERY.replace("bakery", "market")),
            ("school/en.md", SCHOOL),
        ),
    )
    assert "Added (1): market" in said
    assert "Changed (1): bakery" in said
    assert "Left alone, since they are the same (1): school" in said
    versions = {slug: number for slug, (number, _) in (await kept(storage, world.guild.id)).items()}
    assert versions == {"bakery": 2, "market": 1, "school": 1}
    assert "bakery opens at ten" in await asked(world, world.ann)
    again = await imported(world, mo, zipped(("school/en.md", SCHOOL)))
    assert "Nothing was changed" in again


async def test_each_problem_is_said_and_leaves_its_document_out_alone(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    content = zipped(
        ("bakery/en.md", BAKERY),
        ("latin/fr.md", "Été".encode("latin-1")),
        ("Old School/en.md", SCHOOL),
        ("school/en.md", SCHOOL.replace("language: en\n", "language: de\n")),
        ("twins/en.md", BAKERY),
        ("twins/fr.md", "---\ntitle: Pain\nlanguage: fr\ntranslated_from: en\n---\n\nIl ouvre."),
    )
    said = await imported(world, mo, content)
    assert "Added (1): bakery" in said and "Left out (4)" in said
    assert "latin/fr.md: this is not UTF-8 text" in said
    assert "Old School: a document cannot have this name" in said
    assert "school/en.md, line 3" in said and "language" in said
    assert "twins/fr.md" in said and "the two editions do not align" in said
    assert list(await kept(storage, world.guild.id)) == ["bakery"]
    world.tongues[mo] = "fr"
    french = await imported(world, mo, content)
    assert "latin/fr.md : ce n’est pas du texte en UTF-8" in french
    assert "Laissés tels quels, car identiques (1)" in french


async def test_many_problems_come_as_a_file(world: World, mo: MemberActor) -> None:
    files = [(f"notes-{number}/en.md", b"\xff") for number in range(7)]
    said = await do(world, mo, "import", file=("knowledge.zip", zipped(*files)))
    assert "Left out (7)" in text(said)
    (file,) = response(said).attachments
    lines = (await file.read()).decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == [name for name, _ in files]


async def test_the_name_of_a_shared_document_is_not_taken(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    (offered, *_) = await mo.autocomplete(world.channel, "read", "document", "")
    said = await imported(world, mo, zipped((f"{offered['value']}/en.md", BAKERY)))
    assert "a document that all servers share already has this name" in said
    assert await kept(storage, world.guild.id) == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", ("is not a zip", "n’est pas un zip")),
        (b"PK\x03\x04 no more", ("is damaged", "est abîmé")),
        (encrypted(), ("protected by a password", "protégé par un mot de passe")),
        (b"PK\x03\x04" + b"x" * LARGEST_SENT, ("the limit is 10 MB", "la limite est de 10 Mo")),
        (bomb(), ("Unpacked, this zip is larger than 32 MB", "Une fois décompressé")),
        (many(), ("more than 10,000 files", "contient plus de")),
        (zipped(("../en.md", BAKERY)), ("leads out of the zip", "mène hors du zip")),
        (zipped(("/etc/en.md", BAKERY)), ("“/etc/en.md” in this zip", "/etc/en.md")),
        (link(), ("is a link", "est un lien")),
        (zipped(), ("has no document", "ne contient aucun document")),
    ],
    ids=["no zip", "damaged", "password", "large", "bomb", "many", "out", "root", "link", "empty"],
)
async def test_a_zip_that_cannot_be_used_is_refused_in_words(
    world: World, storage: Storage, mo: MemberActor, content: bytes, words: tuple[str, str]
) -> None:
    english, french = words
    assert english in await imported(world, mo, content)
    world.tongues[mo] = "fr"
    assert french in await imported(world, mo, content)
    assert await kept(storage, world.guild.id) == {}


async def test_who_is_no_moderator_imports_nothing(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    registered = await world.env.bot.tree.fetch_commands()  # type: ignore[attr-defined]
    (knowledge,) = (each for each in registered if each.name == "knowledge")
    world.guild.set_command_permissions(knowledge, {world.ann: True})
    said = await imported(world, world.ann, zipped(("school/en.md", SCHOOL)))
    assert "for people who manage messages" in said
    assert list(await kept(storage, world.guild.id)) == ["bakery"]
    world.env.errors.clear()


async def test_a_document_that_somebody_edits_meanwhile_is_left_as_they_wrote_it(
    world: World, storage: Storage, mo: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(world, mo)
    documents = storage.guild(world.guild.id).documents
    newest_of, theirs = type(documents).newest_of, {"en.md": BAKERY.replace("nine", "eleven")}

    async def read_and_then_edited(
        self: Documents, slugs: Collection[str]
    ) -> tuple[DocumentVersion, ...]:
        found = await newest_of(self, slugs)
        monkeypatch.undo()
        await documents.put("bakery", theirs, by=99, expected=1)
        return found

    monkeypatch.setattr(type(documents), "newest_of", read_and_then_edited)
    content = zipped(("bakery/en.md", BAKERY.replace("nine", "ten")), ("market/en.md", SCHOOL))
    said = await imported(world, mo, content)
    assert "Added (1): market" in said
    assert "bakery: somebody else changed this document in the meantime" in said
    assert (await kept(storage, world.guild.id))["bakery"] == (2, theirs)
    assert "opens at eleven" in await asked(world, world.ann)


async def test_a_storage_that_fails_in_the_middle_keeps_what_came_before_and_says_the_rest(
    world: World, storage: Storage, mo: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = storage.guild(world.guild.id).documents
    put = type(documents).put

    async def full_at_the_market(
        self: Documents, slug: str, files: Mapping[str, str], *, by: int, expected: int
    ) -> DocumentVersion:
        if slug == "market":
            raise StorageFullError("There is no space left. Free some space.")
        return await put(self, slug, files, by=by, expected=expected)

    monkeypatch.setattr(type(documents), "put", full_at_the_market)
    content = zipped(("bakery/en.md", BAKERY), ("market/en.md", SCHOOL), ("school/en.md", SCHOOL))
    said = await imported(world, mo, content)
    assert "Added (2): bakery, school" in said
    assert "market: this document could not be kept" in said
    assert set(await kept(storage, world.guild.id)) == {"bakery", "school"}
    assert "opens at nine" in await asked(world, world.ann)
    monkeypatch.undo()
    said = await imported(world, mo, content)
    assert "Added (1): market" in said
    assert "Left alone, since they are the same (2): bakery, school" in said


@pytest.mark.parametrize("limit", ["_PATIENCE", "_SECONDS"])
async def test_a_zip_that_takes_too_long_to_read_is_refused_in_words(
    world: World,
    storage: Storage,
    mo: MemberActor,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
) -> None:
    # The least that can be: nothing is read in it on any machine.
    monkeypatch.setattr(isolation, limit, 0)
    content = zipped(("bakery/en.md", BAKERY))
    assert "takes too much time or memory" in await imported(world, mo, content)
    world.tongues[mo] = "fr"
    assert "demande trop de temps ou de mémoire" in await imported(world, mo, content)
    assert await kept(storage, world.guild.id) == {}


async def test_an_export_of_another_program_is_taken_with_a_report_a_line_a_file(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    menu = "<nav>" + "Accueil Actualités Contact " * 5 + "</nav>"
    page = f"<html lang=en><body>{menu}<main><p>{BODY.partition('.')[0]}.</p></main></body></html>"
    files = (
        ("Vault/School.md", SCHOOL.partition("---\n\n")[2]),
        ("Vault/Notes/Bakery 0123456789abcdef0123456789abcdef.html", page),
        ("Vault/Old/School.md", SCHOOL.partition("---\n\n")[2].replace("nine", "ten")),
        ("Vault/photo.png", b"\x89PNG"),
        ("Vault/Notes/broken.pdf", b"no PDF"),
    )
    said = await do(world, mo, "import", file=("vault.zip", zipped(*files)))
    assert text(said).startswith("**In these files more than 5% of the words were left out (1)")
    assert "Added (3): " in text(said) and "Not read" in text(said)
    (report,) = response(said).attachments
    lines = (await report.read()).decode().splitlines()
    assert len(lines) == len(files)
    by_path = {line.partition(": ")[0]: line for line in lines}
    assert "added as school; 35 words read, passages: 2" in by_path["Vault/School.md"]
    assert "added as school-2" in by_path["Vault/Old/School.md"]
    bakery = by_path["Vault/Notes/Bakery 0123456789abcdef0123456789abcdef.html"]
    assert "added as bakery; 7 words read" in bakery and "left out: menu, 15 words" in bakery
    assert "is not what its name says" in by_path["Vault/Notes/broken.pdf"]
    assert "not read" in by_path["Vault/photo.png"]
    assert "bakery opens at nine" in await asked(world, world.ann)

    changed = (*files[:1], ("Vault/Notes/Bakery.html", page.replace("nine", "eight")), *files[2:3])
    shown = await do(world, mo, "import", file=("vault.zip", zipped(*changed)))
    assert "ould be answered differently" in text(shown)
    said = await press(mo, shown, "Save")
    assert "Changed (1): bakery" in text(
        said
    ) and "Left alone, since they are the same (2)" in text(said)
    versions = {slug: number for slug, (number, _) in (await kept(storage, world.guild.id)).items()}
    assert versions == {"bakery": 2, "school": 1, "school-2": 1}
    assert "opens at eight" in await asked(world, world.ann)


async def test_a_page_in_two_languages_or_with_questions_is_not_replaced(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    shown = await do(world, mo, "translate", document="bakery", language="fr")
    await mo.submit_modal(shown, {"text": FRENCH})
    said = await imported(world, mo, zipped(("Bakery.md", BODY.replace("nine", "ten"))))
    assert "Added (1): bakery-2" in said
    assert set((await kept(storage, world.guild.id))["bakery"][1]) == {"en.md", "fr.md"}
