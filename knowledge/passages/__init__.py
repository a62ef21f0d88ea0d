"""Where a document is divided: passages, sentences, questions with their answers."""
