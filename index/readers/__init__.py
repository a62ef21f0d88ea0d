"""Reading question and passage together: the protocol, the bundled reader, any cross-encoder."""
