"""Sheets: CSV and Excel, whose columns of questions and answers are known as such."""

from knowledge.files.sheets.excel import read_excel
from knowledge.files.sheets.separated import read_csv

__all__ = ["read_csv", "read_excel"]
