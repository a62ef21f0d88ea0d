"""How a question finds its passage: embeddings, words, ranking, confidence.

Nothing here knows Discord or a command line.
"""

from index.assembly import Progress
from index.build import Build, build_index
from index.calibration import Strictness
from index.encoder import BUNDLED, Encoded, Encoder, EncoderChoice, FloatArray
from index.encodings import EncodedDocument, Encodings, encode_documents
from index.errors import DamagedIndexError, EncoderError, IndexingError, NotVerbatimError
from index.evaluation import Asked, Case, Evaluation, Scores, Share, evaluate, read_cases
from index.files import sync_file, sync_folder
from index.generation import check_index
from index.language import DetectedLanguage, LanguageDetector
from index.manifest import Manifest, read_manifest
from index.quotes import Quote
from index.ranking import (
    QUESTION_SHARE,
    SENTENCE_WEIGHT,
    TOKENS_WEIGHT,
    WORDS_WEIGHT,
    Part,
    RankedPassage,
)
from index.reference import reference_digest
from index.results import Match, Outcome, Result, Verdict
from index.search import Index
from index.segments import CuratedQuestion
from index.sentence_transformer import encoder_name, load_sentence_transformer
from index.serving import exported_model, open_encoder, refusal_of
from index.store import DocumentStore, VersionedDocument
from index.words import fold

__all__ = [
    "BUNDLED",
    "QUESTION_SHARE",
    "SENTENCE_WEIGHT",
    "TOKENS_WEIGHT",
    "WORDS_WEIGHT",
    "Asked",
    "Build",
    "Case",
    "CuratedQuestion",
    "DamagedIndexError",
    "DetectedLanguage",
    "DocumentStore",
    "Encoded",
    "EncodedDocument",
    "Encoder",
    "EncoderChoice",
    "EncoderError",
    "Encodings",
    "Evaluation",
    "FloatArray",
    "Index",
    "IndexingError",
    "LanguageDetector",
    "Manifest",
    "Match",
    "NotVerbatimError",
    "Outcome",
    "Part",
    "Progress",
    "Quote",
    "RankedPassage",
    "Result",
    "Scores",
    "Share",
    "Strictness",
    "Verdict",
    "VersionedDocument",
    "build_index",
    "check_index",
    "encode_documents",
    "encoder_name",
    "evaluate",
    "exported_model",
    "fold",
    "load_sentence_transformer",
    "open_encoder",
    "read_cases",
    "read_manifest",
    "reference_digest",
    "refusal_of",
    "sync_file",
    "sync_folder",
]
