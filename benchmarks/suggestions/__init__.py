"""How well curated questions are suggested."""
