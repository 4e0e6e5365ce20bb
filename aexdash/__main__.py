"""`aexdash` and `python -m aexdash`: the commands of `aexdash.cli`, and the demo, which they know nothing of."""

from aexdash.cli.main import main
from aexdash.demo.command import demo

main.add_command(demo)

if __name__ == "__main__":
    main()
