"""What moderators see of their server's documents, for the gallery."""

from __future__ import annotations

import simcord

from tests.bot.world import World, press, with_permission

Seen = tuple[str, simcord.MemberActor, simcord.InteractionResult]

_TITLES = {"fr": "Le marché du samedi", "en": "The Saturday market"}
_BODIES = {
    "fr": "Le marché ouvre le samedi à huit heures, place de la Mairie, et ferme à treize heures. "
    "Les places sont attribuées par ordre d’arrivée.\n\nUn stand coûte douze euros la journée, "
    "électricité comprise, et se paie sur place auprès du régisseur.",
    "en": "The market opens on Saturdays at eight, on Town Hall Square, and closes at one. Places "
    "are given to who comes first.\n\nA stall costs twelve euros a day, power included, and is "
    "paid on the spot to the market’s warden.",
}
_ADDED = {
    "fr": "Les chiens sont admis en laisse.",
    "en": "Dogs are welcome on a lead.",
}
_QUESTIONS = {"fr": "Quand ouvre le marché du samedi ?", "en": "When does the market open?"}
_LABELS = {"fr": ("Supprimer", "Rétablir"), "en": ("Remove", "Bring back")}


async def knowledge_scenes(world: World) -> list[Seen]:
    """Everything that `/knowledge` shows, in both languages."""
    taken: list[Seen] = []
    for language, name in (("fr", "modo"), ("en", "mod")):
        who = with_permission(world, name, "manage_messages")
        world.tongues[who] = "fr" if language == "fr" else "en-US"
        taken += await _scenes(world, who, language)
    return taken


async def _scenes(world: World, who: simcord.MemberActor, language: str) -> list[Seen]:
    title, body = _TITLES[language], _BODIES[language]
    remove, back = _LABELS[language]

    async def do(command: str, **options: object) -> simcord.InteractionResult:
        return await who.slash(world.channel, f"knowledge {command}", **options)

    window = await do("add")
    added = await who.submit_modal(window, {"title": title, "text": body})
    slug = await _slug(world, title)
    first, second = await do("edit", document=slug), await do("edit", document=slug)
    changed = await who.submit_modal(first, {"text": f"{body}\n\n{_ADDED[language]}"})
    conflict = await who.submit_modal(second, {"text": body})
    translated = await do("translate", document=slug, language="en" if language == "fr" else "fr")
    refused = await who.submit_modal(translated, {"text": "Un seul paragraphe. One paragraph."})
    file = await do("add", file=("scan.pdf", b"no PDF"))
    listed, shown = await do("list"), await do("show", document=slug)
    history = await do("history", document=slug)
    reloaded = await do("reload")
    asked = await do("remove", document=slug)
    assert asked.response is not None
    removed = await press(who, asked.response, remove)
    assert removed.response is not None
    returned = await press(who, removed.response, back)
    member = world.zoe if language == "fr" else world.ann
    question = _QUESTIONS[language]
    answered = await member.slash(world.channel, "ask", question=question, private=True)
    seen = {
        "window": window, "added": added, "changed": changed, "conflict": conflict,
        "refused": refused, "file": file, "list": listed, "show": shown, "history": history,
        "reload": reloaded,
        "remove": asked, "removed": removed, "brought-back": returned,
    }  # fmt: skip
    taken: list[Seen] = [(f"knowledge-{each}-{language}", who, what) for each, what in seen.items()]
    return [*taken, (f"knowledge-answer-{language}", member, answered)]


async def _slug(world: World, title: str) -> str:
    who = with_permission(world, "finder", "manage_messages")
    offered = await who.autocomplete(world.channel, "knowledge show", "document", title[:10])
    return str(offered[0]["value"])
