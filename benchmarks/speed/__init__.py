"""How fast and how small answering is, beside the plain recipe."""

import os

# As the command line does; numpy reads it when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
