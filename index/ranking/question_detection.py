"""Whether a message, or a part of one, asks something.

Rules for French and English together, since a channel has both: a question mark, a word that
asks where questions begin or end, a verb before its subject, or a phrase that announces a
question. How often they are right is in docs/quality.md. Texts are compared without accents,
as they are typed in haste.
"""

from __future__ import annotations

import re

from index.ranking.terms import fold

_LINK = re.compile(r"\w+://\S+|<[^>\s]+>")
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!;,:]+\s+|\n+")

_GREETINGS = (
    "hi|hey|hello|so|and|but|also|ok|okay|well|wait|btw|please|"
    "salut|bonjour|coucou|et|mais|donc|alors|du coup|au fait|dites|dis|svp"
)
_BEGINNINGS = (
    # "How nice" and "what they do is" ask nothing, nor do "when I was" and "which is why".
    r"(?:who|whos|what|whats|waht|wat|why|how|hows|whose|whom)(?:'s|'re|'d)?\b(?! (?:an?|nice|cool|"
    r"lovely|great|sad|funny|cares|knows?|ever|they|we|i|you)\b)"
    r"|(?:when|wen|where)(?:'?s|'re)? (?:is|are|was|were|do|does|did|will|would|can|could|should|"
    r"has|have|the|that)\b"
    r"|which\b(?! (?:is|was|means|meant|makes)\b)"
    # Neither "could be worse" nor "do not".
    r"|(?:is|are|was|were|does|did|has|have|can|could|will|would|should)(?:n't)?"
    r"(?! (?:not|be|do|a|what)\b)(?: \w+){2}"
    r"|do (?!not\b|it\b)\w+ \w+"
    r"|(?:pourquoi|pk|pq|prk|pkoi|qui|comment|coment|combien)\b(?! (?:dire|vivra|de fois)\b)"
    r"|(?:quand|ou) (?:est|sont|a|ont|va|vont)\b"
    r"|(?:(?:a|de|en|dans|par|pour|sur|avec|contre) )?quel(?:le)?s?\b|kel(?:le)?s?\b"
    r"|(?:a |de )?(?:lequel|laquelle|lesquels|lesquelles)\b(?! des deux)"
    r"|(?:a |de |d'|c'?est |c )(?:qui|quoi|koi|ou)\b(?! faire)"
    r"|que (?:\w+-|disent|font|veulent|pensent|signifie|demande)"
    r"|qu'?est\b|kes|es[t]?[- ]ce\b(?! bien)|es que\b|y ?a combien\b"
)
_BEGINS = re.compile(rf"(?:(?:{_GREETINGS})\b[\s,:]*)*(?:{_BEGINNINGS})")
_ENDS = re.compile(r"\b(?:qui|combien|comment|pourquoi|quand|ou pas|or not|or nah|or what)$")
_WITHIN = re.compile(
    # "Ils veulent quoi contre Amazon", "elle travaille dans quelle ville"; not "n'importe quoi".
    r"\b(?:ca|ils?|elles?|on|vous|tu|y) (?:\w+ ){1,2}(?:quoi|koi|qui|combien)\b(?! qu)"
    r"|\bc'? ?(?:est|etait)? ?(?:quoi|koi|qui)\b(?! qu?i? )"
    r"|(?<!importe )(?<!sais )\b(?:quel(?:le)?s?|combien) (?!(?:de )?fois)\w"
    r"|\bes[t]?[- ]ce qu"
    # A verb before its subject.
    r"|\b(?!rendez-|dit-)\w+-(?:t-)?(?:il|elle|on|ils|elles|tu|vous)\b"
)
_ANNOUNCED = re.compile(
    r"\b(?:i (?:was |am )?(?:just )?wonder|i'm (?:just )?(?:wondering|curious)|just wondering|"
    r"i'd (?:like|love|be interested) to know|(?:do|does )?any(?:one|body) knows?|tell me|"
    r"(?:try|want)(?:ing)? to (?:find|know)|je me demand\w*(?! pas)|"
    r"(?:a|aimerais|aimerait|aime|veux|voudrais|voulais|voulait|souhaite\w*) (?:savoir|demander)\b|"
    r"je cherche (?:le|la|les|qui|a|si)\b|dites[- ]moi|dis[- ]moi|quelqu'un (?:sait|peut)|"
    r"savez[- ]vous|vous savez (?:si|qui|ce|ou|quand|comment)|question :)"
)


def is_question(text: str) -> bool:
    """Whether somebody asks something with `text`, in French or in English.

    Args:
        text: A message as it was typed.
    """
    plain = fold(_QUOTED.sub(" ", _LINK.sub(" ", text))).replace("’", "'")
    if "?" in plain:
        return any(character.isalpha() for character in plain)
    parts = (" ".join(part.split()) for part in _SENTENCE_END.split(plain))
    return any(
        _BEGINS.match(part) or _ENDS.search(part) or _WITHIN.search(part) or _ANNOUNCED.search(part)
        for part in parts
    )
