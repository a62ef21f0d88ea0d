"""Write anew what ships of the bundled encoder: `python -m benchmarks.bundled`.

That is what it reads in what is bundled (`index.calibration.reference`), which every first start
would encode anew, and what its export is balanced and checked by (`index.encoders.measured`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from index import EncoderChoice, open_encoder
from index.calibration.reference import encode_reference, reference_path, shipped_folder
from index.encoders.bundled import PASSAGE_PROMPT, QUERY_PROMPT, bundled_parts
from index.encoders.exported.export import measure_model
from index.encoders.measured import measured_path, write_measured


def main() -> None:
    """Write both, and say where."""
    write_measured(measured_path(), measure_model(bundled_parts(), QUERY_PROMPT, PASSAGE_PROMPT))
    print(measured_path())
    with tempfile.TemporaryDirectory() as folder:
        encoder = open_encoder(EncoderChoice(), Path(folder), print)
        encode_reference(shipped_folder(), encoder, lambda _: None)
        print(reference_path(shipped_folder(), encoder))


if __name__ == "__main__":
    main()
