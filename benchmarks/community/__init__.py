"""A community with hundreds of documents: what it knows, what it asks, and how it is served."""
