"""The report as one HTML file that asks nothing of the network: no font, no script, no picture from elsewhere."""

from chatdrill_reports.html.page import render

__all__ = ["render"]
