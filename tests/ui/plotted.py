"""What plotly says of a chart that a page sends as it was written (`aexdash.ui.frame.charts.plot`)."""

from plotly.graph_objects import Figure

from aexdash.ui.frame.charts import Spec


def checked(spec: Spec) -> Figure:
    """Return the figure of a chart; fails where plotly knows a property or a value not, or would write another."""
    figure = Figure(spec)
    assert figure.to_dict() == spec
    return figure
