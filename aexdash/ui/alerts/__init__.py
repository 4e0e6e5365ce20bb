"""The alerts on the Sensitivity page: rules with their form, channels, episodes; and the count in the title of the tab.

Begin reading at `page`, which names the parts; `rules`, `channels` and `episodes` draw one part each.
"""
