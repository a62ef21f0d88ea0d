"""How well real files are read: see `__main__`."""
