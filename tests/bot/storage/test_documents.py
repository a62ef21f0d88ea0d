"""The contract of every storage: the documents of a guild."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage import Action, ConflictError, DocumentState, DocumentVersion, Storage
from tests.bot.storage.conftest import Clock

GUILD, OTHER, MODERATOR = 11, 22, 7
FRENCH = "---\ntitle: Règles\nlanguage: fr\n---\n\nPas de réclame « ici ».\n"
FILES = {"fr.md": FRENCH}


async def test_what_was_put_is_read_to_the_letter(storage: Storage, clock: Clock) -> None:
    documents = storage.guild(GUILD).documents
    written = await documents.put("rules", FILES, by=MODERATOR, expected=0)
    assert written == DocumentVersion("rules", 1, FILES, clock.now, MODERATOR)
    assert await documents.newest("rules") == written
    sequence = await storage.guild(GUILD).sequence()
    state = DocumentState("rules", 1, sequence, clock.now, MODERATOR, removed=False)
    assert await documents.every() == (state,)
    assert await documents.count() == 1


async def test_a_document_that_is_not_there(storage: Storage) -> None:
    documents = storage.guild(GUILD).documents
    assert await documents.newest("rules") is None
    assert await documents.version("rules", 1) is None
    assert await documents.history("rules") == ()
    assert await documents.every() == ()
    assert await documents.count() == 0
    with pytest.raises(ConflictError, match="is at version 0") as conflict:
        await documents.remove("rules", by=MODERATOR, expected=0)
    assert (conflict.value.slug, conflict.value.expected) == ("rules", 0)
    assert await documents.restore("rules", 1, by=MODERATOR, expected=0) is None
    assert await documents.bring_back("rules", by=MODERATOR) is None


@pytest.mark.parametrize("expected", [0, 2])
async def test_two_moderators_who_edit_the_same_version(storage: Storage, expected: int) -> None:
    documents = storage.guild(GUILD).documents
    await documents.put("rules", FILES, by=MODERATOR, expected=0)
    with pytest.raises(ConflictError) as conflict:
        await documents.put("rules", {"fr.md": "another"}, by=8, expected=expected)
    assert (conflict.value.slug, conflict.value.expected, conflict.value.found) == (
        "rules",
        expected,
        1,
    )
    newest = await documents.newest("rules")
    assert newest is not None and newest.files == FILES


async def test_of_many_edits_at_once_one_is_written(storage: Storage) -> None:
    documents = storage.guild(GUILD).documents
    await documents.put("rules", FILES, by=MODERATOR, expected=0)
    edits = [
        documents.put("rules", {"fr.md": str(number)}, by=number, expected=1)
        for number in range(10)
    ]
    results = await asyncio.gather(*edits, return_exceptions=True)
    assert sum(isinstance(each, DocumentVersion) for each in results) == 1
    assert sum(isinstance(each, ConflictError) for each in results) == 9
    assert len(await documents.history("rules")) == 2


async def test_versions_are_kept_and_an_earlier_one_is_restored(
    storage: Storage, clock: Clock
) -> None:
    documents = storage.guild(GUILD).documents
    await documents.put("rules", FILES, by=MODERATOR, expected=0)
    began = clock.now
    clock.advance(days=1)
    await documents.put("rules", {"en.md": "new"}, by=8, expected=1)
    restored = await documents.restore("rules", 1, by=9, expected=2)
    assert restored is not None
    assert (restored.number, restored.files, restored.by) == (3, FILES, 9)
    # Without their files, which may be long.
    assert await documents.history("rules") == (
        DocumentVersion("rules", 3, {}, clock.now, 9),
        DocumentVersion("rules", 2, {}, clock.now, 8),
        DocumentVersion("rules", 1, {}, began, MODERATOR),
    )
    second = await documents.version("rules", 2)
    assert second == DocumentVersion("rules", 2, {"en.md": "new"}, clock.now, 8)
    assert await documents.restore("rules", 9, by=9, expected=3) is None
    with pytest.raises(ConflictError) as conflict:
        await documents.restore("rules", 1, by=9, expected=2)
    assert conflict.value.slug == "rules"


async def test_a_removal_can_be_undone_for_thirty_days(storage: Storage, clock: Clock) -> None:
    documents = storage.guild(GUILD).documents
    await documents.put("rules", FILES, by=MODERATOR, expected=0)
    with pytest.raises(ConflictError) as conflict:
        await documents.remove("rules", by=8, expected=2)
    assert conflict.value.slug == "rules"
    clock.advance(days=1)
    removed = await documents.remove("rules", by=8, expected=1)
    sequence = await storage.guild(GUILD).sequence()
    assert removed == DocumentState("rules", 1, sequence, clock.now, 8, removed=True)
    assert await documents.newest("rules") is None
    assert await documents.every() == ()
    assert await documents.removed() == (removed,)
    clock.advance(days=29)
    back = await documents.bring_back("rules", by=9)
    assert back == DocumentState("rules", 1, sequence + 1, clock.now, 9, removed=False)
    assert await documents.every() == (back,)
    newest = await documents.newest("rules")
    assert newest is not None and newest.files == FILES
    assert await documents.bring_back("rules", by=9) is None

    await documents.remove("rules", by=8, expected=1)
    clock.advance(days=30)
    assert await documents.removed() == ()
    assert await documents.bring_back("rules", by=9) is None


async def test_what_was_removed_last_is_offered_first(storage: Storage, clock: Clock) -> None:
    documents = storage.guild(GUILD).documents
    for slug in ("a", "b", "c"):
        await documents.put(slug, FILES, by=MODERATOR, expected=0)
    for slug in ("b", "c", "a"):
        clock.advance(hours=1)
        await documents.remove(slug, by=MODERATOR, expected=1)
    assert [each.slug for each in await documents.removed()] == ["a", "c", "b"]


async def test_slugs_are_those_of_all_documents_that_are_not_removed(storage: Storage) -> None:
    documents = storage.guild(GUILD).documents
    for slug in ("rules", "guide-2", "guide", "news"):
        await documents.put(slug, FILES, by=MODERATOR, expected=0)
    await storage.guild(OTHER).documents.put("others", FILES, by=MODERATOR, expected=0)
    await documents.remove("news", by=MODERATOR, expected=1)
    assert await documents.slugs() == tuple(each.slug for each in await documents.every())
    assert await documents.slugs() == ("guide", "guide-2", "rules")


async def test_a_new_document_may_have_the_name_of_one_that_was_removed(
    storage: Storage,
) -> None:
    documents = storage.guild(GUILD).documents
    await documents.put("rules", FILES, by=MODERATOR, expected=0)
    await documents.remove("rules", by=MODERATOR, expected=1)
    written = await documents.put("rules", {"fr.md": "new"}, by=MODERATOR, expected=0)
    assert written.number == 2
    assert [each.number for each in await documents.history("rules")] == [2, 1]


async def test_who_keeps_a_copy_learns_what_is_new(storage: Storage) -> None:
    guild = storage.guild(GUILD)
    documents = guild.documents
    assert await guild.sequence() == 0
    assert await storage.sequences() == {}
    await documents.put("rules", FILES, by=MODERATOR, expected=0)
    await documents.put("guide", FILES, by=MODERATOR, expected=0)
    seen = await guild.sequence()
    assert await storage.sequences() == {GUILD: seen}
    assert await documents.changes_since(seen) == ()
    await documents.put("news", FILES, by=MODERATOR, expected=0)
    await documents.remove("rules", by=MODERATOR, expected=1)
    await documents.put("news", FILES, by=MODERATOR, expected=1)
    changes = await documents.changes_since(seen)
    assert [(each.slug, each.version, each.removed) for each in changes] == [
        ("rules", 1, True),
        ("news", 2, False),
    ]
    assert changes[-1].sequence == await guild.sequence()
    await documents.put("guide", FILES, by=MODERATOR, expected=1)
    await documents.bring_back("rules", by=MODERATOR)
    # In the order in which they happened, whatever was there first.
    guide, back = await documents.changes_since(changes[-1].sequence)
    assert (guide.slug, back.slug, back.removed) == ("guide", "rules", False)


async def test_two_guilds_have_the_same_name_for_different_documents(storage: Storage) -> None:
    ours, theirs = storage.guild(GUILD).documents, storage.guild(OTHER).documents
    await ours.put("rules", FILES, by=MODERATOR, expected=0)
    await theirs.put("rules", {"fr.md": "theirs"}, by=8, expected=0)
    await theirs.remove("rules", by=8, expected=1)
    newest = await ours.newest("rules")
    assert newest is not None and newest.files == FILES
    assert len(await ours.history("rules")) == 1


async def test_many_are_read_at_once(storage: Storage) -> None:
    ours = storage.guild(GUILD).documents
    for number, slug in enumerate(("rules", "a-first", "gone", "z-last")):
        await ours.put(slug, {"fr.md": f"text {number}"}, by=MODERATOR, expected=0)
    edited = await ours.put("rules", {"fr.md": "edited"}, by=8, expected=1)
    await ours.remove("gone", by=MODERATOR, expected=1)
    await storage.guild(OTHER).documents.put("theirs", FILES, by=8, expected=0)

    unknown = [f"m-{number}" for number in range(1200)]
    read = await ours.newest_of(["z-last", "rules", *unknown, "gone", "theirs", "a-first"])

    assert [each.slug for each in read] == ["a-first", "rules", "z-last"]
    assert read[1] == edited
    assert await ours.newest_of([]) == ()


async def test_every_change_of_a_document_is_in_the_audit(storage: Storage, clock: Clock) -> None:
    guild = storage.guild(GUILD)
    await guild.documents.put("rules", FILES, by=1, expected=0)
    await guild.documents.put("rules", FILES, by=2, expected=1)
    await guild.documents.restore("rules", 1, by=3, expected=2)
    await guild.documents.remove("rules", by=4, expected=3)
    await guild.documents.bring_back("rules", by=5)
    with pytest.raises(ConflictError):
        await guild.documents.put("rules", FILES, by=6, expected=0)
    entries = await guild.audit.latest(10)
    assert [(each.by, each.action, each.old, each.new) for each in reversed(entries)] == [
        (1, Action.DOCUMENT_ADDED, None, 1),
        (2, Action.DOCUMENT_EDITED, 1, 2),
        (3, Action.DOCUMENT_RESTORED, 2, {"version": 3, "as": 1}),
        (4, Action.DOCUMENT_REMOVED, 3, None),
        (5, Action.DOCUMENT_BROUGHT_BACK, None, 3),
    ]
    assert all((each.subject, each.at) == ("rules", clock.now) for each in entries)
    assert await guild.audit.count() == 5
    assert [each.by for each in await guild.audit.latest(2, before=1)] == [4, 3]
    assert await storage.guild(OTHER).audit.latest(10) == ()


async def test_of_two_documents_each_has_its_own_versions(storage: Storage, clock: Clock) -> None:
    documents = storage.guild(GUILD).documents
    for slug, text in (("rules", "of rules"), ("guide", "of the guide")):
        await documents.put(slug, {"fr.md": text}, by=MODERATOR, expected=0)
    began = clock.now
    clock.advance(hours=1)
    await documents.put("guide", {"fr.md": "anew"}, by=8, expected=1)
    read = {slug: await documents.version(slug, 1) for slug in ("rules", "guide")}
    assert {slug: each and each.files["fr.md"] for slug, each in read.items()} == {
        "rules": "of rules",
        "guide": "of the guide",
    }
    restored = await documents.restore("guide", 1, by=MODERATOR, expected=2)
    assert restored is not None and restored.files == {"fr.md": "of the guide"}
    (only,) = await documents.history("rules")
    assert (only.number, only.at, only.by) == (1, began, MODERATOR)
    assert len(await documents.history("guide")) == 3
