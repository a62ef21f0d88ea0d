"""A server's own documents: adding, editing, importing, listing, history."""
