"""Print what the tools of assistants cost, and fail where it is too much: `python -m tests.assistants`."""

from __future__ import annotations

import sys

from tests.assistants.cost import MOST_TOKENS, listed, size_of, tokens_of

if __name__ == "__main__":
    tools = listed()
    for tool in tools:
        print(f"{tool['name']:<16} {size_of(tool):>6,} bytes, at most {tokens_of(size_of(tool)):>5,} tokens")
    whole = size_of(tools)
    print(f"{'together':<16} {whole:>6,} bytes, at most {tokens_of(whole):>5,} tokens of {MOST_TOKENS:,}")
    sys.exit(tokens_of(whole) > MOST_TOKENS)
