"""The commands of `aexdash`: what they take, what they do, what they print, and their exit codes.

`main` has the commands; `actions`, `annotate`, `feed`, `doctor` and `serve` do what they say; `printing` and `cards`
write it to a terminal or as JSON. It may know every room but `ui` and `demo`. What loads HTTP or the database is
imported inside the command that needs it, so that `--help` answers at once. Begin reading at `main`.
"""
