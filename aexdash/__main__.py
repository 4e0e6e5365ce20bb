"""`python -m aexdash`."""

from aexdash.cli import main

if __name__ == "__main__":
    main()
