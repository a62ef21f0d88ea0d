"""How a question finds its passage: embeddings, words, ranking, confidence.

Nothing here knows Discord or a command line.
"""

from index.building.assembly import Progress
from index.building.build import Build, build_index
from index.building.encodings import EncodedDocument, Encodings, encode_documents
from index.building.store import DocumentStore, VersionedDocument
from index.calibration.calibration import Outcome, Strictness
from index.calibration.reference import reference_digest
from index.encoders.encoder import BUNDLED, Encoded, Encoder, EncoderChoice, FloatArray
from index.encoders.opening import exported_model, open_encoder, refusal_of
from index.encoders.sentence_transformer import encoder_name, load_sentence_transformer
from index.errors import DamagedIndexError, EncoderError, IndexingError, NotVerbatimError
from index.evaluation import Asked, Case, Evaluation, Scores, Share, evaluate, read_cases
from index.files import sync_file, sync_folder
from index.language import DetectedLanguage, LanguageDetector
from index.quotes import Located, Quote
from index.ranking.bm25 import fold
from index.ranking.ranking import Part, RankedPassage
from index.results import Match, Result, Verdict
from index.search import Index
from index.segments.manifest import Manifest, read_manifest
from index.segments.segments import CuratedQuestion

__all__ = [
    "BUNDLED",
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
    "Located",
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
