"""How a question finds its passage: embeddings, words, ranking, confidence.

Nothing here knows Discord or a command line.
"""

from index.build import Build, Progress, build_index
from index.encoder import BUNDLED, Encoder, EncoderChoice
from index.errors import DamagedIndexError, EncoderError, IndexingError, NotVerbatimError
from index.language import DetectedLanguage, LanguageDetector
from index.manifest import Manifest, read_manifest
from index.quotes import Quote
from index.results import Match, Outcome, Result
from index.search import Index
from index.sentence_transformer import encoder_name, load_sentence_transformer

__all__ = [
    "BUNDLED",
    "Build",
    "DamagedIndexError",
    "DetectedLanguage",
    "Encoder",
    "EncoderChoice",
    "EncoderError",
    "Index",
    "IndexingError",
    "LanguageDetector",
    "Manifest",
    "Match",
    "NotVerbatimError",
    "Outcome",
    "Progress",
    "Quote",
    "Result",
    "build_index",
    "encoder_name",
    "load_sentence_transformer",
    "read_manifest",
]
