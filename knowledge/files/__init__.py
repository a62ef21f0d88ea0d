"""Reading files that people send: Markdown, text, HTML, PDF and Word, as Markdown.

Files of strangers are read in a process of their own, with little memory and time, so that
none of them can harm the bot: `read_file`. What reads each kind is in `readers`.
"""

from knowledge.files.apart import read_file
from knowledge.files.kinds import FileError, FileKind, FileProblem

__all__ = ["FileError", "FileKind", "FileProblem", "read_file"]
