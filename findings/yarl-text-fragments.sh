#!/bin/sh
# yarl and text fragments: reading an address changes what it names.
#
# Guess:    percent escapes of an address survive str(URL(address)), in the fragment above all,
#           which no server sees.
# Seen:     %2D, %2C and %26 become “-”, “,” and “&”, which part the terms of “#:~:text=”.
#           aiohttp and whatever else is built on yarl hand on a link that opens at another
#           place or at none; pydantic's AnyHttpUrl keeps it.
# Versions: yarl 1.25.1, pydantic 2.14.4; Python 3.11; 2026-12-01
# Output:
#   yarl:     https://e.org/#:~:text=rendez-,vous,mardi
#   pydantic: https://e.org/#:~:text=rendez%2D%2Cvous%2Cmardi
#
# Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'yarl==1.25.1' 'pydantic==2.14.4'
cd "$folder"
"$folder/venv/bin/python" - <<'END'
from pydantic import AnyHttpUrl, TypeAdapter
from yarl import URL

address = "https://e.org/#:~:text=rendez%2D%2Cvous%2Cmardi"
read, kept = str(URL(address)), str(TypeAdapter(AnyHttpUrl).validate_python(address))
print(f"yarl:     {read}\npydantic: {kept}")
assert read == "https://e.org/#:~:text=rendez-,vous,mardi"
assert kept == address
END
