"""An examination of a webhook endpoint as a table, JSON, Markdown, JUnit XML and SARIF."""
