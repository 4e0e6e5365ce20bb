"""The simulated store itself: its listings, what happens to them and what is ordered, all from a seed and a moment.

Knows no protocol and no clock: every question names its moment. `world` answers, `churn` and `incidents` are what
happens, `catalogue` and `factory` are what is sold. Begin reading at `world`.
"""
