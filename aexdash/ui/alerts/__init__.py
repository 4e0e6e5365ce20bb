"""The alerts on the Sensitivity page: rules with their form, channels and episodes.

Begin reading at `page`, which names the parts; `rules`, `channels` and `episodes` draw one part each.
"""
