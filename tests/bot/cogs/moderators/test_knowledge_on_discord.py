"""Moderators keep the knowledge of their server, and nobody else can."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands
from simcord import InteractionResult, MemberActor

from bot.client.client import CoalitionBot
from bot.storage import Storage
from knowledge import PassageLimits, read_library
from tests.bot.world import World, buttons, press, response, text, with_permission
from tests.knowledge.test_files import pdf, rewritten, word

BODY = (
    "On Sundays the bakery opens at nine. On every other day of the week it opens at six.\n\n"
    "Bread that is left in the evening goes to the shelter of the town, at no charge."
)
QUESTION = "When does the bakery open on Sundays?"
QUESTION_FR = "À quelle heure ouvre la boulangerie le dimanche ?"
COMMANDS: dict[str, dict[str, Any]] = {
    "add": {},
    "edit": {"document": "bakery"},
    "translate": {"document": "bakery", "language": "fr"},
    "questions": {"document": "bakery"},
    "remove": {"document": "bakery"},
    "list": {},
    "show": {"document": "bakery"},
    "export": {},
    "import": {"file": ("knowledge.zip", b"")},
    "reload": {},
    "history": {"document": "bakery"},
    "restore": {"document": "bakery"},
}


LONG = "\n\n".join(
    f"On market days stall number {number} closes at {number % 12 + 1} in the evening, since its "
    f"keeper has a way of {number * 3 + 2} miles to go home and no lamp to go it by."
    for number in range(80)
)


@pytest.fixture
def mo(world: World) -> MemberActor:
    """A moderator, in English."""
    return with_permission(world, "mo", "manage_messages")


async def do(world: World, who: MemberActor, command: str, **options: object) -> InteractionResult:
    return await who.slash(world.channel, f"knowledge {command}", **options)


async def added(world: World, who: MemberActor, body: str = BODY) -> InteractionResult:
    shown = await do(world, who, "add")
    return await who.submit_modal(shown, {"title": "Bakery", "text": body})


async def asked(world: World, who: MemberActor, question: str = QUESTION) -> str:
    return text(await who.slash(world.channel, "ask", question=question, private=True))


async def test_what_is_added_in_a_window_answers_at_once(world: World, mo: MemberActor) -> None:
    assert "nine" not in await asked(world, world.ann)
    said = await added(world, mo)
    assert said.ephemeral
    assert "“Bakery” is added under the name `bakery` (passages: 2)" in text(said)
    assert "bakery opens at nine" in await asked(world, world.ann)
    assert "What I can quote" in text(await world.ann.slash(world.channel, "topics"))
    read = await world.ann.slash(world.channel, "read", document="Bakery")
    assert "opens at nine" in text(read)


async def test_an_answer_from_the_server_keeps_its_buttons_after_a_restart(
    world: World, mo: MemberActor, make_bot: Callable[[], CoalitionBot]
) -> None:
    await added(world, mo)
    answer = await world.ann.slash(world.channel, "ask", question=QUESTION)
    await world.env.restart_bot(make_bot())
    context = await press(world.zoe, response(answer), "In context")
    assert "goes to the shelter" in text(context)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bakery.md", BODY.encode()),
        ("bakery.txt", BODY.encode("utf-16")),
        ("bakery.html", b"<html><p>On Sundays the bakery opens at nine.</p></html>"),
        ("bakery.pdf", pdf("On Sundays the bakery opens at nine.")),
        ("bakery.docx", word()),
    ],
)
async def test_what_is_added_as_a_file_answers_at_once(
    world: World, mo: MemberActor, name: str, content: bytes
) -> None:
    said = await do(world, mo, "add", file=(name, content), title="Bakery")
    assert "is added under the name `bakery`" in text(said)
    assert "at nine" in await asked(world, world.ann)


@pytest.mark.parametrize(
    ("file", "english", "french"),
    [
        (("a.pdf", rewritten(pdf("x"), "secret")), "by a password", "un mot de passe"),
        (("a.pdf", rewritten(pdf("x"))), "has no text", "aucun texte"),
        (("a.pdf", b"no PDF"), "is not what its name says", "n’est pas ce que dit son nom"),
        (("a.exe", b"MZ"), "I do not read files like", "Je ne lis pas les fichiers comme"),
        (("a.md", b"x" * (9 << 20)), "the limit is 8 MB", "la limite est de 8 Mo"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_in_words(
    world: World, mo: MemberActor, file: tuple[str, bytes], english: str, french: str
) -> None:
    assert english in text(await do(world, mo, "add", file=file))
    world.tongues[mo] = "fr"
    assert french in text(await do(world, mo, "add", file=file))
    assert "n’a encore aucun document" in text(await do(world, mo, "list"))


async def test_a_text_that_cannot_be_used_comes_back(world: World, mo: MemberActor) -> None:
    said = await added(world, mo, "---\ntitle: Bakery\npublished: soon\n---\n\nIt opens.")
    assert "This text cannot be used as it is" in text(said)
    (file,) = response(said).attachments
    assert (await file.read()).decode() == "---\ntitle: Bakery\npublished: soon\n---\n\nIt opens."


async def test_what_the_command_says_wins_over_front_matter_of_other_programs(
    world: World, mo: MemberActor
) -> None:
    content = b"---\ntitle: Draft\nlang: fr\ndraft: true\n---\n\n" + BODY.encode()
    said = await do(world, mo, "add", file=("a.md", content), title="Bakery", language="en")
    assert "“Bakery” is added under the name `bakery`" in text(said)
    assert "- keys of other programs before the text, 4 words: “draft: true lang: fr”" in text(said)
    assert "bakery opens at nine" in await asked(world, world.ann)


async def test_a_file_of_which_much_is_left_out_is_added_with_a_warning_first(
    world: World, mo: MemberActor
) -> None:
    page = "<nav>Home News Contact Partners</nav><main><p>On Sundays it opens at nine.</main>"
    said = text(await do(world, mo, "add", file=("a.html", page.encode()), title="Bakery"))
    warning, added_line, *_ = said.split("\n\n")
    assert "More than 5% of the words in this file were left out" in warning
    assert "is added under the name `bakery`" in added_line
    assert "Read: 6 words, divided into passages: 1." in said
    assert "- menu, 4 words: “Home News Contact Partners”" in said
    world.tongues[mo] = "fr"
    said = text(await do(world, mo, "add", file=("a.html", page.encode()), title="Pain"))
    assert "- menu, 4 mots\u00a0: «\u00a0Home News Contact Partners\u00a0»" in said


async def test_an_edit_is_found_and_an_earlier_version_is_restored(
    world: World, mo: MemberActor
) -> None:
    await added(world, mo)
    shown = await do(world, mo, "edit", document="bakery")
    assert shown.modal is not None
    said = await mo.submit_modal(shown, {"text": BODY.replace("nine", "ten")})
    assert "“Bakery” is at version 2" in text(said)
    assert "opens at ten" in await asked(world, world.ann)
    history = text(await do(world, mo, "history", document="bakery"))
    assert history.index("2 ·") < history.index("1 ·") and f"<@{mo.id}>" in history
    said = await do(world, mo, "restore", document="bakery", version=1)
    assert "Version 1 of `bakery` is in force again, as version 3" in text(said)
    assert "opens at nine" in await asked(world, world.ann)
    said = await do(world, mo, "restore", document="bakery", version=9)
    assert "has no version 9" in text(said)


async def test_of_two_who_edit_the_second_is_told_and_loses_nothing(
    world: World, mo: MemberActor
) -> None:
    other = with_permission(world, "max", "manage_messages")
    await added(world, mo)
    first = await do(world, mo, "edit", document="bakery")
    second = await do(world, other, "edit", document="bakery")
    await mo.submit_modal(first, {"text": BODY.replace("nine", "ten")})
    said = await other.submit_modal(second, {"text": BODY.replace("nine", "eleven")})
    assert "Somebody else changed `bakery` while you were writing" in text(said)
    (file,) = response(said).attachments
    assert "opens at eleven" in (await file.read()).decode()
    assert "opens at ten" in await asked(world, world.ann)


async def test_a_document_is_removed_once_that_is_confirmed_and_comes_back(
    world: World, mo: MemberActor
) -> None:
    await added(world, mo)
    question = await do(world, mo, "remove", document="bakery")
    assert "Remove “Bakery”?" in text(question)
    assert "opens at nine" in await asked(world, world.ann)
    said = await press(mo, response(question), "Remove")
    assert "“Bakery” is removed" in text(said)
    assert "opens at nine" not in await asked(world, world.ann)
    again = await press(mo, response(question), "Remove")
    assert "Nothing was done" in text(again)
    back = await press(mo, response(said), "Bring back")
    assert "`bakery` is back" in text(back)
    assert "opens at nine" in await asked(world, world.ann)


async def test_a_translation_must_align_and_answers_in_its_language(
    world: World, mo: MemberActor
) -> None:
    await added(world, mo)
    shown = await do(world, mo, "translate", document="bakery", language="fr")
    said = await mo.submit_modal(
        shown, {"text": "Le dimanche, la boulangerie ouvre à neuf heures."}
    )
    assert "This text cannot be used as it is" in text(said)
    shown = await do(world, mo, "translate", document="bakery", language="fr")
    said = await mo.submit_modal(
        shown,
        {
            "text": "Le dimanche, la boulangerie ouvre à neuf heures. "
            "Tous les autres jours, elle ouvre à six heures.\n\n"
            "Le pain qui reste le soir va au refuge de la ville, sans frais, chaque jour."
        },
    )
    assert "“Bakery” is at version 2" in text(said)
    assert "à neuf heures" in await asked(world, world.zoe, QUESTION_FR)


async def test_questions_of_a_passage_are_offered(world: World, mo: MemberActor) -> None:
    await added(world, mo)
    shown = await do(world, mo, "questions", document="bakery")
    said = await mo.submit_modal(shown, {"text": "- passage: nowhere\n  en:\n    - Who?\n"})
    assert "occurs in no passage" in text(said)
    shown = await do(world, mo, "questions", document="bakery")
    listed = "- passage: the shelter\n  en:\n    - Where does stale bread go?\n"
    await mo.submit_modal(shown, {"text": listed})
    offered = await world.ann.autocomplete(world.channel, "ask", "question", "Where does stale")
    assert offered[0]["value"] == "Where does stale bread go?"


async def test_documents_are_listed_and_shown_with_their_files(
    world: World, mo: MemberActor
) -> None:
    assert "no document of its own" in text(await do(world, mo, "list"))
    await added(world, mo)
    listed = text(await do(world, mo, "list"))
    assert "This server’s documents (1)" in listed and "`bakery` · version 1" in listed
    shown = await do(world, mo, "show", document="bakery")
    (file,) = response(shown).attachments
    assert file.filename == "en.md" and BODY in (await file.read()).decode()
    unknown = await do(world, mo, "show", document="nothing")
    assert "no document of that name" in text(unknown)


async def test_all_documents_are_exported_as_the_folder_of_articles_has_them(
    world: World, mo: MemberActor, tmp_path: Path
) -> None:
    assert "no document of its own" in text(await do(world, mo, "export"))
    await added(world, mo)
    (file,) = response(await do(world, mo, "export")).attachments
    with zipfile.ZipFile(io.BytesIO(await file.read())) as packed:
        packed.extractall(tmp_path / "articles")
    library = read_library(tmp_path / "articles", PassageLimits())
    assert library.problems == ()
    assert [(each.slug, len(each.passages)) for each in library.documents] == [("bakery", 2)]


async def test_members_can_do_none_of_it_even_where_discord_lets_them(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    registered = await world.env.bot.tree.fetch_commands()  # type: ignore[attr-defined]
    (knowledge,) = (each for each in registered if each.name == "knowledge")
    world.guild.set_command_permissions(knowledge, {world.ann: True})
    for command, options in COMMANDS.items():
        refused = await do(world, world.ann, command, **options)
        assert refused.ephemeral and "for people who manage messages" in text(refused)
    assert all(isinstance(each, app_commands.CheckFailure) for each in world.env.errors)
    assert await world.ann.autocomplete(world.channel, "knowledge show", "document", "b") == []
    documents = storage.guild(world.guild.id).documents
    assert [each.version for each in await documents.every()] == [1]


async def test_who_is_no_moderator_any_more_changes_nothing(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    window = await do(world, mo, "edit", document="bakery")
    confirm = await do(world, mo, "remove", document="bakery")
    world.env.backend.get_member(world.guild.id, mo.id).role_ids.clear()
    refused = await mo.submit_modal(window, {"text": BODY.replace("nine", "ten")})
    assert "for people who manage messages" in text(refused)
    refused = await press(mo, response(confirm), "Remove")
    assert "for people who manage messages" in text(refused)
    documents = storage.guild(world.guild.id).documents
    assert [each.version for each in await documents.every()] == [1]


async def test_a_moderator_elsewhere_meets_nothing_of_it(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    await added(world, mo)
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    max_ = with_permission(world, "max", "manage_messages", guild=elsewhere)
    for command in ("show", "history", "remove", "edit"):
        told = await max_.slash(channel, f"knowledge {command}", document="bakery")
        assert "no document of that name" in text(told)
    told = await max_.slash(channel, "knowledge restore", document="bakery", version=1)
    assert "no document of that name" in text(told)
    assert "no document of its own" in text(await max_.slash(channel, "knowledge list"))
    assert await max_.autocomplete(channel, "knowledge show", "document", "b") == []
    answer = await max_.slash(channel, "ask", question=QUESTION, private=True)
    assert "nine" not in text(answer)
    assert await storage.guild(elsewhere.id).documents.count() == 0


async def test_autocomplete_offers_titles_to_moderators_alone(
    world: World, mo: MemberActor
) -> None:
    await added(world, mo)
    offered = await mo.autocomplete(world.channel, "knowledge show", "document", "bak")
    assert [(each["name"], each["value"]) for each in offered] == [("Bakery", "bakery")]
    await press(mo, response(await do(world, mo, "remove", document="bakery")), "Remove")
    offered = await mo.autocomplete(world.channel, "knowledge restore", "document", "")
    assert [each["value"] for each in offered] == ["bakery"]


@pytest.mark.parametrize("typed", ["L’Été à la plage", "l'ete a la PLAGE", "L-ETE-A-LA-PLAGE"])
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ({"command": "show"}, "L’Été à la plage"),
        ({"command": "history"}, "The versions of"),
        ({"command": "restore", "version": 1}, "version 1"),
        ({"command": "remove"}, "L’Été à la plage"),
    ],
)
async def test_a_document_goes_by_its_title_or_name_as_typed(
    world: World,
    mo: MemberActor,
    typed: str,
    command: dict[str, Any],
    said: str,
) -> None:
    await do(world, mo, "add", file=("a.txt", b"Le sable est chaud."), title="L’Été à la plage")
    shown = text(await do(world, mo, document=typed, **command))
    assert said.casefold() in shown.casefold()
    assert "no document of that name" not in shown
    for window in ("edit", "questions"):
        assert (await do(world, mo, window, document=typed)).modal is not None
    assert (await do(world, mo, "translate", document=typed, language="en")).modal is not None


async def test_a_removed_document_comes_back_by_its_name_as_typed(
    world: World, mo: MemberActor
) -> None:
    await added(world, mo)
    await press(mo, response(await do(world, mo, "remove", document="BAKERY")), "Remove")
    assert "nine" not in await asked(world, world.ann)
    await do(world, mo, "restore", document="Bakery")
    assert "nine" in await asked(world, world.ann)


async def test_a_title_that_two_documents_have_names_neither(world: World, mo: MemberActor) -> None:
    french = with_permission(world, "max", "manage_messages")
    world.tongues[french] = "fr"
    for name, words in (("a.txt", b"Sand is hot."), ("b.txt", b"Snow is cold.")):
        await do(world, mo, "add", file=(name, words), title="Plage")
    shown = await do(world, mo, "remove", document="plagé")
    assert text(shown).startswith("Several documents have that name: `plage`, `plage-2`.")
    shown = await do(world, french, "show", document="PLAGE!")
    assert text(shown).startswith("Plusieurs documents portent ce nom : `plage`, `plage-2`.")


@pytest.mark.parametrize("tongue", ["en-US", "fr"])
async def test_a_document_that_somebody_removed_meanwhile_is_said_to_be_removed(
    world: World, mo: MemberActor, tongue: str
) -> None:
    await added(world, mo)
    world.tongues[mo] = tongue
    window = await do(world, mo, "edit", document="bakery")
    first, second = [await do(world, mo, "remove", document="bakery") for _ in range(2)]
    await mo.click(response(first), custom_id=next(iter(buttons(first).values())))
    late = await mo.click(response(second), custom_id=next(iter(buttons(second).values())))
    written = await mo.submit_modal(window, {"text": BODY})
    for said in (text(late), text(written)):
        assert ("removed `bakery`" if tongue == "en-US" else "a supprimé `bakery`") in said
        assert "version 0" not in said


async def test_a_document_is_offered_by_any_part_of_its_title_or_name(
    world: World, mo: MemberActor
) -> None:
    await do(world, mo, "add", file=("a.txt", b"Le sable est chaud."), title="L’Été à la plage")
    await do(world, mo, "add", file=("b.txt", b"La neige est froide."), title="L’hiver")

    async def offered(typed: str) -> list[str]:
        found = await mo.autocomplete(world.channel, "knowledge show", "document", typed)
        return [each["name"] for each in found]

    assert await offered("") == ["L’Été à la plage", "L’hiver"]
    for typed in ("l'ete A", "PLAGE", "été à", "l-ete-a"):
        assert await offered(typed) == ["L’Été à la plage"]
    assert await offered("plage zz") == []


async def test_the_language_of_a_text_is_told_or_chosen(
    world: World, storage: Storage, mo: MemberActor
) -> None:
    french = "Le dimanche, la boulangerie ouvre à neuf heures, et les autres jours à six heures."
    await do(world, mo, "add", file=("a.txt", french.encode()), title="Pain")
    await do(world, mo, "add", file=("b.txt", french.encode()), title="Pain", language="en")
    documents = storage.guild(world.guild.id).documents
    newest = await documents.newest_of(await documents.slugs())
    files = {each.slug: list(each.files) for each in newest}
    assert files == {"pain": ["fr.md"], "pain-2": ["en.md"]}


async def test_a_long_document_has_pages_and_its_buttons_are_the_moderators(
    world: World, mo: MemberActor
) -> None:
    for number in range(13):
        body = f"Rule number {number} of the house says that guests are welcome."
        await do(world, mo, "add", file=(f"rule{number}.txt", body.encode()))
    listed = await do(world, mo, "list")
    assert "(13)" in text(listed)
    assert list(buttons(listed))[-2:] == ["Open 8", "Next"]
    turned = await press(mo, response(listed), "Next")
    assert "version 1" in text(turned)


async def test_what_was_added_already_is_said_and_not_added_again(
    world: World, mo: MemberActor
) -> None:
    await do(world, mo, "add", file=("bakery.md", BODY.encode()))
    again = text(await do(world, mo, "add", file=("bakery.md", BODY.encode())))
    assert "“bakery” is there already, word for word, as `bakery`" in again
    other = text(await do(world, mo, "add", file=("bread.txt", BODY.encode())))
    assert "is added under the name `bread`" in other
    assert "`bakery` has the same words under another title" in other
    changed = BODY.replace("nine", "ten").encode()
    same_title = text(await do(world, mo, "add", file=("bakery.txt", changed)))
    assert "is added under the name `bakery-2`" in same_title
    assert "`bakery` has the same title" in same_title


async def test_what_a_file_says_of_itself_is_taken_over_where_the_command_says_nothing(
    world: World, mo: MemberActor
) -> None:
    page = (
        "<html lang=en><head><title>Bakery</title><meta name=author content='Jo Baker'>"
        "<meta property=article:published_time content=2024-03-05>"
        "<link rel=canonical href=https://example.org/bakery></head>"
        "<body><p>On Sundays the bakery opens at nine.</p></body></html>"
    )
    said = text(await do(world, mo, "add", file=("a.html", page.encode())))
    assert "author “Jo Baker”, date March 5, 2024, address https" in said
    answer = await asked(world, world.ann)
    assert "Jo Baker" in answer and "March 5, 2024" in answer


async def test_a_file_of_which_much_was_left_out_can_be_taken_out_at_once(
    world: World, mo: MemberActor
) -> None:
    page = f"<html><body><nav>{'Home News ' * 20}</nav><main><p>{BODY}</p></main></body></html>"
    said = await do(world, mo, "add", file=("bakery.html", page.encode()))
    assert text(said).startswith("**More than 5%")
    await press(mo, response(said), "Remove")
    assert "no document of its own" in text(await do(world, mo, "list"))
