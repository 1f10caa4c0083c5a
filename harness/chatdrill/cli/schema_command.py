"""``chatdrill schema``."""

from __future__ import annotations

from chatdrill.cli.options import parser
from chatdrill.engine.schema import schema_text

_EXAMPLES = """\
  chatdrill schema > drill.schema.json
  # first line of a scenario file, for editors with a YAML language server:
  # yaml-language-server: $schema=./drill.schema.json"""


def main(words: list[str]) -> int:
    """Print the JSON Schema of scenario files."""
    parser("schema", "The JSON Schema of scenario files, for your editor.", _EXAMPLES).parse_args(words)
    print(schema_text())
    return 0
