"""What a server has of its own, for the preview to show."""

from __future__ import annotations

from bot.config import Config
from bot.storage import open_storage
from index import Index, Strictness
from knowledge import Language

MODERATOR = 7
BAKERY = {
    "en.md": "---\ntitle: The Mill Street bakery\nlanguage: en\n---\n\n"
    "On Sundays the bakery opens at nine. On other days it opens at six.\n\n"
    "Its bread is baked with flour from the mill of the village, and sold until noon.\n"
}
OPENS = "When does the bakery open on Sundays?"
PINNED = "Who leads the campaign?"


async def stored(config: Config, guild: int, shared: Index) -> None:
    """Keep a document, a pin and a setting of a server, as its bot would."""
    async with open_storage(config.database_place) as storage:
        kept = storage.guild(guild)
        await kept.documents.put("bakery", BAKERY, by=MODERATOR, expected=0)
        passage = shared.documents[0].passages[1].id
        await kept.pins.pin(PINNED, Language.ENGLISH, passage, by=MODERATOR)
        await kept.settings.change(by=MODERATOR, strictness=Strictness.EAGER)
