"""`python -m aexdash`."""

from aexdash.cli.main import main

if __name__ == "__main__":
    main()
