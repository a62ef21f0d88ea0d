"""What reading passages costs, beside sentence-transformers with the same weights."""
