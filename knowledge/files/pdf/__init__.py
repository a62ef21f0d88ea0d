"""PDF: from signs at places on pages to what they say.

`read_pdf` is the reader. `lines` takes lines from pdfium, `furniture` leaves out running heads
and page numbers, `columns` orders lines that stand side by side, `paragraphs` puts lines
together, `hyphens` decides on hyphens at their ends, `shaping` tells headings, lists and notes.
"""

from knowledge.files.pdf.reader import read_pdf

__all__ = ["read_pdf"]
