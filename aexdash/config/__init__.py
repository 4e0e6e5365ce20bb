"""The configuration: aexdash.toml, secrets.toml and the environment as typed settings.

A mistake is one sentence that names its file and line, and no sentence repeats a secret. It may know the reasons and
the rooms below them; not the desk, and not who uses the settings. Begin reading at `settings`; `file` is one TOML
file, the other modules are each a table of it.
"""
