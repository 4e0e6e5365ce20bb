"""Write what of the docs comes from the code: `python -m tests.docs`, or `make docs`."""

from __future__ import annotations

from tests.docs.writing import ROOT
from tests.docs.written import pages

if __name__ == "__main__":
    for path, write in pages().items():
        file, text = ROOT / path, write()
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(f"{path} written")
