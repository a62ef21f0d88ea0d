"""What the coalition says: articles, and how a document becomes passages and sentences.

Nothing here knows vectors or Discord.
"""

from knowledge.blocks.layout import Unit, UnitKind
from knowledge.blocks.richtext import Mark, MarkKind
from knowledge.documents import Edition
from knowledge.errors import (
    AlignmentError,
    CoalitionBotError,
    DocumentError,
    DocumentProblem,
    KnowledgeError,
    Place,
)
from knowledge.front_matter import FrontMatter
from knowledge.language import Language
from knowledge.library import (
    Document,
    Library,
    ReadDocument,
    fingerprint,
    read_document,
    read_library,
    slug_of,
)
from knowledge.passages.dividing import Passage, PassageLimits, PassageText
from knowledge.spans import Span

__all__ = [
    "AlignmentError",
    "CoalitionBotError",
    "Document",
    "DocumentError",
    "DocumentProblem",
    "Edition",
    "FrontMatter",
    "KnowledgeError",
    "Language",
    "Library",
    "Mark",
    "MarkKind",
    "Passage",
    "PassageLimits",
    "PassageText",
    "Place",
    "ReadDocument",
    "Span",
    "Unit",
    "UnitKind",
    "fingerprint",
    "read_document",
    "read_library",
    "slug_of",
]
