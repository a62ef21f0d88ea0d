"""How a question finds its passage: embeddings, words, ranking, confidence.

From a folder of articles to a quote:

    >>> from pathlib import Path
    >>> from index import EncoderChoice, Index, build_index, open_encoder
    >>> from knowledge import Language, PassageLimits, read_library
    >>> encoder = open_encoder(EncoderChoice(), Path("data/models"), print)
    >>> library = read_library(Path("articles"), PassageLimits())
    >>> build = build_index(library, encoder, Path("data/index"))
    >>> index = Index.open(Path("data/index"), encoder)
    >>> result = index.search("Has Amazon reacted to the coalition?", Language.ENGLISH)
    >>> print(result.outcome)
    answer
    >>> print(result.matches[0].quote(Language.ENGLISH).marked)
    Amazon did not immediately react to the formation of this new coalition.

`open_encoder` makes the model ready once, and says so through `print`. `build` says how much was
encoded, and how much an earlier build had. Where nothing fits, the outcome is `none`, and the
matches are only the nearest.

These names are what most need. The rest is imported from where it stands: `index.evaluation`
measures with questions whose answers are known, `index.building.encodings` keeps what was encoded
elsewhere, `index.segments.manifest` says what was built. Nothing here knows Discord or a command
line.
"""

from index.building.assembly import Progress
from index.building.build import build_index
from index.building.store import DocumentStore
from index.calibration.calibration import Outcome, Strictness
from index.encoders.encoder import Encoder, EncoderChoice
from index.encoders.opening import open_encoder
from index.errors import (
    DamagedIndexError,
    EncoderError,
    EvaluationError,
    IndexingError,
    NotVerbatimError,
    ReaderError,
)
from index.language import DetectedLanguage, LanguageDetector
from index.quotes import Located, Quote
from index.readers.opening import open_reader
from index.readers.reader import Reader, ReaderChoice
from index.results import Match, Result
from index.search import Index

__all__ = [
    "DamagedIndexError",
    "DetectedLanguage",
    "DocumentStore",
    "Encoder",
    "EncoderChoice",
    "EncoderError",
    "EvaluationError",
    "Index",
    "IndexingError",
    "LanguageDetector",
    "Located",
    "Match",
    "NotVerbatimError",
    "Outcome",
    "Progress",
    "Quote",
    "Reader",
    "ReaderChoice",
    "ReaderError",
    "Result",
    "Strictness",
    "build_index",
    "open_encoder",
    "open_reader",
]
