"""Word files (.docx), read from their XML as Word shows them.

`reader` opens the file, `walking` makes blocks of its parts, `inline` reads paragraphs,
`styles`, `numbering` and `notes` know what Word works out and does not write down.
"""

from knowledge.files.word.reader import read_word

__all__ = ["read_word"]
