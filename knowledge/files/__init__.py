"""Reading files that people send: Markdown, text, HTML, PDF and Word, as Markdown.

Files of strangers are read in a process of their own, with little memory and time, so that
none of them can harm the bot: `read_file`, and `read_archive` for a zip of documents. What
reads each kind is in `readers`, what reads zips in `archives` and `exports`.
"""

from knowledge.files.isolation import (
    Archive,
    ExportedFile,
    read_archive,
    read_file,
    read_upload,
)
from knowledge.files.kinds import (
    ArchiveError,
    ArchiveProblem,
    FileError,
    FileKind,
    FileProblem,
    title_in,
)
from knowledge.files.uploads import Upload

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveProblem",
    "ExportedFile",
    "FileError",
    "FileKind",
    "FileProblem",
    "Upload",
    "read_archive",
    "read_file",
    "read_upload",
    "title_in",
]
