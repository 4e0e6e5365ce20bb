"""Keeping the snapshot current: what to ask the platform, when, and how the answers are recorded.

`run` is one sync of a store; `gathering` and `orders` collect details, pictures and sales after it; `schedule` decides
when the next run is due; `worker` is the loop; `lease` lets one process write at a time. Knows the platform, the checks
and the snapshot; knows no page and no feed file. Begin reading at `run`.
"""
