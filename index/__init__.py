"""How a question finds its passage: embeddings, words, ranking, confidence.

Nothing here knows Discord or a command line.
"""

from index.background import Strictness
from index.build import Build, Progress, build_index
from index.encoder import BUNDLED, Encoder, EncoderChoice
from index.errors import DamagedIndexError, EncoderError, IndexingError, NotVerbatimError
from index.evaluation import Asked, Case, Evaluation, Scores, Share, evaluate, read_cases
from index.language import DetectedLanguage, LanguageDetector
from index.manifest import Manifest, read_manifest
from index.quotes import Quote
from index.results import Match, Outcome, Result
from index.search import Index
from index.sentence_transformer import encoder_name, load_sentence_transformer

__all__ = [
    "BUNDLED",
    "Asked",
    "Build",
    "Case",
    "DamagedIndexError",
    "DetectedLanguage",
    "Encoder",
    "EncoderChoice",
    "EncoderError",
    "Evaluation",
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
    "Scores",
    "Share",
    "Strictness",
    "build_index",
    "encoder_name",
    "evaluate",
    "load_sentence_transformer",
    "read_cases",
    "read_manifest",
]
