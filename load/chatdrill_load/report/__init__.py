"""The load report: one HTML file that works offline, a Markdown summary for a pull request, and JUnit's XML for CI."""

from chatdrill_load.report.capacity import Rate, draw_capacity
from chatdrill_load.report.files import write_reports
from chatdrill_load.report.junit import render_junit
from chatdrill_load.report.markdown import render_markdown
from chatdrill_load.report.page import render_html

__all__ = ["Rate", "draw_capacity", "render_html", "render_junit", "render_markdown", "write_reports"]
