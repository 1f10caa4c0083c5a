"""Personal data out of texts: found by form, checksum and gazetteer, replaced by something of the same kind, always by the same.

Nothing here is a language model: the gazetteers are Faker's, the inflection is a table. What that cannot know, and how much it finds,
stands in ``docs/reference/importing.md``.
"""

from chatdrill.scrub.scrubber import KINDS, Scrubber

__all__ = ["KINDS", "Scrubber"]
