"""Markdown: CommonMark and what GitHub, Obsidian, Hugo, Jekyll, MkDocs and Pandoc add to it.

`read_markdown` gives the blocks of a text, `written` writes blocks so that they are read the
same.
"""

from knowledge.markdown.reading import MarkdownText, Sourced, read_markdown
from knowledge.markdown.writing import written

__all__ = ["MarkdownText", "Sourced", "read_markdown", "written"]
