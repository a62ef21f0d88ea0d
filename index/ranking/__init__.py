"""What a question and a text have in common: tokens, sentences, words."""
